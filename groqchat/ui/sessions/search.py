"""Searches all messages of all sessions."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from textual.content import Content

from groqchat.domain.sessions.summaries import Hit
from groqchat.domain.turns.chat import Role
from groqchat.ui.dialogs.dialog import CLOSE
from groqchat.ui.dialogs.picker import LivePicker, Row
from groqchat.ui.widgets.session_list import KIND_MARKS
from groqchat.ui.widgets.text import KeyHint, line

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

_EXAMPLES = "Type what you look for: limit model:gpt-oss after:7d tag:work"
_WHO = {Role.USER: "you", Role.ASSISTANT: "answer", Role.SYSTEM: "system", Role.TOOL: "tool"}


class SearchScreen(LivePicker[Hit]):
    """The chosen hit, or None.

    Args:
        search: Finds messages.
        initial: What to search for at once.
    """

    heading = "Search all sessions"
    purpose = "Finds words in all messages of all sessions. Enter opens the message."
    guide = "sessions"
    asks = "Words, or model: after: before: role: tag: cost> cost< is:"
    nothing = "Nothing found."

    def __init__(
        self, search: Callable[[str], Awaitable[Sequence[Hit]]], initial: str = ""
    ) -> None:
        super().__init__(line(initial))
        self._search = search

    def hints(self) -> Sequence[KeyHint]:
        """Enter opens the session at the message."""
        return (KeyHint("Enter", "go there", "enter"), KeyHint("↑↓", "move"), CLOSE)

    async def look_up(self, query: str) -> Sequence[Row[Hit]]:
        """Hits as rows of two lines; nothing is searched for nothing."""
        self.nothing = SearchScreen.nothing if query.strip() else _EXAMPLES
        hits = await self._search(query) if query.strip() else ()
        return [(self._row(hit), hit) for hit in hits]

    def describe(self, value: Hit) -> Content:
        """The author, the time and the session of a message."""
        when = datetime.fromtimestamp(value.created, UTC).astimezone()
        title = line(value.session_title, 80)
        shelf = " · archived" if value.is_archived else ""
        return Content(f"{_WHO[value.role]} · {when:%Y-%m-%d %H:%M}{shelf} · {title}")

    def _row(self, hit: Hit) -> Content:
        mark = KIND_MARKS.get(hit.session_kind, "")
        title = Content.assemble(
            (mark + line(hit.session_title, 60), "bold"), ("  " + _WHO[hit.role], "$text-muted")
        )
        snippet = Content("").join(
            Content.styled(piece, "bold $text-accent" if is_match else "$text-muted")
            for piece, is_match in _pieces(hit)
        )
        return Content("\n").join((title, Content("  ") + snippet))


def _pieces(hit: Hit) -> list[tuple[str, bool]]:
    """The snippet on one line; the spaces at the seams are kept."""
    return [
        (" " * text[:1].isspace() + line(text) + " " * text[-1:].isspace(), is_match)
        for text, is_match in hit.snippet
    ]
