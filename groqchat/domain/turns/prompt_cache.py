"""The prompt cache of the server, as far as it can be told from here.

Groq reuses the beginning of a prompt that is equal to the byte, at half the price, for models that
have a cache; it is never promised (Groq prompt-caching docs).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from groqchat.domain.turns.chat import Options

ABILITY = "prompt_cache"
"""The ability of the models that have a cache, as the catalogue names it."""
EXPIRES_S = 2 * 3600.0
"""What is not used for about so long, in seconds, is forgotten (Groq prompt-caching docs)."""
SMALLEST_TOKENS = 128
"""Shorter beginnings are never cached; the least differs by model, from 128 to 1,024 tokens."""
# Prompts with fewer characters are hardly as long as the smallest beginning that is cached.
_SMALLEST_TEXT = 4 * SMALLEST_TOKENS

SYSTEM_CHANGED = "cache starts anew"
TOOLS_CHANGED = f"tools changed: {SYSTEM_CHANGED}"
EDITED = "cached up to the edit"
COLD = "cache probably cold"
DATED = (
    "It contains a date or a time: whenever that changes, nothing behind it comes from the cache."
)

_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_DATE = re.compile(
    r"\b\d{4}-\d{1,2}-\d{1,2}\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b|\b\d{1,2}:\d{2}\b"
    rf"|\b\d{{1,2}}\.? (?:{_MONTHS})[a-z]*\.?,? \d{{4}}\b"
    rf"|\b(?:{_MONTHS})[a-z]*\.? \d{{1,2}},? \d{{4}}\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class SentPrompt:
    """The last answered request of a session: what it began with, and what may be cached of it.

    ``leaf_id`` is its answer, ``at`` the Unix time at which it was sent, ``tokens`` its prompt's.
    ``tools`` are those it offered, by name, with what tells their changes.
    """

    model: str
    system: str
    leaf_id: str
    at: float
    tokens: int
    tools: Mapping[str, str] = field(default_factory=dict)


def cache_note(
    last: SentPrompt | None,
    options: Options,
    parent_id: str | None,
    now: float,
    tools: Mapping[str, str] | None = None,
) -> str:
    """What keeps the next prompt of a session from the cache, in a few words; else empty.

    Args:
        last: The last answered request; None: there is none, or its model has no cache.
        options: Model and system prompt of the next request.
        parent_id: The message that its prompt follows.
        now: The Unix time.
        tools: The tools that the next request offers; None: those of the last one.
    """
    if last is None or last.tokens < SMALLEST_TOKENS or options.model != last.model:
        return ""
    if options.system != last.system:
        return SYSTEM_CHANGED
    if tools is not None and (note := _tools_note(last.tools, tools)):
        return note
    if now - last.at > EXPIRES_S:
        return COLD
    return EDITED if parent_id != last.leaf_id else ""


def _tools_note(before: Mapping[str, str], now: Mapping[str, str]) -> str:
    """The words on tools that are not those of the last request; they stand before all messages."""
    changed = {name for name, _ in before.items() ^ now.items()}
    if not changed:
        return ""
    return f"{min(changed)} changed: {SYSTEM_CHANGED}" if len(changed) == 1 else TOOLS_CHANGED


def dated(system: str) -> bool:
    """Whether a system prompt long enough for the cache contains a date or a time of day."""
    return len(system) >= _SMALLEST_TEXT and _DATE.search(system) is not None
