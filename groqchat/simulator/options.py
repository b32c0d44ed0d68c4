"""The options of a simulator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from groqchat.domain.limits.header_timing import HeaderTiming
from groqchat.domain.models.catalog import Plan

if TYPE_CHECKING:
    from collections.abc import Callable

# Keys with this prefix are refused with 401; every other `gsk_` key is accepted.
REJECTED_KEY = "gsk_test_rejected"


@dataclass(frozen=True, slots=True)
class Options:
    """The options of a simulator.

    Attributes:
        plan: The plan whose limits apply; one without limits in the catalogue is not limited.
        rate: Completion tokens per second; ``"listed"`` takes each model's listed speed, and None
            or 0 means as fast as the client reads.
        first_token_s: Seconds before an answer begins.
        faults: Faults from the start, each ``NAME[=VALUE][*TIMES][@ENDPOINT]``.
        seed: The same seed and requests give the same ids and answers.
        header_timing: What the headers of a stream count of their own request.
        blocked_model: A model that is listed, but answered with 403.
        length_of: Reads the length of compressed sound in seconds; None where it cannot be told.
            Without it that is guessed from the size, and said.
    """

    plan: Plan = Plan.FREE
    rate: float | Literal["listed"] | None = "listed"
    first_token_s: float = 0.0
    faults: tuple[str, ...] = ()
    seed: int = 1
    header_timing: HeaderTiming = HeaderTiming.RESERVED
    blocked_model: str = "openai/gpt-oss-safeguard-20b"
    length_of: Callable[[bytes], float | None] | None = None
