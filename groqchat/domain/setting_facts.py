"""The settings as the screen and the guide list them: by topic, with sentence, default, values.

What a setting means stands in the docstrings of ``Settings`` and of its tables, and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from enum import Enum
from functools import cache
from math import isfinite
from typing import TYPE_CHECKING, Any

from groqchat.domain.setting_ranges import RANGES
from groqchat.domain.settings import CHOICES, Budget, Settings
from groqchat.domain.team.settings import TeamSettings
from groqchat.domain.turns.fallback import FALLBACK_KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Written = str | int | float | bool | list[str] | dict[str, str] | None

TOPICS: Mapping[str, tuple[str, ...]] = {
    "New sessions": ("model", "system", "service_tier", "max_tokens"),
    "Screen": (
        "theme", "motion", "show_panel", "show_sessions", "show_reasoning", "show_times",
        "show_images",
    ),
    "Composer and keys": ("keys", "composer_keys", "send_with_enter", "copy_on_select"),
    "Models": ("favourites", "summary_model", "plan"),
    "Waits and failures": (
        "attempts", "longest_wait_s", "longest_total_wait_s", "gap_timeout_s",
        "fallback", "fallback_on", "fallback_after_s", "endpoints",
    ),
    "Budget and prices": ("budget.monthly_usd", "budget.session_usd", "budget.buffer", "prices"),
    "Alerts": ("alerts", "alert_after_s", "alert_bell"),
    "Comparisons": ("compare_gap_s", "presets"),
    "Tools": ("tool_rounds", "tool_result_tokens", "mcp"),
    "API keys and team": (
        "profile", "key_command", "key_command_s", "organizations",
        "team.url", "team.machine", "team.profiles",
    ),
}  # fmt: skip
"""The names of the settings by topic, in the order in which they are shown."""
# What the account that is asked, or the screen, was made with.
LATER = (
    "plan", "profile", "organizations", "endpoints", "fallback", "fallback_on", "fallback_after_s",
    "attempts", "longest_wait_s", "longest_total_wait_s", "gap_timeout_s", "prices", "motion",
)  # fmt: skip
_TABLES: Mapping[str, type] = {"budget": Budget, "team": TeamSettings}


class Kind(Enum):
    """The kinds of values, each with what it takes in words."""

    SWITCH = "true or false"
    CHOICE = "one of"
    CHOICES = "some of"
    WHOLE = "a whole number, 0 or more"
    NUMBER = "a number, 0 or more"
    DOLLARS = "dollars such as 10.00; empty: no limit"
    SHARE = "a percentage below 100, such as 5 %"
    LIST = "names, with commas between them"
    TEXT = "text"
    FIGURES = "figures such as input=0.12, output=0.50"
    TABLE = "a table"


ENTRIES: Mapping[str, Kind] = {
    "presets": Kind.LIST, "organizations": Kind.LIST, "prices": Kind.FIGURES,
}  # fmt: skip
"""The tables whose entries have names of the user's, with the kind of an entry."""


@dataclass(frozen=True, slots=True)
class SettingFact:
    """What is known of a setting.

    Attributes:
        name: The name, such as ``theme`` or ``budget.monthly_usd``.
        topic: The heading that it stands under.
        sentence: What it does, in a sentence for users.
        kind: The kind of its values.
        default: The value where the file does not name it.
        choices: The values there are; empty where it is none of a few.
    """

    name: str
    topic: str
    sentence: str
    kind: Kind
    default: object
    choices: tuple[str, ...] = ()

    @property
    def takes(self) -> str:
        """The allowed values in words."""
        if self.choices:
            empty = ", or empty" if "" in self.choices else ""
            return f"{self.kind.value} {', '.join(filter(None, self.choices))}{empty}"
        if self.name in RANGES:
            least, most = RANGES[self.name]
            noun = "a whole number" if self.kind is Kind.WHOLE else "a number"
            return f"{noun} from {least:,} to {most:,}"
        return self.kind.value

    @property
    def table(self) -> str:
        """The table that the setting stands in, or is; its own name outside of tables."""
        return self.name.partition(".")[0]

    @property
    def is_entry(self) -> bool:
        """Whether it is an entry with a name of the user's."""
        return self.table in ENTRIES and self.kind is not Kind.TABLE

    @property
    def searched(self) -> str:
        """The text in which settings are searched for, casefolded."""
        return f"{self.name} {self.topic} {self.sentence}".casefold()

    @property
    def default_words(self) -> str:
        """The default as it is shown."""
        return self.shown(self.default)

    def of(self, settings: Settings) -> Any:  # noqa: ANN401 - settings have many types
        """The value of the setting."""
        table, _, last = self.name.partition(".")
        value = getattr(settings, table)
        if table in ENTRIES and last:
            return value.get(last)
        return getattr(value, last) if last else value

    def shown(self, value: Any) -> str:  # noqa: ANN401 - settings have many types
        """A value as it is shown, and as :meth:`read` takes it; names alone of a table."""
        match value:
            case bool():
                return "true" if value else "false"
            case None:
                return ""
            case Decimal() if self.kind is Kind.SHARE:
                return f"{(value * 100).normalize():f} %"
            case Mapping() if self.kind is Kind.FIGURES:
                return ", ".join(f"{name}={figure}" for name, figure in value.items())
            case Mapping() | tuple():
                return ", ".join(map(str, value))
        return str(value)

    def read(self, text: str) -> Written:
        """The value to write into the file for a text; None, the default, for an empty one.

        What is wrong stays text: reading the settings says why.
        """
        text = text.strip()
        if not text:
            return None
        reader = _READERS.get(self.kind)
        return reader(text) if reader else text


