"""Reads a set of prompts from JSON lines, CSV or plain text; mistakes are named by line."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from groqchat.domain.images.image import MOST_IMAGES
from groqchat.domain.prompt_sets.check_fields import read_checks
from groqchat.domain.prompt_sets.checks import CheckKind
from groqchat.domain.prompt_sets.conversations import Conversation, read_conversation
from groqchat.domain.prompt_sets.prompt_set import SetPrompt
from groqchat.domain.prompt_sets.variables import VARS, filled_rows
from groqchat.domain.text.spelling import did_you_mean
from groqchat.services.text_rows import Row, csv_rows, json_rows, parsed_json, plain_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import NoReturn

    from groqchat.domain.prompt_sets.conversations import Turn

_FIELDS = ("prompt", "id", "system", "task", "image", VARS, "messages")
_KNOWN = (*_FIELDS, *CheckKind)
_JSON = re.compile(r'\s*\{\s*"')


def _no_file(path: str) -> NoReturn:
    raise ValueError(f"the file of vars, {path}, is not read here")


def read_prompts(
    text: str,
    *,
    form: str = "jsonl",
    system: str = "",
    max_tokens: int | None = None,
    parameters: Mapping[str, object] = MappingProxyType({}),
    mark_of: Callable[[str], str] | None = None,
    rows_of: Callable[[str], Sequence[Mapping[str, Any]]] = _no_file,
) -> tuple[SetPrompt, ...]:
    """Read all prompts.

    Args:
        text: The whole file.
        form: Its form, see :func:`form_of`.
        system: The system prompt for prompts without one of their own.
        max_tokens: The longest answer, in tokens.
        parameters: Further parameters of the requests, by the names of options.
        mark_of: Reads the image of a path and gives the mark that stands for it; None: images are
            refused.
        rows_of: Reads the rows of values in the file of a path.

    Raises:
        ValueError: The file has a mistake; the message, for the user, names its line.
    """
    reader = _PromptReader(system, max_tokens, parameters, mark_of, rows_of)
    for line, row in _rows(text, form):
        reader.take(line, row)
    if not reader.prompts:
        raise ValueError("there are no prompts in it")
    return tuple(reader.prompts)


def filled_file(
    text: str, *, form: str, rows_of: Callable[[str], Sequence[Mapping[str, Any]]]
) -> list[dict[str, Any]]:
    """The rows of a file that :func:`read_prompts` takes, with values in place of variables."""
    return [filled for _, row in _rows(text, form) for filled in filled_rows(row, rows_of)]


def form_of(name: str, text: str) -> str:
    """The form of a set's file: "csv" with a head, "txt" with a prompt a line, else "jsonl".

    Args:
        name: The file's name.
        text: The whole file. One called .txt that begins with an object holds JSON lines.
    """
    lower = name.lower()
    if lower.endswith(".csv"):
        return "csv"
    return "txt" if lower.endswith(".txt") and not _JSON.match(text) else "jsonl"


def _rows(text: str, form: str) -> Iterator[Row]:
    if form == "csv":
        return _csv_prompts(text)
    return plain_rows(text, "prompt") if form == "txt" else json_rows(text, "a prompt")


@dataclass(slots=True)
class _PromptReader:
    """Reads row after row and remembers the ids that are taken."""

    system: str
    max_tokens: int | None
    parameters: Mapping[str, object]
    mark_of: Callable[[str], str] | None
    rows_of: Callable[[str], Sequence[Mapping[str, Any]]]
    prompts: list[SetPrompt] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)
    times: Counter[str] = field(default_factory=Counter)

    def take(self, line: int, row: dict[str, Any]) -> None:
        try:
            _check_names(row)
            for filled in filled_rows(row, self.rows_of):
                self.prompts.append(self._prompt(line, filled))
        except ValueError as mistake:
            raise ValueError(f"line {line}: {mistake}") from None

    def _prompt(self, line: int, row: dict[str, Any]) -> SetPrompt:
        told, history, text = self._conversation(row)
        text = "\n\n".join([text, *self._marks(row.get("image"))])
        name = _text(row, "id") or str(len(self.prompts) + 1)
        if name in self.lines:
            raise ValueError(f"the id {name!r} is taken by line {self.lines[name]}")
        self.lines[name] = line
        system = told or self.system
        key, task = self._key(text, system, history), _text(row, "task")
        checks = read_checks(row)
        return SetPrompt(key, name, text, system, task, checks, line=line, history=history)

    def _conversation(self, row: dict[str, Any]) -> Conversation:
        """The system prompt of the row, what was said before, and the prompt."""
        if row.get("messages") is None:
            text = _text(row, "prompt")
            if not text.strip():
                raise ValueError("the prompt is empty" if "prompt" in row else "there is no prompt")
            return Conversation(_text(row, "system"), (), text)
        if row.get("prompt") or row.get("system"):
            raise ValueError("messages hold the prompt and the system prompt: leave these out")
        found = read_conversation(row["messages"])
        for said in (*(turn.content for turn in found.history), found.text):
            if not _sendable(said, "a message").strip():
                raise ValueError("one of the messages is empty")
        return found

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

    def _key(self, text: str, system: str, history: tuple[Turn, ...]) -> str:
        further: list[object] = [dict(self.parameters)] if self.parameters else []
        further += [list(history)] if history else []
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
    return _sendable(value or "", name)


def _sendable(text: str, name: str) -> str:
    """A text that can be sent; raises ValueError for one that has no encoding."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError(f"{name} holds half a character (a lone surrogate)") from None
    return text


def _csv_prompts(text: str) -> Iterator[Row]:
    return ((line, _from_cells(line, cells)) for line, cells in csv_rows(text, _check_head))


def _check_head(head: list[str]) -> None:
    _check_names(head)
    if "prompt" not in head and "messages" not in head:
        raise ValueError(f"there is no column 'prompt' among {', '.join(head)}")


def _from_cells(line: int, cells: dict[str, str]) -> dict[str, Any]:
    """A row in the form of JSON lines, without the empty cells."""
    row: dict[str, Any] = {name: cell for name, cell in cells.items() if cell or name == "prompt"}
    for name in (CheckKind.JSON, "messages"):
        if name in row:
            row[name] = parsed_json(line, row[name])
    if row.get(VARS, "").lstrip().startswith(("{", "[")):
        row[VARS] = parsed_json(line, row[VARS])
    return row
