"""The rules of comparisons: how many models, names of columns, tags, and pauses."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

FEWEST_MODELS, MOST_MODELS = 2, 8
FEWEST_JUDGED = 2
"""The number of answers that a tie, a verdict or a difference takes."""
LONGEST_TAG, LONGEST_NOTE = 30, 1_000
"""The lengths of a tag and of a note, in characters."""
LETTERS = "ABCDEFGH"
"""The names of columns and answers whose models are hidden."""
GAPS_S = (0.0, 1.0, 2.0, 5.0, 10.0)
"""The pauses between the requests of a comparison that its key goes through, in seconds."""
AS_VARIANTS = "variants differ in their parameters: MODEL effort=low, MODEL effort=high"
"""What is said beside a model that is named twice."""


def is_number_of_models(number: int) -> bool:
    """Whether so many models can be compared."""
    return FEWEST_MODELS <= number <= MOST_MODELS


def named_twice(models: Sequence[str]) -> str | None:
    """The first model that is named more than once; None where every name differs.

    >>> named_twice(["a", "b", "a"]), named_twice(["a", "b"])
    ('a', None)
    """
    return next((model for model in models if models.count(model) > 1), None)


def variant_name(model: str, written: str) -> str:
    """The name of a model with parameters of its own, as they were written.

    >>> variant_name("a", "effort=high"), variant_name("a", "")
    ('a effort=high', 'a')
    """
    return f"{model} {written}" if written else model


def model_in(name: str) -> str:
    """The model in the name of a variant.

    >>> model_in("a effort=high"), model_in("a")
    ('a', 'a')
    """
    return name.partition(" ")[0]


def parameters_in(name: str) -> str:
    """The parameters in the name of a variant, as they were written; empty where there are none.

    >>> parameters_in("a effort=high seed=1"), parameters_in("a")
    ('effort=high seed=1', '')
    """
    return name.partition(" ")[2]


def is_preset_name(name: str) -> bool:
    """Whether columns can be saved under a name, which stands behind ``@`` and in the settings.

    >>> is_preset_name("low-high"), is_preset_name("a b")
    (True, False)
    """
    return bool(name) and all(part.isalnum() for part in name.replace("-", "_").split("_"))


def hidden_name(place: int) -> str:
    """The name of the column in a place, counted from 0, while the models are hidden.

    >>> hidden_name(1)
    'Model B'
    """
    return f"Model {LETTERS[place]}"


def tag_from(words: str) -> str:
    """The tag that a text stands for.

    >>> tag_from(" My  Code ")
    'my-code'
    """
    return "-".join(words.lower().split())


def next_gap(gap_s: float) -> float:
    """The next longer pause, in seconds; after the longest comes none.

    >>> next_gap(0.0), next_gap(3.0), next_gap(10.0)
    (1.0, 5.0, 0.0)
    """
    return next((gap for gap in GAPS_S if gap > gap_s), GAPS_S[0])


def toggled(marked: Sequence[str], model: str) -> list[str]:
    """The marked models after one of them was marked or unmarked; never too many."""
    if model in marked:
        return [each for each in marked if each != model]
    return [*marked, model][:MOST_MODELS]


def chosen_models(marked: Sequence[str], model: str) -> list[str]:
    """The models to compare when ``model`` is chosen; empty where they are too few.

    The marked models are compared. With only one marked, the chosen model is the other.
    """
    models = list(marked) if len(marked) >= FEWEST_MODELS else list(dict.fromkeys([*marked, model]))
    return models if is_number_of_models(len(models)) else []
