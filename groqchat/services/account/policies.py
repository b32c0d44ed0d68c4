"""The retry policies that follow from the settings."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from groqchat.domain.turns.retry import RetryPolicy

if TYPE_CHECKING:
    from groqchat.domain.settings import Settings


def policy_of(settings: Settings, longest_wait_s: float | None) -> RetryPolicy:
    """The policy of turns; ``longest_wait_s`` is in the stead of that of the settings."""
    wait = settings.longest_wait_s if longest_wait_s is None else longest_wait_s
    return RetryPolicy(
        settings.attempts,
        wait,
        max(wait, settings.longest_total_wait_s),
        is_patient=longest_wait_s is not None,
    )


def patient_policy(settings: Settings, longest_wait_s: float | None) -> RetryPolicy:
    """The policy for files, which wait in sight, on the free plan for hours."""
    wait = math.inf if longest_wait_s is None else longest_wait_s
    return RetryPolicy(settings.attempts, wait, wait, is_patient=True)
