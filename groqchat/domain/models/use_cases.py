"""Advice on which model to begin with for a purpose: dated, with the replacements of today."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from groqchat.domain.models.tables import Table, read_sources

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from groqchat.domain.models.catalog import Catalog, Model


@dataclass(frozen=True, slots=True)
class UseCase:
    """A purpose that models are advised for.

    ``models`` are the ids that were advised on the day ``as_of`` (ISO date), the best choice
    first; where there is none, ``way`` says how to send requests instead, to any chat model.
    ``why`` and ``avoid`` are clauses without a full stop.
    """

    id: str
    title: str
    models: tuple[str, ...] = ()
    way: str = ""
    why: str = ""
    avoid: str = ""
    source: str = ""
    as_of: str = ""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A model that can be called now; ``instead_of`` is the advised one if that is gone."""

    model: Model
    instead_of: Model | None = None


def suggestions(case: UseCase, catalog: Catalog) -> tuple[Suggestion, ...]:
    """The models to begin with today, each once; every chat model where none was advised."""
    if not case.models:
        return tuple(map(Suggestion, catalog.chat_models()))
    found: dict[str, Suggestion] = {}
    for advised in map(catalog.get, case.models):
        if advised.is_usable:
            found[advised.id] = Suggestion(advised)
        else:
            replacement = catalog.replacement_for(advised.id)
            found.setdefault(replacement.id, Suggestion(replacement, advised))
    return tuple(found.values())


def advice(case: UseCase, catalog: Catalog) -> str:
    """The advice in sentences: how to begin, why, what to avoid, which advised models are gone."""
    sentences = [f"Use {case.way}."] if case.way else []
    sentences += [f"{case.why[:1].upper()}{case.why[1:]}.", f"Avoid: {case.avoid}."]
    gone = [found.instead_of for found in suggestions(case, catalog) if found.instead_of]
    if gone:
        named = " and ".join(f"{model.id} ({model.absence})" for model in gone)
        sentences.append(f"Advised was {named}.")
    return " ".join(sentences)


def uses_of_models(cases: Iterable[UseCase], catalog: Catalog) -> Mapping[str, tuple[UseCase, ...]]:
    """The purposes that each model is advised for, by its id."""
    uses: dict[str, tuple[UseCase, ...]] = {}
    for case in cases:
        if case.models:
            for suggestion in suggestions(case, catalog):
                uses[suggestion.model.id] = (*uses.get(suggestion.model.id, ()), case)
    return uses


def parse_use_cases(tables: Mapping[str, Any]) -> tuple[UseCase, ...]:
    """Read the tables ``use_cases`` and ``sources``.

    Raises:
        ValueError: Something is misspelt, missing or of the wrong type; the message names it.
    """
    root = Table("", tables)
    sources = read_sources(root)
    return tuple(
        _use_case(name, table, sources) for name, table in root.table("use_cases").tables()
    )


def _use_case(name: str, table: Table, sources: Mapping[str, Any]) -> UseCase:
    table.allow("title", "models", "way", "why", "avoid", "source")
    origin = table.source(sources)
    models, way = table.words("models"), table.text("way")
    if bool(models) == bool(way):
        raise ValueError(f"{table.path}: names either models or a way")
    return UseCase(
        id=name,
        title=table.text("title"),
        models=models,
        way=way,
        why=table.text("why"),
        avoid=table.text("avoid"),
        source=origin.source,
        as_of=origin.as_of,
    )
