"""What a server has counted of a request by the time that its headers tell what is left."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from groqchat.domain.money.usage import Usage


class HeaderTiming(StrEnum):
    """What of a request is in the use that its own headers tell.

    Groq's first headers fit the prompt alone (7,922 of 8,000 left); servers that count a request
    in full before it is answered tell prompt and reservation; those that write their headers after
    the answer tell what was really used.
    """

    NOTHING = "nothing of it"
    PROMPT = "prompt"
    RESERVED = "prompt and reservation"
    USED = "what was used"

    def counted(self, usage: Usage, max_tokens: int) -> int:
        """In tokens, for a request that used this and reserved so much for its answer."""
        match self:
            case HeaderTiming.NOTHING:
                return 0
            case HeaderTiming.PROMPT:
                return usage.prompt_tokens
            case HeaderTiming.RESERVED:
                return usage.prompt_tokens + max_tokens
            case HeaderTiming.USED:
                return usage.counted_tokens
