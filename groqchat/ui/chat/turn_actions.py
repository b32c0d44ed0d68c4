"""Commands about the turn: repeat it, continue it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.turns.chat import Role, State
from groqchat.domain.turns.message_kind import MessageKind

if TYPE_CHECKING:
    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.domain.turns.chat import Message
    from groqchat.ui.workspace.parts import ChatParts


class TurnActions:
    """Commands that have prompts of the conversation answered, again or further.

    Args:
        parts: The parts of the chat.
    """

    def __init__(self, parts: ChatParts) -> None:
        self._parts = parts

    async def retry(self, _: str) -> None:
        """Answer the last prompt once more; a turn that broke off goes on where it stood."""
        await self.ask_again()

    async def ask_again(
        self,
        prompt: Message | None = None,
        *,
        continuing: Message | None = None,
        waiting_out: GroqchatError | None = None,
        is_checked: bool = True,
    ) -> None:
        """Answer a prompt again; a given refusal is waited out first.

        By default it is the last prompt, or the last result of a tool where the turn broke off.
        """
        parts = self._parts
        if not parts.is_free():
            return
        prompt = prompt or await parts.conversation.branch.to_answer()
        if prompt is None:
            parts.notify("There is no prompt to answer yet.")
            return
        if prompt.kind is MessageKind.SUMMARY:
            parts.notify("A summary is not asked for alone; /compact offers the ways again.")
            return
        connection = await parts.account.ready("the prompt is sent again")
        if connection is not None and parts.is_free():
            await parts.conversation.ask_again(
                connection.turns,
                prompt,
                continuing=continuing,
                waiting_out=waiting_out,
                is_checked=is_checked,
            )

    async def repeat(self, *, is_checked: bool = True) -> None:
        """Repeat the last turn, also where it continued an answer."""
        turn = self._parts.conversation.turn
        prompt = turn.to_answer if turn else None
        continued = turn.continuing if turn and turn.last is None else None
        await self.ask_again(prompt, continuing=continued, is_checked=is_checked)

    async def continue_answer(self, _: str) -> None:
        """Go on where the last answer was cut."""
        parts = self._parts
        if not parts.is_free():
            return
        branch = parts.conversation.branch
        leaf = await branch.message(branch.leaf_id)
        if leaf is not None and leaf.role is Role.TOOL:
            await self.ask_again()
            return
        answer = await branch.last_answer()
        if answer is None:
            parts.notify("There is no answer to continue.")
            return
        if answer.calls:  # its calls have no results: it was stopped there
            await self.regenerate(answer.id)
            return
        if answer.state is State.COMPLETE:
            parts.notify("The last answer is complete; /retry answers the prompt again.")
            return
        if parts.options.is_json or parts.options.schema is not None:
            said = "JSON cannot be continued: /retry asks again, /max-tokens allows more."
            parts.notify(said)
            return
        connection = await parts.account.ready("the answer is continued")
        if connection is not None and parts.is_free():
            await parts.conversation.go_on(connection.turns, answer)

    async def regenerate(self, message_id: str) -> None:
        """Answer the prompt of a message once more."""
        prompt = await self.prompt_of(message_id)
        if prompt is not None and (prompt.role is Role.USER or self.is_spoken(prompt)):
            await self.ask_again(prompt)

    def is_spoken(self, message: Message) -> bool:
        """Whether a message is one of the conversation; shows a notice if it is not."""
        if message.kind:
            self._parts.notify("It belongs to a compaction; /compact undo goes back to before it.")
        return not message.kind

    async def prompt_of(self, message_id: str) -> Message | None:
        """The prompt of an answer; any other message itself."""
        branch = self._parts.conversation.branch
        message = await branch.message(message_id)
        if message is not None and message.role is Role.ASSISTANT:
            return await branch.message(message.parent_id)
        return message
