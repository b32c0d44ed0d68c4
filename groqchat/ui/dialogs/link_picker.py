"""The links of one message, to open one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from groqchat.ui.dialogs.picker import Picker

if TYPE_CHECKING:
    from collections.abc import Sequence


class LinkPicker(Picker[str]):
    """A list of addresses; its result is the chosen one, or None.

    Args:
        hrefs: The addresses (http, https or mailto), in the order of the message.
    """

    DEFAULT_CSS = """
    LinkPicker > #frame { width: 90%; height: auto; max-height: 90%; }
    LinkPicker.-narrow > #frame { width: 100%; height: 100%; }
    LinkPicker #rows { height: auto; max-height: 1fr; }
    """
    heading = "Open a link"
    purpose = "The links of this message. Enter opens one in your browser."
    guide = "chat"
    asks = "Part of an address …"
    nothing = "No address matches."

    def __init__(self, hrefs: Sequence[str]) -> None:
        super().__init__()
        self._hrefs = hrefs

    def narrow(self, query: str) -> None:
        """Keep the addresses that contain what was typed."""
        word = query.strip().lower()
        self.show_rows([(Content(href), href) for href in self._hrefs if word in href.lower()])

    def describe(self, value: str) -> Content:
        """The whole address, which the row may cut."""
        return Content(value)
