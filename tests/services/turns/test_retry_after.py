"""A ``retry-after`` is a floor for every later request to the model, of all processes."""

import pytest

from groqchat.domain.errors.table import failure
from groqchat.domain.errors.tree import RateLimitedError
from groqchat.domain.turns.chat import Options, Waiting
from tests.fakes import FakeProvider, answer
from tests.services.desk import MODEL, Desk

OTHER = "openai/gpt-oss-20b"


def refusal(seconds):
    return failure("rate_limited", model=MODEL, status=429, retry_after_s=seconds)


async def refused(desk):
    with pytest.raises(RateLimitedError) as caught:
        await desk.events()
    return caught.value


async def test_nothing_is_sent_before_the_time_that_a_refusal_told():
    desk = Desk(FakeProvider([refusal(300.0)], answer("from the other"), answer("at last")))
    await refused(desk)
    desk.clock.advance(10.0)
    for _ in range(2):
        desk.restart()  # another process
        held = await refused(desk)
        assert held.cause.name == "asked_to_wait"
        assert held.facts.retry_after_s == pytest.approx(290.0)
        assert "Nothing was sent" in held.message
    await desk.events(options=Options(OTHER))  # another model has its own limits
    assert len(desk.provider.requests) == 2
    desk.clock.advance(290.0)
    await desk.events()
    assert len(desk.provider.requests) == 3


async def test_a_short_rest_of_the_time_is_waited_out():
    desk = Desk(FakeProvider([refusal(300.0)], answer("at last")))
    await refused(desk)
    desk.clock.advance(270.0)
    desk.restart()
    waits = [event for event in await desk.events() if isinstance(event, Waiting)]
    assert [wait.seconds for wait in waits] == [pytest.approx(30.0)]


async def test_a_request_that_is_accepted_all_the_same_ends_the_time():
    desk = Desk(FakeProvider([refusal(300.0)], answer("sent anyway"), answer("and on")))
    await refused(desk)
    desk.clock.advance(1.0)
    await desk.events(is_checked=False)
    desk.clock.advance(1.0)
    assert not [event for event in await desk.events() if isinstance(event, Waiting)]
