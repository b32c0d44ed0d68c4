"""The names of models as users write them, and the errors for unclear and unknown ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from groqchat.domain.errors.refusal_bodies import shown
from groqchat.domain.models.catalog import Kind
from groqchat.domain.text.spelling import nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from groqchat.domain.models.catalog import Catalog

# A sentence names so many models at most.
_MOST_NAMED = 4
_LONGEST_NAME = 60
# So many letters of a name are one that may be mistyped, and at most so many are.
_LETTERS_PER_SLIP, _MOST_SLIPS = 4, 3
_MUTE = {Kind.AUDIO: "it writes down what is said", Kind.SPEECH: "it reads aloud"}


class UnclearModelError(LookupError):
    """A name that means no one model to talk to; the message is a sentence without its end."""


class UnknownModelError(UnclearModelError):
    """A name that belongs to no known model."""


@dataclass(frozen=True, slots=True)
class ResolvedModel:
    """The id that a name means; ``doubt`` is a sentence on why it may be wrong, or empty."""

    id: str
    doubt: str = ""


def resolved_model(name: str, catalog: Catalog, *, for_chat: bool = True) -> str:
    """The id of the one model that a name means: an id, its last part, or a part of it.

    Args:
        name: The name as the user wrote it.
        catalog: The models there are.
        for_chat: True if the model has to answer prompts.

    Raises:
        UnknownModelError: There is none.
        UnclearModelError: There are several, or it answers no prompts.
    """
    meant = catalog.named(name) if name else ()
    able = [each for each in meant if not for_chat or catalog.get(each).kind not in _MUTE]
    if len(able) == 1:
        return able[0]
    if able:
        some = ", ".join(able[:_MOST_NAMED]) + (", …" if len(able) > _MOST_NAMED else "")
        raise UnclearModelError(f"{shown(name, _LONGEST_NAME)!r} may be {some}: write more of it")
    if meant:
        does = _MUTE[catalog.get(meant[0]).kind]
        raise UnclearModelError(f"{meant[0]} does not chat: {does}")
    said = f"no model is called {shown(name, _LONGEST_NAME)!r}"
    raise UnknownModelError(said + _hint(name, catalog, for_chat=for_chat))


def unlisted_model(name: str, server: str, catalog: Catalog) -> ResolvedModel:
    """A name taken as an id that the server does not list, but may serve."""
    said = f"{server} does not list {shown(name, _LONGEST_NAME)}"
    return ResolvedModel(name, said + (_hint(name, catalog, for_chat=True) or "."))


def _hint(name: str, catalog: Catalog, *, for_chat: bool) -> str:
    near = similar_models(name, catalog, for_chat=for_chat)
    return f"; did you mean {' or '.join(near[:_MOST_NAMED])}?" if near else ""


def similar_models(name: str, catalog: Catalog, *, for_chat: bool = True) -> Sequence[str]:
    """The models whose id, or its last part, is nearly the name; usable ones come first."""
    word = name.lower()
    models = [model for model in catalog.models.values() if not for_chat or model.kind not in _MUTE]
    for some in ([model for model in models if model.is_usable], models):
        ids = {model.id.lower(): model.id for model in some}
        known = {written.rpartition("/")[2]: id_ for written, id_ in ids.items()} | ids
        farthest = min(_MOST_SLIPS, len(word) // _LETTERS_PER_SLIP)
        if near := [known[each] for each in nearest(word, known, farthest=farthest)]:
            return tuple(dict.fromkeys(near))
    return ()
