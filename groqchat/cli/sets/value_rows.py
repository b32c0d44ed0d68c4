"""The rows of values for prompts with variables, in files beside the set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from groqchat.cli.failures import MisuseError
from groqchat.cli.prompts import read_text
from groqchat.services.text_rows import csv_rows, json_rows

if TYPE_CHECKING:
    from pathlib import Path


def read_value_rows(folder: Path, name: str) -> list[dict[str, Any]]:
    """The rows of a file: CSV with names in its first line, or JSON lines.

    Args:
        folder: The folder of the set's file, from which the path leads.
        name: The path.

    Raises:
        ValueError: The file cannot be read; the message names it.
    """
    try:
        text = read_text(folder / name)
        is_csv = name.lower().endswith(".csv")
        rows = csv_rows(text, lambda _: None) if is_csv else json_rows(text, "values")
        return [dict(row) for _, row in rows]
    except MisuseError as error:
        raise ValueError(str(error)) from None
    except ValueError as mistake:
        raise ValueError(f"{name}: {mistake}") from None
