"""The columns of a set: models, some of them as variants with parameters of their own.

The messages of a variant's prompts have ids of their own, made from the prompt and the variant, so
that its answers are told from those of the model alone, and are found again.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from groqchat.domain.compare.rules import model_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from groqchat.domain.prompt_sets.prompt_set import Pair, SetPrompt, SetRecord

_VARIANTS = "variants"


@dataclass(frozen=True, slots=True)
class SetColumn:
    """A model of a set, or a variant of it.

    ``name`` is the model, with the parameters of a variant as they were written. ``mark`` stands
    for the values of these parameters; empty for a model alone. ``system`` is the system prompt of
    the variant, which takes the place of the prompts' own; None where it has none.
    """

    name: str
    mark: str = ""
    system: str | None = None

    @property
    def model(self) -> str:
        """The id of the model."""
        return model_in(self.name)

    def key(self, key: str) -> str:
        """The key of a prompt as the column asks it."""
        if not self.mark:
            return key
        return hashlib.sha256(f"{key} {self.mark}".encode()).hexdigest()[: len(key)]

    def prompt(self, prompt: SetPrompt) -> SetPrompt:
        """A prompt as the column asks it."""
        system = prompt.system if self.system is None else self.system
        return replace(prompt, key=self.key(prompt.key), system=system)


def column_of(name: str, changes: Mapping[str, object]) -> SetColumn:
    """The column of a variant.

    Args:
        name: The model, with the parameters as they were written.
        changes: The values of the parameters, by fields of options; none for the model alone.
    """
    if not changes:
        return SetColumn(name)
    values = json.dumps(changes, sort_keys=True)
    system = changes.get("system")
    return SetColumn(
        name,
        hashlib.sha256(values.encode()).hexdigest()[:20],
        None if system is None else str(system),
    )


def shown_pairs(prompts: Iterable[SetPrompt], columns: Iterable[SetColumn]) -> dict[Pair, Pair]:
    """For the keys and models of stored answers: the prompts' own keys, and names of columns."""
    asked = list(prompts)
    return {
        (column.key(prompt.key), column.model): (prompt.key, column.name)
        for column in columns
        for prompt in asked
        if column.mark
    }


def recorded(
    columns: Iterable[SetColumn], earlier: Iterable[SetColumn]
) -> dict[str, dict[str, str]]:
    """The variants among some columns as a record keeps them beside its parameters."""
    marks = {each.name: each.mark for each in (*earlier, *columns) if each.mark}
    return {_VARIANTS: marks} if marks else {}


def columns_of(record: SetRecord) -> list[SetColumn]:
    """The columns of a record, as far as is needed to find their answers."""
    marks = record.parameters.get(_VARIANTS)
    known = marks if isinstance(marks, dict) else {}
    return [SetColumn(name, str(known.get(name, ""))) for name in record.models]
