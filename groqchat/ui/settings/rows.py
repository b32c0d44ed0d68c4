"""The settings as rows under their topics, and the words about one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from groqchat.domain.setting_facts import ENTRIES, Kind, setting_facts, with_entries
from groqchat.ui.widgets.text import line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from groqchat.domain.setting_facts import SettingFact
    from groqchat.ui.settings.desk import SettingsDesk, Standing

_NAME = max(len(fact.name) for fact in setting_facts()) + 1
_PLACE = len("GROQCHAT_PROFILE")
# From this width of a row on, in cells, a column says where a value comes from.
_WIDE = 66
_REMEDY = "Nothing can be changed until that is corrected: F4."


class SettingRows:
    """The settings as they were read last for the window.

    Args:
        desk: Reads the settings.
    """

    def __init__(self, desk: SettingsDesk) -> None:
        self._desk = desk
        self._standings: Mapping[str, Standing] = {}
        self._of: tuple[object, str] | None = None
        self.facts: Sequence[SettingFact] = setting_facts()

    def read(self) -> None:
        """Read how all settings stand now."""
        self._of = self._desk.settings, self._desk.problem
        self.facts = with_entries(self._desk.settings)
        self._standings = self._desk.standings(self.facts)

    @property
    def are_old(self) -> bool:
        """Whether the settings have changed since."""
        return self._of != (self._desk.settings, self._desk.problem)

    def standing(self, fact: SettingFact) -> Standing:
        """How a setting stands."""
        return self._standings[fact.name]

    def rows(
        self, facts: Sequence[SettingFact], width: int
    ) -> list[tuple[Content, SettingFact | None]]:
        """Rows of settings, each topic under a heading without a value."""
        rows: list[tuple[Content, SettingFact | None]] = []
        topic = ""
        for fact in facts:
            if fact.topic != topic:
                topic = fact.topic
                rows.append((Content.styled(topic, "bold $text-accent"), None))
            rows.append((self._row(fact, width), fact))
        return rows

    def _row(self, fact: SettingFact, width: int) -> Content:
        standing = self.standing(fact)
        mark = "!" if standing.mistake else " " if standing.is_default else "●"
        is_wide = width >= _WIDE
        name = min(_NAME, width // 2 + 2)
        called = f"  {fact.name.partition('.')[2]}" if fact.is_entry else fact.name
        room = width - 2 - name - (_PLACE + 2 if is_wide else 0)
        value = standing.value or ("none" if fact.kind is Kind.TABLE else "empty")
        is_faint = not standing.value or standing.is_default
        cells = [
            (f"{mark} ", "$text-warning" if standing.mistake else "$text-success"),
            (f"{_cut(called, name - 1):<{name}}", "" if standing.is_default else "bold"),
            (f"{line(value, room):<{room}}", "$text-muted" if is_faint else ""),
        ]
        if is_wide:
            cells.append((f"  {standing.place:>{_PLACE}}", "$text-muted"))
        return Content.assemble(*cells)

    def words(self, fact: SettingFact, said: str) -> Content:
        """What was said last, or what is wrong; else what the setting does, takes, and where from.

        Args:
            fact: The setting.
            said: What was said last; may be empty.
        """
        if problem := self._desk.problem:
            return Content.styled(f"{problem} {_REMEDY} {said}".strip(), "$text-warning")
        if said:
            return Content(said)
        standing = self.standing(fact)
        if standing.mistake:
            return Content.styled(standing.mistake, "$text-warning")
        is_line = standing.place.startswith("line ")
        place = f"in {standing.place} of config.toml" if is_line else f"by {standing.place}"
        if standing.place == "this run":
            place = "for this run"
        says_takes = fact.kind not in {Kind.TABLE, Kind.TEXT}
        has_default = fact.kind is not Kind.TABLE and not fact.is_entry
        is_later = fact.table in self._desk.later
        words = [
            fact.sentence,
            f"Takes {fact.takes}." if says_takes else "",
            f"Default: {fact.default_words or 'empty'}." if has_default else "",
            "Enter adds one." if fact.name in ENTRIES else "",
            "" if standing.is_default else f"Set {place}.",
            "Applies after the next start." if is_later else "",
        ]
        return Content(" ".join(filter(None, words)))


def _cut(name: str, longest: int) -> str:
    """A name in so many cells; blanks before an entry of a table stay."""
    indent = len(name) - len(name.lstrip())
    return " " * indent + line(name, longest - indent)
