"""CSV tables (RFC 4180) whose texts stay texts in a spreadsheet."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# What spreadsheets take for the beginning of a formula; some also in full width.
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")


def csv_table(head: Sequence[str], rows: Iterable[Iterable[object]]) -> str:
    """A table with a head, which may have no other row.

    A text that a spreadsheet would take for a formula gets an apostrophe before it; numbers, also
    negative ones, stay as they are. None becomes an empty cell.
    """
    return "".join(",".join(map(_cell, line)) + "\n" for line in (head, *rows))


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    if text.startswith(_FORMULA) and not _NUMBER.fullmatch(text):
        text = f"'{text}"
    quoted = text.replace('"', '""')
    return f'"{quoted}"' if set(text) & set(',"\r\n\t') else text
