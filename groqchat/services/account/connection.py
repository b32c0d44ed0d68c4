"""One account that is ready to answer, with its limits, accounting, models and turns."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from groqchat.services.audio.ports import AudioProvider
from groqchat.services.ports import ChatProvider

if TYPE_CHECKING:
    from collections.abc import Callable

    from groqchat.domain.models.catalog import Model
    from groqchat.services.account.endpoints import Endpoints
    from groqchat.services.account.keys import FoundKey
    from groqchat.services.account.models import Models
    from groqchat.services.audio.audio_services import AudioServices
    from groqchat.services.compare.beginning import Comparisons
    from groqchat.services.compare.judge import Judge
    from groqchat.services.ports import BatchServer
    from groqchat.services.quota.budget import BudgetGuard
    from groqchat.services.quota.quota import Account, QuotaService
    from groqchat.services.scheduling.scheduler import LaneOf
    from groqchat.services.team.admission import TeamAdmission
    from groqchat.services.tools.tool_turns import ToolTurns
    from groqchat.services.turns.accounting import Accounting
    from groqchat.services.turns.compactor import Compactor
    from groqchat.services.turns.request_copies import RequestCopies
    from groqchat.services.turns.titles import Titles

# Hanging up takes no longer than this, in seconds.
LONGEST_CLOSE_S = 3.0


class WarmProvider(ChatProvider, AudioProvider, Protocol):
    """A provider that can load its libraries before the first request."""

    @property
    def batches(self) -> BatchServer:
        """The Batch API of the server."""

    def warm_up(self) -> None:
        """Load what the first request needs; for a thread."""


@dataclass(frozen=True, slots=True)
class Connection:
    """One account that is ready to answer; ``lane_of`` gives the lanes of its models.

    ``judge`` makes a judge of a model. ``team`` admits requests by limits that other machines
    share; None: there are none.
    """

    key: FoundKey
    account: Account
    base_url: str
    provider: WarmProvider
    quota: QuotaService
    accounting: Accounting
    turns: ToolTurns
    models: Models
    budget: BudgetGuard
    comparisons: Comparisons
    endpoints: Endpoints
    audio: AudioServices
    compactor: Compactor
    titles: Titles
    lane_of: LaneOf
    requests: RequestCopies
    judge: Callable[[Model], Judge]
    team: TeamAdmission | None

    def with_unstored_key(self) -> Connection:
        """The connection after its key was removed from the keyring."""
        return replace(self, key=replace(self.key, source="session", store=""))

    async def close(self) -> None:
        """Close the network connections within a few seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(LONGEST_CLOSE_S):
                await self.provider.close()
                await self.endpoints.close()
