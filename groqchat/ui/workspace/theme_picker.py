"""The list of themes: the highlighted theme is tried at once, and Esc brings the old one back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from groqchat.ui.dialogs.picker import Picker
from groqchat.ui.widgets.text import line
from groqchat.ui.workspace.themes import AUTO

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.widgets import OptionList


class ThemePicker(Picker[str]):
    """The list of themes; its result is the name of the chosen theme, or None.

    Args:
        names: The themes, ours first.
        present: The one in use.
        automatic: The theme that suits the terminal, which stands for ``auto``.
    """

    DEFAULT_CSS = """
    ThemePicker { background: transparent; }
    ThemePicker > #frame { width: 44; }
    """
    heading = "Theme"
    purpose = (
        "The colours of the program. Each theme is tried as you move; Enter keeps it, Esc "
        "brings the old one back."
    )
    guide = "settings"
    asks = "Name of a theme …"
    nothing = "No theme matches."

    def __init__(self, names: Sequence[str], present: str, automatic: str) -> None:
        super().__init__()
        self._automatic = automatic
        self._names = names
        self._present = present

    def narrow(self, query: str) -> None:
        """Keep the names that contain every word."""
        words = query.lower().split()
        found = [name for name in self._names if all(word in name.lower() for word in words)]
        rows = [(Content(("● " if n == self._present else "  ") + line(n, 40)), n) for n in found]
        self.show_rows(rows, found.index(self._present) if self._present in found else 0)

    def describe(self, value: str) -> Content:
        """Say of the theme in use that it is that."""
        said = "In use." if value == self._present else "Enter keeps it."
        return Content(f"As the terminal is. {said}" if value == AUTO else said)

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Show the colours of the highlighted theme."""
        if (name := self.highlighted) is not None:
            self.app.theme = self._automatic if name == AUTO else name
