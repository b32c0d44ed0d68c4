"""The fallback route of a request whose model or tier cannot answer."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from groqchat.domain.errors.cause import ErrorKind
from groqchat.domain.turns.service_tier import ServiceTier

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
_TIERS_THAT_FILL = {ServiceTier.FLEX, ServiceTier.AUTO}


@dataclass(frozen=True, slots=True)
class Fallback:
    """The user's fallback route.

    ``route`` names the targets in the order in which they are asked: models of Groq's and other
    vendors' endpoints; it may be empty. The route is used for failures of ``kinds``, and where the
    wait that would help is known, only if that is longer than ``after_s`` seconds. A flex tier
    without capacity always falls back to on_demand, as Groq advises.
    """

    route: tuple[str, ...] = ()
    kinds: frozenset[ErrorKind] = frozenset(FALLBACK_KINDS)
    after_s: float = 20.0
    endpoints: Mapping[str, Endpoint] = field(default_factory=dict)

    def reroute(
        self,
        error: GroqchatError,
        options: Options,
        wait: float | None,
        tried: Collection[str],
        *,
        has_switched: bool,
    ) -> Options | None:
        """The options of the request that is sent next, instead of a wait or an error.

        Args:
            error: The failure of the last request.
            options: The options of the last request.
            wait: Seconds until that request would be sent again; None: it would not.
            tried: The targets of the route that are not to be tried (again), see
                :func:`target_of`.
            has_switched: Whether another than the chosen model is being asked already.

        Returns:
            None where no target is left, or none may be asked for this failure.
        """
        if error.kind is ErrorKind.TIER_FULL and options.service_tier in _TIERS_THAT_FILL:
            return replace(options, service_tier=ServiceTier.ON_DEMAND) if wait is None else None
        # Once another target is asked, any failure of it leads on to the next one.
        if error.kind not in self.kinds and not has_switched:
            return None
        if wait is not None and wait <= self.after_s:
            return None
        target = next((target for target in self.route if target not in tried), None)
        return self._options_for(target, options) if target else None

    def _options_for(self, target: str, options: Options) -> Options:
        endpoint = self.endpoints.get(target)
        if endpoint is None:
            return replace(options, model=target, provider=None)
        return replace(options, model=endpoint.model, provider=target)


def in_place_of(asked: Options, sent: Options) -> str | None:
    """The chosen model or tier where a request is sent to another one; else None."""
    if target_of(sent) != target_of(asked):
        return asked.model
    return asked.service_tier if sent.service_tier != asked.service_tier else None


def target_of(options: Options) -> str:
    """The name of what answers, as a route has it: an endpoint, or a model of Groq's."""
    return options.provider or options.model
