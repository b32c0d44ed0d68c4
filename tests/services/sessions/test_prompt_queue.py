"""Queues of prompts on a real database: each prompt is sent once, in order, whatever happens."""

import asyncio
import itertools
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from groqchat.domain.errors.table import failure
from groqchat.domain.errors.tree import StorageError
from groqchat.domain.sessions.prompt_queue import Pause, PromptQueue
from groqchat.domain.turns.chat import Role
from groqchat.services.sessions.prompt_queue import PromptQueues
from groqchat.storage.database.database import Database
from groqchat.storage.database.drafts import Drafts
from groqchat.storage.database.prompt_queue import QueuedPrompts
from groqchat.storage.database.sessions import Sessions
from tests.fakes import FakeClock
from tests.storage.conftest import prompt, reply, session

_FULL_DISK = failure("disk", detail="no space left")


class FailingDisk(QueuedPrompts):
    """A store whose next change fails, when it is asked to."""

    is_full = False

    async def _fail(self):
        if self.is_full:
            self.is_full = False
            raise _FULL_DISK

    async def queue(self, prompt):
        await self._fail()
        return await super().queue(prompt)

    async def take_back(self, prompts):
        await self._fail()
        return await super().take_back(prompts)

    async def send(self, message):
        await self._fail()
        return await super().send(message)


class Queueing(RuleBasedStateMachine):
    """A session whose user presses Enter, Esc and the arrow key, on a machine that gets killed."""

    @initialize()
    def begin(self):
        self.folder = TemporaryDirectory()
        self.runner = asyncio.Runner()
        self.clock, self.numbers = FakeClock(), itertools.count()
        self.entered, self.composer, self.is_busy = [], "", False
        self._open()
        self.run(self.store.create_session(session()))

    def run(self, work):
        return self.runner.run(work)

    def _open(self):
        self.database = Database(Path(self.folder.name) / "groqchat.db", print)
        self.store = Sessions(self.database)
        self.disk = FailingDisk(self.database)
        self.queues = PromptQueues(self.disk, self.clock, lambda: f"m{next(self.numbers)}")
        self.run(self.queues.read("s1"))

    def teardown(self):
        self.run(self.database.close())
        self.runner.close()
        self.folder.cleanup()

    def _send_next(self):
        """What the chat does whenever the session is free."""
        leaf_id = self.run(self.store.session("s1")).leaf_id
        try:
            message = self.run(self.queues.send_next("s1", leaf_id))
        except StorageError:
            self.queues.pause("s1", Pause.FAILED)
        else:
            self.is_busy = message is not None

    @rule()
    def enter(self):
        """Enter on a new prompt, or on the one that was taken back."""
        text = f"{self.composer}!" if self.composer else f"prompt {next(self.numbers)}"
        if self.is_busy or self.queues.of("s1").prompts:
            try:
                self.run(self.queues.add("s1", text))
            except StorageError:
                self.composer = text
                return
        else:
            leaf_id = self.run(self.store.session("s1")).leaf_id
            message = prompt(f"d{next(self.numbers)}", leaf_id, text)
            self.run(self.store.add_message(message))
            self.run(Drafts(self.database).save_draft("s1", ""))
            self.is_busy = True
        self.entered.append(text)
        self.composer = ""
        if not self.is_busy:
            self._send_next()

    @precondition(lambda self: not self.composer)
    @rule()
    def enter_in_an_empty_composer(self):
        self.queues.go_on("s1")
        if not self.is_busy:
            self._send_next()

    @precondition(lambda self: not self.composer)
    @rule()
    def take_back(self):
        text = None
        with suppress(StorageError):
            text = self.run(self.queues.take_back("s1"))
        if text is not None:
            assert text == self.entered.pop()
            self.composer = text

    @precondition(lambda self: self.composer)
    @rule()
    def give_up_what_was_taken_back(self):
        self.composer = ""
        self.queues.go_on("s1", Pause.EDITED)
        self.run(Drafts(self.database).save_draft("s1", ""))
        if not self.is_busy:
            self._send_next()

    @precondition(lambda self: self.is_busy)
    @rule()
    def answer(self):
        leaf_id = self.run(self.store.session("s1")).leaf_id
        self.run(self.store.add_message(reply(f"a{next(self.numbers)}", leaf_id)))
        self.is_busy = False
        self.queues.go_on("s1", Pause.FAILED)
        self._send_next()

    @precondition(lambda self: self.is_busy)
    @rule()
    def fail(self):
        self.is_busy = False
        self.queues.pause("s1", Pause.FAILED)

    @rule()
    def escape(self):
        self.is_busy = False
        self.queues.pause("s1", Pause.STOPPED)

    @rule()
    def fill_the_disk(self):
        self.disk.is_full = True

    @rule()
    def kill(self):
        """The process dies without a word; what it has written is there for the next one."""
        self._open()
        self.is_busy = False
        draft = self.run(Drafts(self.database).draft("s1"))
        assert not self.composer or self.composer.startswith(draft)
        self.composer = draft
        assert self.queues.of("s1").next is None

    @invariant()
    def each_prompt_was_sent_once_in_order_or_is_queued(self):
        said = self.run(self.store.everything("s1"))
        sent = [message.content for message in said if message.role is Role.USER]
        queued = [each.text for each in self.run(self.disk.queued("s1"))]
        assert sent + queued == self.entered
        assert [each.text for each in self.queues.of("s1").prompts] == queued

    @invariant()
    def nothing_waits_in_a_free_session_without_a_reason(self):
        assert self.is_busy or self.queues.of("s1").next is None


TestQueueing = Queueing.TestCase
TestQueueing.settings = settings(max_examples=25, stateful_step_count=30)


@pytest.fixture
async def database(tmp_path):
    """A database of this test."""
    database = Database(tmp_path / "groqchat.db", print)
    yield database
    await database.close()


async def _queued(database, *texts):
    store = Sessions(database)
    await store.create_session(session())
    queues = PromptQueues(
        QueuedPrompts(database), FakeClock(), map(str, itertools.count()).__next__
    )
    for text in texts:
        await queues.add("s1", text)
    return queues


async def test_all_prompts_of_a_queue_are_taken_out_into_the_draft(database):
    queues = await _queued(database, "first", "second")
    assert list(await queues.clear("s1")) == ["first", "second"]
    assert queues.of("s1") == PromptQueue()
    assert await Drafts(database).draft("s1") == "first\n\nsecond"


async def test_what_another_process_has_sent_is_neither_sent_nor_taken_back(database):
    queues = await _queued(database, "first", "second")
    other = PromptQueues(QueuedPrompts(database), FakeClock(), print)
    assert (await other.read("s1")).pause is Pause.RESTARTED
    other.go_on("s1")
    first = await other.send_next("s1", None)
    second = await queues.send_next("s1", first.id)
    assert (first.content, second.content) == ("first", "second")
    assert await other.take_back("s1") is None
    assert list(await queues.waiting()) == []


async def test_the_next_prompt_is_taken_out_and_the_others_wait_for_its_answer(database):
    queues = await _queued(database, "first", "second")
    assert await queues.take_first("s1") == "first"
    assert await Drafts(database).draft("s1") == "first"
    assert [each.text for each in queues.of("s1").prompts] == ["second"]
    assert (queues.of("s1").pause, queues.stuck) == (Pause.FAILED, ["s1"])
    queues.go_on("s1", Pause.FAILED)
    assert queues.stuck == []
    assert await queues.take_first("s2") is None
