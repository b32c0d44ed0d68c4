"""What one request consumed, as the server counted it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Usage:
    """Token counts of one answer; times in seconds as Groq reports them.

    ``prompt_tokens`` includes ``cached_tokens``; ``completion_tokens`` includes
    ``reasoning_tokens`` (Groq API reference, usage object).
    """

    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    reasoning_tokens: int = 0
    queue_time: float | None = None
    prompt_time: float | None = None
    completion_time: float | None = None

    @property
    def total_tokens(self) -> int:
        """Prompt and completion together."""
        return self.prompt_tokens + self.completion_tokens

    @property
    def counted_tokens(self) -> int:
        """What the token limits count: everything but cached input (Groq rate-limit docs)."""
        return self.total_tokens - self.cached_tokens


@dataclass(frozen=True, slots=True)
class Timing:
    """How fast an answer came, measured at this machine; seconds since the request was sent."""

    time_to_first_token_s: float | None
    total_s: float

    def tokens_per_second(self, completion_tokens: int) -> float | None:
        """Completion tokens over the time in which they streamed; None where that is no rate."""
        if self.time_to_first_token_s is None:
            return None
        streamed = self.total_s - self.time_to_first_token_s
        return completion_tokens / streamed if streamed > 0 and completion_tokens > 1 else None