def _switch(text: str) -> str | bool:
    return {"true": True, "false": False}.get(text.lower(), text)


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _share(text: str) -> str:
    return text if "%" in text else f"{text} %"


def _figures(text: str) -> str | dict[str, str]:
    pairs = [part.partition("=") for part in text.split(",")]
    if not all(is_there for _, is_there, _ in pairs):
        return text
    return {name.strip(): figure.strip() for name, _, figure in pairs}


def _number(text: str) -> str | int | float:
    """The number that a text stands for, ``20,000`` among them; else the text."""
    plain = text.replace(",", "") if re.fullmatch(r"\d{1,3}(,\d{3})+", text) else text
    if re.fullmatch(r"[+-]?\d+", plain):
        return int(plain)
    try:
        number = float(plain)
    except ValueError:
        return text
    return number if isfinite(number) else text


_READERS: Mapping[Kind, Callable[[str], Written]] = {
    Kind.SWITCH: _switch, Kind.LIST: _names, Kind.CHOICES: _names, Kind.WHOLE: _number,
    Kind.NUMBER: _number, Kind.SHARE: _share, Kind.FIGURES: _figures,
}  # fmt: skip


@cache
def setting_facts() -> tuple[SettingFact, ...]:
    """Every setting, in the order of the topics."""
    return tuple(_fact(topic, name) for topic, names in TOPICS.items() for name in names)


def entry_fact(table: SettingFact, name: str) -> SettingFact:
    """What is known of an entry of a table."""
    kind = ENTRIES[table.name]
    return SettingFact(f"{table.name}.{name}", table.topic, table.sentence, kind, None)


def with_entries(settings: Settings) -> list[SettingFact]:
    """Every setting, each entry that a table has now behind its table."""
    facts: list[SettingFact] = []
    for fact in setting_facts():
        facts.append(fact)
        if fact.name in ENTRIES:
            facts += (entry_fact(fact, name) for name in fact.of(settings))
    return facts


def _fact(topic: str, name: str) -> SettingFact:
    table, _, last = name.partition(".")
    holder = _TABLES[table] if last else Settings
    spec = next(each for each in fields(holder) if each.name == (last or name))
    choices = FALLBACK_KINDS if name == "fallback_on" else CHOICES.get(name, ())
    sentence = sentences(holder.__doc__ or "").get(spec.name, "")
    value = getattr(holder(), spec.name)
    return SettingFact(name, topic, sentence, _kind(name, str(spec.type)), value, choices)


def _kind(name: str, annotation: str) -> Kind:
    if name in CHOICES or name == "fallback_on":
        return Kind.CHOICE if name in CHOICES else Kind.CHOICES
    if name == "budget.buffer":
        return Kind.SHARE
    kinds = {
        "bool": Kind.SWITCH, "int": Kind.WHOLE, "float": Kind.NUMBER, "str": Kind.TEXT,
        "Decimal | None": Kind.DOLLARS, "tuple[str, ...]": Kind.LIST,
    }  # fmt: skip
    return kinds.get(annotation, Kind.TABLE)


def sentences(docstring: str) -> Mapping[str, str]:
    """The sentences on attributes in a docstring, by the attributes' names, without markup."""
    lines = docstring.partition("Attributes:\n")[2].rstrip().splitlines()
    indent = len(lines[0]) - len(lines[0].lstrip()) if lines else 0
    found: dict[str, list[str]] = {}
    for line in lines:
        named = re.match(rf" {{{indent}}}(\w+): (.*)", line)
        if named:
            found[named[1]] = [named[2]]
        elif found and line.strip():
            found[next(reversed(found))].append(line.strip())
    return {name: " ".join(parts).replace("``", "") for name, parts in found.items()}


def matching(facts: Sequence[SettingFact], query: str) -> list[SettingFact]:
    """The settings whose name, topic or sentence holds every word."""
    words = query.casefold().split()
    return [each for each in facts if all(word in each.searched for word in words)]
