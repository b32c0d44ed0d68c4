"""The whole chat at a server over HTTP: whatever keys are pressed, each prompt is sent once."""

import random

import pytest

from groqchat.domain.turns.chat import Role
from tests.ui.chat.test_chat_screen import chatting
from tests.ui.chat.test_queueing import Gate, queue
from tests.ui.stage import until

STEPS = 16


class User:
    """Presses keys at random, and knows in which order the prompts have to be sent."""

    def __init__(self, seed, gate, groq):
        self.dice = random.Random(seed)  # a test's dice
        self.gate, self.groq = gate, groq
        self.entered, self.number = [], 0

    async def session(self, steps):
        """Press keys in one run of the program, which ends in the middle of things."""
        async with chatting(resume=True) as (pilot, screen):
            await pilot.pause()
            for _ in range(steps):
                await self._settled(pilot, screen)
                step = self.dice.choice([self._enter] * 5 + [self._escape, self._back, self._fail]
                                        + [self._answer] * 2)  # fmt: skip
                await step(pilot, screen)
                await self._check(pilot, screen)

    async def finish(self):
        """Let all answers through, in a last run."""
        self.gate.open()
        async with chatting(resume=True) as (pilot, screen):
            await pilot.pause()
            while queue(screen)[0]:
                await self._settled(pilot, screen)
                screen.composer.text = ""
                await pilot.pause()
                await pilot.press("enter")
                await until(pilot, lambda: not screen.conversation.is_busy)
                await pilot.pause()
            await self._check(pilot, screen)
            assert not queue(screen)[0]

    async def _settled(self, pilot, screen):
        await pilot.pause()
        written = screen.composer.text
        if written and written not in self.entered:
            screen.composer.text = ""  # what was taken back, or given up
            await pilot.pause()

    async def _enter(self, pilot, screen):
        if screen.composer.text:  # a prompt that got no answer: it is asked again
            await pilot.press("enter")
            await pilot.pause()
            return
        self.number += 1
        text = f"Prompt {self.number}"
        self.entered.append(text)
        screen.composer.text = text
        await pilot.press("enter")
        await until(pilot, lambda: screen.composer.text != text)

    async def _escape(self, pilot, screen):
        await pilot.press("escape")
        await until(pilot, lambda: not screen.conversation.is_busy)

    async def _back(self, pilot, screen):
        queued, _ = queue(screen)
        if queued and not screen.composer.text:
            await pilot.press("up")
            await until(pilot, lambda: screen.composer.text == queued[-1])
            assert self.entered.pop() == queued[-1]

    async def _fail(self, pilot, screen):
        if screen.conversation.is_busy:
            self.groq.arm("unprocessable*1")
            await self._answer(pilot, screen)
            self.groq.disarm()

    async def _answer(self, pilot, screen):
        """Let one request through."""
        before = screen.conversation.turn
        if before is not None and before.is_running:
            self.gate.open()
            await until(pilot, lambda: before.is_over)
            self.gate.close()

    async def _check(self, pilot, screen):
        await pilot.pause()
        session_id = screen.conversation.session.id
        store = screen.workspace.services.store
        said = [m.content for m in await store.everything(session_id) if m.role is Role.USER]
        queued = [
            each.text for each in await screen.chat.services.queued_prompts.queued(session_id)
        ]
        assert said + queued == self.entered


@pytest.mark.parametrize("seed", [46])
async def test_each_prompt_is_sent_once_in_order_whatever_is_pressed(groq, monkeypatch, seed):
    gate = Gate(monkeypatch)
    user = User(seed, gate, groq)
    for _ in range(2):
        gate.close()
        await user.session(STEPS // 2)
    await user.finish()
    # What failed or was stopped may be asked again, as the prompt that it is; what was stopped as
    # it left was not asked yet.
    asked = list(dict.fromkeys(gate.asked))
    assert asked == [text for text in user.entered if text in asked]
