"""Puts an account together: what counts, estimates, sends and repeats its requests."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from groqchat.domain.models.catalog import Plan
from groqchat.domain.text.secret import fingerprint
from groqchat.services.account.connection import Connection
from groqchat.services.account.endpoints import Endpoints
from groqchat.services.account.models import Models
from groqchat.services.account.policies import patient_policy, policy_of
from groqchat.services.audio.audio_services import AudioServices
from groqchat.services.compare.beginning import Comparisons
from groqchat.services.quota.budget import BudgetGuard
from groqchat.services.quota.header_reconciliation import HeaderReconciliation
from groqchat.services.quota.quota import Account, QuotaService
from groqchat.services.tools.tool_turns import ToolTurns
from groqchat.services.turns.accounting import Accounting
from groqchat.services.turns.attempts import Recovery
from groqchat.services.turns.chat import Turns
from groqchat.services.turns.compactor import Compactor
from groqchat.services.turns.request_copies import RequestCopies
from groqchat.services.turns.sent_requests import SentRequests
from groqchat.services.turns.titles import Titles
from groqchat.services.turns.vendor import Vendor

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from groqchat.domain.models.catalog import Catalog, Model
    from groqchat.domain.settings import Settings
    from groqchat.domain.text.secret import Secret
    from groqchat.domain.turns.endpoints import Endpoint
    from groqchat.domain.turns.retry import RetryPolicy
    from groqchat.services.account.connection import WarmProvider
    from groqchat.services.account.endpoints import EndpointProvider
    from groqchat.services.account.keys import FoundKey
    from groqchat.services.account.models import ModelLists
    from groqchat.services.audio.ports import AudioProvider, PieceStore
    from groqchat.services.compare.judge import Judge
    from groqchat.services.compare.stores import ComparisonRecords
    from groqchat.services.ports import ChatProvider, Clock, HeaderTimingStore, Ledger, SessionStore
    from groqchat.services.scheduling.scheduler import LaneOf, Scheduler
    from groqchat.services.team.admission import TeamAdmission
    from groqchat.services.team.limits import TeamLimits
    from groqchat.services.tools.approvals import Approvals
    from groqchat.services.tools.ports import ToolSources


@dataclass(frozen=True, slots=True, kw_only=True)
class Connector:
    """Makes connections for keys.

    ``settings_now`` gives the settings as they are at the moment, since the budget may change
    meanwhile; ``settings_to_send_by`` gives them before something is sent, and raises where they
    cannot be read. ``scheduler`` has the lanes of the process, ``catalog`` the user's own prices.
    ``lists`` stores the account's own list of models, ``header_timings`` what is learnt of
    endpoints, ``pieces`` the transcripts that are paid. ``chance`` gives a random number from 0 to
    1. ``endpoint_key`` finds the key of another vendor's endpoint, and ``endpoint_provider`` makes
    its provider. ``limits_of`` gives the limits that an account shares with a team. ``sent`` keeps
    the last requests. ``sources`` are those of tools, ``approvals`` what the user said to their
    calls.
    """

    base_url: str
    settings_now: Callable[[], Settings]
    settings_to_send_by: Callable[[], Settings]
    scheduler: Scheduler
    catalog: Catalog
    store: SessionStore
    ledger: Ledger
    lists: ModelLists
    header_timings: HeaderTimingStore
    records: ComparisonRecords
    pieces: PieceStore
    clock: Clock
    new_id: Callable[[], str]
    chance: Callable[[], float]
    sources: ToolSources
    approvals: Approvals
    endpoint_key: Callable[[Endpoint], Awaitable[Secret]]
    endpoint_provider: Callable[[Endpoint, Secret], EndpointProvider]
    sent: SentRequests = field(default_factory=SentRequests)
    limits_of: Callable[[Account], TeamLimits | None] = lambda _: None

    def connect(
        self, key: FoundKey, provider: WarmProvider, longest_wait_s: float | None = None
    ) -> Connection:
        """A connection with a key; nothing is sent yet.

        Args:
            key: The key of the account.
            provider: Answers for the account; the connection closes it.
            longest_wait_s: The longest wait that is slept through, instead of that of the settings.
        """
        settings = self.settings_now()
        account = _account(key, settings)
        limits = self.limits_of(account)
        quota = self._quota(account, settings, limits)
        models = Models(provider, self.lists, self.catalog, account.fingerprint, self.clock)
        accounting = self._accounting(account, quota, models)
        budget = BudgetGuard(self.ledger, lambda: self.settings_to_send_by().budget, self.clock)
        endpoints = self._endpoints(settings)
        team = self._team(limits, quota, models)
        vendor = self._vendor(provider, accounting, quota, models, team)
        policy = policy_of(settings, longest_wait_s)
        recovery = Recovery(policy, self.chance, settings.fallback_route, endpoints)
        lane_of = partial(self.scheduler.lane, account=account.owner)
        turns = self._turns(vendor, recovery, budget, lane_of)
        tool_turns = self._with_tools(turns, quota)
        policy = patient_policy(settings, longest_wait_s)
        audio = self._audio(
            provider, quota, models, budget=budget, account=account, policy=policy, lane_of=lane_of
        )
        return Connection(
            key,
            account,
            self.base_url,
            provider,
            quota,
            accounting,
            tool_turns,
            models,
            budget,
            self._comparisons(tool_turns, models),
            endpoints,
            replace(audio, team=team),
            self._compactor(turns, quota, accounting, models),
            self._titles(turns, accounting, models),
            lane_of,
            RequestCopies(self.sent, self.store, vendor),
            partial(self._judge, turns, accounting),
            team,
        )

    def _team(
        self, limits: TeamLimits | None, quota: QuotaService, models: Models
    ) -> TeamAdmission | None:
        """What admits requests by the limits of a team; most people have none."""
        if limits is None:
            return None
        from groqchat.services.team.admission import TeamAdmission

        return TeamAdmission(limits, quota, self.catalog, models.model, self.clock)

    def _audio(
        self,
        provider: AudioProvider,
        quota: QuotaService,
        models: Models,
        *,
        budget: BudgetGuard,
        account: Account,
        policy: RetryPolicy,
        lane_of: LaneOf,
    ) -> AudioServices:
        return AudioServices(
            provider=provider,
            quota=quota,
            budget=budget,
            ledger=self.ledger,
            pieces=self.pieces,
            place=self.base_url,
            account=account,
            price_of=models.price_of,
            policy=policy,
            chance=self.chance,
            clock=self.clock,
            new_id=self.new_id,
            lane_of=lane_of,
        )

    def _quota(
        self, account: Account, settings: Settings, shared: TeamLimits | None
    ) -> QuotaService:
        plan = Plan(settings.plan) if settings.plan else None
        reconciliation = HeaderReconciliation(self.header_timings, self.base_url)
        return QuotaService(
            account,
            self.ledger,
            self.catalog,
            self.clock,
            plan,
            reconciliation=reconciliation,
            shared=shared,
        )

    def _compactor(
        self, turns: Turns, quota: QuotaService, accounting: Accounting, models: Models
    ) -> Compactor:
        return Compactor(
            self.store,
            turns,
            quota,
            accounting.sizing,
            models,
            clock=self.clock,
            new_id=self.new_id,
        )

    def _judge(self, turns: Turns, accounting: Accounting, model: Model) -> Judge:
        from groqchat.services.compare.judge import Judge

        return Judge(
            model,
            turns,
            store=self.store,
            accounting=accounting,
            clock=self.clock,
            new_id=self.new_id,
        )

    def _titles(self, turns: Turns, accounting: Accounting, models: Models) -> Titles:
        return Titles(
            turns,
            self.store,
            models,
            accounting.sizing,
            clock=self.clock,
            new_id=self.new_id,
        )

    def _vendor(
        self,
        provider: ChatProvider,
        accounting: Accounting,
        quota: QuotaService,
        models: Models,
        team: TeamAdmission | None,
    ) -> Vendor:
        return Vendor(
            provider,
            accounting,
            quota,
            clock=self.clock,
            new_id=self.new_id,
            model_of=models.model,
            sent=self.sent,
            team=team,
        )

    def _turns(
        self, vendor: Vendor, recovery: Recovery, budget: BudgetGuard, lane_of: LaneOf
    ) -> Turns:
        return Turns(
            vendor,
            self.store,
            recovery,
            lane_of,
            clock=self.clock,
            new_id=self.new_id,
            budget=budget,
        )

    def _with_tools(self, turns: Turns, quota: QuotaService) -> ToolTurns:
        return ToolTurns(
            turns,
            self.store,
            quota,
            self.sources,
            self.approvals,
            bounds_now=lambda: self.settings_now().tool_bounds,
            clock=self.clock,
            new_id=self.new_id,
        )

    def _comparisons(self, turns: ToolTurns, models: Models) -> Comparisons:
        return Comparisons(
            turns=turns,
            replacement_of=models.refused,
            store=self.store,
            records=self.records,
            clock=self.clock,
            new_id=self.new_id,
        )

    def _accounting(self, account: Account, quota: QuotaService, models: Models) -> Accounting:
        return Accounting(
            self.store,
            self.ledger,
            quota,
            account,
            models.price_of,
            clock=self.clock,
            template_of=lambda model: models.model(model).template,
        )

    def _endpoints(self, settings: Settings) -> Endpoints:
        return Endpoints(
            settings.endpoints,
            self.endpoint_key,
            self.endpoint_provider,
            store=self.store,
            ledger=self.ledger,
            clock=self.clock,
            new_id=self.new_id,
            sent=self.sent,
        )


def _account(key: FoundKey, settings: Settings) -> Account:
    _, *sharing = settings.organization_of(key.profile)
    return Account(key.profile, fingerprint(key.secret), tuple(sharing))
