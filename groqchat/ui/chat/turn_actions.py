"""Commands about the turn: stop it, repeat it, continue it, ask it differently."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.turns.chat import Role, State
from groqchat.domain.turns.message_kind import MessageKind
from groqchat.ui.transcript.turns import show_turn

if TYPE_CHECKING:
    from collections.abc import Callable

    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.domain.turns.chat import Message
    from groqchat.ui.workspace.editing import PromptEditing
    from groqchat.ui.workspace.workspace import Workspace


class TurnActions:
    """Commands about the conversation's turns.

    Args:
        workspace: The parts of the chat.
        editing: The earlier prompt that is being changed, if any.
        stop_other: Stops other work that Esc ends, and tells whether there was any.
        pause_queue: Pauses a queue that goes on, and tells whether there was one.
        put_away: Hides the sides that lie over the conversation.
        forget_error: Notes that the error of this session needs no card any more.
    """

    def __init__(
        self,
        workspace: Workspace,
        editing: PromptEditing,
        *,
        stop_other: Callable[[], bool],
        pause_queue: Callable[[], bool],
        put_away: Callable[[], None],
        forget_error: Callable[[], None],
    ) -> None:
        self._workspace = workspace
        self._editing = editing
        self._stop_other = stop_other
        self._pause_queue = pause_queue
        self._put_away = put_away
        self._forget_error = forget_error

    async def stop(self, _: str) -> None:
        """Stop waiting for a keyring, sound, or the answer; else put away what is open."""
        workspace = self._workspace
        if self._stop_other():
            pass
        elif workspace.conversation.is_busy:
            self._pause_queue()
            await workspace.conversation.stop()
        elif self._pause_queue():
            pass
        elif self._editing.prompt is not None:
            self._editing.cancel()
            workspace.notify("Editing ended; the conversation is as it was.")
        else:
            self._put_away()
            self._forget_error()
            workspace.toasts.clear_errors()
            workspace.toasts.clear_notices()
        workspace.composer.area.focus()

    async def show_turn_above(self, _: str) -> None:
        """Scroll to the prompt above what is read."""
        show_turn(self._workspace.conversation.transcript, -1)

    async def show_turn_below(self, _: str) -> None:
        """Scroll to the prompt below what is read, or to the end."""
        show_turn(self._workspace.conversation.transcript, 1)

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
        workspace = self._workspace
        if not workspace.is_free():
            return
        prompt = prompt or await workspace.conversation.branch.to_answer()
        if prompt is None:
            workspace.notify("There is no prompt to answer yet.")
            return
        if prompt.kind is MessageKind.SUMMARY:
            workspace.notify("A summary is not asked for alone; /compact offers the ways again.")
            return
        connection = await workspace.account.ready("the prompt is sent again")
        if connection is not None and workspace.is_free():
            await workspace.conversation.ask_again(
                connection.turns,
                prompt,
                continuing=continuing,
                waiting_out=waiting_out,
                is_checked=is_checked,
            )

    async def repeat(self, *, is_checked: bool = True) -> None:
        """Repeat the last turn, also where it continued an answer."""
        turn = self._workspace.conversation.turn
        prompt = turn.to_answer if turn else None
        continued = turn.continuing if turn and turn.last is None else None
        await self.ask_again(prompt, continuing=continued, is_checked=is_checked)

    async def continue_answer(self, _: str) -> None:
        """Go on where the last answer was cut."""
        workspace = self._workspace
        if not workspace.is_free():
            return
        branch = workspace.conversation.branch
        leaf = await branch.message(branch.leaf_id)
        if leaf is not None and leaf.role is Role.TOOL:
            await self.ask_again()
            return
        answer = await branch.last_answer()
        if answer is None:
            workspace.notify("There is no answer to continue.")
            return
        if answer.calls:  # its calls have no results: it was stopped there
            await self.regenerate(answer.id)
            return
        if answer.state is State.COMPLETE:
            workspace.notify("The last answer is complete; /retry answers the prompt again.")
            return
        if workspace.options.is_json or workspace.options.schema is not None:
            said = "JSON cannot be continued: /retry asks again, /max-tokens allows more."
            workspace.notify(said)
            return
        connection = await workspace.account.ready("the answer is continued")
        if connection is not None and workspace.is_free():
            await workspace.conversation.go_on(connection.turns, answer)

    async def edit_last_prompt(self, _: str) -> None:
        """Take the last prompt into the composer."""
        self._edit(await self._workspace.conversation.branch.last_prompt())

    async def edit(self, message_id: str) -> None:
        """Take a prompt, or the prompt of an answer, into the composer."""
        prompt, branch = await self._prompt_of(message_id), self._workspace.conversation.branch
        while prompt is not None and prompt.role in {Role.ASSISTANT, Role.TOOL}:
            prompt = await branch.message(prompt.parent_id)
        self._edit(prompt)

    async def regenerate(self, message_id: str) -> None:
        """Answer the prompt of a message once more."""
        prompt = await self._prompt_of(message_id)
        if prompt is not None and (prompt.role is Role.USER or self._is_spoken(prompt)):
            await self.ask_again(prompt)

    def _is_spoken(self, message: Message) -> bool:
        """Whether a message is one of the conversation; shows a notice if it is not."""
        if message.kind:
            self._workspace.notify(
                "It belongs to a compaction; /compact undo goes back to before it."
            )
        return not message.kind

    async def _prompt_of(self, message_id: str) -> Message | None:
        branch = self._workspace.conversation.branch
        message = await branch.message(message_id)
        if message is not None and message.role is Role.ASSISTANT:
            return await branch.message(message.parent_id)
        return message

    def _edit(self, prompt: Message | None) -> None:
        workspace = self._workspace
        if not workspace.is_free():
            return
        if prompt is None:
            workspace.notify("There is no prompt to edit yet.")
            return
        if prompt.kind is MessageKind.ASIDE:
            workspace.prompt.offer_command("btw", prompt.content)
            return
        if not self._is_spoken(prompt):
            return
        self._editing.begin(prompt)
        workspace.notify(
            "Editing. Enter sends the new prompt (the old one stays as a version), Esc cancels."
        )
