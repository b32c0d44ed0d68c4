"""The numbers that settings take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.tools.bounds import LEAST_TOKENS

if TYPE_CHECKING:
    from collections.abc import Mapping

_WEEK_S = 7 * 86_400
# What is greater fits into no date, and into no column of the database; what is less lets no
# request succeed.
RANGES: Mapping[str, tuple[float, float]] = {
    "max_tokens": (0, 10_000_000), "attempts": (1, 100),
    "tool_rounds": (1, 50), "tool_result_tokens": (LEAST_TOKENS, 20_000),
    "longest_wait_s": (0, _WEEK_S), "longest_total_wait_s": (0, _WEEK_S),
    "gap_timeout_s": (0.1, _WEEK_S), "fallback_after_s": (0, _WEEK_S),
    "alert_after_s": (0, _WEEK_S), "compare_gap_s": (0, _WEEK_S), "key_command_s": (0.1, _WEEK_S),
}  # fmt: skip
"""The least and the greatest number that a setting takes."""
