"""What happens between a prompt and its request: one visit to the database, and no other wait."""

import asyncio
from contextlib import aclosing

import pytest

from groqchat.domain.errors.table import failure
from groqchat.domain.errors.tree import StorageError
from groqchat.domain.turns.chat import Options, PromptStored, Sending
from groqchat.services.turns import sizing
from tests.fakes import FakeProvider, answer
from tests.services.desk import MODEL, Desk


class Watched:
    """A desk whose reads and writes are noted, and whose prompt is written when it is told to."""

    def __init__(self, monkeypatch):
        self.desk = Desk(FakeProvider(answer("one"), answer("two")))
        self.noted, self.written = [], asyncio.Event()
        self.written.set()
        store, ledger = self.desk.store, self.desk.ledger
        for owner, name in ((store, "path"), (store, "session"), (ledger, "since")):
            monkeypatch.setattr(owner, name, self._noting(name, getattr(owner, name)))
        add = store.add_message

        async def add_message(message, session=None):
            self.noted.append(f"add {message.role.value}")
            await self.written.wait()
            await add(message, session)

        monkeypatch.setattr(store, "add_message", add_message)

    def _noting(self, name, method):
        async def noted(*arguments, **named):
            self.noted.append(name)
            return await method(*arguments, **named)

        return noted

    async def second_prompt(self):
        """Begin a turn in a conversation that has had one; returns its events."""
        await self.desk.events("First")
        parent = self.desk.answers[-1].id
        self.noted.clear()
        return self.desk.ask("Second", parent_id=parent)


async def until_still():
    for _ in range(20):
        await asyncio.sleep(0)


async def test_all_that_a_request_needs_is_read_while_its_prompt_is_written(monkeypatch):
    watched = Watched(monkeypatch)
    async with aclosing(await watched.second_prompt()) as events:
        watched.written.clear()
        first = asyncio.ensure_future(anext(events))
        await until_still()
        assert watched.noted == ["since", "path", "add user"]
        assert not first.done()
        assert len(watched.desk.provider.requests) == 1
        watched.written.set()
        assert isinstance(await first, PromptStored)
        assert isinstance(await anext(events), Sending)
        assert watched.noted == ["since", "path", "add user"]
        await anext(events)
    sent = watched.desk.provider.requests[1].messages
    assert [each.content for each in sent] == ["First", "one", "Second"]


async def test_a_prompt_that_cannot_be_stored_is_not_sent(monkeypatch, caplog):
    watched = Watched(monkeypatch)
    events = await watched.second_prompt()

    async def full(message, session=None):
        raise failure("disk", detail="full")

    async def unreadable(*_arguments, **_named):
        raise failure("disk", detail="unreadable")

    monkeypatch.setattr(watched.desk.store, "add_message", full)
    monkeypatch.setattr(watched.desk.store, "path", unreadable)
    with pytest.raises(StorageError, match="full"):
        await anext(events)
    await events.aclose()
    await until_still()
    assert len(watched.desk.provider.requests) == 1
    assert caplog.records == []


async def test_a_request_is_given_up_with_the_prompt(monkeypatch):
    watched = Watched(monkeypatch)
    events = await watched.second_prompt()
    watched.written.clear()
    first = asyncio.ensure_future(anext(events))
    await until_still()
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    await events.aclose()
    await until_still()
    assert len(watched.desk.provider.requests) == 1
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_only_what_was_said_since_is_counted_again_when_the_server_has_counted(monkeypatch):
    counted = []
    desk = Desk(FakeProvider(answer("one"), answer("two"), answer("three")))
    for prompt in ("First", "Second"):
        parent = desk.answers[-1].id if desk.answers else None
        await desk.events(prompt, parent_id=parent)
    message = sizing.TokenEstimator.message

    def counting(self, role, text):
        counted.append(text)
        return message(self, role, text)

    monkeypatch.setattr(sizing.TokenEstimator, "message", counting)
    await desk.events("Third", Options(MODEL), parent_id=desk.answers[-1].id)
    # Before it is sent the prompt, and when its answer is there what is new beside "Second".
    assert counted == ["Third", "two", "Third"]
