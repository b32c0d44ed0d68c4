"""The log: one JSON document a line, rotated, and redacted where nothing can go around it."""

from __future__ import annotations

import json
import logging
import os
from contextlib import suppress
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING

from groqchat.domain.redact import redact
from groqchat.storage.paths import folders, make_private_folder

if TYPE_CHECKING:
    from collections.abc import Mapping
    from io import TextIOWrapper

LOGGER = "groqchat"
LARGEST_BYTES = 1_000_000
OLDER_FILES = 2


def open_log() -> logging.Handler:
    """Begin to write the log; ``GROQCHAT_LOG=debug`` makes it verbose."""
    verbose = os.environ.get("GROQCHAT_LOG", "").lower() == "debug"
    return start_log(folders().log_file, verbose=verbose)


def start_log(path: Path, *, verbose: bool = False) -> logging.Handler:
    """Write what groqchat logs into a file, and nowhere else.

    Args:
        path: The file; two older ones are kept beside it. It is made at the first line.
        verbose: Whether to keep debug lines and the ``content`` of records (prompts, answers).

    Returns:
        What :func:`stop_log` takes.
    """
    handler = _Handler(path)
    handler.setFormatter(_Formatter(verbose=verbose))
    logger = logging.getLogger(LOGGER)
    logger.setLevel(logging.DEBUG if verbose else logging.INFO)
    logger.propagate = False
    logger.addHandler(handler)
    return handler


def stop_log(handler: logging.Handler) -> None:
    """Close the file."""
    logging.getLogger(LOGGER).removeHandler(handler)
    with suppress(OSError):  # what could not be written is lost
        handler.close()


class _Formatter(logging.Formatter):
    """Formats a record with ``extra={"fields": {…}, "content": "…"}``, redacted last of all."""

    def __init__(self, *, verbose: bool) -> None:
        super().__init__()
        self._verbose = verbose

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "source": record.name,
            "message": record.getMessage(),
        }
        fields: Mapping[str, object] = getattr(record, "fields", {})
        line |= fields
        if self._verbose and hasattr(record, "content"):
            line["content"] = record.content
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(_redacted(line), ensure_ascii=False)


class _Handler(RotatingFileHandler):
    """A rotating file that only its owner reads, and that never breaks the program."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            path, maxBytes=LARGEST_BYTES, backupCount=OLDER_FILES, encoding="utf-8", delay=True
        )

    def _open(self) -> TextIOWrapper:
        path = Path(self.baseFilename)
        make_private_folder(path.parent)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        return os.fdopen(handle, "a", encoding="utf-8", errors="backslashreplace")

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the name of logging
        """A full disk is no reason to stop chatting."""


def _redacted(value: object) -> object:
    """The value with every text in it redacted; what JSON does not know becomes text."""
    if isinstance(value, dict):
        return {redact(str(name)): _redacted(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_redacted(part) for part in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return redact(str(value))
