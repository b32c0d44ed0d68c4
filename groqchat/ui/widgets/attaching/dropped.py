"""Paths of images that a terminal pastes when files are dropped on it."""

from __future__ import annotations

import re
import shlex
from urllib.parse import unquote

from groqchat.ui.terminal.files import path_from

_ENDING = re.compile(r"\.(?:png|jpe?g|gif|webp|bmp|tiff?|avif)\b", re.IGNORECASE)
_LONGEST = 8_192
_FILE_URL = "file://"


def dropped_images(pasted: str) -> str:
    """The names of images that a pasted text is made of, as ``@path``; empty for any other text.

    Terminals write such paths with quotes, with backslashes before blanks, or as ``file`` URLs.
    """
    if len(pasted) > _LONGEST or not _ENDING.search(pasted):
        return ""
    try:
        words = shlex.split(pasted)
    except ValueError:
        return ""
    paths = [_path(word) for word in words]
    from groqchat.services.images.loading import is_image_file  # not before the first frame

    if not paths or not all(is_image_file(path_from(path)) for path in paths):
        return ""
    return " ".join(f'@"{path}"' if re.search(r"[\s'()]", path) else f"@{path}" for path in paths)


def _path(word: str) -> str:
    if not word.startswith(_FILE_URL):
        return word
    return unquote(word.removeprefix(_FILE_URL).removeprefix("localhost"))
