"""The files that a configuration of another program names, from its own folder alone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from groqchat.services.prompt_sets.exchange.yaml_text import MOST_BYTES, Lines, read_yaml
from groqchat.services.text_rows import csv_rows, json_rows

if TYPE_CHECKING:
    from pathlib import Path

MARK = "file://"
_TEXTS = frozenset(
    {"", ".txt", ".md", ".json", ".yaml", ".yml", ".j2", ".jinja", ".html", ".xml", ".sql", ".log"}
)


class ConfigFiles:
    """Reads files.

    Args:
        folder: The folder of the configuration.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()

    def matching(self, name: str) -> list[str]:
        """The names of the files that a name means, which may be a pattern.

        Raises:
            ValueError: There are none.
        """
        path = name.removeprefix(MARK)
        if not set("*?[") & set(path):
            return [path]
        try:
            found = sorted(each for each in self._folder.glob(path) if each.is_file())
        except (ValueError, NotImplementedError, OSError):
            found = []
        if not found:
            raise ValueError(f"{name}: there is no such file")
        return [str(each.relative_to(self._folder)) for each in found]

    def text(self, name: str) -> str:
        """The text of a file.

        Raises:
            ValueError: It is a program, lies outside of the folder, or cannot be read.
        """
        path = (self._folder / name.removeprefix(MARK)).resolve()
        if path.suffix.lower() not in _TEXTS | {".csv", ".jsonl"}:
            raise ValueError(f"{name}: files {path.suffix} are not supported")
        if not path.is_relative_to(self._folder):
            raise ValueError(f"{name}: it lies outside of the folder, and is not read")
        try:
            if path.stat().st_size > MOST_BYTES:
                raise ValueError(f"{name}: it is too large")
            return path.read_text(encoding="utf-8-sig")
        except OSError as error:
            raise ValueError(f"{name}: {error.strerror}") from None
        except UnicodeDecodeError:
            raise ValueError(f"{name}: it is no text in UTF-8") from None

    def value(self, name: str) -> Any:  # noqa: ANN401  # it may be anything
        """The value in a file of YAML, JSON, JSON lines or CSV.

        Raises:
            ValueError: It cannot be read.
        """
        text = self.text(name)
        lower = name.lower()
        try:
            if lower.endswith((".csv", ".jsonl")):
                is_csv = lower.endswith(".csv")
                found = csv_rows(text, lambda _: None) if is_csv else json_rows(text, "a test")
                pairs: list[tuple[int, Any]] = list(found)
                rows = Lines(row for _, row in pairs)
                rows.lines = tuple(line for line, _ in pairs)
                return rows
            return json.loads(text) if lower.endswith(".json") else read_yaml(text)
        except (ValueError, RecursionError) as mistake:
            raise ValueError(f"{name}: {mistake}") from None
