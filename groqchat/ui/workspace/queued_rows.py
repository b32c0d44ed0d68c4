"""The sizes of queued prompts against what is left of the tokens per minute."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.limits.quota import LimitKind
from groqchat.domain.text.humanize import count
from groqchat.ui.widgets.prompt_queue import Fit, QueuedRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from groqchat.domain.limits.quota import QuotaView
    from groqchat.domain.sessions.prompt_queue import PromptQueue, QueuedPrompt
    from groqchat.services.turns.sizing import RequestPreview


class QueuedRows:
    """Measures queued prompts; each once, as long as what stands before it is the same."""

    def __init__(self) -> None:
        self._preview: RequestPreview | None = None
        self._tokens: dict[str, int] = {}

    def of(
        self, queue: PromptQueue, preview: RequestPreview | None, view: QuotaView | None
    ) -> Sequence[QueuedRow]:
        """The queued prompts, each with the tokens of its request if it were sent now.

        A prompt fits if it does so once all before it have been sent.

        Args:
            queue: The queue.
            preview: The next request without its prompt; None while that is not known.
            view: The quota; None while that is not known.
        """
        if preview is not self._preview:
            self._preview, self._tokens = preview, {}
        level = view.level(LimitKind.TPM) if view else None
        limit, left = level.limit if level else None, _left_after_answers(view)
        rows, used = [], 0
        for prompt in queue.prompts:
            tokens = self._measured(prompt)
            used += tokens or 0
            fit = Fit.LATER if left is not None and used > left else Fit.NOW
            if limit is not None and (tokens or 0) > limit:
                fit = Fit.COMPACTED if self._is_compacted else Fit.NEVER
            rows.append(QueuedRow(prompt.text, tokens, fit))
        return rows

    @property
    def _is_compacted(self) -> bool:
        """Whether the conversation is made shorter unasked for a prompt that is too long."""
        return self._preview is not None and bool(self._preview.options.compaction)

    def _measured(self, prompt: QueuedPrompt) -> int | None:
        if self._preview is not None and prompt.id not in self._tokens:
            self._tokens[prompt.id] = self._preview.request(prompt.text).prompt_tokens
        return self._tokens.get(prompt.id)


def room_of(view: QuotaView | None) -> str:
    """What is left of the tokens per minute, and what is reserved; empty where that is unknown."""
    level, later = view.level(LimitKind.TPM) if view else None, _left_after_answers(view)
    if level is None or level.remaining is None or later is None:
        return ""
    left, reserved = level.remaining, later - level.remaining
    held = f", {count(reserved)} reserved for answers" if reserved else ""
    return f"TPM {count(left)} left{held}"


def _left_after_answers(view: QuotaView | None) -> int | None:
    """What is left of the tokens per minute if answers in flight use nothing of their reserve.

    Most of it is given back before a queued prompt is sent.
    """
    level = view.level(LimitKind.TPM) if view else None
    return view.without_reserved(level).remaining if view and level else None
