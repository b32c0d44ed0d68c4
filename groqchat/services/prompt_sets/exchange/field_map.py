"""Sets of questions and answers with fields of other names, as many public ones have."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from groqchat.domain.prompt_sets.checks import CheckKind
from groqchat.domain.text.spelling import did_you_mean
from groqchat.services.text_rows import csv_rows, json_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

EXPECTED = "expected"
"""What an answer is expected to contain."""
FIELDS = ("prompt", "messages", "id", "system", "task", "image", EXPECTED, *CheckKind)


def read_map(text: str) -> dict[str, str]:
    """The names of fields by the names that they have in a file.

    Args:
        text: Pairs such as ``question=prompt,answer=expected``.

    Raises:
        ValueError: It is none; the message is for the user.
    """
    names: dict[str, str] = {}
    for pair in text.split(","):
        theirs, mark, ours = (part.strip() for part in pair.partition("="))
        if not (theirs and mark):
            raise ValueError(f"{pair.strip()!r} is no pair such as question=prompt")
        if ours not in FIELDS:
            hint = did_you_mean(ours, FIELDS) or f"; there are {', '.join(FIELDS)}"
            raise ValueError(f"{ours!r} is no field of a set{hint}")
        names[theirs] = ours
    if not {"prompt", "messages"} & set(names.values()):
        raise ValueError("no field is the prompt: write question=prompt")
    if len(set(names.values())) < len(names):
        raise ValueError("two fields cannot be the same")
    return names


def mapped_rows(text: str, names: Mapping[str, str], *, is_csv: bool) -> list[dict[str, Any]]:
    """The rows of a set; fields that are not named are left out.

    Args:
        text: JSON lines, a list of JSON objects, or CSV with a head.
        names: The fields; the name of one within another has a dot.
        is_csv: Whether it is CSV.

    Raises:
        ValueError: The file cannot be read, or a row has no prompt; the message names its line.
    """
    rows = []
    for line, row in _rows(text, is_csv=is_csv):
        found = {ours: _plain(_at(row, theirs)) for theirs, ours in names.items()}
        kept = {name: value for name, value in found.items() if value not in (None, "")}
        if not {"prompt", "messages"} & kept.keys():
            raise ValueError(f"line {line}: it has no {_prompt_name(names)}")
        if EXPECTED in kept:
            kept[CheckKind.CONTAINS.value] = kept.pop(EXPECTED)
        rows.append(kept)
    return rows


def without_answer(rows: Iterable[Mapping[str, Any]], names: Mapping[str, str]) -> int:
    """The number of mapped rows with nothing to check, where the map names something."""
    checks = {kind.value for kind in CheckKind}
    if not (checks | {EXPECTED}) & set(names.values()):
        return 0
    return sum(not checks & row.keys() for row in rows)


def _rows(text: str, *, is_csv: bool) -> Iterator[tuple[int, Mapping[str, Any]]]:
    if is_csv:
        yield from csv_rows(text, lambda _: None)
    elif text.lstrip().startswith("["):
        try:
            listed = json.loads(text)
        except (ValueError, RecursionError):
            raise ValueError("this is no JSON") from None
        for number, row in enumerate(listed, 1):
            if not isinstance(row, dict):
                raise ValueError(f"element {number} is no object")
            yield number, row
    else:
        yield from json_rows(text, "a question")


def _at(row: Mapping[str, Any], name: str) -> object:
    if name in row:
        return row[name]
    value: object = row
    for step in name.split("."):
        if isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            value = value.get(step) if isinstance(value, dict) else None
    return value


def _plain(value: object) -> object:
    """A value as fields have it: numbers are texts, also in lists."""
    if isinstance(value, list):
        return [_plain(each) for each in value]
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return json.dumps(value) if is_number else value


def _prompt_name(names: Mapping[str, str]) -> str:
    return next(theirs for theirs, ours in names.items() if ours in {"prompt", "messages"})
