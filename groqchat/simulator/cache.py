"""The prompt cache: prefixes of prompts that were sent lately."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# Groq caches from 128 to 1024 tokens on, by model, and forgets after about two hours unused.
BLOCK = 128
EXPIRES_S = 2 * 3600.0


class PromptCache:
    """A cache of prompts in blocks of 128 tokens, each keyed by all tokens up to its end."""

    def __init__(self) -> None:
        self._last_used: dict[bytes, float] = {}

    def hit(self, scope: str, prompt: Sequence[str], now: float) -> int:
        """The number of cached tokens at the beginning of a prompt; caches all its whole blocks.

        Args:
            scope: The model and the key; prompts of different scopes share nothing.
            prompt: All tokens of the prompt.
            now: The Unix time in seconds.
        """
        self._forget(now)
        cached = 0
        unbroken = True
        for digest in _blocks(scope, prompt):
            unbroken = unbroken and digest in self._last_used
            cached += BLOCK if unbroken else 0
            self._last_used[digest] = now
        return cached

    def _forget(self, now: float) -> None:
        expired = [digest for digest, used in self._last_used.items() if now - used > EXPIRES_S]
        for digest in expired:
            del self._last_used[digest]


def _blocks(scope: str, prompt: Sequence[str]) -> Iterator[bytes]:
    chain = hashlib.sha256(scope.encode())
    for start in range(0, len(prompt) - BLOCK + 1, BLOCK):
        chain.update("\0".join(prompt[start : start + BLOCK]).encode("utf-8", "surrogatepass"))
        yield chain.digest()
