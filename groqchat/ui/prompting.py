"""From Enter to a turn: what was written is a command, a prompt, or not ready to be sent."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from groqchat.domain.errors import StorageError
from groqchat.domain.redact import holds_key
from groqchat.ui.branch import UNSAVED
from groqchat.ui.commands import BY_ID, read_slash
from groqchat.ui.key_guard import KeyGuard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from groqchat.domain.chat import Message
    from groqchat.ui.chat_screen import ChatScreen
    from groqchat.ui.widgets.composer import PromptArea

# What stands in the composer is written down this long after the last key, in seconds.
DRAFT_DELAY_S = 0.8
KEYLESS = "No API key yet · /keys enters one"


def _for_nobody_else() -> None:
    """What is written is for the session on the screen."""


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
        self._key_guard = KeyGuard()
        self._draft_timer: asyncio.TimerHandle | None = None
        self._left: list[tuple[str, str]] = []
        self._area = screen.composer.area
        self._written_for: Callable[[], str | None] = _for_nobody_else

    @property
    def unsent(self) -> str:
        """What is being written, in the composer or where its text is lent to."""
        return self._area.text

    @contextmanager
    def lent_to(self, area: PromptArea, session_id: Callable[[], str | None]) -> Iterator[None]:
        """Let the composer's text be written elsewhere for a while; it comes back.

        Args:
            area: Where it is written.
            session_id: Names the session that it is written for; None: for the one on the screen.
        """
        self._area, self._written_for = area, session_id
        yield  # where the program ends meanwhile, what stands there is kept for that session
        self._area, self._written_for = self._screen.composer.area, _for_nobody_else
        self._area.write(area.text)

    def connected(self) -> None:
        """From now on prompts can be sent; what is written belongs to the session on the screen."""
        self._is_keyless = False
        self._screen.composer.invite()
        self._screen.conversation.leave = self.leave
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
        elif (warning := self._key_guard.warning(text)) is not None:
            screen.toasts.notice(warning, severity="warning")
        elif screen.conversation.is_busy:
            screen.toasts.notice("An answer is being written; Esc stops it.")
        elif not screen.actions.composing.attach_named():
            screen.run_surely(self._send(text), group="send", exclusive=True)

    async def _send(self, text: str) -> None:
        screen = self._screen
        if not self._connected.is_set():
            # Where the database cannot be used, that is said already.
            with suppress(StorageError):
                await self.save_draft(text)
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
            await self._screen.actions.keys.find()
            if self._is_keyless:
                return
        if not self._connected.is_set():
            self._screen.toasts.notice(f"Still starting; {then} in a moment.")
        await self._connected.wait()

    def stored(self, prompt: Message) -> None:
        """A prompt is safe: take it out of the composer, but nothing written since."""
        self._area.take_out(prompt.content)
        if self._draft_timer is not None:
            self._draft_timer.cancel()
        if prompt.parent_id is None:
            # The session is saved now; what was being written in the unsaved one is this prompt.
            drafts = self._screen.parts.drafts
            self._screen.run_worker(drafts.save_draft(UNSAVED, ""), group="draft")

    def refuse(self, sentence: str, command_id: str, argument: str = "") -> None:
        """A command was not run: say why, and give back how it was written, to be changed."""
        self._screen.toasts.notice(sentence, severity="warning")
        if argument:
            self.offer(f"/{BY_ID[command_id].slash} {argument}")

    def give_back(self, prompt: Message | None) -> None:
        """A prompt got no answer: it can be changed and sent again."""
        if prompt is not None:
            self.offer(prompt.content)

    def offer(self, text: str) -> None:
        """Put a text into the composer, unless something else is being written there."""
        if text and not self._area.text:
            self._area.write(text)

    def leave(self) -> None:
        """Another session is about to be opened: what stands in the composer stays with this one.

        What is written from now on belongs to the other, even before that is on the screen.
        """
        screen = self._screen
        if self._draft_timer is not None:
            self._draft_timer.cancel()
        self._left.append((screen.conversation.branch.draft_id, screen.composer.text))
        screen.composer.text = ""

    async def arrive(self) -> None:
        """Another session is open: what was unsent in it stands before what is written already."""
        screen, drafts = self._screen, self._screen.parts.drafts
        while self._left:
            await self._write(*self._left.pop(0))
        draft = await drafts.draft(screen.conversation.branch.draft_id)
        if draft:
            self._area.write(draft + self._area.text)

    def keep(self, text: str) -> None:
        """Write an unsent text down, soon."""
        if self._draft_timer is not None:
            self._draft_timer.cancel()
        loop = asyncio.get_running_loop()
        self._draft_timer = loop.call_later(DRAFT_DELAY_S, self._keep_now, text)

    def _keep_now(self, text: str) -> None:
        self._screen.run_surely(self.save_draft(text), group="draft")

    async def save_draft(self, text: str) -> None:
        """Write an unsent text down now."""
        if self._draft_timer is not None:
            self._draft_timer.cancel()
        own = self._screen.conversation.branch.draft_id
        place = self._written_for() or own
        await self._write(place, text)
        if place != own:
            await self._write(own, "")

    async def _write(self, draft_id: str, text: str) -> None:
        """A text that holds a key belongs into no file."""
        await self._screen.parts.drafts.save_draft(draft_id, "" if holds_key(text) else text)
