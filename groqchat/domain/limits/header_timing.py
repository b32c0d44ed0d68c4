"""The timing of rate limit headers: how much of their own request they have counted."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from groqchat.domain.money.usage import Usage


class HeaderTiming(StrEnum):
    """The part of a request that is counted in its own rate limit headers.

    Groq's first headers fit the prompt alone (7,922 of 8,000 left). Servers that count a request
    in full before it is answered report prompt and reservation. Servers that write headers after
    the answer report the real use.
    """

    NOTHING = "nothing of it"
    PROMPT = "prompt"
    RESERVED = "prompt and reservation"
    USED = "what was used"

    def counted(self, usage: Usage, max_tokens: int) -> int:
        """The counted tokens of a request with this usage and reservation for its answer."""
        match self:
            case HeaderTiming.NOTHING:
                return 0
            case HeaderTiming.PROMPT:
                return usage.prompt_tokens
            case HeaderTiming.RESERVED:
                return usage.prompt_tokens + max_tokens
            case HeaderTiming.USED:
                return usage.counted_tokens
