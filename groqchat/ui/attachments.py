"""Files in a prompt: those named by ``@path`` are added below it, as text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from groqchat.domain.fences import attached
from groqchat.ui.files import is_file, path_from, read_text

if TYPE_CHECKING:
    from pathlib import Path

_NAMED = re.compile(r"""(?<!\S)@(?:"([^"\n]+)"|'([^'\n]+)'|(\S+))""")
# Behind a path these belong to the sentence.
_STOPS = ".,;:!?)"


def with_named_files(prompt: str) -> tuple[str, list[str]]:
    """A prompt with the files that it names, each once; what names no file stays as it is.

    Returns:
        The prompt, and the names of the files.

    Raises:
        StorageError: A file that is there cannot be read, or is no text.
    """
    paths: dict[Path, None] = {}

    def name_of(found: re.Match[str]) -> str:
        quoted, bare = found[1] or found[2], found[3] or ""
        for written in (quoted,) if quoted else (bare, bare.rstrip(_STOPS)):
            if is_file(path := path_from(written)):
                paths[path] = None
                return path.name + bare[len(written) :]
        return found[0]

    named = _NAMED.sub(name_of, prompt)
    for path in paths:
        named = with_file(named, path)
    return named, [path.name for path in paths]


def with_file(prompt: str, path: Path) -> str:
    """A prompt with one more file below it.

    Raises:
        StorageError: It cannot be read, or is no text.
    """
    return f"{prompt.rstrip()}\n\n{attached(path.name, read_text(path))}\n".lstrip()
