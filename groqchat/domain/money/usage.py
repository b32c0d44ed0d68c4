"""The usage of one request, as the server counted it."""

from __future__ import annotations

from dataclasses import dataclass, replace

# No model's context holds more tokens.
MOST_TOKENS = 10_000_000
# What a server may count that we do not see: hidden reasoning, what a search found, instructions of
# its own. A count beyond this and a hundred times our own estimate is a mistake.
UNSEEN_TOKENS, MOST_TIMES = 100_000, 100


@dataclass(frozen=True, slots=True)
class Usage:
    """Token counts of one answer; times in seconds as Groq reports them.

    ``prompt_tokens`` includes ``cached_tokens``; ``completion_tokens`` includes
    ``reasoning_tokens`` (Groq API reference, usage object). ``is_estimated``: not all of it is what
    the server counted, since it counted nothing or what cannot be.
    """

    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    reasoning_tokens: int = 0
    queue_time: float | None = None
    prompt_time: float | None = None
    completion_time: float | None = None
    is_estimated: bool = False

    @property
    def total_tokens(self) -> int:
        """Prompt and completion together."""
        return self.prompt_tokens + self.completion_tokens

    @property
    def counted_tokens(self) -> int:
        """The tokens that limits count: all but cached input (Groq rate-limit docs)."""
        return self.total_tokens - self.cached_tokens

    def after(self, before: Usage | None) -> Usage:
        """The later of two counts, completed by figures that only the earlier one has."""
        if before is None:
            return self
        usage = self if self.prompt_tokens else self._with_prompt_of(before)
        return usage if usage.completion_tokens else usage._with_completion_of(before)

    def is_plausible(self, prompt_tokens: int) -> bool:
        """Whether the count may be right whatever the answer says; estimating a text takes time.

        Args:
            prompt_tokens: Our own estimate of the prompt.
        """
        is_prompt_right = 0 < self.prompt_tokens <= _most(prompt_tokens)
        return is_prompt_right and 0 < self.completion_tokens <= _most(0)

    def plausible(self, own: Usage) -> Usage:
        """The count with our own estimate in place of impossible figures."""
        usage = self
        if not (0 < self.prompt_tokens <= _most(own.prompt_tokens)):
            usage = usage._with_prompt_of(own)
        has_text_uncounted = own.completion_tokens > 0 and not self.completion_tokens
        if has_text_uncounted or self.completion_tokens > _most(own.completion_tokens):
            usage = usage._with_completion_of(own)
        return usage

    def _with_prompt_of(self, other: Usage) -> Usage:
        """Less certain than before, unless the other says no more."""
        return replace(
            self,
            prompt_tokens=other.prompt_tokens,
            cached_tokens=other.cached_tokens,
            is_estimated=self.is_estimated or other.prompt_tokens != self.prompt_tokens,
        )

    def _with_completion_of(self, other: Usage) -> Usage:
        return replace(
            self,
            completion_tokens=other.completion_tokens,
            reasoning_tokens=other.reasoning_tokens,
            is_estimated=self.is_estimated or other.completion_tokens != self.completion_tokens,
        )


def usage_document(usage: Usage, *, is_estimated: bool) -> dict[str, int | bool]:
    """Token counts, and whether they are our own estimate because the server counted none."""
    names = ("prompt_tokens", "cached_tokens", "completion_tokens", "reasoning_tokens")
    counts = {name: getattr(usage, name) for name in names}
    return {**counts, "total_tokens": usage.total_tokens, "usage_estimated": is_estimated}


def _most(own: int) -> int:
    """The largest count that can be right, by our own estimate."""
    return min(MOST_TOKENS, UNSEEN_TOKENS + MOST_TIMES * own)


@dataclass(frozen=True, slots=True)
class Timing:
    """The timing of an answer, measured at this machine in seconds since the request was sent."""

    time_to_first_token_s: float | None
    total_s: float

    def tokens_per_second(self, completion_tokens: int) -> float | None:
        """Completion tokens over the time in which they streamed; None where that is no rate."""
        if self.time_to_first_token_s is None:
            return None
        streamed = self.total_s - self.time_to_first_token_s
        return completion_tokens / streamed if streamed > 0 and completion_tokens > 1 else None
