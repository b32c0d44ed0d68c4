"""The lines that are asked for: a new server, its token, the arguments of a call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Static

from groqchat.domain.text.secret import Secret
from groqchat.services.programs import command_words
from groqchat.ui.dialogs.dialog import CLOSE, Dialog
from groqchat.ui.widgets.masked_input import MaskedInput
from groqchat.ui.widgets.text import KeyHint

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.widget import Widget
    from textual.widgets import Input

LONGEST_SERVER = 500
HOW_TO_ADD = (
    "A name, then a command or an address: time uvx mcp-server-time, or docs "
    "https://example.org/mcp. More, such as env, is set under [mcp.NAME] in /settings."
)


def server_of(text: str) -> tuple[str, dict[str, object]]:
    """The name and the table of a server that was written on one line.

    Raises:
        ValueError: Something is missing, or a quotation mark is not closed.
    """
    name, *rest = command_words(text) or [""]
    if not rest:
        raise ValueError("write a name, then a command or an address")
    is_address = len(rest) == 1 and rest[0].startswith(("http://", "https://"))
    return name, {"url": rest[0]} if is_address else {"command": rest}


class TokenEntry(Dialog[Secret]):
    """Asks for the token of a server; the result is the token, or None.

    Args:
        server: The server's name.
        where: Where it will be kept.
    """

    DEFAULT_CSS = """
    TokenEntry > #frame { max-width: 72; }
    TokenEntry MaskedInput { margin: 1 0; }
    TokenEntry.-low MaskedInput { margin: 0; }
    """
    purpose = "The token that this server asks for. It goes into the keyring, never into a file."
    guide = "tools"

    def __init__(self, server: str, where: str) -> None:
        self.heading = f"Token of {server}"
        super().__init__()
        self._where = where

    def content(self) -> Iterable[Widget]:
        """The masked line, and where the token goes."""
        yield MaskedInput(password=True, placeholder="paste the token")
        yield Static(self._where, id="said", markup=False)

    def hints(self) -> Sequence[KeyHint]:
        """The keys: Enter stores it."""
        return (KeyHint("Enter", "store", "enter"), CLOSE)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take what was typed, unless it is nothing."""
        event.stop()
        if event.value.strip():
            self.finish(Secret(event.value))
