"""Models as people name them in commands: what to say where a name is not clear."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.catalog import Kind
from groqchat.ui.text import line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from groqchat.domain.catalog import Catalog

# A sentence names so many models at most that a word may mean.
_MOST_NAMED = 4
LONGEST_WORD = 60


# What is for something else than answering prompts.
_MUTE = frozenset({Kind.AUDIO, Kind.SPEECH})


def unclear(catalog: Catalog, words: Iterable[str]) -> str:
    """What to say of names that no model that chats has, or several; else empty."""
    said = []
    unknown = []
    for word in words:
        meant = catalog.named(word)
        if not meant:
            unknown.append(line(word, LONGEST_WORD))
        elif len(meant) > 1:
            some = ", ".join(meant[:_MOST_NAMED]) + (", …" if len(meant) > _MOST_NAMED else "")
            said.append(f"{line(word, LONGEST_WORD)} may be {some}: write more of it.")
        elif catalog.get(meant[0]).kind in _MUTE:
            said.append(f"{meant[0]} does not chat; Ctrl+L lists the models that do.")
    if unknown:
        said.insert(0, f"No model is called {', '.join(unknown)}; Ctrl+L lists them.")
    return " ".join(said)
