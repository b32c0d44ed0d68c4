"""The window that draws the branches of a session."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from groqchat.domain.errors.tree import GroqchatError
from groqchat.domain.images.image import shown_prompt
from groqchat.domain.sessions.tree import TreeRow, leaf_through, parted, tree_rows
from groqchat.domain.text.humanize import money
from groqchat.domain.turns.chat import Message, Role
from groqchat.services.sessions.dates import day_name
from groqchat.ui.dialogs.dialog import CLOSE
from groqchat.ui.dialogs.picker import Picker, Row
from groqchat.ui.widgets.text import KeyHint, line

if TYPE_CHECKING:
    from collections.abc import Awaitable, Sequence

    from groqchat.ui.sessions.deletion import MessageDeletion

_WHO = {Role.USER: "you", Role.ASSISTANT: "answer", Role.SYSTEM: "note", Role.TOOL: "tool"}
_LABEL = 80
# The columns for time and cost are shown from this width of the terminal on.
_WIDE = 70
# So many forks are drawn beside each other, so that there is room for the words.
_MOST_FORKS = 6


class TreeScreen(Picker[Message]):
    """The message that was chosen, whose branch is to be shown; or None.

    Args:
        messages: All messages of a session, oldest first.
        leaf_id: The last message of the branch that is shown.
        now: The Unix time.
        deletion: Deletes messages of the session.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "compare", show=False, priority=True),
        Binding("f4", "delete(False)", show=False, priority=True),
        Binding("f6", "delete(True)", show=False, priority=True),
        Binding("ctrl+z", "undo", show=False, priority=True),
    ]
    heading = "Branches"
    purpose = (
        "All versions and branches of this session as a tree. Enter goes on from the "
        "highlighted one."
    )
    guide = "sessions"
    asks = "Part of a text"

    def __init__(
        self, messages: Sequence[Message], leaf_id: str, now: float, deletion: MessageDeletion
    ) -> None:
        super().__init__()
        self._deletion = deletion
        self._messages, self._leaf_id, self._now = messages, leaf_id, now
        self._tree = tree_rows(messages, leaf_id)
        self._told = ""  # what the last change did, until something is typed

    def hints(self) -> Sequence[KeyHint]:
        """The keys: Enter shows the branch with the highlighted message."""
        return (
            KeyHint("Enter", "show", "enter"),
            KeyHint("F2", "differences", "f2"),
            KeyHint("F4", "delete", "f4"),
            KeyHint("F6", "delete from here", "f6"),
            KeyHint("Ctrl+Z", "undo", "ctrl+z"),
            KeyHint("↑↓", "move"),
            CLOSE,
        )

    def narrow(self, query: str) -> None:
        """The messages with a part of their text; the highlight begins at the end that is shown."""
        self._told = ""
        wanted = query.strip().casefold()
        found = [row for row in self._tree if wanted in row.message.content.casefold()]
        shown = [at for at, row in enumerate(found) if row.is_active]
        self.show_rows([self._row(row) for row in found], shown[-1] if shown else 0)

    def describe(self, value: Message) -> Content:
        """The author of a message, its time and its cost."""
        who = "you" if value.role is Role.USER else value.signature
        if value.role in {Role.SYSTEM, Role.TOOL}:
            who = value.kind.words or value.role
        cost = f" · {money(value.cost.total)}" if value.cost else ""
        day = day_name(value.created, self._now)
        told = f"{self._told} · " if self._told else ""
        return Content(f"{told}{line(who, 60)} · {day} {_clock(value.created)}{cost}")

    def _row(self, row: TreeRow) -> Row[Message]:
        message, columns = row.message, ""
        if self.app.size.width >= _WIDE:
            cost = money(message.cost.total) if message.cost else ""
            columns = f"{_clock(message.created):<6}{cost:>10}  "
        mark = "● " if row.is_active else "  "
        words = Content.assemble(
            (columns, "$text-muted"),
            (mark, "$text-success"),
            (_guides(row), "$text-muted"),
            (f"{_WHO[message.role]}  ", "$text-accent"),
            (line(message.content, _LABEL), "bold" if row.is_active else ""),
        )
        return words, message

    def action_compare(self) -> None:
        """Show the differences of the highlighted branch and the one that is shown."""
        if (message := self.highlighted) is not None:
            self.run_worker(self._compare(message), exclusive=True, group="compare")

    def action_delete(self, with_branch: bool) -> None:
        """Delete the highlighted message, or it and all that follows it."""
        if (message := self.highlighted) is not None:
            doing = self._deletion.delete(message.id, with_branch=with_branch)
            self.run_worker(self._change(doing), group="change")

    def action_undo(self) -> None:
        """Bring back what was deleted last."""
        self.run_worker(self._change(self._deletion.undo()), group="change")

    async def _change(self, doing: Awaitable[str]) -> None:
        """Draw the tree anew after a change, with the highlight where it was."""
        try:
            said = await doing
            self._messages, leaf_id = await self._deletion.messages()
        except GroqchatError as error:
            self.said.update(Content(f"{error.message} {error.suggestion}"))
            return
        self._leaf_id = leaf_id or ""
        self._tree = tree_rows(self._messages, leaf_id)
        at = self.rows.highlighted or 0
        self.narrow(self.line.value)
        self.rows.highlighted = min(at, self.rows.option_count - 1)
        self._told = said
        self.said.update(self.describe(self.highlighted) if self.highlighted else Content(said))

    async def _compare(self, message: Message) -> None:
        from groqchat.ui.dialogs.differences import DiffScreen

        leaf_id = leaf_through(self._messages, message.id, self._leaf_id)
        if leaf_id == self._leaf_id:
            said = "This message is on the branch that is shown. Choose one without ● to compare."
            self.said.update(Content(said))
            return
        shown, other = parted(self._messages, self._leaf_id, leaf_id)
        texts = (("The branch that is shown", _text(shown)), ("The other branch", _text(other)))
        await self.app.push_screen_wait(DiffScreen(texts, 0))


def _guides(row: TreeRow) -> str:
    """The lines of the tree left of a message."""
    forks = row.forks[-_MOST_FORKS:]
    lines = ["│ " if goes_on else "  " for goes_on in forks]
    if row.is_version:
        lines[-1] = "├─" if forks[-1] else "└─"
    return "".join(["…" * (len(row.forks) > len(forks)), *lines])


def _clock(time: float) -> str:
    """The time of day; nothing for a time that no calendar has, as an import may bring."""
    try:
        return f"{datetime.fromtimestamp(time, UTC).astimezone():%H:%M}"
    except (OverflowError, OSError, ValueError):
        return ""


def _text(messages: Sequence[Message]) -> str:
    return "\n\n".join(f"{_WHO[each.role]}: {shown_prompt(each.content)}" for each in messages)
