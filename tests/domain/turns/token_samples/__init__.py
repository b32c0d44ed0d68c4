"""Texts of the kinds that people paste into a chat, with their true numbers of tokens.

Every file here is a kind. A line ``=== 512 tokens ===`` stands before each of its samples and says
how many tokens of o200k_base the sample has; the sample's last line break is not part of it.
``python -m tests.domain.turns.token_samples`` counts them again.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent
_MARK = re.compile(r"^=== (\d+) tokens ===\n", re.MULTILINE)


class Sample(NamedTuple):
    """A text, its kind (``german``, ``stack_trace``) and its number of o200k_base tokens."""

    kind: str
    text: str
    true_tokens: int


def samples() -> list[Sample]:
    """All samples, kind by kind."""
    return [sample for path in kinds() for sample in read(path)]


def kinds() -> list[Path]:
    """The files of the kinds, by name."""
    return sorted(FOLDER.glob("*.txt"))


def read(path: Path) -> list[Sample]:
    """The samples of one kind."""
    before, *parts = _MARK.split(path.read_text("utf-8"))
    if before:
        raise ValueError(f"{path.name} does not begin with the mark of a sample")
    pairs = zip(parts[::2], parts[1::2], strict=True)
    return [Sample(path.stem, text.removesuffix("\n"), int(count)) for count, text in pairs]


def write(path: Path, these: list[Sample]) -> None:
    """Replace the file of a kind with these samples."""
    marked = (f"=== {one.true_tokens} tokens ===\n{one.text}\n" for one in these)
    path.write_text("".join(marked), "utf-8")
