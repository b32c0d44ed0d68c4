"""From Enter to a turn: what was written is a command, a prompt, or not ready to be sent."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from groqchat.domain.redact import holds_key
from groqchat.ui.branch import UNSAVED
from groqchat.ui.commands import read_slash

if TYPE_CHECKING:
    from groqchat.domain.chat import Message
    from groqchat.ui.chat_screen import ChatScreen

# What stands in the composer is written down this long after the last key, in seconds.
DRAFT_DELAY_S = 0.8
KEYLESS = "No API key yet · /keys enters one"


class Prompting:
    """Takes texts from the composer of a chat screen; none of them is lost on the way.

    A prompt stays in the composer until it is stored.

    Args:
        screen: The chat screen.
    """

    def __init__(self, screen: ChatScreen) -> None:
        self._screen = screen
        self._connected = asyncio.Event()
        self._is_keyless = False
        self._warned_of = ""
        self._draft_timer: asyncio.TimerHandle | None = None

    def connected(self) -> None:
        """From now on prompts can be sent."""
        self._is_keyless = False
        self._screen.composer.invite()
        self._connected.set()

    def keyless(self) -> None:
        """No key was entered: the next prompt asks for one again."""
        self._is_keyless = True
        self._screen.composer.invite(KEYLESS)

    def submit(self, text: str) -> None:
        """Run a command or send a prompt."""
        screen = self._screen
        slash = read_slash(text)
        if slash is not None and slash.command is None:
            screen.toasts.notice(f"There is no command /{slash.word}; / lists them.")
        elif slash is not None and slash.command is not None:
            screen.composer.text = ""
            screen.run_command(slash.command.id, slash.argument)
        elif holds_key(text) and self._warned_of != text:
            self._warned_of = text
            screen.toasts.notice(
                "This prompt holds an API key; /keys is where one is entered. "
                "Enter again sends it to the model all the same.",
                severity="warning",
            )
        elif screen.conversation.is_busy:
            screen.toasts.notice("An answer is being written; Esc stops it.")
        else:
            screen.run_surely(self._send(text), group="send", exclusive=True)

    async def _send(self, text: str) -> None:
        screen = self._screen
        await self.account("the prompt is sent")
        if screen.connection is None or screen.conversation.is_busy:
            return
        turns = screen.connection.turns
        editing = screen.actions.turns.take_editing()
        if editing is not None:
            await screen.conversation.ask_edited(turns, editing, text)
        else:
            await screen.conversation.ask(turns, text)

    async def account(self, then: str) -> None:
        """Wait for an account to ask, unless a key is missing and nobody gives one.

        Args:
            then: What will be done, for whoever has to wait: ``the prompt is sent``.
        """
        if self._is_keyless:
            await self._screen.actions.keys.ask()
            if self._is_keyless:
                return
        if not self._connected.is_set():
            self._screen.toasts.notice(f"Still starting; {then} in a moment.")
        await self._connected.wait()

    def stored(self, prompt: Message) -> None:
        """A prompt is safe: take it out of the composer, but nothing written since."""
        composer = self._screen.composer
        if composer.text.startswith(prompt.content):
            composer.text = composer.text[len(prompt.content) :].lstrip("\n")
        if self._draft_timer is not None:
            self._draft_timer.cancel()
        # The session is saved now; what was being written in the unsaved one is this prompt.
        drafts = self._screen.parts.drafts
        self._screen.run_worker(drafts.save_draft(UNSAVED, ""), group="draft")

    def give_back(self, prompt: Message | None) -> None:
        """A prompt got no answer: it can be changed and sent again."""
        if prompt is not None:
            self.offer(prompt.content)

    def offer(self, text: str) -> None:
        """Put a text into the composer, unless something else is being written there."""
        if text and not self._screen.composer.text:
            self._screen.composer.text = text

    def keep(self, text: str) -> None:
        """Write an unsent text down, soon."""
        if self._draft_timer is not None:
            self._draft_timer.cancel()
        loop = asyncio.get_running_loop()
        self._draft_timer = loop.call_later(DRAFT_DELAY_S, self._keep_now, text)

    def _keep_now(self, text: str) -> None:
        self._screen.run_surely(self.save_draft(text), group="draft")

    async def save_draft(self, text: str) -> None:
        """Write an unsent text down now, unless it holds a key, which belongs into no file."""
        if self._draft_timer is not None:
            self._draft_timer.cancel()
        screen = self._screen
        text = "" if holds_key(text) else text
        await screen.parts.drafts.save_draft(screen.conversation.branch.draft_id, text)
