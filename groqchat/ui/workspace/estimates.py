"""The line under the composer: the size of the next request, and what is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from groqchat.domain.images.image import IMAGE_TOKENS, MOST_IMAGES, images_in
from groqchat.domain.limits.quota import LimitKind
from groqchat.domain.text.humanize import count, countdown
from groqchat.domain.turns.tokens import TokenEstimator
from groqchat.ui.widgets.quota_panel import away

if TYPE_CHECKING:
    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.domain.limits.quota import QuotaView
    from groqchat.services.turns.sizing import RequestPreview


def estimate_line(
    tokens: int,
    window: int | None,
    view: QuotaView,
    admission_error: GroqchatError | None,
    cache_note: str = "",
    *,
    makes_room: str = "",
    images: str = "",
) -> list[Content]:
    """The figures of the next request, the most important first.

    Args:
        tokens: Of its prompt.
        window: How many tokens the model takes in at most.
        view: What is left.
        admission_error: What will hold the request back, as it will be told when it is sent.
        cache_note: What keeps its prompt from the server's cache.
        makes_room: What Enter does where the conversation is too long.
        images: The share of a limit that its images take.
    """
    parts = [Content(f"≈ {count(tokens)} tokens")]
    held = admission_error.facts.limit_kind if admission_error else None
    if admission_error is not None:
        parts.append(_held_back(admission_error))
    if view.sharing is not None and view.sharing.away_since is not None:
        parts.append(Content.styled(away(view.sharing.away_since), "$text-warning"))
    if makes_room:
        parts.append(Content.styled(makes_room, "$text-warning"))
    if images:
        parts.append(Content(f"images {images}"))
    # In a narrow window the effect stands before the levels, and its reason is left out.
    reason, _, effect = cache_note.rpartition(": ")
    parts += [Content.styled(each, "$text-warning") for each in (effect, reason) if each]
    for kind in (LimitKind.TPM, LimitKind.TPD):
        level = view.level(kind)
        if level and level.remaining is not None and kind is not held:
            parts.append(Content(f"{kind} {count(level.remaining)}"))
    if window and not (
        admission_error and held is None and admission_error.facts.retry_after_s is None
    ):
        share = 100 * tokens / window
        words = f"window {share:.0f}%" if share >= 1 else "window <1%"
        parts.append(Content.styled(words, "$text-error") if share > 100 else Content(words))
    return parts


def text_tokens(preview: RequestPreview | None, text: str) -> int:
    """The tokens of a part of the prompt, estimated as the line below the composer is.

    Args:
        preview: The next request without its prompt; None while it is not known.
        text: The part.
    """
    return (preview.estimator if preview else TokenEstimator()).text_tokens(text)


def image_share(
    text: str, view: QuotaView, *, most: int = MOST_IMAGES, is_short: bool = False
) -> str:
    """The share that the images of a prompt take of the tightest limit per minute.

    Args:
        text: The prompt.
        view: The limits.
        most: The most images that are sent; none to a model that does not see them.
        is_short: Whether the number of the limit is left out, which 40 columns have no room for.

    Returns:
        Words such as ``29% of ITPM 7,000``; nothing without images, or where no limit is known.
    """
    tokens = IMAGE_TOKENS * min(most, len(images_in(text)))
    levels = filter(None, map(view.level, (LimitKind.ITPM, LimitKind.TPM)))
    limits = {level.limit: level.kind for level in levels if level.limit}
    if not tokens or not limits:
        return ""
    tightest = min(limits)
    share = f"{100 * tokens / tightest:.0f}% of {limits[tightest]}"
    return share if is_short else f"{share} {count(tightest)}"


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
