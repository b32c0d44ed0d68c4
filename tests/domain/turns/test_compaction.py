"""What is left out of a conversation that is too long, and what that frees and costs."""

from decimal import Decimal

import pytest

from groqchat.domain.turns.chat import Message, Role
from groqchat.domain.turns.compaction import SUMMARY_TOKENS, Context, Plan, Turn, Way
from groqchat.domain.turns.message_kind import MessageKind
from groqchat.domain.turns.tokens import Length

INSTRUCTION = Length(60.0)


def length_of(_, text):
    return Length(float(text))


def said(role, tokens, kind=MessageKind.SPOKEN, name=""):
    return Message(name or f"{role}-{tokens}", "s", None, role, str(tokens), 1.0, kind=kind)


def of(*tokens, summary=0.0):
    """A context of turns of these lengths."""
    turns = [Turn(f"t{number}", Length(float(each))) for number, each in enumerate(tokens)]
    return Context(Length(summary), turns)


def test_turns_begin_with_prompts_and_a_summary_is_none():
    found = Context.of(
        [
            said(Role.USER, 60, MessageKind.SUMMARY),
            said(Role.ASSISTANT, 400, MessageKind.SUMMARY),
            said(Role.USER, 10, name="a"),
            said(Role.ASSISTANT, 200),
            said(Role.USER, 20, name="b"),
        ],
        length_of,
    )
    assert found == Context(Length(460.0), [Turn("a", Length(210.0)), Turn("b", Length(20.0))])


@pytest.mark.parametrize(("room", "turns"), [(9_999, 1), (2_000, 1), (1_999, 2), (999, 3), (-1, 3)])
def test_as_few_turns_as_make_enough_room_are_left_out(room, turns):
    found = of(1_000, 1_000, 1_000)
    assert found.turns_over(room, is_summarised=False) == turns
    assert found.turns_over(room + SUMMARY_TOKENS, is_summarised=True) == turns


def test_what_texts_may_have_more_than_they_seem_to_takes_room_too():
    found = Context(Length(), [Turn(name, Length(0.0, 700.0)) for name in "abc"])
    assert found.turns_over(1_999, is_summarised=False) == 2  # 1,400, and 600 of doubt
    assert found.turns_over(2_000, is_summarised=False) == 1
    assert found.without(1, is_summarised=False) == 1_400


def test_a_summary_takes_room_and_gives_that_of_the_one_before_it_back():
    found = of(1_000, 1_000, summary=300.0)
    assert found.freed_by(1, is_summarised=True) == 1_300 - SUMMARY_TOKENS
    assert found.freed_by(1, is_summarised=False) == 1_000
    assert [found.kept_from(turns) for turns in (0, 1, 2)] == ["t0", "t1", None]


def test_a_summary_is_made_in_as_many_requests_as_the_limits_take():
    found = of(2_000, 2_000, 2_000, 2_000)
    assert found.parts(4, 9_000, INSTRUCTION) == (4,)
    # The later requests hold the summary so far and both prompts that ask for one.
    assert found.parts(4, 4_800, INSTRUCTION) == (2, 4)
    assert found.parts(4, 4_100, INSTRUCTION) == (2, 3, 4)
    assert found.parts(4, 2_500, INSTRUCTION) is None
    assert found.prompt_tokens((2, 4), INSTRUCTION) == 8_000 + 60 + 120 + SUMMARY_TOKENS


def test_what_a_text_may_have_more_than_it_seems_to_has_room_in_a_request():
    guessed = [Turn("a", Length(0.0, 1_000.0)), Turn("b", Length(0.0, 1_000.0))]
    found = Context(Length(), guessed)
    assert found.parts(2, 2_918, INSTRUCTION) == (2,)  # 2,060, and 858 of doubt
    assert found.parts(2, 2_917, INSTRUCTION) == (1, 2)
    assert found.parts(1, 1_488, INSTRUCTION) is None


def test_words_say_what_is_done_what_it_frees_and_what_it_costs():
    oldest = Plan(Way.OLDEST, 6, "t6", 5_200)
    assert (oldest.title, oldest.effect) == (
        "Leave out the oldest 6 turns",
        "no cost · frees ≈ 5,200 tokens",
    )
    assert oldest.record(Decimal(0), is_automatic=True) == (
        "automatic · the oldest 6 turns left out from here on · ≈ 5,200 tokens freed · no cost"
    )
    summary = Plan(Way.SUMMARY, 1, "t1", 900, ("t1",), "m/1", Decimal("0.0003"))
    assert (summary.title, summary.effect) == (
        "Summary of 1 turn by 1",
        "≈ $0.0003 · frees ≈ 900 tokens",
    )
    assert summary.record(Decimal("0.00021"), is_automatic=False) == (
        "summary by m/1 sent in place of the oldest turn · ≈ 900 tokens freed · cost $0.00021"
    )
    unknown = Plan(Way.NEW_SESSION, 4, None, 900, ("t1", None), "m/1", None)
    assert (unknown.title, unknown.effect) == (
        "New session from a summary by 1",
        "price unknown · frees ≈ 900 tokens",
    )
    assert "cost unknown" in unknown.record(None, is_automatic=False)
