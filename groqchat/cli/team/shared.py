"""The limits that a command shows of the profiles in use, where a team shares them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.cli.output import narrate
from groqchat.services.quota.forecasts import account_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from groqchat.bootstrap import LocalServices
    from groqchat.services.team.limits import TeamLimits


def limits_shared(services: LocalServices, profiles: Sequence[str]) -> TeamLimits | None:
    """The limits that the profiles share with the team of the settings, if they do."""
    account = account_of(profiles)
    return services.team.limits_of(services.base_url, services.team_outbox, services.clock, account)


def tell_if_away(team: TeamLimits | None) -> None:
    """Say where the limits are this machine's alone, since the team's server is away."""
    if team is not None and team.away_because is not None:
        narrate(f"groqchat: {team.away_because.message} This is what this machine knows alone.")
