"""Locks on work that only one process may do at a time."""

from __future__ import annotations

import hashlib
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from groqchat.domain.errors.table import failure
from groqchat.storage.file_locks import try_exclusive

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def only_here(folder: Path, kind: str, place: str, refusal: str) -> Iterator[None]:
    """Lock some work for this process.

    Args:
        folder: The folder of the database, in which the lock is a hidden file.
        kind: The kind of work, part of the name of that file.
        place: What the work is about.
        refusal: The name of the cause with which it is refused.

    Raises:
        StorageError: Another process does the work, or the lock cannot be created.
    """
    name = hashlib.sha256(place.encode("utf-8", "replace")).hexdigest()[:20]
    with ExitStack() as stack:
        try:
            is_ours = stack.enter_context(try_exclusive(folder / f".{kind}-{name}"))
        except OSError as error:
            raise failure("disk", detail=str(error)) from error
        if not is_ours:
            raise failure(refusal, detail=place)
        yield
