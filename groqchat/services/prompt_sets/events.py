"""The events of the run of a set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.domain.prompt_sets.prompt_set import SetPrompt
    from groqchat.domain.turns.chat import TurnEvent
    from groqchat.services.compare.column import Failed


@dataclass(frozen=True, slots=True)
class SetTurnEvent:
    """An event of one turn: sending, waiting, answered, or :class:`Failed`.

    ``model`` is the name of its column: the model, with the parameters of a variant.
    """

    model: str
    prompt: SetPrompt
    event: TurnEvent | Failed


@dataclass(frozen=True, slots=True)
class ModelEnded:
    """The end of a model's run: all is asked, or ``error`` would meet every further prompt too."""

    model: str
    error: GroqchatError | None = None


SetEvent = SetTurnEvent | ModelEnded
