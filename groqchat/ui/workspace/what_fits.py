"""The first lines of a file that a request takes, where the whole file never fits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.text.humanize import count
from groqchat.ui.terminal.files import is_file, path_from

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.domain.turns.request import ChatRequest
    from groqchat.services.turns.sizing import RequestPreview
    from groqchat.ui.terminal.named_texts import NamedTexts

# Of a limit, for the prompt with the lines that are offered.
_SHARE = 0.8


def what_fits(
    prompt: str,
    attached: Mapping[str, NamedTexts],
    preview: RequestPreview,
    refusal: Callable[[ChatRequest], GroqchatError | None],
) -> str:
    """The sentence on what to attach in the place of a file that makes a prompt too long for good.

    Args:
        prompt: The prompt with the files.
        attached: What was attached, by the name as it was written.
        preview: The request without the prompt.
        refusal: Tells why a request cannot be sent now; None where it can.

    Returns:
        Empty where the prompt fits, now or later, or no part of a file would help.
    """
    request = preview.request(prompt)
    error = refusal(request)
    files = [written for written in attached if is_file(path_from(written))]
    if error is None or error.facts.retry_after_s is not None or not files:
        return ""
    written = max(files, key=lambda each: len(attached[each].texts[0][1]))
    lines = attached[written].texts[0][1].splitlines()
    whole = "\n".join(lines)

    # An answer is to have room too, and an estimate may be too small.
    most = _SHARE * (error.facts.limit or float("inf"))

    def asked(first: int) -> ChatRequest:
        return preview.request(prompt.replace(whole, "\n".join(lines[:first]), 1))

    low, high = 0, len(lines) - 1
    while low < high:
        middle = (low + high + 1) // 2
        part = asked(middle)
        if part.prompt_tokens <= most and _may_be_sent(refusal(part)):
            low = middle
        else:
            high = middle - 1
    if low == 0:
        return ""
    return (
        f"But it is too long: ≈ {count(request.prompt_tokens)} tokens of at most "
        f"{count(error.facts.limit)}. Ctrl+Z takes it out; @{written}:1-{low} fits, with "
        f"≈ {count(asked(low).prompt_tokens)} tokens, and so may other lines."
    )


def _may_be_sent(error: GroqchatError | None) -> bool:
    """Whether a request can be sent, be it later."""
    return error is None or error.facts.retry_after_s is not None
