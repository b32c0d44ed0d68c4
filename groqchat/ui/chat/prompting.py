"""From Enter to a turn: what was written is a command, a prompt, or not ready to be sent."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from groqchat.domain.errors.tree import StorageError
from groqchat.ui.commands import BY_ID, read_slash
from groqchat.ui.widgets.send_warning import SendWarning

if TYPE_CHECKING:
    from textual.worker import Worker

    from groqchat.domain.turns.chat import Message
    from groqchat.ui.chat.screen import ChatScreen
    from groqchat.ui.parts import Connection

KEYLESS = "No API key yet · /keys enters one"
WAITS_THERE = "The prompt got no answer; it waits in its own session."
# A key that is found this fast (in seconds) is not announced.
_MOMENT_S = 0.3


class Prompting:
    """Takes texts from the composer of a chat screen; none of them is lost on the way.

    A prompt stays in the composer until it is stored.

    Args:
        screen: The chat screen.
    """

    def __init__(self, screen: ChatScreen) -> None:
        self._screen = screen
        # Whether a key was found, or entered, or is known to be missing.
        self._settled = asyncio.Event()
        self._is_starting = True
        self._is_keyless = self._is_let_pass = False
        self._send_warning = SendWarning()
        self._area = screen.composer.area
        self._sending: Worker[None] | None = None
        screen.conversation.leave = self._leave

    def _leave(self) -> None:
        """Another session is about to be opened: what is written stays with this one."""
        self._screen.actions.turns.end_editing()
        if self._screen.connection is not None:
            self._screen.unsent.leave()

    @property
    def is_sending(self) -> bool:
        """Whether a prompt is on its way to become a turn."""
        return self._sending is not None and not self._sending.is_finished

    def connected(self) -> None:
        """From now on prompts can be sent; what is written belongs to the session on the screen."""
        self._settle(is_keyless=False)
        self._screen.composer.invite()

    def keyless(self) -> None:
        """No key was entered: the next prompt asks for one again."""
        self._settle(is_keyless=True)
        self._screen.composer.invite(KEYLESS)

    def _settle(self, *, is_keyless: bool) -> None:
        self._is_keyless, self._is_starting = is_keyless, False
        self._settled.set()

    def submit(self, text: str) -> None:
        """Run a command or send a prompt."""
        screen = self._screen
        if (slash := read_slash(text)) is not None:
            self._send_warning.forget()
            self._area.take_out(text)
            screen.run_command(slash.command.id, slash.argument)
        elif warning := self._send_warning.warning(text):
            screen.toasts.notice(warning, severity="warning")
        elif not self.is_free():
            return
        elif said := screen.actions.composing.attach_named():
            screen.toasts.notice(said)
        else:
            self._sending = screen.run_alone(partial(self._send, text), group="send")

    async def _send(self, text: str) -> None:
        screen = self._screen
        if screen.connection is None:
            # Where the database cannot be used, that is said already.
            with suppress(StorageError):
                await screen.unsent.save()
        if not self._is_let_pass and not self._may_be_sent():
            return
        self._is_let_pass = False
        connection = await self.account("your prompt stays here and is sent")
        if connection is None or screen.conversation.is_busy:
            return
        turns = connection.turns
        editing = screen.actions.turns.take_editing()
        if editing is not None:
            await screen.conversation.ask_edited(turns, editing, text)
        else:
            await screen.conversation.ask(turns, text)

    def _may_be_sent(self) -> bool:
        """Not while the settings cannot be read; the text stays where it is."""
        try:
            self._screen.parts.settings_to_send_by()
        except StorageError as error:
            self._screen.troubles.show(error)
            return False
        return True

    def send_all_the_same(self) -> None:
        """Send what is written, once, whatever the settings are."""
        screen = self._screen
        text = self._area.text
        if screen.connection is None or not text.strip():
            screen.toasts.notice("Write the prompt first; Enter offers this again.")
            return
        screen.connection.budget.let_one_pass()
        self._is_let_pass = True
        self.submit(text)

    def is_free(self) -> bool:
        """Whether no answer is being written; if one is, that is said."""
        if self._screen.conversation.is_busy:
            self._screen.toasts.notice("The last prompt is still being answered; Esc stops it.")
            return False
        return True

    async def account(self, then: str) -> Connection | None:
        """Wait until there is an account to ask, or it is clear that nobody gives a key.

        Args:
            then: What will be done, for whoever has to wait: ``the comparison opens``.
        """
        if self._is_keyless:
            self._is_keyless = False
            self._settled.clear()
            self._screen.run_surely(self._screen.actions.keys.find(), group="key")
        with suppress(TimeoutError):
            async with asyncio.timeout(_MOMENT_S):
                await self._settled.wait()
        if not self._settled.is_set() and (pause := self._pause(then)):
            self._screen.toasts.notice(pause)
        await self._settled.wait()
        if self._screen.connection is None:
            self._screen.toasts.notice("No API key yet; /keys enters one.")
        return self._screen.connection

    def _pause(self, then: str) -> str:
        """Why a prompt is not sent yet, in a sentence; nothing is said while a key is entered."""
        if asked := self._screen.parts.keys.asked:
            return f"Waiting for a key from {asked}; {then} when it comes. /keys enters one now."
        return f"Still starting; {then} in a moment." if self._is_starting else ""

    def stored(self, prompt: Message) -> None:
        """A prompt is safe: take it out of the composer, but nothing written since."""
        self._area.take_out(prompt.content)
        self.offer(self._screen.actions.turns.take_set_aside())
        if prompt.parent_id is None:
            self._screen.unsent.saved_session(prompt.content)

    def refuse(self, sentence: str, command_id: str, argument: str = "") -> None:
        """A command was not run: say why, and give back how it was written, to be changed."""
        self._screen.toasts.notice(sentence, severity="warning")
        self.give_command_back(command_id, argument)

    def give_command_back(self, command_id: str, argument: str) -> None:
        """A command was not run: its words are not lost."""
        if argument:
            self.offer_command(command_id, argument)

    def offer_command(self, command_id: str, argument: str = "") -> None:
        """Put a command into the composer, to be changed; a prompt that failed makes way."""
        self._area.make_way()
        self.offer(f"/{BY_ID[command_id].slash} {argument}")

    def give_back(self, prompt: Message | None) -> None:
        """A prompt got no answer: it can be changed and sent again, in its own session."""
        if prompt is None:
            return
        unsent = self._screen.unsent
        if not unsent.is_for(prompt.session_id):
            self._screen.run_surely(unsent.keep_for(prompt), group="draft")
            self._screen.toasts.notice(WAITS_THERE)
        elif not self._area.text:
            self._area.give_back(prompt.content)

    def offer(self, text: str) -> None:
        """Put a text into the composer, unless something else is being written there."""
        if text and not self._area.text:
            self._area.write(text)
