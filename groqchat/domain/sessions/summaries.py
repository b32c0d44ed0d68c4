"""Light views of saved conversations for lists and long transcripts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, overload

from groqchat.domain.images.image import images_in, shown_prompt, without_images
from groqchat.domain.text.redact import without_keys
from groqchat.domain.turns.chat import Role, State
from groqchat.domain.turns.session_kind import SessionKind

if TYPE_CHECKING:
    from groqchat.domain.text.search_terms import Terms

LONGEST_TITLE = 60
# How much of a message a search shows, in characters, and how much of that is before the match.
SNIPPET, SNIPPET_LEAD = 160, 40


class Stub(NamedTuple):
    """A message without its text: enough to lay out a long session. ``length`` in characters."""

    id: str
    role: Role
    length: int
    state: State
    model: str | None
    version: int = 1
    versions: int = 1


@dataclass(frozen=True)
class Outline(Sequence[Stub]):
    """The stubs of a branch, kept as columns: a long session has tens of thousands of them.

    Attributes:
        ids: The ids of all messages from the first one on; the other columns have the same order.
        roles: Values of `Role`.
        lengths: The lengths of texts in characters.
        states: Values of `State`.
        models: The models that wrote; None for other messages.
        versions: By index, for messages with siblings: the place among them, and their number.
    """

    ids: Sequence[str] = ()
    roles: Sequence[str] = ()
    lengths: Sequence[int] = ()
    states: Sequence[str] = ()
    models: Sequence[str | None] = ()
    versions: Mapping[int, tuple[int, int]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.ids)

    @overload
    def __getitem__(self, at: int) -> Stub: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Stub]: ...
    def __getitem__(self, at: int | slice) -> Stub | Sequence[Stub]:
        places = range(len(self.ids))[at]
        return self._stub(places) if isinstance(places, int) else [*map(self._stub, places)]

    def _stub(self, at: int) -> Stub:
        return Stub(
            self.ids[at],
            Role(self.roles[at]),
            self.lengths[at],
            State(self.states[at]),
            self.models[at],
            *self.versions.get(at, (1, 1)),
        )


@dataclass(frozen=True, slots=True)
class Hit:
    """One message that a search found; ``snippet`` is (text, whether it matched) pieces."""

    session_id: str
    session_title: str
    message_id: str
    role: Role
    created: float
    snippet: tuple[tuple[str, bool], ...]
    session_kind: SessionKind = SessionKind.CHAT
    is_archived: bool = False


def title_from(prompt: str) -> str:
    """A session's first title: the first line of its first prompt, without keys, cut at a word."""
    words = without_images(prompt) or " ".join(each.name for each in images_in(prompt))
    line = next((line.strip() for line in words.splitlines() if line.strip()), "")
    line = without_keys(" ".join(line[: 4 * LONGEST_TITLE].split()))
    if len(line) <= LONGEST_TITLE:
        return line or "New session"
    cut = line[: LONGEST_TITLE - 1]
    head = cut.rsplit(" ", 1)[0]
    return (head if len(head) > LONGEST_TITLE // 2 else cut) + "…"


def snippet(text: str, terms: Terms) -> tuple[tuple[str, bool], ...]:
    """The part of a text around the first of some terms, as (text, whether it matched) pieces.

    >>> snippet("Le café est ouvert", Terms.of("cafe"))
    (('Le ', False), ('café', True), (' est ouvert', False))
    """
    text = shown_prompt(text)
    found = terms.first(text)
    start = max(0, found - SNIPPET_LEAD) if found else 0
    end = start + SNIPPET
    pieces: list[tuple[str, bool]] = [("…", False)] if start else []
    shown = text[start:end]
    at = 0
    for first, last in terms.marks(shown):
        pieces += [(shown[at:first], False), (shown[first:last], True)]
        at = last
    pieces += [(shown[at:], False), ("…" if end < len(text) else "", False)]
    return tuple((_one_line(piece), matched) for piece, matched in pieces if piece)


_SPACES = re.compile(r"\s+")


def _one_line(text: str) -> str:
    return _SPACES.sub(" ", text)
