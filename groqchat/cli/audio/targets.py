"""New files for what was paid for: they are made before anything is sent, so that none is lost."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from groqchat.cli.arguments import check_output
from groqchat.cli.failures import MisuseError
from groqchat.domain.errors.table import failure

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path


@contextmanager
def new_files(paths: Sequence[Path]) -> Iterator[None]:
    """Empty files for the block to fill; those that it leaves empty are removed.

    Raises:
        MisuseError: One of them exists and is not empty, or its folder is not there.
        StorageError: One of them cannot be made.
    """
    made: list[Path] = []
    try:
        for path in paths:
            _make(path)
            made.append(path)
        yield
    finally:
        for path in made:
            with suppress(OSError):
                if not path.stat().st_size:
                    path.unlink()


def _make(path: Path) -> None:
    try:
        check_output(path)
        if path.exists() and (not path.is_file() or path.stat().st_size):
            raise MisuseError(f"{path} is there already; nothing was sent")
        path.open("ab").close()
    except OSError as error:
        detail = f"{path}: {error.strerror}. Nothing was sent"
        raise failure("disk", detail=detail) from error
