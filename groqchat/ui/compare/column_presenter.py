"""Shows a column of a comparison: its turn's events become text, phase and figures."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from groqchat.domain.compare.compare import MEASURES, NO_FIGURES, Figures, figures_of
from groqchat.domain.errors.cause import ErrorKind
from groqchat.domain.text.humanize import countdown
from groqchat.domain.turns.chat import (
    Answered,
    AnswerStarted,
    Delta,
    PromptStored,
    ReasoningDelta,
    Role,
    Sending,
    State,
    TextWasReasoning,
    Waiting,
)
from groqchat.domain.turns.token_estimate import estimate_tokens
from groqchat.services.compare.column import Failed
from groqchat.services.compare.compare import Delayed
from groqchat.ui.compare.column import CompareColumn, Phase
from groqchat.ui.compare.column_advice import advice
from groqchat.ui.compare.column_tools import take_of_tools
from groqchat.ui.compare.column_words import cut_words, entry_in_column, status, took
from groqchat.ui.transcript.entries import EntryState
from groqchat.ui.transcript.messages import entry_of, json_body_of, mark_of
from groqchat.ui.transcript.turn_text import show_prompt, write_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from groqchat.domain.compare.compare import Measure
    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.domain.turns.chat import Message, TurnEvent
    from groqchat.services.compare.column import Column
    from groqchat.services.ports import Clock
    from groqchat.ui.transcript.entries import Entry

_OVER = frozenset({Phase.ANSWERED, Phase.FAILED, Phase.STOPPED})


@dataclass(frozen=True, slots=True)
class CompleteAnswer:
    """A complete answer as a column shows it: its entry, and the words and figures below it."""

    entry: Entry
    words: str
    figures: Figures


@dataclass(slots=True)
class ColumnPresenter:
    """A column of a comparison, and the widget that shows it.

    Attributes:
        view: The widget.
        column: The column.
        clock: Time.
        shared_system: The system prompt of the comparison.
        answer_id: The answer on the screen.
        has_text: Whether there is text of that answer.
        cut: Why the answer is not complete, in words; empty where it is complete.
        coming: The new answer to a prompt that was asked again. It takes the place of the answer
            on the screen with its first text.
        before: The complete answer that is asked for again, until the new one is complete.
        sent: When the answer was asked for (monotonic seconds).
        first: When the first token came (monotonic seconds).
        grown: About how many tokens have come, without `fresh`.
        fresh: The texts that have come since the tokens were estimated last.
        waiting: The wait for a limit, if there is one.
        figures: The figures of the answer.
        measures: The rows of figures.
        held_until: When the column begins, where columns begin one after another (monotonic
            seconds).
    """

    view: CompareColumn
    column: Column
    clock: Clock
    shared_system: str = ""
    answer_id: str = ""
    has_text: bool = False
    cut: str = ""
    coming: Message | None = None
    before: CompleteAnswer | None = None
    sent: float = 0.0
    first: float | None = None
    grown: float = 0.0
    fresh: list[str] = field(default_factory=list)
    waiting: Waiting | None = None
    figures: Figures = NO_FIGURES
    measures: Sequence[Measure] = MEASURES
    held_until: float | None = None

    @property
    def number(self) -> int:
        """The place of the column on the screen, from 0."""
        return self.view.number

    @property
    def model(self) -> str:
        """The id of the model that answers here."""
        return self.column.model

    @property
    def text(self) -> str:
        """The text of the answer on the screen, as Markdown."""
        return self.view.transcript.source(self.answer_id)

    @property
    def is_over(self) -> bool:
        """Whether the turn of the column has ended."""
        return self.view.phase in _OVER

    @property
    def is_answered(self) -> bool:
        """Whether there is a complete answer to the last prompt."""
        return self.view.phase is Phase.ANSWERED

    @property
    def is_comparable(self) -> bool:
        """Whether the figures are those of a complete answer that was not cut short."""
        return self.is_answered and not self.cut

    def begin(self, *, is_again: bool) -> None:
        """Show that a turn begins; an answer that is asked for again stays until the new comes."""
        if not is_again:
            self.answer_id, self.has_text = "", False
        self.before = _complete_answer(self) if is_again else None
        self.column.begin()
        self.coming = self.waiting = None
        self.first, self.grown = None, 0.0
        self.figures = NO_FIGURES
        self.fresh.clear()
        self.held_until = None
        self.sent = self.clock.monotonic()
        self.view.clear_figures()
        self.view.show_error(None)
        self.view.show_phase(Phase.ANSWERING, "sending")

    def show_history(self, said: Sequence[Message], *, hides_names: bool = False) -> None:
        """Show the messages of the column, and the end of its last turn."""
        prompt = self.column.prompt
        if prompt is None:
            return
        # Where names are hidden, earlier messages would reveal them.
        begin = said.index(prompt) if hides_names and prompt in said else 0
        self.show_whole(said[begin:])
        below = said[said.index(prompt) :] if prompt in said else ()
        answer = next((each for each in below if each.id == self.column.leaf_id), None)
        is_answer = answer is not None and answer.role is Role.ASSISTANT and not answer.calls
        self._show_last_answer(answer if is_answer else None)
        if hides_names:
            self.view.show_phase(self.view.phase)
        self._show_error(hides_names=hides_names)

    def _show_last_answer(self, answer: Message | None) -> None:
        if answer is None:
            error = self.column.error
            self.view.show_phase(Phase.FAILED, status(error) if error else "not answered")
            return
        self.answer_id, self.has_text = answer.id, True
        self.figures = figures_of(answer)
        self.cut = cut_words(answer)
        if answer.state.is_answered:
            self.view.show_phase(Phase.ANSWERED, took(self.figures, self.cut))
        elif answer.state is State.STOPPED:
            self.view.show_phase(Phase.STOPPED, "stopped")
        else:
            self.view.show_phase(Phase.FAILED, self.cut or "broken off")

    def take(self, event: TurnEvent | Failed | Delayed, *, hides_names: bool = False) -> None:
        """Show an event of the turn; where names are hidden, nothing that would reveal them."""
        if take_of_tools(self, event):
            return
        match event:
            case Delta(text) | ReasoningDelta(text):
                self._grow(event, text)
            case TextWasReasoning() | PromptStored():
                write_text(self.view.transcript, event, self.answer_id)
            case Delayed(seconds):
                if self.column.prompt is not None:
                    show_prompt(self.view.transcript, entry_of(self.column.prompt))
                self.held_until = self.clock.monotonic() + seconds
                self.tick()
            case Waiting():
                self.waiting = event
                self.tick()
            case Sending():
                self.waiting, self.sent = None, self.clock.monotonic()
                self.held_until = None
                self.view.show_phase(Phase.ANSWERING, "sent")
            case AnswerStarted(message):
                self.coming = message
            case Answered(message):
                self._close(message, hides_names=hides_names)
            case Failed(error):
                self._fail(error, hides_names=hides_names)

    def settle(self, answer: Message) -> None:
        """Take the figures of an answer without its end as they were booked."""
        if self.is_over and not self.is_answered and answer.id == self.answer_id:
            self.figures = figures_of(answer)

    def show_whole(self, said: Sequence[Message]) -> None:
        """Show all messages of the column."""
        self.view.transcript.show([entry_in_column(message) for message in said])

    def reveal(self) -> None:
        """Show the error of the turn, and the time that the answer took."""
        if self.is_answered:
            self.view.show_phase(Phase.ANSWERED, took(self.figures, self.cut))
        self._show_error()

    def offer(self, model: str, *, hides_names: bool = False) -> None:
        """Offer a model that could answer in this column."""
        self.column.replacement = model
        self._show_error(hides_names=hides_names)

    def end(self) -> None:
        """Mark the column as stopped, unless its turn has ended by itself."""
        if self.view.phase in {Phase.ANSWERING, Phase.WAITING}:
            self._end_without(Phase.STOPPED, EntryState.STOPPED, "stopped")

    def tick(self) -> None:
        """Update countdowns, and the figures of an answer that grows."""
        now = self.clock.monotonic()
        if self.held_until is not None:
            left = countdown(max(0.0, self.held_until - now))
            self.view.show_phase(Phase.WAITING, f"begins in {left}, after the others")
        elif self.waiting is not None:
            left = countdown(max(0.0, self.waiting.until - now))
            kind = self.waiting.error.facts.limit_kind or self.waiting.error.title
            self.view.show_phase(Phase.WAITING, f"sends in {left} · {kind}")
        elif self.first is not None and not self.is_over:
            self.figures = self._rough(now)

    def show_figures(self, best: Sequence[Measure]) -> None:
        """Write the figures, if there are any; the measures in ``best`` are marked."""
        if self.figures is not NO_FIGURES:
            self.view.show_figures(self.figures, best, is_rough=self.figures.is_rough)

    def _grow(self, event: Delta | ReasoningDelta, text: str) -> None:
        if self.first is None:
            self.first = self.clock.monotonic()
            self.view.show_phase(Phase.ANSWERING, "answering")
            self.arrive()
        self.fresh.append(text)
        write_text(self.view.transcript, event, self.answer_id)

    def _rough(self, now: float) -> Figures:
        """The estimated figures of an answer that grows."""
        first = self.first or now
        streamed = now - first
        self.grown += estimate_tokens("".join(self.fresh))
        self.fresh.clear()
        return Figures(
            first_token_s=first - self.sent,
            total_s=now - self.sent,
            rate=self.grown / streamed if streamed > 0 else None,
            completion_tokens=round(self.grown),
        )

    def arrive(self) -> None:
        """Show the new answer in the place of the old one."""
        if self.coming is None:
            return
        if self.answer_id:
            self.view.transcript.cut(self.answer_id)
        self.answer_id, self.has_text = self.coming.id, True
        self.view.transcript.add(entry_in_column(self.coming))
        self.coming = None

    def _close(self, answer: Message, *, hides_names: bool) -> None:
        self.arrive()
        self.before = None
        self.cut = cut_words(answer)
        self.figures = self.column.figures[-1]
        self.view.transcript.finish(answer.id, state=mark_of(answer), json=json_body_of(answer))
        self.view.show_phase(Phase.ANSWERED, "" if hides_names else took(self.figures, self.cut))

    def _fail(self, error: GroqchatError, *, hides_names: bool) -> None:
        mark = EntryState.UNANSWERED if error.kind is ErrorKind.NO_ANSWER else EntryState.BROKEN
        self._end_without(Phase.FAILED, mark, status(error))
        self._show_error(hides_names=hides_names)

    def _show_error(self, *, hides_names: bool = False) -> None:
        error, replacement = self.column.error, self.column.replacement
        words = advice(error, replacement=replacement, has_text=self.has_text) if error else ""
        if self.is_answered:
            words = "The answer from before is kept."
        self.view.show_error(error, words, replacement=replacement, hides_names=hides_names)

    def _end_without(self, phase: Phase, mark: EntryState, words: str) -> None:
        """End a turn without a complete answer; an earlier complete one stays."""
        if self.before is not None:
            phase, words = Phase.ANSWERED, self.before.words
            self._bring_back(self.before)
        elif self.first is not None:
            self.view.transcript.finish(self.answer_id, state=mark)
        self.view.show_phase(phase, words)

    def _bring_back(self, answer: CompleteAnswer) -> None:
        """Show a complete answer again, in the place of the part of another."""
        transcript = self.view.transcript
        if self.answer_id != answer.entry.id:
            transcript.cut(self.answer_id)
            transcript.add(answer.entry)
        self.answer_id = answer.entry.id
        self.figures = answer.figures
        self.before = self.first = None


def _complete_answer(shown: ColumnPresenter) -> CompleteAnswer | None:
    """The complete answer in a column; None also where another model gave it."""
    if not (shown.is_answered and shown.column.is_answered):
        return None
    entry = shown.view.transcript.entry(shown.answer_id)
    return CompleteAnswer(entry, shown.view.words, shown.figures)
