"""The saved conversations at the left, the last used first."""

from __future__ import annotations

from dataclasses import dataclass
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
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from groqchat.domain.turns.chat import Session


# Before the title of a session that is more than a chat: columns, and lines of a file.
KIND_MARKS = {SessionKind.COMPARISON: "║ ", SessionKind.SET: "≡ "}


class SessionList(Vertical):
    """Titles to choose from; the open one is marked, and so are comparisons and sets.

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
        self._shown: list[tuple[str, str]] | None = None
        # Held here: while the program ends, the list may be asked for after it was removed.
        self._options = OptionList(id="session-options", compact=True)

    def compose(self) -> ComposeResult:
        """A heading and the list."""
        yield Static(self._heading, markup=False)
        yield self._options

    def show(self, sessions: Sequence[Session], current: str) -> None:
        """Show these sessions; the highlight stays on the open one."""
        shown = [(session.id, _line(session, current)) for session in sessions]
        if shown == self._shown:
            return
        self._shown = shown
        options = self._options
        options.clear_options()
        if not shown:
            options.add_option(Option(Content.styled("Nothing saved yet", "dim"), disabled=True))
        options.add_options([Option(Content(text), id=name) for name, text in shown])
        places = [index for index, session in enumerate(sessions) if session.id == current]
        options.highlighted = places[0] if places else None

    def enter(self) -> None:
        """Go to the list; what Enter opens there is marked."""
        options = self._options
        if options.highlighted is None:
            options.action_first()
        options.focus()

    def hints(self) -> Sequence[KeyHint]:
        """The keys and commands for sessions while the list has the focus; else none."""
        return _HINTS if self.screen.focused is self._options else ()

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


def _line(session: Session, current: str) -> str:
    mark = "● " if session.id == current else "  "
    title = " ".join(sanitize(session.title).split()) or "New session"
    return mark + KIND_MARKS.get(session.kind, "") + title[:200]
