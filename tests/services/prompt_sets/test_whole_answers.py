"""Answers of a set that are longer than those before them."""

import json
from contextlib import aclosing
from dataclasses import replace

import pytest

from groqchat.domain.turns.chat import Answered, Message, Role, Sending, State
from groqchat.services.prompt_sets.prompt_files import read_prompts
from groqchat.services.prompt_sets.whole_answers import until_whole
from groqchat.services.scheduling.scheduler import Scheduler
from tests.fakes import FakeClock
from tests.services.prompt_sets.test_prompt_sets import (
    BIG,
    asked,
    clock,  # noqa: F401  # a fixture
    groq,  # noqa: F401  # a fixture
)

CUT = Message("a", "s", "q", Role.ASSISTANT, "x", 1.0, State.CUT_BY_LIMIT)
WHOLE = replace(CUT, state=State.COMPLETE)


def turns(*answers):
    """Begins a turn with the next of these answers."""
    rest = iter(answers)

    async def turn():
        yield Sending(1)
        yield next(rest)

    return turn


async def heard(turn):
    slot = await Scheduler(FakeClock()).lane(None, "m").open()
    async with aclosing(until_whole(turn, slot)) as events:
        return [event async for event in events]


@pytest.mark.parametrize("last", [CUT, WHOLE])
async def test_an_answer_without_room_is_asked_for_once_more(last):
    answer = Answered(last, None)
    events = await heard(turns(Answered(CUT, None, is_short=True), answer))
    assert events == [Sending(1), Sending(1), answer]


async def test_an_answer_that_the_user_bounds_is_asked_for_once():
    cut = Answered(CUT, None)
    assert await heard(turns(cut)) == [Sending(1), cut]


async def test_a_long_answer_among_short_ones_is_whole(clock, groq, groqchat_home):  # noqa: F811
    texts = [f"{n} {'word ' * 300}write 12 tokens, end with P{n:03}" for n in range(60)]
    texts[40] = "write 900 tokens, end with P040"
    lines = [json.dumps({"prompt": text}) for text in texts]  # tokens are short, none is cached
    heard, report = await asked(clock, read_prompts("\n".join(lines)), models=(BIG,))
    assert heard.ended == {BIG: None}
    assert not report.missing
    answers = [event.event.message for event in heard.of(Answered)]
    assert len(answers) == 60
    assert {answer.state for answer in answers} == {State.COMPLETE}
    assert max(answer.usage.completion_tokens for answer in answers) >= 900
    assert len(groq._state.answers) == 61
