"""Advice in a column of a comparison is such that it can be followed there."""

import pytest

from groqchat.domain.errors.cause import ErrorKind
from groqchat.domain.errors.table import CAUSES, failure
from groqchat.ui.compare.column_advice import advice

GONE = failure("model_not_found", model="m/a", replacement="m/b")


@pytest.mark.parametrize(
    ("error", "replacement", "has_text", "words"),
    [
        (GONE, "m/b", False, ""),
        (GONE, None, False, "m/b, which would be asked instead, has a column already."),
        (failure("rate_limited", retry_after_s=61.0), None, False, "It fits in 1m 01s."),
        (failure("rate_limited"), None, False, "It may fit soon."),
        (failure("budget_held"), None, False, "Ask again with r when the others have ended."),
        (failure("budget_short"), None, False, "Raise the budget in the chat with /budget"),
        (failure("stream_cut"), None, True, "Enter goes on with what arrived."),
        (failure("stream_empty"), None, False, "Send it again."),
        (failure("context_exceeded"), None, False, "Ask something shorter, or allow"),
    ],
)
def test_it_says_what_can_be_done_beside_other_columns(error, replacement, has_text, words):
    said = advice(error, replacement=replacement, has_text=has_text)
    assert said.startswith(words)
    assert bool(said) is bool(words)


OF_LIMITS_AND_STREAMS = [
    name
    for name, cause in CAUSES.items()
    if cause.kind in {ErrorKind.RATE_LIMITED, ErrorKind.TOO_LARGE, ErrorKind.STREAM_BROKEN}
]


@pytest.mark.parametrize("name", OF_LIMITS_AND_STREAMS)
def test_no_model_is_switched_in_a_column_and_nothing_is_continued(name):
    said = advice(failure(name), replacement=None, has_text=True)
    assert "switch" not in said
    assert "Continue" not in said
