"""Which other way a request may take when the one that was asked for is closed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from groqchat.domain.errors.cause import ErrorKind

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.domain.turns.chat import Options
    from groqchat.domain.turns.endpoints import Endpoint

FALLBACK_KINDS = (
    ErrorKind.RATE_LIMITED,
    ErrorKind.TIER_FULL,
    ErrorKind.SERVICE_ERROR,
    ErrorKind.UNREACHABLE,
)
"""The failures for which another model may be asked."""
_TIERS_THAT_FILL = {"flex", "auto"}


@dataclass(frozen=True, slots=True)
class Fallback:
    """The user's fallback route.

    ``route`` names models of Groq's and other vendors' endpoints, which are asked in this order,
    for failures of ``kinds`` only, and where the wait that would help is known, only if it is
    longer than ``after_s`` seconds. Where it is empty there is no such route. A flex tier without
    capacity always falls back to on_demand, as Groq advises.
    """

    route: tuple[str, ...] = ()
    kinds: frozenset[ErrorKind] = frozenset(FALLBACK_KINDS)
    after_s: float = 20.0
    endpoints: Mapping[str, Endpoint] = field(default_factory=dict)

    def detour(
        self,
        error: GroqchatError,
        options: Options,
        wait: float | None,
        tried: Collection[str],
        *,
        has_left: bool,
    ) -> Options | None:
        """How to send a request instead of waiting or giving up; None: no other way.

        Args:
            error: What closed the way taken so far.
            options: That way.
            wait: Seconds after which it would be taken again; None: not at all.
            tried: The stops that need not be tried (again), see :func:`stop_of`.
            has_left: Whether the model that the user chose was given up already.
        """
        if error.kind is ErrorKind.TIER_FULL and options.service_tier in _TIERS_THAT_FILL:
            return replace(options, service_tier="on_demand") if wait is None else None
        # Whatever keeps a fallback from answering, the next one may.
        if error.kind not in self.kinds and not has_left:
            return None
        if wait is not None and wait <= self.after_s:
            return None
        stop = next((stop for stop in self.route if stop not in tried), None)
        return self._by_way_of(stop, options) if stop else None

    def _by_way_of(self, stop: str, options: Options) -> Options:
        endpoint = self.endpoints.get(stop)
        if endpoint is None:
            return replace(options, model=stop, provider=None)
        return replace(options, model=endpoint.model, provider=stop)


def place_taken(asked: Options, sent: Options) -> str | None:
    """The model or the tier that was asked for, where a request is sent to another; else None."""
    if stop_of(sent) != stop_of(asked):
        return asked.model
    return asked.service_tier if sent.service_tier != asked.service_tier else None


def stop_of(options: Options) -> str:
    """Who is asked, as a route names them: an endpoint, or a model of Groq's."""
    return options.provider or options.model
