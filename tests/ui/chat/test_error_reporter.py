"""Which remedies an error offers, and what is kept of it, without a screen."""

from dataclasses import replace

from groqchat.domain.errors.table import Action, failure
from groqchat.domain.turns.shortening import SHORT_ANSWER_TOKENS, shortened
from groqchat.ui.chat.errors import ErrorReporter
from groqchat.ui.sessions.compaction.actions import CompactionActions
from tests.ui.without_a_screen import Conversation, prompt, workspace_of


def reporter_of(leaf_id=None, unanswered=None, **options):
    conversation = Conversation(**options)
    conversation.branch.leaf_id, conversation.branch.unanswered = leaf_id, unanswered
    workspace = workspace_of(conversation=conversation)

    async def has_long_file(_):
        return False

    return ErrorReporter(workspace, CompactionActions(workspace), has_long_file), workspace.toasts


def test_a_file_that_fails_before_any_prompt_offers_no_request():
    reporter, toasts = reporter_of()
    reporter.show(failure("disk", detail="disk full"))
    ((_, actions),) = toasts.errors
    assert not {Action.RETRY, Action.WAIT, Action.SHORTEN} & actions


def test_a_prompt_that_waits_can_be_sent_again():
    reporter, toasts = reporter_of("p1", prompt("Explain rate limits"))
    reporter.show(failure("disk", detail="disk full"))
    ((_, actions),) = toasts.errors
    assert Action.RETRY in actions


def test_an_error_is_kept_with_its_time_and_shown_again_from_the_list():
    reporter, toasts = reporter_of()
    error = failure("disk", detail="disk full")
    reporter.record(error)
    assert ([record.error for record in reporter.log], toasts.errors) == ([error], [])
    reporter.show_again(*reporter.log)
    assert (len(reporter.log), len(toasts.errors)) == (1, 1)


def test_an_error_that_is_shown_again_tells_what_is_left_of_its_wait():
    reporter, toasts = reporter_of()
    reporter.record(failure("rate_limited", retry_after_s=300.0))
    (record,) = reporter.log
    for ago, left in ((40.0, 260.0), (400.0, 0.0)):
        reporter.show_again(replace(record, time=record.time - ago))
        assert toasts.errors[-1][0].facts.retry_after_s == left


def test_a_request_is_shortened_as_far_as_is_of_use():
    error = failure("disk")
    short = shortened(Conversation(max_tokens=100).options, error)
    assert (short.history, short.max_tokens) == (None, 100)
    assert shortened(Conversation().options, error).max_tokens == SHORT_ANSWER_TOKENS
