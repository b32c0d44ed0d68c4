"""The forecast of a prompt in each column: the tokens it takes, and whether it fits the limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.limits.quota import LimitKind
from groqchat.domain.models.vision import image_problem
from groqchat.domain.text.humanize import count, countdown
from groqchat.ui.workspace.context_forecast import ContextForecast

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from groqchat.domain.models.catalog import Model
    from groqchat.domain.turns.request import ChatRequest
    from groqchat.services.quota.quota import QuotaService
    from groqchat.services.turns.ports import Asking
    from groqchat.services.turns.sizing import RequestPreview
    from groqchat.ui.compare.column_presenter import ColumnPresenter
    from groqchat.ui.compare.state import CompareState
    from groqchat.ui.widgets.prompt_area import PromptArea


# The name of a model would reveal which column is its own.
_HIDDEN = "Not every model here sees images, or there are too many."


class CompareForecast:
    """Shows below each column what the prompt takes there, while no job is running.

    Args:
        state: The comparison on the screen.
        area: The text area of the prompt.
        turns: The service that would send the prompt.
        quota: The limits of the models.
        model_of: What is known of a model.
    """

    def __init__(
        self,
        state: CompareState,
        area: PromptArea,
        turns: Asking,
        quota: QuotaService,
        model_of: Callable[[str], Model],
    ) -> None:
        self._state = state
        self._area = area
        self._turns = turns
        self._quota = quota
        self._model_of = model_of
        self._is_shown = False
        self._contexts: dict[int, ContextForecast] = {}
        self._text_to_read: str | None = None

    def keep_words_on(self, text: str) -> None:
        """Leave the line of words as it is for this text, since it says something about it."""
        self._text_to_read = text

    def image_problem(self, text: str) -> str:
        """The reason why a column is not sent the images of a prompt; empty if all are."""
        options = [column.column.options for column in self._state.columns]
        told = [image_problem(text, self._model_of(each.model), each.provider) for each in options]
        problem = next(filter(None, told), "")
        return _HIDDEN if problem and self._state.hides_names else problem

    def show(self) -> None:
        """Show the forecast of the present text."""
        state, text = self._state, self._area.text
        if state.is_busy:
            return
        if not text.strip():
            self._clear(is_read=text == self._text_to_read)
            return
        if text != self._text_to_read:
            self._text_to_read = None
        late = 0
        for column in state.columns:
            preview = self._preview(column)
            if preview is not None:
                request = preview.request(text)
                words, fits = _share_of_limits(request, self._quota)
                if state.hides_names:  # figures of limits would reveal the model
                    words = ("fits" if fits else "does not fit at once",)
                column.view.show_forecast(words, fits=fits)
                late += not fits
        said = f" · {late} of them not at once" if late else ""
        if text != self._text_to_read:
            state.say(f"Enter sends {len(state.columns)} requests, one to each model{said}")
        self._is_shown = True

    def _preview(self, column: ColumnPresenter) -> RequestPreview | None:
        """The request that the next prompt of a column would be sent with, once that is known."""
        if column.number not in self._contexts:
            self._contexts[column.number] = ContextForecast(self._area, self.show)
        context, asked = self._contexts[column.number], column.column
        return context.preview(self._turns, asked.leaf_id, asked.options)

    def _clear(self, *, is_read: bool) -> None:
        """Show the state of each column again, since there is no prompt; words to read stay."""
        if self._is_shown:
            self._is_shown = False
            if not is_read:
                self._state.say("")
            for column in self._state.columns:
                column.view.show_phase(column.view.phase, column.view.words)


def _share_of_limits(request: ChatRequest, quota: QuotaService) -> tuple[Sequence[str], bool]:
    """The share of a model's limits that a prompt would take, in words, and whether it fits."""
    tokens = request.prompt_tokens
    admission_error = quota.admission_error(request)
    if admission_error is not None:
        kind, wait = admission_error.facts.limit_kind, admission_error.facts.retry_after_s
        if wait is None:
            never = f"≈ {count(tokens)} tokens never fit {kind or 'the context window'}"
            return (never,), False
        return (f"≈ {count(tokens)} tokens fit {kind} in {countdown(wait)}",), False
    view = quota.view(request.options.model)
    left = [
        f"{count(level.remaining)} {kind}"
        for kind in (LimitKind.TPM, LimitKind.RPD)
        if (level := view.level(kind)) and level.remaining is not None
    ]
    first, *rest = left or [""]
    return (f"≈ {count(tokens)} of {first}" if first else f"≈ {count(tokens)} tokens", *rest), True
