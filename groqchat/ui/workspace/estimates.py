"""The line under the composer: the size of the next request, and what is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from groqchat.domain.limits.quota import LimitKind
from groqchat.domain.text.humanize import count, countdown

if TYPE_CHECKING:
    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.domain.limits.quota import QuotaView


def estimate_line(
    tokens: int,
    window: int | None,
    view: QuotaView,
    admission_error: GroqchatError | None,
    cache_note: str = "",
    *,
    makes_room: str = "",
) -> list[Content]:
    """The figures of the next request, the most important first.

    Args:
        tokens: Of its prompt.
        window: How many tokens the model takes in at most.
        view: What is left.
        admission_error: What will hold the request back, as it will be told when it is sent.
        cache_note: What keeps its prompt from the server's cache.
        makes_room: What Enter does where the conversation is too long.
    """
    parts = [Content(f"≈ {count(tokens)} tokens")]
    held = admission_error.facts.limit_kind if admission_error else None
    if admission_error is not None:
        parts.append(_held_back(admission_error))
    if makes_room:
        parts.append(Content.styled(makes_room, "$text-warning"))
    for kind in (LimitKind.TPM, LimitKind.TPD):
        level = view.level(kind)
        if level and level.remaining is not None and kind is not held:
            parts.append(Content(f"{kind} {count(level.remaining)}"))
    if cache_note:
        parts.append(Content.styled(cache_note, "$text-warning"))
    if window and not (
        admission_error and held is None and admission_error.facts.retry_after_s is None
    ):
        share = 100 * tokens / window
        words = f"window {share:.0f}%" if share >= 1 else "window <1%"
        parts.append(Content.styled(words, "$text-error") if share > 100 else Content(words))
    return parts


def _held_back(admission_error: GroqchatError) -> Content:
    """The words about a request that fits later, or never."""
    facts = admission_error.facts
    if facts.retry_after_s is None:
        kind = facts.limit_kind
        limit = f"never fits {kind}" if kind else "over window"  # fits 40 columns
        return Content.styled(f"{limit} {count(facts.limit)}", "$text-error")
    wait = countdown(facts.retry_after_s)
    if facts.limit_kind is None:
        return Content.styled(f"send in {wait}", "$text-warning")
    return Content.styled(f"fits {facts.limit_kind} in {wait}", "$text-warning")
