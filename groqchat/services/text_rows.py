"""Rows of text files that a user writes: JSON lines, CSV with a head, and plain text."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Row = tuple[int, dict[str, Any]]
"""The number of a line, and its fields by name."""


def json_rows(text: str, wanted: str) -> Iterator[Row]:
    """The objects of JSON lines; empty lines are passed over.

    Args:
        text: The whole file.
        wanted: What an object is expected to hold, in words with an article.

    Raises:
        ValueError: A line is no JSON object; the message names it.
    """
    for number, row in json_rows_or_mistakes(text, wanted):
        if isinstance(row, ValueError):
            raise row
        yield number, row


def json_rows_or_mistakes(
    text: str, wanted: str
) -> Iterator[tuple[int, dict[str, Any] | ValueError]]:
    """The objects of JSON lines, and for a line that is none the error that names it.

    Args:
        text: The whole file.
        wanted: What an object is expected to hold, in words with an article.
    """
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = parsed_json(number, line)
        except ValueError as mistake:
            yield number, mistake
        else:
            is_object = isinstance(row, dict)
            told = f"line {number}: a JSON object with {wanted} is wanted"
            yield number, row if is_object else ValueError(told)


def plain_rows(text: str, name: str) -> Iterator[Row]:
    """The lines of plain text, each as the field ``name``; empty lines are passed over."""
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield number, {name: line.strip()}


def csv_rows(
    text: str, check_head: Callable[[list[str]], None]
) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of CSV by the names in its first line; empty rows are passed over.

    Args:
        text: The whole file.
        check_head: Raises ValueError for names that are not expected.

    Raises:
        ValueError: The file is no such CSV; the message names the line.
    """
    reader = csv.reader((f"{line}\n" for line in text.split("\n")), strict=True)
    head: list[str] = []
    try:
        for cells in reader:
            line = reader.line_num
            if not any(cells):
                continue
            if not head:
                head = _head(cells, line, check_head)
                continue
            if len(cells) != len(head):
                raise ValueError(f"line {line}: it has {len(cells)} cells, the head {len(head)}")
            yield line, dict(zip(head, cells, strict=True))
    except csv.Error as error:
        raise ValueError(f"line {reader.line_num}: this is no CSV: {error}") from None


def _head(cells: list[str], line: int, check: Callable[[list[str]], None]) -> list[str]:
    head = [cell.strip() for cell in cells]
    double = next((name for name in head if head.count(name) > 1), None)
    try:
        if double is not None:
            raise ValueError(f"the column {double!r} is there twice")
        check(head)
    except ValueError as mistake:
        raise ValueError(f"line {line}: {mistake}") from None
    return head


def parsed_json(line: int, text: str) -> Any:  # noqa: ANN401  # JSON may be anything
    """The value of a JSON text; raises ValueError with the number of its line."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueError(
            f"line {line}: this is no JSON: {error.msg} (column {error.colno})"
        ) from None
    except (ValueError, RecursionError) as error:  # digits without end, brackets without end
        raise ValueError(f"line {line}: this is no JSON: {error}") from None
