"""Answers that left room for others: their rest is asked for, once, and nothing of them is lost."""

from dataclasses import replace

import pytest

from groqchat.domain.errors.table import failure
from groqchat.domain.errors.tree import NoAnswerError, RateLimitedError, StreamBrokenError
from groqchat.domain.money.usage import Usage
from groqchat.domain.turns.chat import Answered, AnswerStarted, Message, Options, Role, State
from groqchat.services.turns.going_on import whole, without_used

CUT = Message("a", "s", "q", Role.ASSISTANT, "One, ", 1.0, State.CUT_BY_LIMIT)
WHOLE = replace(CUT, id="b", content="One, two.", state=State.COMPLETE)
SHORT, LAST = Answered(CUT, None, is_short=True), Answered(WHOLE, None)
BEGUN = AnswerStarted(WHOLE)


async def part(*events):
    for event in events:
        if isinstance(event, Exception):
            raise event
        yield event


async def heard(first, *rest, is_cut=True):
    """The events of an answer, and the cut answers whose rest was asked for."""
    asked = []

    def ask(cut):
        asked.append(cut)
        return part(*rest)

    events = [event async for event in whole(part(*first), ask, is_cut=lambda: is_cut)]
    return events, asked


async def test_the_rest_of_a_cut_answer_is_asked_for():
    assert await heard([SHORT], BEGUN, LAST) == ([SHORT, BEGUN, LAST], [CUT])


async def test_an_answer_that_is_whole_or_that_the_user_bounded_is_the_last():
    assert await heard([LAST]) == ([LAST], [])
    assert await heard([SHORT], is_cut=False) == ([SHORT], [])


async def test_reasoning_that_took_all_the_room_gets_more():
    error = failure("answer_too_short")
    assert await heard([error], BEGUN, LAST) == ([BEGUN, LAST], [None])
    with pytest.raises(NoAnswerError):
        await heard([error], is_cut=False)
    with pytest.raises(NoAnswerError):
        await heard([error], BEGUN, error)


@pytest.mark.parametrize(
    "rest",
    [[failure("no_room_yet")], [BEGUN, failure("answer_empty")]],
    ids=["is refused", "is empty"],
)
async def test_an_answer_whose_rest_does_not_come_ends_as_cut(rest):
    events, _ = await heard([SHORT], *rest)
    assert events[-1] == replace(SHORT, is_short=False)


async def test_other_errors_are_told():
    with pytest.raises(RateLimitedError):
        await heard([failure("no_room_yet")])
    with pytest.raises(StreamBrokenError):
        await heard([SHORT], BEGUN, failure("stream_cut"))


def test_the_maximum_of_the_user_bounds_both_parts_together():
    used = replace(CUT, usage=Usage(10, 0, 1_024))
    assert without_used(Options("m", max_tokens=2_000), used).max_tokens == 976
    assert without_used(Options("m"), used).max_tokens is None
    assert without_used(Options("m", max_tokens=2_000), None).max_tokens == 2_000
