"""One side of a comparison on the screen: its turn's events become text, phase and figures."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from groqchat.domain.compare.compare import MEASURES, NO_FIGURES, Figures, figures_of
from groqchat.domain.errors.cause import ErrorKind
from groqchat.domain.limits.quota import LimitKind
from groqchat.domain.text.humanize import count, countdown, duration
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
from groqchat.domain.turns.finish_reasons import ending
from groqchat.domain.turns.pieces import pieces
from groqchat.services.compare.compare import Delayed, Failed
from groqchat.ui.compare.column import CompareColumn, Phase
from groqchat.ui.compare.column_advice import advice
from groqchat.ui.transcript.entries import Entry
from groqchat.ui.transcript.entries import State as Mark
from groqchat.ui.transcript.messages import entry_of, mark_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from groqchat.domain.compare.compare import Measure
    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.domain.turns.chat import ChatRequest, Message, TurnEvent
    from groqchat.services.compare.compare import Column
    from groqchat.services.ports import Clock
    from groqchat.ui.parts import Connection

_OVER = frozenset({Phase.ANSWERED, Phase.FAILED, Phase.STOPPED})


@dataclass(slots=True)
class Side:
    """A column of the comparison and the column that shows it.

    ``answer_id`` is the answer on the screen, of which there is some text where ``has_text``;
    ``cut`` says in words why that is not all. While one grows, ``sent`` and ``first`` say when it
    was asked for and when its first token came (monotonic seconds), ``grown`` about how many tokens
    there are of it without the ``fresh`` texts that came since that was looked at.
    ``held_until`` says when it begins, where columns begin one after another (monotonic seconds).
    Where a prompt is asked again, ``coming`` is the answer that takes the place of the one on the
    screen as soon as it says something, and ``before`` is how a whole one stood: the words below
    it, its figures.
    """

    shown: CompareColumn
    column: Column
    clock: Clock
    shared_system: str = ""
    answer_id: str = ""
    has_text: bool = False
    cut: str = ""
    coming: Message | None = None
    before: tuple[str, Figures] | None = None
    sent: float = 0.0
    first: float | None = None
    grown: float = 0.0
    fresh: list[str] = field(default_factory=list)
    waiting: Waiting | None = None
    figures: Figures = NO_FIGURES
    measures: Sequence[Measure] = MEASURES
    held_until: float | None = None

    @property
    def is_over(self) -> bool:
        """Whether its turn has ended, one way or another."""
        return self.shown.phase in _OVER

    @property
    def is_answered(self) -> bool:
        """Whether there is a whole answer to the last prompt."""
        return self.shown.phase is Phase.ANSWERED

    @property
    def is_cut(self) -> bool:
        """Whether what is there is not all."""
        return bool(self.cut)

    @property
    def is_comparable(self) -> bool:
        """Whether its figures are those of a whole answer, not of one cut short."""
        return self.is_answered and not self.is_cut

    @property
    def details(self) -> str:
        """What is set for this column, in a few words."""
        options = self.column.options
        told = [
            options.effort,
            f"≤ {count(options.max_tokens)} tokens" if options.max_tokens else None,
            None if options.temperature is None else f"T {options.temperature:g}",
            "own system prompt" if options.system != self.shared_system else None,
        ]
        return " · ".join(filter(None, told))

    def begin(self, *, is_again: bool) -> None:
        """A turn begins; an answer that is asked for again stays until there is a better one."""
        if not is_again:
            self.answer_id, self.has_text = "", False
        self.before = (self.shown.words, self.figures) if is_again and self.is_answered else None
        self.column.begin()
        self.coming = self.waiting = None
        self.first, self.grown, self.figures = None, 0.0, NO_FIGURES
        self.fresh.clear()
        self.held_until = None
        self.sent = self.clock.monotonic()
        self.shown.clear_figures()
        self.shown.show_trouble(None)
        self.shown.show_phase(Phase.ANSWERING, "sending")

    def recall(self, said: Sequence[Message], *, hides_names: bool = False) -> None:
        """Show where it stood when it was left, by all that was said in it."""
        prompt = self.column.prompt
        if prompt is None:
            return
        # Where names are hidden, what was said before would tell them.
        begin = said.index(prompt) if hides_names and prompt in said else 0
        self.show_whole(said[begin:])
        answer = next((each for each in said if each.id == self.column.leaf_id), None)
        self._recall_answer(answer if answer and answer.parent_id == prompt.id else None)
        if hides_names:
            self.shown.show_phase(self.shown.phase)
        self._show_trouble(hides_names=hides_names)

    def _recall_answer(self, answer: Message | None) -> None:
        if answer is None:
            error = self.column.error
            self.shown.show_phase(Phase.FAILED, _status(error) if error else "not answered")
            return
        self.answer_id, self.has_text, self.figures = answer.id, True, figures_of(answer)
        self.cut = _cut(answer)
        if answer.state.is_answered:
            self.shown.show_phase(Phase.ANSWERED, self._took)
        elif answer.state is State.STOPPED:
            self.shown.show_phase(Phase.STOPPED, "stopped")
        else:
            self.shown.show_phase(Phase.FAILED, self.cut or "broken off")

    def forecast(
        self, request: ChatRequest, connection: Connection, *, hides_names: bool = False
    ) -> bool:
        """Say below what a prompt would take here; returns whether it fits at once.

        Limits would tell a hidden name.
        """
        figures, fits = _outlook(request, connection)
        if hides_names:
            figures = ("fits" if fits else "does not fit at once",)
        self.shown.show_outlook(figures, fits=fits)
        return fits

    def take(self, event: TurnEvent | Failed | Delayed, *, hides_names: bool = False) -> None:
        """Show what happens; where names are hidden, not what would tell them."""
        match event:
            case Delta(text) | ReasoningDelta(text):
                self._grow(event, text)
            case TextWasReasoning():
                self.shown.transcript.rethink(self.answer_id)
            case PromptStored(prompt):
                self._show_prompt(prompt)
            case Delayed(seconds):
                if self.column.prompt is not None:
                    self._show_prompt(self.column.prompt)
                self.held_until = self.clock.monotonic() + seconds
                self.tick()
            case Waiting():
                self.waiting = event
                self.tick()
            case Sending():
                self.waiting, self.sent = None, self.clock.monotonic()
                self.held_until = None
                self.shown.show_phase(Phase.ANSWERING, "sent")
            case AnswerStarted(message):
                self.coming = message
            case Answered(message):
                self._close(message, hides_names=hides_names)
            case Failed(error):
                self._fail(error, hides_names=hides_names)

    def show_whole(self, said: Sequence[Message]) -> None:
        """Show all of the conversation."""
        self.shown.transcript.show([_nameless(message) for message in said])

    def reveal(self) -> None:
        """What went wrong may be told now, and how long it took."""
        if self.is_answered:
            self.shown.show_phase(Phase.ANSWERED, self._took)
        self._show_trouble()

    def offer(self, model: str, *, hides_names: bool = False) -> None:
        """Another model could answer in this column now."""
        self.column.replacement = model
        self._show_trouble(hides_names=hides_names)

    def end(self) -> None:
        """The turn is over; a side that has not ended was stopped."""
        if self.shown.phase in {Phase.ANSWERING, Phase.WAITING}:
            self._leave(Phase.STOPPED, Mark.STOPPED, "stopped")

    def tick(self) -> None:
        """Time has passed."""
        now = self.clock.monotonic()
        if self.held_until is not None:
            left = countdown(max(0.0, self.held_until - now))
            self.shown.show_phase(Phase.WAITING, f"begins in {left}, after the others")
        elif self.waiting is not None:
            left = countdown(max(0.0, self.waiting.until - now))
            kind = self.waiting.error.facts.limit_kind or self.waiting.error.title
            self.shown.show_phase(Phase.WAITING, f"sends in {left} · {kind}")
        elif self.first is not None and not self.is_over:
            self.figures = self._rough(now)

    def show_figures(self, best: Sequence[Measure]) -> None:
        """Write the figures, if there are any yet."""
        if self.figures is not NO_FIGURES:
            self.shown.show_figures(self.figures, best, is_rough=not self.is_answered)

    def _show_prompt(self, prompt: Message) -> None:
        transcript = self.shown.transcript
        if all(entry.id != prompt.id for entry in transcript.entries):
            transcript.add(entry_of(prompt))
        transcript.follow()

    def _grow(self, event: Delta | ReasoningDelta, text: str) -> None:
        if self.first is None:
            self.first = self.clock.monotonic()
            self.shown.show_phase(Phase.ANSWERING, "answering")
            self._arrive()
        self.fresh.append(text)
        transcript = self.shown.transcript
        grow = transcript.append if isinstance(event, Delta) else transcript.append_reasoning
        grow(self.answer_id, text)

    def _rough(self, now: float) -> Figures:
        """Our own estimate while nobody has counted."""
        first = self.first or now
        streamed = now - first
        self.grown += pieces("".join(self.fresh))
        self.fresh.clear()
        return Figures(
            first_token_s=first - self.sent,
            total_s=now - self.sent,
            rate=self.grown / streamed if streamed > 0 else None,
            completion_tokens=round(self.grown),
        )

    def _arrive(self) -> None:
        """The answer that was asked for is there, instead of one that was there before."""
        if self.coming is None:
            return
        if self.answer_id:
            self.shown.transcript.cut(self.answer_id)
        self.answer_id, self.has_text = self.coming.id, True
        self.shown.transcript.add(_nameless(self.coming))
        self.coming = self.before = None

    def _close(self, answer: Message, *, hides_names: bool) -> None:
        self._arrive()
        self.cut = _cut(answer)
        self.figures = self.column.figures[-1]
        self.shown.transcript.finish(answer.id, state=mark_of(answer))
        self.shown.show_phase(Phase.ANSWERED, "" if hides_names else self._took)

    def _fail(self, error: GroqchatError, *, hides_names: bool) -> None:
        mark = Mark.UNANSWERED if error.kind is ErrorKind.NO_ANSWER else Mark.BROKEN
        self._leave(Phase.FAILED, mark, _status(error))
        self._show_trouble(hides_names=hides_names)

    def _show_trouble(self, *, hides_names: bool = False) -> None:
        error, replacement = self.column.error, self.column.replacement
        words = advice(error, replacement=replacement, has_text=self.has_text) if error else ""
        self.shown.show_trouble(error, words, replacement=replacement, hides_names=hides_names)

    @property
    def _took(self) -> str:
        took = duration(self.figures.total_s)
        return f"{took} · {self.cut}" if self.cut else took

    def _leave(self, phase: Phase, mark: Mark, words: str) -> None:
        """The turn came to nothing, or to a part of an answer; one from before still holds."""
        if self.first is not None:
            self.shown.transcript.finish(self.answer_id, state=mark)
        elif self.before is not None:
            phase, (words, self.figures) = Phase.ANSWERED, self.before
        self.shown.show_phase(phase, words)


def _cut(answer: Message) -> str:
    """Why there is no more of an answer, to stand below a column; empty where it is whole."""
    return "cut short" if answer.state is State.CUT_BY_LIMIT else ending(answer)


def _status(error: GroqchatError) -> str:
    """An error in a word, to stand below a column."""
    return str(error.facts.status or error.kind.replace("_", " "))


def _nameless(message: Message) -> Entry:
    """A message without what tells who said it: that stands above the column.

    Its code has no numbers, since digits vote here.
    """
    label = "You" if message.role is Role.USER else "Answer"
    return replace(entry_of(message), label=label, footer="", numbers_code=False)


def _outlook(request: ChatRequest, connection: Connection) -> tuple[Sequence[str], bool]:
    """What a prompt would take from a model's limits, and whether it fits at once."""
    tokens = request.prompt_tokens
    obstacle = connection.quota.obstacle(request)
    if obstacle is not None:
        kind, wait = obstacle.facts.limit_kind, obstacle.facts.retry_after_s
        if wait is None:
            never = f"≈ {count(tokens)} tokens never fit {kind or 'the context window'}"
            return (never,), False
        return (f"≈ {count(tokens)} tokens fit {kind} in {countdown(wait)}",), False
    view = connection.quota.view(request.options.model)
    left = [
        f"{count(level.remaining)} {kind}"
        for kind in (LimitKind.TPM, LimitKind.RPD)
        if (level := view.level(kind)) and level.remaining is not None
    ]
    first, *rest = left or [""]
    return (f"≈ {count(tokens)} of {first}" if first else f"≈ {count(tokens)} tokens", *rest), True
