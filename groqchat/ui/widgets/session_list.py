"""The saved conversations at the left, the last used first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from groqchat.domain.sanitize import sanitize

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from groqchat.domain.chat import Session


class SessionList(Vertical):
    """Titles to choose from; the open one is marked."""

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

    def compose(self) -> ComposeResult:
        """A heading and the list."""
        yield Static("Sessions", markup=False)
        yield OptionList(id="session-options", compact=True)

    def show(self, sessions: Sequence[Session], current: str) -> None:
        """Show these sessions; the highlight stays on the open one."""
        options = self.query_one(OptionList)
        options.clear_options()
        if not sessions:
            options.add_option(Option(Content.styled("Nothing saved yet", "dim"), disabled=True))
        for session in sessions:
            mark = "● " if session.id == current else "  "
            title = " ".join(sanitize(session.title).split()) or "New session"
            options.add_option(Option(Content(mark + title[:200]), id=session.id))
        places = [index for index, session in enumerate(sessions) if session.id == current]
        options.highlighted = places[0] if places else None

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Open what was chosen."""
        event.stop()
        if event.option.id:
            self.post_message(self.Chosen(event.option.id))
