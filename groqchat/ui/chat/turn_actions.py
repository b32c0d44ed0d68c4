"""Commands about the turn: stop it, repeat it, continue it, ask it differently."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.turns.chat import Role, State

if TYPE_CHECKING:
    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.domain.turns.chat import Message
    from groqchat.ui.chat.screen import ChatScreen


class TurnActions:
    """Acts on the conversation's turns."""

    def __init__(self, screen: ChatScreen) -> None:
        self._screen = screen
        self._set_aside = ""

    async def do_stop(self, _: str) -> None:
        """Stop waiting for a keyring, or the answer; else put away what is open."""
        screen = self._screen
        if screen.actions.keys.keyring.give_up():
            pass
        elif screen.conversation.is_busy:
            await screen.conversation.stop()
        elif screen.conversation.editing is not None:
            screen.conversation.editing = None
            screen.composer.text, self._set_aside = self._set_aside, ""
            screen.toasts.notice("Editing ended; the conversation is as it was.")
        else:
            screen.put_away()
        screen.composer.area.focus()

    async def do_retry(self, _: str) -> None:
        """Answer the last prompt once more."""
        await self.ask_again()

    async def ask_again(
        self,
        prompt: Message | None = None,
        *,
        continuing: Message | None = None,
        waiting_out: GroqchatError | None = None,
        is_checked: bool = True,
    ) -> None:
        """Answer a prompt (the last one) again, first waiting a refusal out if one is given."""
        screen = self._screen
        if not screen.prompting.is_free():
            return
        prompt = prompt or await screen.conversation.branch.last_prompt()
        if prompt is None:
            screen.toasts.notice("There is no prompt to answer yet.")
            return
        connection = await screen.prompting.account("the prompt is sent again")
        if connection is not None and screen.prompting.is_free():
            await screen.conversation.ask_again(
                connection.turns,
                prompt,
                continuing=continuing,
                waiting_out=waiting_out,
                is_checked=is_checked,
            )

    async def repeat(self, *, is_checked: bool = True) -> None:
        """Send once more what the last turn was about, also where it continued an answer."""
        prompt, continued = self._screen.conversation.last_turn
        await self.ask_again(prompt, continuing=continued, is_checked=is_checked)

    async def do_continue(self, _: str) -> None:
        """Go on where the last answer was cut."""
        screen = self._screen
        if not screen.prompting.is_free():
            return
        answer = await screen.conversation.branch.last_answer()
        if answer is None:
            screen.toasts.notice("There is no answer to continue.")
            return
        if answer.state is State.COMPLETE:
            screen.toasts.notice("The last answer is complete; /retry answers the prompt again.")
            return
        connection = await screen.prompting.account("the answer is continued")
        if connection is not None and screen.prompting.is_free():
            await screen.conversation.go_on(connection.turns, answer)

    async def do_edit(self, _: str) -> None:
        """Take the last prompt into the composer."""
        await self._edit(await self._screen.conversation.branch.last_prompt())

    async def edit(self, message_id: str) -> None:
        """Take a prompt, or the prompt of an answer, into the composer."""
        await self._edit(await self._prompt_of(message_id))

    async def regenerate(self, message_id: str) -> None:
        """Answer the prompt of a message once more."""
        await self.ask_again(await self._prompt_of(message_id))

    def take_editing(self) -> Message | None:
        """The prompt being edited, once."""
        conversation = self._screen.conversation
        message, conversation.editing = conversation.editing, None
        return message

    def take_set_aside(self) -> str:
        """What was being written when a prompt was edited instead, once that is asked."""
        if self._screen.conversation.editing is not None:
            return ""
        text, self._set_aside = self._set_aside, ""
        return text

    def end_editing(self) -> None:
        """Another session is opened: what is being edited is no more than a draft of this one.

        What was set aside for it stands before it again.
        """
        screen = self._screen
        old = self.take_editing()
        if old is not None:
            edited = screen.composer.text if screen.composer.text != old.content else ""
            screen.composer.text = "\n\n".join(filter(None, (self.take_set_aside(), edited)))

    async def _prompt_of(self, message_id: str) -> Message | None:
        branch = self._screen.conversation.branch
        message = await branch.message(message_id)
        if message is not None and message.role is Role.ASSISTANT:
            return await branch.message(message.parent_id)
        return message

    async def _edit(self, message: Message | None) -> None:
        screen = self._screen
        if not screen.prompting.is_free():
            return
        if message is None:
            screen.toasts.notice("There is no prompt to edit yet.")
            return
        if screen.conversation.editing is None:
            self._set_aside = screen.composer.text
        screen.conversation.editing = message
        screen.composer.text = message.content
        screen.composer.area.focus()
        screen.toasts.notice(
            "Editing. Enter sends the new prompt (the old one stays as a version), Esc cancels."
        )
