"""The saved conversations at the left, the last used first."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from groqchat.domain.text.sanitize import sanitize
from groqchat.domain.turns.session_kind import SessionKind
from groqchat.ui.widgets.text import KeyHint

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual.app import ComposeResult

    from groqchat.domain.turns.chat import Session

    # The lines with the ids of their sessions.
    _Lines = list[tuple[str, Content]]


# Before the title of a session that is more than a chat: columns, and lines of a file.
KIND_MARKS = {SessionKind.COMPARISON: "║ ", SessionKind.SET: "≡ "}


class TurnMark(StrEnum):
    """What the last turn of a session does, as it is shown before the title of the session."""

    WRITING = "↓"
    WAITING = "○"
    UNREAD = "✓"
    FAILED = "✗"

    @property
    def style(self) -> str:
        """The colour of the mark."""
        return _STYLES[self]


_STYLES = {
    TurnMark.WRITING: "$text-accent",
    TurnMark.WAITING: "$text-warning",
    TurnMark.UNREAD: "$text-success",
    TurnMark.FAILED: "$text-error",
}


class SessionList(Vertical):
    """Titles to choose from; marks tell the open one, its kind, and what its last turn does.

    Args:
        heading: What stands above them.
    """

    DEFAULT_CSS = """
    SessionList { width: 26; border-right: vkey $foreground 10%; }
    SessionList > Static { height: 1; padding: 0 1; color: $text-accent; text-style: bold; }
    SessionList > OptionList {
        height: 1fr; min-width: 12; border: none; padding: 0; background: transparent;
        scrollbar-size-vertical: 1; text-wrap: nowrap; text-overflow: ellipsis;
    }
    """

    @dataclass
    class Chosen(Message):
        """A session is to be opened."""

        session_id: str

    def __init__(self, heading: str = "Sessions", *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._heading = heading
        self._shown: _Lines | None = None
        # The session on which the highlight stands.
        self._pointed = ""
        # Held here: while the program ends, the list may be asked for after it was removed.
        self._options = OptionList(id="session-options", compact=True)

    def compose(self) -> ComposeResult:
        """A heading and the list."""
        yield Static(self._heading, markup=False)
        yield self._options

    def show(
        self,
        sessions: Sequence[Session],
        current: str,
        marks: Mapping[str, TurnMark | None] | None = None,
    ) -> None:
        """Show these sessions; the highlight stays where the keys are, else on the open one.

        Args:
            sessions: In their order.
            current: The id of the open one.
            marks: What the turns of sessions do, by the ids of sessions.
        """
        marks = marks or {}
        shown = [(each.id, _line(each, current, marks.get(each.id))) for each in sessions]
        if shown == self._shown:
            return
        before, self._shown = self._shown, shown
        names = [name for name, _ in shown]
        if before is not None and names and names == [name for name, _ in before]:
            self._renew(before, shown)
        else:
            self._fill(shown)
        wanted = self._pointed if self._options.has_focus else current
        wanted = wanted if wanted in names else current
        self._options.highlighted = names.index(wanted) if wanted in names else None
        self._pointed = wanted

    def _renew(self, before: _Lines, shown: _Lines) -> None:
        """Change the lines that say something else now."""
        for (_, old), (name, text) in zip(before, shown, strict=True):
            if text != old:
                self._options.replace_option_prompt(name, text)

    def _fill(self, shown: _Lines) -> None:
        options = self._options
        options.clear_options()
        if not shown:
            options.add_option(Option(Content.styled("Nothing saved yet", "dim"), disabled=True))
        options.add_options([Option(text, id=name) for name, text in shown])

    def enter(self) -> None:
        """Go to the list; what Enter opens there is marked."""
        options = self._options
        if options.highlighted is None:
            options.action_first()
        options.focus()

    def hints(self) -> Sequence[KeyHint]:
        """The keys and commands for sessions while the list has the focus; else none."""
        return _HINTS if self.screen.focused is self._options else ()

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Note where the highlight is, also when lines move."""
        event.stop()
        self._pointed = event.option.id or self._pointed

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Open what was chosen."""
        event.stop()
        if event.option.id:
            self.post_message(self.Chosen(event.option.id))


_HINTS = (
    KeyHint("Enter", "open"),
    KeyHint("Ctrl+F", "find"),
    KeyHint("/rename", "the open one"),
    KeyHint("/delete", "the open one"),
    KeyHint("Ctrl+S", "hide"),
)


def _line(session: Session, current: str, mark: TurnMark | None) -> Content:
    """The mark of the turn, unless the session is the open one, and the title."""
    title = " ".join(sanitize(session.title).split()) or "New session"
    title = KIND_MARKS.get(session.kind, "") + title[:200]
    if session.id == current:
        return Content(f"● {title}")
    if mark is None:
        return Content(f"  {title}")
    return Content.assemble((mark.value, f"bold {mark.style}"), " ", title)
