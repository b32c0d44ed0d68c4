"""The list of the values that a setting may have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from groqchat.ui.dialogs.picker import Picker
from groqchat.ui.widgets.text import line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from groqchat.domain.setting_facts import SettingFact


class ChoicePicker(Picker[str]):
    """The values of a setting; the result is the chosen one, or None.

    Args:
        fact: The setting.
        values: The values to choose from; an empty one brings the default back.
        present: The one in use.
        is_free: Whether what is typed counts too, where it is none of them.
    """

    DEFAULT_CSS = """
    ChoicePicker > #frame { max-width: 60; height: auto; max-height: 85%; }
    ChoicePicker #rows { height: auto; max-height: 12; }
    """

    purpose = "The values that the setting takes, the present one marked ●."
    guide = "settings"

    def __init__(
        self, fact: SettingFact, values: Sequence[str], present: str, *, is_free: bool
    ) -> None:
        self.heading = fact.name
        self.asks = "Part of a name, or another one …" if is_free else "Part of a name …"
        self.nothing = "Enter takes what is written." if is_free else "No value matches."
        super().__init__()
        # The default stands in the list even where it means that nothing is chosen.
        known = values if present in values else (*values, present)
        self._values = known if "" in known or not is_free else ("", *known)
        self._fact, self._present, self._is_free = fact, present, is_free

    def narrow(self, query: str) -> None:
        """The values that contain every word."""
        words = query.casefold().split()
        found = [each for each in self._values if all(word in each.casefold() for word in words)]
        rows = [(self._row(each), each) for each in found]
        self.show_rows(rows, found.index(self._present) if self._present in found else 0)

    def _row(self, value: str) -> Content:
        mark = "● " if value == self._present else "  "
        return Content.assemble((mark, "$text-success"), line(value, 50) or "empty: the default")

    def describe(self, value: str) -> Content:
        """What the setting does."""
        return Content(self._fact.sentence)

    def take_highlighted(self) -> None:
        """Take the highlighted value, or what is typed where nothing matches."""
        typed = self.line.value.strip()
        if self._is_free and typed and self.highlighted is None:
            self.finish(typed)
        else:
            super().take_highlighted()
