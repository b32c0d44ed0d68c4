"""The log: a JSON document per line, rotated, and redacted by its formatter."""

from __future__ import annotations

import json
import logging
import os
import stat
import time
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from groqchat.domain.text.redact import redact
from groqchat.storage.settings.paths import PRIVATE, folders, make_private_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

LOGGER = "groqchat"
LARGEST_BYTES = 1_000_000
OLDER_FILES = 2


def open_log() -> logging.Handler:
    """Start the log; ``GROQCHAT_LOG=debug`` makes it verbose."""
    verbose = os.environ.get("GROQCHAT_LOG", "").lower() == "debug"
    return start_log(folders().log_file, verbose=verbose)


def start_log(path: Path, *, verbose: bool = False) -> logging.Handler:
    """Write groqchat's log into a file, and nowhere else.

    Args:
        path: The file, created at the first line; the size of two older files is kept beside it.
        verbose: Whether to write debug lines and the ``content`` of records (prompts, answers).

    Returns:
        The handler, for :func:`stop_log`.
    """
    handler = _Handler(path)
    handler.setFormatter(_Formatter(verbose=verbose))
    logger = logging.getLogger(LOGGER)
    logger.setLevel(logging.DEBUG if verbose else logging.INFO)
    logger.propagate = False
    logger.addHandler(handler)
    return handler


def stop_log(handler: logging.Handler) -> None:
    """Close the log."""
    logging.getLogger(LOGGER).removeHandler(handler)
    with suppress(OSError):  # the unwritten rest is lost
        handler.close()


class _Formatter(logging.Formatter):
    """A formatter of records with ``extra={"fields": {…}, "content": "…"}``; redacts last."""

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


class _Handler(logging.Handler):
    """A handler that writes a private file, rotates it, and never raises.

    Several processes may write one log without locks: a line is a single write, a full file gets a
    unique name, and a process that has it open changes to the new file. So no line is lost.
    """

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._file: int | None = None

    def emit(self, record: logging.LogRecord) -> None:
        try:
            line = self.format(record).encode("utf-8", "backslashreplace") + b"\n"
            os.write(self._opened(len(line)), line)
        except Exception:  # noqa: BLE001 - as every handler of logging does
            self.handleError(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the name of logging
        """Ignore errors: a full disk must not stop the chat."""

    def close(self) -> None:
        self._leave()
        super().close()

    def _opened(self, length: int) -> int:
        """The handle of the current log, with room for ``length`` bytes."""
        log: os.stat_result | None = None
        with suppress(FileNotFoundError):
            log = self._path.stat()
        if log is not None and _is_full(log, length):
            self._leave()  # Windows renames no open file
            self._rotate()
            log = None
        if self._file is not None and not (log and os.path.samestat(log, os.fstat(self._file))):
            self._leave()
        if self._file is None:
            make_private_folder(self._path.parent)
            self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, PRIVATE)
        return self._file

    def _leave(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _rotate(self) -> None:
        stamp = f"{time.strftime('%Y%m%d-%H%M%S')}-{time.time_ns() % 10**9:09}-{os.getpid()}"
        with suppress(OSError):  # another process did it, or has it open (Windows)
            self._path.rename(self._path.with_name(f"{self._path.name}.{stamp}"))
        with suppress(OSError):  # another process was faster; the next one to rotate looks again
            for old in _too_old(self._path):
                old.unlink()


def _is_full(log: os.stat_result, length: int) -> bool:
    return stat.S_ISREG(log.st_mode) and 0 < log.st_size > LARGEST_BYTES - length


def _too_old(path: Path) -> Iterator[Path]:
    """The rotated files beyond the size to keep.

    The limit is a size and not a number of files, since two processes that rotate at once leave a
    short file.
    """
    found = [(old.stat(), old) for old in path.parent.glob(f"{path.name}.*")]
    size = 0
    for status, old in sorted(found, key=lambda each: each[0].st_mtime_ns, reverse=True):
        size += status.st_size
        if size > OLDER_FILES * LARGEST_BYTES:
            yield old


def _redacted(value: object) -> object:
    """The value with all texts redacted; types that JSON lacks become text."""
    if isinstance(value, dict):
        return {redact(str(name)): _redacted(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_redacted(part) for part in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return redact(str(value))
