"""Sets of prompts that several models answer, and the progress of a run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from groqchat.domain.errors.cause import Action, ErrorKind, Retry
from groqchat.domain.limits.allowance import USUAL_ANSWER
from groqchat.domain.prompt_sets.conversations import messages_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.domain.prompt_sets.checks import Check
    from groqchat.domain.prompt_sets.conversations import Turn
    from groqchat.domain.turns.chat import Message


@dataclass(frozen=True, slots=True)
class SetPrompt:
    """One prompt of a set.

    ``key`` names what is asked (its text, its system prompt, the longest answer, and which of
    several equal ones it is), not where it stands: checks, tags and ids may change without it.
    ``run`` counts the times that the prompt is asked, from 1. ``line`` is that of the file.
    ``history`` was said before, and is sent with the prompt.
    """

    key: str
    id: str
    text: str
    system: str = ""
    task: str = ""
    checks: tuple[Check, ...] = ()
    run: int = 1
    line: int = 0
    history: tuple[Turn, ...] = ()

    @property
    def conversation(self) -> str:
        """The text, with what was said before it."""
        said = [f"{turn.role.capitalize()}: {turn.content}" for turn in self.history]
        return "\n\n".join([*said, f"User: {self.text}"]) if said else self.text

    def messages(self, session_id: str, identifier: str, now: float) -> list[Message]:
        """What was said before, and the prompt as the last message, which has the identifier."""
        return messages_of(self.history, self.text, session_id, identifier, now)

    @property
    def label(self) -> str:
        """The id, with the number of the run where it is a repeat."""
        return self.id if self.run == 1 else f"{self.id}, run {self.run}"


@dataclass(frozen=True, slots=True)
class SetRecord:
    """One run of a file as it is kept: where its answers are, and how it was asked last.

    ``created`` is the Unix time at which it was begun. ``system`` and ``max_tokens`` were given on
    the command line; they are part of the prompts' keys. ``models`` are all that were asked, in the
    order in which they were named first; records of old versions have none. ``parameters`` are
    further ones of the command line, by the names of options, and part of the keys too.
    """

    session_id: str
    place: str
    created: float
    system: str = ""
    max_tokens: int | None = None
    models: tuple[str, ...] = ()
    parameters: Mapping[str, object] = field(default_factory=dict, hash=False)

    def in_order(self, models: Iterable[str]) -> list[str]:
        """Models in the order of the record; others follow by name."""
        places = {model: place for place, model in enumerate(self.models)}
        return sorted(models, key=lambda model: (places.get(model, len(places)), model))


@dataclass(frozen=True, slots=True)
class SetFailure:
    """The failure of a model to answer a prompt; ``time`` is a Unix time.

    ``is_retryable`` says that asking once more may help.
    """

    session_id: str
    key: str
    model: str
    kind: ErrorKind
    sentence: str
    is_retryable: bool
    time: float

    @property
    def pair(self) -> Pair:
        """The prompt's key and the model."""
        return self.key, self.model

    @property
    def is_of_the_model(self) -> bool:
        """True if the server refused the model and not this prompt, which is still to be asked."""
        return self.kind in _OF_THE_MODEL


Pair = tuple[str, str]
"""A prompt's key and a model."""
NO_VARIANTS: Mapping[Pair, Pair] = {}

_OF_ONE_PROMPT = frozenset(
    {
        ErrorKind.TOO_LARGE,
        ErrorKind.INVALID_REQUEST,
        ErrorKind.SERVICE_ERROR,
        ErrorKind.STREAM_BROKEN,
        ErrorKind.NO_ANSWER,
        ErrorKind.TIER_FULL,
    }
)
_OF_THE_MODEL = frozenset({ErrorKind.MODEL_GONE, ErrorKind.NOT_PERMITTED})


@dataclass(frozen=True, slots=True)
class Progress:
    """The results of a set so far: whole answers, and failures where there is none."""

    answers: Mapping[Pair, Message]
    failures: Mapping[Pair, SetFailure]

    def is_settled(self, prompt: SetPrompt, model: str) -> bool:
        """True if no prompt is left to ask."""
        pair = prompt.key, model
        failed = self.failures.get(pair)
        return pair in self.answers or (failed is not None and not failed.is_retryable)

    def pending(self, prompts: Iterable[SetPrompt], model: str) -> list[SetPrompt]:
        """The prompts that a model has still to answer, in the order of the set."""
        return [prompt for prompt in prompts if not self.is_settled(prompt, model)]


def progress(
    session_id: str,
    messages: Iterable[Message],
    failures: Iterable[SetFailure],
    shown: Mapping[Pair, Pair] = NO_VARIANTS,
) -> Progress:
    """The progress of a set, read from saved messages; the newest whole answer counts.

    Args:
        session_id: The session of the run.
        messages: Its answers.
        failures: Its failures.
        shown: What keys and models of variants stand for (`domain.prompt_sets.columns`).
    """
    answers: dict[Pair, Message] = {}
    for message in messages:
        key = key_of(session_id, message.parent_id)
        if key and message.model and message.state.is_answered:
            pair = key, message.model
            answers[shown.get(pair, pair)] = message
    failed_pairs = {shown.get(each.pair, each.pair): each for each in failures}
    return Progress(
        answers, {pair: failed_pairs[pair] for pair in failed_pairs.keys() - answers.keys()}
    )


def message_id(session_id: str, key: str) -> str:
    """The id of a prompt's message: made from the prompt, so that it is found again."""
    return f"{session_id}-{key}"


def key_of(session_id: str, prompt_message_id: str | None) -> str:
    """The key of the prompt that a message holds."""
    return (prompt_message_id or "").removeprefix(f"{session_id}-")


def stops_the_model(error: GroqchatError) -> bool:
    """True if the model's other prompts would fail with the same error now."""
    return error.kind not in _OF_ONE_PROMPT or error.cause.name == "circuit_open"


def refuses_the_model(error: GroqchatError) -> bool:
    """True if the server refuses the model itself: it is gone, or not allowed here.

    Of the account as a whole it is where another model would be refused as well.
    """
    is_answer = error.facts.status is not None
    is_curable = Action.SWITCH_MODEL in error.cause.actions
    return is_answer and is_curable and error.kind in _OF_THE_MODEL


# Nothing came, and what was sent may have been read: not repeated by itself, but when asked for.
_LOSSES = frozenset({"answer_empty", "connection_lost", "timed_out"})


def may_be_retried(error: GroqchatError) -> bool:
    """True if asking once more may help.

    A broken stream and an empty answer always deserve it, and a model that was refused may be back.
    """
    is_loss = error.kind is ErrorKind.STREAM_BROKEN or error.cause.name in _LOSSES
    is_worth_it = is_loss or refuses_the_model(error)
    return is_worth_it or error.cause.retry is not Retry.NEVER


def usual_answer(answers: Sequence[Message], max_tokens: int | None) -> int:
    """The average tokens of an answer; before there is one, the usual number anywhere."""
    counts = _lengths(answers, max_tokens)
    return round(sum(counts) / len(counts))


def longest_answer(answers: Sequence[Message], max_tokens: int | None) -> int:
    """The tokens of the longest answer; before there is one, the usual number anywhere."""
    return max(_lengths(answers, max_tokens))


def _lengths(answers: Sequence[Message], max_tokens: int | None) -> list[int]:
    counts = [answer.usage.completion_tokens for answer in answers if answer.usage]
    return counts or [min(USUAL_ANSWER, max_tokens or USUAL_ANSWER)]
