"""The forecast of when a limit of the day runs out at the recent pace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.limits.quota import RunOut

if TYPE_CHECKING:
    from collections.abc import Sequence

    from groqchat.domain.limits.quota import LeakyBucket

LOOKS_BACK_S = 3600.0
"""How far back the pace is taken from, in seconds."""
# A few requests in a row are no pace yet; nor are they spread over less than ten minutes.
_FEWEST, _SHORTEST_S = 3, 600.0


def runs_out(bucket: LeakyBucket, uses: Sequence[tuple[float, float]], now: float) -> RunOut | None:
    """The time at which a bucket runs out at the pace of the last hour, with its refill counted in.

    Args:
        bucket: The bucket.
        uses: The uses within the last hour: Unix times and amounts.
        now: The Unix time.

    Returns:
        None where the pace is not known, where the refill keeps up, and where it takes longer than
        the bucket needs to be full again.
    """
    recent = [(time, amount) for time, amount in uses if time > now - LOOKS_BACK_S]
    if len(recent) < _FEWEST:
        return None
    span = max(_SHORTEST_S, now - min(time for time, _ in recent))
    drain = bucket.limit / bucket.kind.window_s
    net = sum(amount for _, amount in recent) / span - drain
    if net <= 0:
        return None
    seconds = bucket.remaining_at(now) / net
    return RunOut(bucket.kind, now + seconds) if seconds < bucket.resets_in(now) else None
