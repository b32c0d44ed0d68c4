"""The line under the composer: what the next request takes, against what is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from groqchat.domain.humanize import count, countdown
from groqchat.domain.quota import Bucket
from groqchat.domain.tokens import TOKENS_PER_MESSAGE

if TYPE_CHECKING:
    from groqchat.domain.catalog import Model
    from groqchat.domain.chat import Message
    from groqchat.domain.quota import QuotaView
    from groqchat.domain.tokens import TokenEstimator


def estimate_line(
    text: str,
    last_turn: Message | None,
    model: Model,
    view: QuotaView,
    estimator: TokenEstimator,
) -> Content:
    """Estimate the next request: the last turn's true count, plus the new text.

    Args:
        text: What stands in the composer.
        last_turn: The session's last answer, whose prompt holds all that came before it.
        model: Whom it would be sent to.
        view: What is left.
        estimator: Tokens of a text that the server has not counted yet.
    """
    spoken = last_turn.usage.total_tokens if last_turn and last_turn.usage else 0
    tokens = spoken + (estimator.tokens(text) + TOKENS_PER_MESSAGE if text.strip() else 0)
    if not tokens:
        return Content("")
    parts: list[str | tuple[str, str]] = [f"≈ {count(tokens)} tokens"]
    for bucket in (Bucket.TPM, Bucket.TPD):
        level = view.level(bucket)
        if level is not None and level.remaining is not None:
            parts.append(_against(tokens, bucket, view))
    if model.context_window:
        share = 100 * tokens / model.context_window
        words = f"window {share:.0f}%" if share >= 1 else "window <1%"
        parts.append((words, "$text-error") if share > 100 else words)
    joined: list[str | tuple[str, str]] = []
    for part in parts:
        joined += [" · ", part] if joined else [part]
    return Content.assemble(*joined)


def _against(tokens: int, bucket: Bucket, view: QuotaView) -> str | tuple[str, str]:
    """How a request stands against one bucket: fits, fits later, never fits."""
    gauge = next(gauge for gauge in view.gauges if gauge.bucket is bucket)
    level = view.level(bucket)
    left = level.remaining if level and level.remaining is not None else 0
    if tokens <= left:
        return f"{bucket} {count(left)}"
    if tokens > gauge.limit:
        return (f"never fits {bucket} {count(gauge.limit)}", "$text-error")
    excess = tokens - left
    wait = excess * bucket.window_s / gauge.limit
    return (f"fits {bucket} in {countdown(wait)}", "$text-warning")
