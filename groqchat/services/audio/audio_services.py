"""The services that transcription and speech use. Importing this module costs next to nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from groqchat.domain.money.pricing import Price
    from groqchat.domain.turns.retry import RetryPolicy
    from groqchat.services.audio.ports import AudioProvider, PieceStore
    from groqchat.services.ports import Clock, Ledger
    from groqchat.services.quota.budget import BudgetGuard
    from groqchat.services.quota.quota import Account, QuotaService
    from groqchat.services.scheduling.scheduler import LaneOf
    from groqchat.services.team.admission import TeamAdmission


@dataclass(frozen=True, slots=True)
class AudioServices:
    """The services that a transcription uses.

    ``pieces`` keeps what is paid until it is delivered, ``place`` is the address of the server.
    ``price_of`` gives the price of a model right now, None where it is not known; ``chance`` a
    random number from 0 to 1 for the jitter of waits, ``lane_of`` the lanes of the account, and
    ``team`` admits requests by limits that other machines share.
    """

    provider: AudioProvider
    quota: QuotaService
    budget: BudgetGuard
    ledger: Ledger
    pieces: PieceStore
    place: str
    account: Account
    price_of: Callable[[str], Price | None]
    policy: RetryPolicy
    chance: Callable[[], float]
    clock: Clock
    new_id: Callable[[], str]
    lane_of: LaneOf
    team: TeamAdmission | None = None
