"""A column of a comparison: one model, and its conversation."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from groqchat.domain.compare.compare import SavedColumn, figures_of, of_rounds
from groqchat.domain.compare.rules import variant_name
from groqchat.domain.turns.chat import (
    Answered,
    AnswerStarted,
    Delta,
    Message,
    PromptStored,
    ReasoningDelta,
    Role,
    TurnEvent,
)

if TYPE_CHECKING:
    from groqchat.domain.compare.compare import Figures
    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.domain.turns.chat import Options


@dataclass(frozen=True, slots=True)
class Failed:
    """The end of a column's turn in an error; the part of the answer that arrived is saved."""

    error: GroqchatError


@dataclass(slots=True)
class Column:
    """One model of a comparison, and its conversation.

    Attributes:
        options: Model and parameters.
        variant: The parameters that tell it from other columns of its model, as they were written.
        prompt: The last prompt.
        leaf_id: The last complete answer, or a later one that has text where the last prompt has no
            complete one; the next prompt follows it.
        answered: When that answer was begun (Unix time); 0 where there is none.
        is_answered: Whether that answer is a complete one to the last prompt.
        started: The answer that was begun last.
        standing: The last result of a tool in a turn that has no answer yet: it goes on there.
        rounds: The figures of the answers of this turn that called tools.
        figures: The figures of all complete answers.
        failures: The number of turns that ended in an error.
        error: The error of the last turn; None where it brought a complete answer.
        replacement: The model that may take the place of one that cannot answer.
    """

    options: Options
    variant: str = ""
    prompt: Message | None = None
    leaf_id: str | None = None
    answered: float = 0.0
    is_answered: bool = False
    started: Message | None = None
    standing: Message | None = None
    rounds: list[Figures] = field(default_factory=list)
    figures: list[Figures] = field(default_factory=list)
    failures: int = 0
    error: GroqchatError | None = None
    replacement: str | None = None

    @property
    def model(self) -> str:
        """The id of the model."""
        return self.options.model

    @property
    def name(self) -> str:
        """The model, with what tells the column from others of it."""
        return variant_name(self.model, self.variant)

    @property
    def last_id(self) -> str | None:
        """The last message: the answer to the last prompt, or that prompt where it has none."""
        prompt = self.prompt
        return prompt.id if prompt and self.leaf_id == prompt.parent_id else self.leaf_id

    def put(self, prompt: Message) -> None:
        """Take a new prompt."""
        self.prompt = prompt
        self.is_answered = False
        self.standing = None
        self.rounds.clear()
        self.begin()

    def become(self, model: str) -> None:
        """Let another model answer from now on; figures and failures start at zero."""
        self.options = replace(self.options, model=model)
        self.figures, self.failures = [], 0
        self.rounds.clear()
        self.is_answered = False
        self.begin()

    @property
    def saved(self) -> SavedColumn:
        """The state of the column as it is stored."""
        prompt_id = self.prompt.id if self.prompt else None
        return SavedColumn(self.options, prompt_id, self.failures, self.error, self.variant)

    def begin(self) -> None:
        """Begin a turn, and clear the error of the last one."""
        self.error = self.replacement = None
        if self.standing is None:
            self.rounds.clear()

    def note(self, event: TurnEvent | Failed) -> None:
        """Update the column from an event of its turn."""
        match event:
            case AnswerStarted(message):
                self.started = message
            case Delta() | ReasoningDelta() if self.started is not None and not self.is_answered:
                self.leaf_id, self.answered = self.started.id, self.started.created
            case PromptStored(message) if message.role is Role.TOOL:
                self.standing = message
                self.leaf_id = message.id if not self.is_answered else self.leaf_id
            case Answered(message) if message.calls:
                self.rounds.append(figures_of(message))
                if not self.is_answered:
                    self.leaf_id, self.answered = message.id, message.created
            case Answered(message):
                self.leaf_id, self.answered = message.id, message.created
                self.is_answered = True
                self.figures.append(of_rounds([*self.rounds, figures_of(message)]))
                self.standing = None
                self.rounds.clear()
            case Failed(error):
                self.failures += 1
                self.error = error
