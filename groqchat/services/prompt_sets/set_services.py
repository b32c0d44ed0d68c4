"""What the run of a set uses, and who gives it prompts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterable

    from groqchat.domain.money.pricing import Price
    from groqchat.domain.prompt_sets.prompt_set import SetPrompt
    from groqchat.services.ports import Clock, SessionStore
    from groqchat.services.prompt_sets.events import SetEvent
    from groqchat.services.prompt_sets.records import SetRecords
    from groqchat.services.scheduling.lane import LaneSlot
    from groqchat.services.scheduling.scheduler import Job, LaneOf
    from groqchat.services.turns.accounting import Accounting
    from groqchat.services.turns.chat import Turns


@dataclass(frozen=True, slots=True)
class SetServices:
    """The services that a run uses: ``turns`` answers prompts, ``accounting`` knows their lengths.

    ``store`` keeps sessions and ``records`` runs. ``price_of`` gives the price of a model right
    now, None where it is not known. ``lane_of`` gives the lane of a model.
    """

    turns: Turns
    accounting: Accounting
    store: SessionStore
    records: SetRecords
    price_of: Callable[[str], Price | None]
    clock: Clock
    lane_of: LaneOf


class AskPrompt(Protocol):
    """Asks a prompt at a column, by its name."""

    def __call__(
        self, model: str, prompt: SetPrompt, slot: LaneSlot, /
    ) -> AsyncGenerator[SetEvent, None]:
        """The events until there is an answer or a failure."""


class PromptSource(Protocol):
    """Gives prompts that others ask as well."""

    def jobs(self, column: str, ask: AskPrompt, /) -> Iterable[Job[SetEvent]]:
        """The jobs of a column, one for each prompt that this machine gets to ask."""
