"""Reads a set of prompts from JSON lines or CSV, and says in which line a mistake is."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from groqchat.domain.images.image import MOST_IMAGES
from groqchat.domain.prompt_sets.check_fields import read_checks
from groqchat.domain.prompt_sets.checks import CheckKind
from groqchat.domain.prompt_sets.prompt_set import SetPrompt
from groqchat.domain.text.spelling import did_you_mean
from groqchat.services.text_rows import Row, csv_rows, json_rows, parsed_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

_FIELDS = ("prompt", "id", "system", "task", "image")
_KNOWN = (*_FIELDS, *CheckKind)


def read_prompts(
    text: str,
    *,
    is_csv: bool,
    system: str = "",
    max_tokens: int | None = None,
    parameters: Mapping[str, object] = MappingProxyType({}),
    mark_of: Callable[[str], str] | None = None,
) -> tuple[SetPrompt, ...]:
    """Read all prompts.

    Args:
        text: The whole file.
        is_csv: Whether it is CSV with a head; else every line is a JSON object.
        system: The system prompt for prompts without one of their own.
        max_tokens: The longest answer, in tokens.
        parameters: Further parameters of the requests, by the names of options.
        mark_of: Reads the image of a path and gives the mark that stands for it; None: images are
            refused.

    Raises:
        ValueError: The file has a mistake; the message, for the user, names its line.
    """
    reader = _PromptReader(system, max_tokens, parameters, mark_of)
    for line, row in _csv_prompts(text) if is_csv else json_rows(text, "a prompt"):
        reader.take(line, row)
    if not reader.prompts:
        raise ValueError("there are no prompts in it")
    return tuple(reader.prompts)


@dataclass(slots=True)
class _PromptReader:
    """Reads row after row and remembers the ids that are taken."""

    system: str
    max_tokens: int | None
    parameters: Mapping[str, object]
    mark_of: Callable[[str], str] | None
    prompts: list[SetPrompt] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)
    times: Counter[str] = field(default_factory=Counter)

    def take(self, line: int, row: dict[str, Any]) -> None:
        try:
            self.prompts.append(self._prompt(line, row))
        except ValueError as mistake:
            raise ValueError(f"line {line}: {mistake}") from None

    def _prompt(self, line: int, row: dict[str, Any]) -> SetPrompt:
        _check_names(row)
        text = _text(row, "prompt")
        if not text.strip():
            raise ValueError("the prompt is empty" if "prompt" in row else "there is no prompt")
        text = "\n\n".join([text, *self._marks(row.get("image"))])
        name = _text(row, "id") or str(len(self.prompts) + 1)
        if name in self.lines:
            raise ValueError(f"the id {name!r} is taken by line {self.lines[name]}")
        self.lines[name] = line
        system = _text(row, "system") or self.system
        key = self._key(text, system)
        task = _text(row, "task")
        return SetPrompt(key, name, text, system, task, read_checks(row), line=line)

    def _marks(self, value: object) -> list[str]:
        """The marks of a prompt's images, which are named by one path or a list of them."""
        given = value if isinstance(value, list) else [value] if value else []
        names = [name for name in given if isinstance(name, str)]
        if len(names) < len(given):
            raise ValueError("image must be the path of a file, or a list of them")
        if len(names) > MOST_IMAGES:
            raise ValueError(f"there are {len(names)} images; one request takes {MOST_IMAGES}")
        if names and self.mark_of is None:
            raise ValueError("images are not read here")
        return [self.mark_of(name) for name in names] if self.mark_of else []

    def _key(self, text: str, system: str) -> str:
        further = [dict(self.parameters)] if self.parameters else []
        asked = json.dumps([text, system, self.max_tokens, *further], sort_keys=True)
        self.times[asked] += 1
        return hashlib.sha256(f"{self.times[asked]} {asked}".encode()).hexdigest()[:20]


def _check_names(row: Iterable[str]) -> None:
    """Refuse a field that is neither known nor a check; it would be overlooked."""
    for name in row:
        if name not in _KNOWN:
            raise ValueError(
                f"{name!r} is no field and no check; there are {', '.join(_FIELDS)} "
                f"and the checks {', '.join(CheckKind)}{_hint(name)}"
            )


def _hint(name: str) -> str:
    """A hint for an unknown field: a name like it, or the separator that CSV files need."""
    if any(mark in name for mark in ";\t|"):
        return "; separate the fields of a CSV file by commas"
    return did_you_mean(name, _KNOWN)


def _text(row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    if isinstance(value, int) and not isinstance(value, bool) and name == "id":
        value = str(value)
    if value is not None and not isinstance(value, str):
        raise ValueError(f"{name} must be a text")
    try:
        (value or "").encode()
    except UnicodeEncodeError:
        raise ValueError(f"{name} holds half a character (a lone surrogate)") from None
    return value or ""


def _csv_prompts(text: str) -> Iterator[Row]:
    return ((line, _from_cells(line, cells)) for line, cells in csv_rows(text, _check_head))


def _check_head(head: list[str]) -> None:
    _check_names(head)
    if "prompt" not in head:
        raise ValueError(f"there is no column 'prompt' among {', '.join(head)}")


def _from_cells(line: int, cells: dict[str, str]) -> dict[str, Any]:
    """A row in the form of JSON lines, without the empty cells."""
    row: dict[str, Any] = {name: cell for name, cell in cells.items() if cell or name == "prompt"}
    if CheckKind.JSON in row:
        row[CheckKind.JSON] = parsed_json(line, row[CheckKind.JSON])
    return row
