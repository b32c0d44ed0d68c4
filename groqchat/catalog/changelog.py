"""The changelog that is shipped with the program, by versions."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

_FILE = "CHANGELOG.md"
_HEADING = re.compile(r"^## (\d+(?:\.\d+)*)", re.MULTILINE)


class Release(NamedTuple):
    """A version with its Markdown, heading included."""

    version: str
    text: str


def changelog() -> str:
    """The text of the changelog: inside the package in a wheel, beside it in a checkout.

    Raises:
        OSError: A file of the installation cannot be read.
    """
    package = Path(__file__).parents[1]
    inside = package / _FILE
    return (inside if inside.is_file() else package.parent / _FILE).read_text(encoding="utf-8")


def releases(text: str) -> list[Release]:
    """The versions of a changelog, the newest first."""
    starts = list(_HEADING.finditer(text))
    ends = [*(start.start() for start in starts[1:]), len(text)]
    return [
        Release(start[1], text[start.start() : end].strip() + "\n")
        for start, end in zip(starts, ends, strict=True)
    ]


def is_newer(version: str, other: str) -> bool:
    """Whether a version comes after another; what is no version comes before all."""
    return _order(version) > _order(other)


def news_since(version: str, text: str) -> str:
    """The Markdown of what came after a version; of the newest version where nothing did.

    Args:
        version: The version that ran before; empty: none.
        text: The changelog.
    """
    known = releases(text)
    newer = [one for one in known if version and is_newer(one.version, version)]
    return "\n".join(one.text for one in newer or known[:1])


def _order(version: str) -> tuple[int, ...]:
    found = re.match(r"\d+(?:\.\d+)*", version)
    return tuple(map(int, found[0].split("."))) if found else ()
