"""The command ``/compact``: makes a conversation shorter as its words say, and goes back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from groqchat.domain.images.shown import line
from groqchat.domain.models.names import UnclearModelError
from groqchat.domain.text.humanize import count, counted
from groqchat.domain.text.spelling import did_you_mean
from groqchat.domain.turns.compaction import AUTOMATIC, Way
from groqchat.domain.turns.message_kind import MessageKind
from groqchat.ui.commands import OFF
from groqchat.ui.workspace.model_names import sentence

if TYPE_CHECKING:
    from groqchat.domain.turns.chat import Message
    from groqchat.domain.turns.compaction import Context
    from groqchat.services.account.connection import Connection
    from groqchat.services.turns.compactor import Outgrown
    from groqchat.ui.sessions.compaction.compactions import Compactions
    from groqchat.ui.workspace.parts import ChatParts

WORDS = ("oldest", "summary", "new", "auto", "undo")
_READY = "the conversation stays as it is and is compacted"
_NOTHING = "There is nothing to leave out: no turn stands before the prompt."
_BUSY = "/compact works once the answer has ended; Esc stops the answer."
_PROMPT_ALONE = (
    "Your prompt alone is too long for this model, whatever is left out before it: shorten it, or "
    "choose another model with Ctrl+L."
)
_BEGINS_WITH_SUMMARY = (
    "This session begins with its summary: nothing stands before it. The session that it was "
    "written in is as it was."
)
# What was meant as a number, even where it is none that can be taken.
_NUMBER = re.compile(r"[-+]?[\d.,]+")
_MOST_DIGITS = 9
_LONGEST_NOTE = 300


class _RefusedError(Exception):
    """Words behind the command that mean nothing; the message says why."""


class CompactCommand:
    """Carries out ``/compact`` in the open session.

    Args:
        parts: The parts of the chat.
        actions: Carries compactions out.
    """

    def __init__(self, parts: ChatParts, actions: Compactions) -> None:
        self._parts = parts
        self._actions = actions

    async def compact(self, argument: str) -> None:
        """Make the conversation shorter in a way that is named or chosen, or go back to before."""
        word, _, rest = argument.strip().partition(" ")
        word, rest = word.lower(), rest.strip()
        if word == "auto":
            await self._set_automatic(rest.lower())
        elif word and word not in WORDS:
            said = f"/compact {argument}: the words are {', '.join(WORDS)}"
            meant = did_you_mean(word, WORDS) or "."
            self._refuse(f"{said}{meant}", argument)
        elif not self._may_begin():
            self._parts.prompt.offer_command("compact", argument)
        elif word == "undo":
            await self._undo()
        else:
            await self._compact(word, rest)

    def _refuse(self, sentence: str, argument: str) -> None:
        self._parts.prompt.refuse(sentence, "compact", argument)

    def _may_begin(self) -> bool:
        """Whether a compaction may begin; a notice says why if it may not."""
        if self._parts.conversation.is_busy:
            self._parts.notify(_BUSY)
            return False
        return self._parts.is_free()

    # -- leaving out ------------------------------------------------------------------------------

    async def _compact(self, word: str, rest: str) -> None:
        parts = self._parts
        connection = await parts.account.ready(_READY)
        if connection is None or not self._may_begin():
            parts.prompt.offer_command("compact", f"{word} {rest}".strip())
            return
        branch, options = parts.conversation.branch, parts.options
        failed = branch.unanswered
        leaf_id = failed.parent_id if failed else branch.leaf_id
        found = await connection.compactor.context_before(leaf_id, options)
        if leaf_id is None or not found.turns:
            parts.notify(_NOTHING)
            return
        text = parts.composer.text
        outgrown = await connection.compactor.outgrown(leaf_id, text, options)
        try:
            await self._carry_out(connection, leaf_id, found, outgrown, word=word, rest=rest)
        except _RefusedError as error:
            self._refuse(str(error), f"{word} {rest}".strip())

    async def _carry_out(
        self,
        connection: Connection,
        leaf_id: str,
        found: Context,
        outgrown: Outgrown | None,
        *,
        word: str,
        rest: str,
    ) -> None:
        """Make the conversation shorter.

        Raises:
            _RefusedError: It cannot be made so; nothing was done.
        """
        asked = self._actions.asked(connection)
        turns = _turns_named(word, rest, len(found.turns))
        model = await _model_named(connection, rest) if rest and not turns else ""
        plans = await self._actions.plans(connection, leaf_id, outgrown, model=model, turns=turns)
        named = [plan for plan in plans if plan.way == word]
        if not plans:
            raise _RefusedError(_PROMPT_ALONE)
        if not word:
            await self._actions.chosen(asked, plans, outgrown, leaf_id)
        elif not named:
            at_will = len(found.turns) if word == Way.NEW_SESSION else found.turns_at_will
            raise _RefusedError(_no_summary(word, rest, found, turns or at_will))
        elif await self._actions.carry_out(asked, named[0], leaf_id):
            await self._tell_excess(connection)

    async def _tell_excess(self, connection: Connection) -> None:
        """Say by how much the conversation is still too long, if it is, and what would do."""
        parts, compactor = self._parts, connection.compactor
        leaf_id, options = parts.conversation.branch.leaf_id, parts.options
        outgrown = await compactor.outgrown(leaf_id, parts.composer.text, options)
        if outgrown is None or not outgrown.over:
            return
        found = await compactor.context_before(leaf_id, options)
        fewest = found.turns_freeing(outgrown.over)
        does = f"/compact oldest {fewest} leaves out enough." if fewest else _PROMPT_ALONE
        takes = f"{count(outgrown.room + outgrown.answer)} that the limits allow at once"
        said = f"Still ≈ {count(outgrown.over)} tokens over the {takes}."
        parts.notify(f"{said} {does}", severity="warning")

    # -- what the session does unasked ------------------------------------------------------------

    async def _set_automatic(self, word: str) -> None:
        """Show or set what the session does unasked."""
        if word and word != OFF and word not in AUTOMATIC:
            self._refuse(f"/compact auto {word}: oldest, summary or off.", f"auto {word}")
            return
        if word:
            await self._parts.set_options(compaction=None if word == OFF else word)
        set_to = self._parts.options.compaction
        does = {
            Way.OLDEST: "leaves out the oldest turns",
            Way.SUMMARY: "has the oldest turns summarised",
        }
        self._parts.notify(
            f"Before a prompt that would not fit, this session {does[Way(set_to)]}, and notes it "
            "in the transcript. /compact auto off ends that."
            if set_to
            else "Before a prompt that would not fit, you are asked what to leave out. "
            "/compact auto oldest, or summary, does it without asking."
        )

    # -- going back -------------------------------------------------------------------------------

    async def _undo(self) -> None:
        """Go back to the conversation as it was before the last compaction."""
        parts, branch = self._parts, self._parts.conversation.branch
        mark = await self._mark_at(branch.leaf_id)
        if mark is None:
            parts.notify("Nothing is compacted here.")
            return
        before = await self._before(mark)
        if before is None:
            parts.notify(_BEGINS_WITH_SUMMARY)
            return
        await parts.services.store.update_session(branch.session.id, leaf_id=before.id)
        await parts.conversation.show_branch(before.id)
        await parts.figures.refresh()
        more = await self._undoable(before)
        remains = "remains" if more == 1 else "remain"
        left = (
            f"{counted(more, 'earlier compaction')} {remains}; /compact undo undoes the next."
            if more
            else "All turns are sent again."
        )
        parts.notify(
            f"Undone: {line(mark.content, _LONGEST_NOTE)}. {left} What was said since stays: it is "
            "another version ([ and ]) of what you ask next."
        )

    async def _mark_at(self, message_id: str | None) -> Message | None:
        """The note of the last compaction on the way to a message; None: there is none."""
        branch = self._parts.conversation.branch
        at = await branch.message(message_id)
        while at is not None and at.kind is not MessageKind.COMPACTION:
            at = await branch.message(at.parent_id)
        return at

    async def _before(self, mark: Message) -> Message | None:
        """The last message before a compaction and its summaries; None: it begins a session."""
        branch = self._parts.conversation.branch
        at = await branch.message(mark.parent_id)
        while at is not None and at.kind is MessageKind.SUMMARY:
            at = await branch.message(at.parent_id)
        return at

    async def _undoable(self, at: Message | None) -> int:
        """The number of compactions on the way to a message that can be undone."""
        number = 0
        while at is not None and (mark := await self._mark_at(at.id)) is not None:
            at = await self._before(mark)
            number += at is not None
        return number


def _turns_named(word: str, rest: str, turns: int) -> int:
    """The number of turns that is named; 0 where none is, or a model.

    Args:
        word: The way.
        rest: What follows it.
        turns: The turns that are sent; a summary may stand for all of them.

    Raises:
        _RefusedError: The number is none that can be left out.
    """
    takes_number = word == Way.OLDEST or (word == Way.SUMMARY and _NUMBER.fullmatch(rest))
    if not rest or not takes_number:
        return 0
    most = turns if word == Way.SUMMARY else max(1, turns - 1)
    is_whole = rest.isascii() and rest.isdigit() and len(rest) <= _MOST_DIGITS
    if is_whole and 1 <= int(rest) <= most:
        return int(rest)
    numbers = f"a whole number from 1 to {most}" if most > 1 else "the number 1"
    have = f"{counted(turns, 'turn')} {'is' if turns == 1 else 'are'} sent"
    raise _RefusedError(f"/compact {word} {line(rest)}: {have}, so {word} takes {numbers}.")


async def _model_named(connection: Connection, name: str) -> str:
    """The id of the model that a name means to the account.

    Raises:
        _RefusedError: The account has no such model.
    """
    try:
        called = await connection.models.called(name)
    except UnclearModelError as error:
        raise _RefusedError(sentence(error, "Ctrl+L")) from error
    if called.doubt:
        raise _RefusedError(called.doubt)
    if absence := connection.models.model(called.id).absence:
        raise _RefusedError(
            f"{called.id} cannot write the summary: {absence}. Ctrl+L lists those that can."
        )
    return called.id


def _no_summary(word: str, rest: str, found: Context, turns: int) -> str:
    """The reason why there is no plan of a summary."""
    if found.freed_by(turns, is_summarised=True) <= 0:
        return f"/compact {word}: a summary would not be shorter than the turns."
    takes = rest if rest and not rest.isdigit() else "any model"
    return (
        f"/compact {word}: one of the turns is longer than what {line(takes)} takes at once. "
        "/compact oldest leaves turns out instead."
    )
