"""Commands about the conversation on the screen: stop, scroll, ask a prompt differently."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.turns.chat import Role
from groqchat.domain.turns.message_kind import MessageKind
from groqchat.ui.chat.turn_actions import TurnActions
from groqchat.ui.transcript.turns import show_turn

if TYPE_CHECKING:
    from collections.abc import Callable

    from groqchat.domain.turns.chat import Message
    from groqchat.ui.workspace.editing import PromptEditing
    from groqchat.ui.workspace.workspace import Workspace


class ScreenTurns(TurnActions):
    """Commands about turns, also those that need the screen.

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
        super().__init__(workspace)
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

    async def edit_last_prompt(self, _: str) -> None:
        """Take the last prompt into the composer."""
        self._edit(await self._workspace.conversation.branch.last_prompt())

    async def edit(self, message_id: str) -> None:
        """Take a prompt, or the prompt of an answer, into the composer."""
        prompt, branch = (
            await self.prompt_of(message_id),
            self._workspace.conversation.branch,
        )
        while prompt is not None and prompt.role in {Role.ASSISTANT, Role.TOOL}:
            prompt = await branch.message(prompt.parent_id)
        self._edit(prompt)

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
        if not self.is_spoken(prompt):
            return
        self._editing.begin(prompt)
        workspace.notify(
            "Editing. Enter sends the new prompt (the old one stays as a version), Esc cancels."
        )
