"""The links in the entries of a transcript."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

from groqchat.ui.terminal.active_screen import write_text
from groqchat.ui.transcript.completing import Completing

if TYPE_CHECKING:
    from collections.abc import Sequence


class Linking(Completing):
    """Entries whose links can be opened."""

    @dataclass
    class LinksAsked(Message):
        """One of these http, https or mailto addresses of an entry is to be opened."""

        hrefs: Sequence[str]

    def links(self, entry_id: str) -> list[str]:
        """The addresses in an entry that can be opened, each once, in their order."""
        rows = self.virtual_list.all_rows(self.virtual_list.index(entry_id))
        found = (span.href for row in rows for span in row.line.spans if span.href)
        return list(dict.fromkeys(found))

    def open_link(self, entry_id: str | None) -> None:
        """Ask for the link of an entry, or a choice of them; without any the letter is text."""
        if entry_id is not None and (hrefs := self.links(entry_id)):
            self.post_message(self.LinksAsked(hrefs))
        else:
            write_text(self.screen, "o")
