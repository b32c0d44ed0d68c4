"""Light views of saved conversations: what lists and long transcripts need."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from groqchat.domain.chat import Role, State

LONGEST_TITLE = 60


@dataclass(frozen=True, slots=True)
class Stub:
    """A message without its text: enough to lay out a long session. ``length`` in characters."""

    id: str
    role: Role
    length: int
    state: State
    model: str | None
    version: int = 1
    versions: int = 1


@dataclass(frozen=True, slots=True)
class Hit:
    """One message that a search found; ``snippet`` is (text, whether it matched) pieces."""

    session_id: str
    session_title: str
    message_id: str
    role: Role
    created: float
    snippet: tuple[tuple[str, bool], ...]


def title_from(prompt: str) -> str:
    """A session's first title: the first line of its first prompt, cut at a word."""
    line = next((line.strip() for line in prompt.splitlines() if line.strip()), "")
    line = " ".join(line[: 4 * LONGEST_TITLE].split())
    if len(line) <= LONGEST_TITLE:
        return line or "New session"
    cut = line[: LONGEST_TITLE - 1]
    head = cut.rsplit(" ", 1)[0]
    return (head if len(head) > LONGEST_TITLE // 2 else cut) + "…"
