"""How many tokens a text will be, before the server has counted it."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Four characters a token hold for English prose and code; ideographs are close to 1.5.
CHARS_PER_TOKEN = 4.0
WIDE_CHARS_PER_TOKEN = 1.5
# The role and separators around each message, as measured on chat templates of this family.
TOKENS_PER_MESSAGE = 4
_WIDE = re.compile("[\u2e80-\U0010ffff]+")
# Looked at while somebody types, so a very long text is judged by its beginning.
_SAMPLE = 50_000


@dataclass(frozen=True, slots=True)
class TokenEstimator:
    """Estimates tokens from characters; ``factor`` is learned from what the server counted."""

    factor: float = 1.0
    samples: int = 0

    def tokens(self, text: str) -> int:
        """The estimate for one text, never less than 1 for a text that is not empty."""
        return max(1, round(self.factor * plain_estimate(text))) if text else 0

    def learned(self, estimated: float, counted: int) -> TokenEstimator:
        """The estimator after comparing a plain estimate with the server's count."""
        if estimated < 1 or counted < 1:
            return self
        weight = 1 / min(self.samples + 1, 20)
        ratio = min(4.0, max(0.25, counted / estimated))
        return TokenEstimator(self.factor + weight * (ratio - self.factor), self.samples + 1)


def plain_estimate(text: str) -> float:
    """Tokens by rule of thumb alone."""
    if len(text) > _SAMPLE:
        return plain_estimate(text[:_SAMPLE]) * len(text) / _SAMPLE
    if text.isascii():
        return len(text) / CHARS_PER_TOKEN
    wide = sum(map(len, _WIDE.findall(text)))
    return (len(text) - wide) / CHARS_PER_TOKEN + wide / WIDE_CHARS_PER_TOKEN
