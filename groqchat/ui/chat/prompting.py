"""The way from Enter to a turn: a text is a command, a prompt, or not ready to be sent."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from groqchat.domain.errors.tree import StorageError
from groqchat.domain.sessions.options import keeping
from groqchat.domain.turns.combinations import conflict
from groqchat.domain.turns.compaction import Way
from groqchat.domain.turns.message_kind import MessageKind
from groqchat.ui.conversation.branch import BESIDE
from groqchat.ui.slash import read_slash
from groqchat.ui.widgets.send_warning import SendWarning

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.worker import Worker

    from groqchat.domain.turns.chat import Message
    from groqchat.domain.turns.compaction import Plan
    from groqchat.services.account.connection import Connection
    from groqchat.services.turns.running_turn import RunningTurn
    from groqchat.ui.chat.queueing import Queueing
    from groqchat.ui.sessions.compaction.actions import CompactionActions
    from groqchat.ui.sessions.oversized import OversizedPrompts
    from groqchat.ui.workspace.editing import PromptEditing
    from groqchat.ui.workspace.workspace import Workspace

EDITED_WAITS = (
    "The edited prompt stays here; Enter sends it when the answer has ended. Esc stops that."
)

ASKED_IN_PARTS = "The prompt is being asked part by part; Esc stops that."


class Prompting:
    """Sends the texts of the composer, queues them while an answer is written, and runs commands.

    A prompt that is sent at once stays in the composer until it is stored.

    Args:
        workspace: The parts of the chat.
        editing: The earlier prompt that is being changed, if any.
        queueing: Queues prompts.
        run_command: Runs a command by its id, with its argument.
        attach_named: Adds the files that a prompt names, and calls back with it where there are
            none; returns whether it does anything.
        is_held: Whether prompts wait for a comparison that is opening.
        compaction: Makes room for a prompt that the conversation is too long for.
        oversized: Has the user choose what of a text is sent that is too long.
    """

    def __init__(
        self,
        workspace: Workspace,
        editing: PromptEditing,
        queueing: Queueing,
        *,
        run_command: Callable[[str, str], object],
        attach_named: Callable[[str, Callable[[str], None]], bool],
        is_held: Callable[[], bool],
        compaction: CompactionActions,
        oversized: OversizedPrompts,
    ) -> None:
        self._workspace = workspace
        self._editing = editing
        self._queueing = queueing
        queueing.taken = self.submit
        self._run_command = run_command
        self._attach_named = attach_named
        self._is_held = is_held
        self._compaction = compaction
        self._oversized = oversized
        self._area = workspace.composer.area
        self._warning = SendWarning()
        # Whether the next prompt is sent though the settings cannot be read.
        self._is_let_pass = False
        self._sending: Worker[None] | None = None
        # What is being sent and stands in the composer still; whether Enter came behind more text.
        self._leaving, self._has_more = "", False
        # The last turn whose prompt was taken out of the composer.
        self._begun: RunningTurn | None = None

    def leave(self) -> None:
        """Leave the text in the composer with the session that is being left."""
        turn = self._workspace.conversation.turn
        if turn is not None and turn.is_running:
            self.began(turn)  # it is stored, and no draft of the session any more
        self._editing.leave()
        if self._workspace.account.connection is not None:
            self._workspace.draft.leave()

    @property
    def is_sending(self) -> bool:
        """Whether a prompt is on its way to become a turn."""
        return self._sending is not None and not self._sending.is_finished

    def submit(self, text: str) -> None:
        """Run a command, send a prompt or queue it; without a text, go on with the queue."""
        workspace = self._workspace
        if not text.strip():
            self._queueing.go_on()
        elif (slash := read_slash(text)) is not None:
            self._warning.forget()
            self._area.take_out(text)
            self._run_command(slash.command.id, slash.argument)
        elif warning := self._warning.warning(text):
            workspace.notify(warning, severity="warning")
        elif self._is_held():
            workspace.notify("The comparison is opening; your prompt will stand there, unsent.")
        elif (asked := self._oversized.running_here) and text.startswith(asked):
            self._queue_behind(asked, text[len(asked) :].strip())
        elif found := conflict(workspace.fitted_options):
            workspace.notify(found.sentence, severity="warning")
        elif unseen := workspace.image_problem(text):
            workspace.notify(unseen, severity="warning")
        elif self._is_leaving(text):
            self._has_more = text != self._leaving
        elif self._attach_named(text, self.submit):
            pass  # it goes on once the files are read
        elif self._has_to_wait(text):
            self._queue_what_fits(text)
        elif workspace.is_free():
            self._sending = workspace.run_alone(partial(self._send, text), group="send")

    def _is_leaving(self, text: str) -> bool:
        """Whether a text begins with the prompt that is being sent, and stands there still."""
        is_busy = self._workspace.conversation.is_busy
        return bool(self._leaving) and is_busy and text.startswith(self._leaving)

    def _has_to_wait(self, text: str) -> bool:
        """Whether a prompt is queued: an answer is being written, or others are queued before it.

        What is asked again has its place before those.
        """
        conversation = self._workspace.conversation
        if conversation.is_busy:
            return True
        failed = conversation.branch.unanswered
        is_again = self._editing.prompt is not None or self._queueing.is_first_here
        if failed is not None:
            is_again |= failed.content in {text, self._area.given_back.text}
        # Where as many sessions answer as may at a time, only a saved session can queue.
        is_full = conversation.turns.is_full and conversation.branch.leaf_id is not None
        return (is_full or self._queueing.has_prompts) and not is_again

    def _queue(self, text: str) -> None:
        if self._editing.prompt is not None:
            self._workspace.notify(EDITED_WAITS)
            return
        self._area.take_out(text)
        self._queueing.add(text)

    def _queue_what_fits(self, text: str) -> None:
        """Queue a prompt; where a text in it never fits, the user chooses first."""
        if self._oversized.has_long_text(text):
            self._workspace.run_alone(partial(self._queue_chosen, text), group="send")
        else:
            self._queue(text)

    async def _queue_chosen(self, text: str) -> None:
        workspace = self._workspace
        session_id, connection = workspace.conversation.session.id, workspace.account.connection
        if connection is not None and not await self._oversized.may_go(connection, text):
            return
        if session_id == workspace.conversation.session.id:
            self._queue(text)

    def _queue_behind(self, asked: str, text: str) -> None:
        """Queue what was written behind a prompt that is asked part by part."""
        if not text:
            self._workspace.notify(ASKED_IN_PARTS)
            return
        self._area.write(asked)
        self._queueing.add(text)

    async def _send(self, text: str) -> None:
        workspace = self._workspace
        # Without an account the text goes along where another session is opened.
        session_id = workspace.conversation.session.id if workspace.account.connection else ""
        if workspace.account.connection is None:
            # An error of the database was shown at the start already.
            with suppress(StorageError):
                await workspace.draft.save()
        if not self._is_let_pass and not self._may_be_sent():
            return
        self._is_let_pass = False
        connection = await workspace.account.ready("your prompt stays here and is sent")
        if connection is None or session_id not in {"", workspace.conversation.session.id}:
            return  # it waits as a draft in the session that it was written in
        if self._has_to_wait(text):
            await self._queue_chosen(text)
            return
        if not workspace.is_free():
            return
        if not await self._may_go(connection, text):
            return
        turns = connection.turns
        self._leaving = text
        edited = self._editing.take()
        if edited is None and await workspace.conversation.branch.is_outgrown():
            workspace.notify(BESIDE, severity="warning")
        if edited is not None:
            await workspace.conversation.ask_edited(turns, edited, text)
        else:
            await workspace.conversation.ask(turns, text)

    async def _may_go(self, connection: Connection, text: str) -> bool:
        """Whether a prompt fits, alone and behind the conversation; else the user chooses."""
        is_fitting = await self._oversized.may_go(connection, text)
        if not (is_fitting and await self._has_room(connection, text)):
            return False
        is_fitting = await self._oversized.may_go(connection, text, self._editing.parent_id)
        if not is_fitting:
            self._leaving = ""
        return is_fitting

    async def ask_aside(self, argument: str) -> None:
        """Ask a question with the conversation before it, but leave no trace in later requests.

        While an answer is being written, the question is queued like a prompt.
        """
        workspace, written = self._workspace, f"/btw {argument}"
        if not argument:
            workspace.notify("Write /btw and the question; later requests will not hold it.")
            workspace.prompt.offer_command("btw")
            return
        connection = await workspace.account.ready("the question stays here and is sent")
        conversation = workspace.conversation
        is_full = conversation.turns.is_full and conversation.branch.leaf_id is not None
        if connection is not None and (conversation.is_busy or is_full):
            await self._queueing.put(conversation.session.id, written)
            return
        workspace.prompt.offer(written)
        if connection is None or not workspace.is_free():
            return
        if not await self._has_room(connection, written):
            return
        self._leaving = ""
        self._area.take_out(written)
        failed, leaf_id = conversation.branch.unanswered, conversation.branch.leaf_id
        session = keeping(conversation.session, conversation.options)
        parent_id = failed.parent_id if failed else leaf_id
        question = await connection.compactor.store_aside(session, argument, parent_id)
        await conversation.ask_again(connection.turns, question)

    async def _has_room(self, connection: Connection, text: str) -> bool:
        """Whether a prompt may be sent now; where a compaction makes room, it is queued first."""
        session_id, is_queued = self._workspace.conversation.session.id, False

        async def begins(plan: Plan) -> None:
            nonlocal is_queued
            # An edited prompt, and one that goes along to a new session, stay where they are.
            is_queued = self._editing.prompt is None and plan.way is not Way.NEW_SESSION
            self._leaving = "" if is_queued else text
            if is_queued:
                self._area.take_out(text)
                await self._queueing.put(session_id, text)

        parent_id = self._editing.parent_id
        has_room = await self._compaction.make_room(connection, parent_id, text, begins)
        if not has_room:
            self._leaving, self._has_more = "", False
            if is_queued:
                await self._queueing.take_only(session_id)
        return has_room and not is_queued

    def _may_be_sent(self) -> bool:
        """Whether the settings can be read; if not, an error is shown and the text is kept."""
        try:
            self._workspace.services.settings_to_send_by()
        except StorageError as error:
            self._workspace.show_error(error)
            return False
        return True

    def send_all_the_same(self) -> None:
        """Send the text in the composer, once, whatever the settings are."""
        workspace = self._workspace
        text = self._area.text
        if workspace.account.connection is None or not text.strip():
            workspace.notify("Write the prompt first; Enter offers this again.")
            return
        workspace.account.connection.budget.allow_once()
        self._is_let_pass = True
        self.submit(text)

    def began(self, turn: RunningTurn) -> None:
        """Take the stored prompt of a turn out of the composer, once, if it was written there."""
        is_here = self._workspace.conversation.shows(turn)
        if turn.prompt is not None and turn is not self._begun and is_here:
            self._begun = turn
            if not self._queueing.sending.has_begun(turn):
                self.stored(turn.prompt)

    def stored(self, prompt: Message) -> None:
        """Take a stored prompt out of the composer, but nothing written since."""
        self._area.take_out(prompt.content)
        has_more, self._leaving, self._has_more = self._has_more, "", False
        if has_more and self._area.text:
            self.submit(self._area.text)
        self._workspace.prompt.offer(self._editing.take_set_aside())
        if prompt.parent_id is None:
            self._workspace.draft.saved_session(prompt.content)

    def give_back(self, prompt: Message | None) -> None:
        """Give a prompt without an answer back, to be changed and sent again in its session."""
        self._leaving, self._has_more = "", False
        if prompt is None or prompt.kind is MessageKind.SUMMARY:
            return  # nobody wrote it
        workspace = self._workspace
        if not workspace.draft.is_for(prompt.session_id):
            workspace.run(workspace.draft.keep_for(prompt), group="draft")
        elif not self._area.text:
            is_aside = prompt.kind is MessageKind.ASIDE
            self._area.given_back.put(f"/btw {prompt.content}" if is_aside else prompt.content)
