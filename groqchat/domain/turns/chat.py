"""Sessions, messages, and the events of one turn."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from groqchat.domain.tools.events import ApprovalAsked, CallStarted, SourceFailed, StepTaken
from groqchat.domain.turns.message_kind import MessageKind
from groqchat.domain.turns.service_tier import TIERS
from groqchat.domain.turns.session_kind import SessionKind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.domain.limits.quota import Reading
    from groqchat.domain.money.pricing import Cost, Price
    from groqchat.domain.money.usage import Timing, Usage
    from groqchat.domain.tools.executed import ExecutedTool
    from groqchat.domain.tools.tool import ToolCall


class Role(StrEnum):
    """The role of a message in the conversation."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"
    TOOL = "tool"


class State(StrEnum):
    """The state of a message; an answer in any state but COMPLETE is not whole.

    ENDED is an answer that the server ended early for the reason in ``finish_reason``;
    UNANSWERED is one that it ended without any text.
    """

    STREAMING = "streaming"
    COMPLETE = "complete"
    STOPPED = "stopped"
    BROKEN = "broken"
    CUT_BY_LIMIT = "length"
    ENDED = "ended"
    UNANSWERED = "no_answer"

    @property
    def is_answered(self) -> bool:
        """True if the server ended the message with a whole or partial answer."""
        return self in {State.COMPLETE, State.CUT_BY_LIMIT, State.ENDED}

    @property
    def has_end(self) -> bool:
        """True if the server ended the message, so that its counts are complete."""
        return self.is_answered or self is State.UNANSWERED


@dataclass(frozen=True, slots=True)
class Message:
    """One node of a session's tree; siblings (same parent) are versions of each other.

    ``created`` is a Unix time in seconds. The fields from ``model`` on are an answer's.
    ``provider`` names another vendor's endpoint that answered; None is Groq. ``in_place_of`` is the
    model that had been asked for, or the tier, where another one answered. ``kept_from`` is of a
    compaction or a summary: the id of the first earlier message that is still sent as it is, or
    None where none is. ``asked_with`` holds the parameters of an answer's request by the server's
    names, without its model; empty where they are not known. ``changed_above`` counts the deletions
    of messages before this one since it was stored, less those that were undone: where it is not 0,
    ``usage`` counts another prompt.
    ``calls`` are those that an answer asks for; of a result the one it answers, whose outcome is
    its ``finish_reason``. ``executed`` are the server's own steps, which are not sent again.
    """

    id: str
    session_id: str
    parent_id: str | None
    role: Role
    content: str
    created: float
    state: State = State.COMPLETE
    model: str | None = None
    reasoning: str = ""
    finish_reason: str | None = None
    request_id: str | None = None
    service_tier: str | None = None
    usage: Usage | None = None
    timing: Timing | None = None
    cost: Cost | None = None
    provider: str | None = None
    in_place_of: str | None = None
    kind: MessageKind = MessageKind.SPOKEN
    kept_from: str | None = None
    asked_with: Mapping[str, object] = field(default_factory=dict, hash=False)
    changed_above: int = 0
    calls: tuple[ToolCall, ...] = ()
    executed: tuple[ExecutedTool, ...] = ()

    @property
    def author(self) -> str:
        """The model, with the endpoint that served it if that was not Groq's."""
        return authored(self.model or "unknown model", self.provider)

    @property
    def signature(self) -> str:
        """The author, with the model or tier that it answered in place of, if any."""
        if self.in_place_of is None:
            return self.author
        tier = f" on {self.service_tier}" if self.in_place_of in TIERS else ""
        return f"{self.author}{tier} in place of {self.in_place_of}"


def authored(model: str, provider: str | None) -> str:
    """A model, with the endpoint that serves it if that is not Groq's."""
    return f"{model} at {provider}" if provider else model


@dataclass(frozen=True, slots=True)
class Session:
    """A saved conversation. ``leaf_id`` is the last message of the branch being shown.

    ``cost`` and ``turns`` are sums over all of its answers, priced ones only. From ``service_tier``
    on, empty or 0 is the server's default, and None was never kept (`domain.sessions.options`).
    ``deleted`` is the Unix time at which it was put into the bin; None where it is not there.
    ``parameters`` are the further options that are set, by their names in :class:`Options`.
    """

    id: str
    title: str
    created: float
    updated: float
    model: str | None = None
    system: str = ""
    leaf_id: str | None = None
    turns: int = 0
    cost: Decimal | None = None
    service_tier: str | None = None
    effort: str | None = None
    max_tokens: int | None = None
    history: int | None = None
    compaction: str | None = None
    kind: SessionKind = SessionKind.CHAT
    is_pinned: bool = False
    is_archived: bool = False
    tags: tuple[str, ...] = ()
    deleted: float | None = None
    parameters: Mapping[str, object] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Options:
    """The options of one request; None leaves a choice to the server or to us.

    ``max_tokens`` bounds the answer (``max_completion_tokens``); ``history`` bounds how many of
    the newest messages are sent. ``compaction`` is what is done, unasked, before a prompt for which
    the conversation has become too long: ``oldest`` or ``summary``. ``provider`` names another
    vendor's endpoint; None is Groq.
    ``is_json`` asks for one JSON object, where the model can give one; ``schema`` for one that is
    valid for a JSON Schema, written as JSON, and ``schema_form`` is how it is asked for, which
    follows from the model (`domain.structured.response_format`). ``reasoning_format`` is how
    reasoning comes, where the model has a choice: ``parsed``, ``raw`` or ``hidden``; for a model
    that knows only ``include_reasoning``, that stands in its place in the request. ``stop`` are the
    texts at which the server ends the answer. ``tools`` are the names of what is switched on: tools
    that the server runs itself, and sources of tools of our own.
    """

    model: str
    system: str = ""
    service_tier: str | None = None
    effort: str | None = None
    max_tokens: int | None = None
    temperature: float | None = None
    history: int | None = None
    is_json: bool = False
    reasoning_format: str | None = None
    dropped: frozenset[str] = frozenset()
    provider: str | None = None
    compaction: str | None = None
    top_p: float | None = None
    seed: int | None = None
    stop: tuple[str, ...] = ()
    include_reasoning: bool | None = None
    schema: str | None = None
    schema_form: str | None = None
    tools: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Accepted:
    """The server took the request; its headers are read before the first token."""

    request_id: str | None
    reading: Reading


@dataclass(frozen=True, slots=True)
class Delta:
    """A piece of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class ReasoningDelta:
    """A piece of the model's reasoning."""

    text: str


@dataclass(frozen=True, slots=True)
class TextWasReasoning:
    """A correction: all text of the answer so far was reasoning, which only its end shows."""


@dataclass(frozen=True, slots=True)
class Finished:
    """The end of an answer, with the facts that only the end has.

    ``refusal`` is what the model said instead of (the rest of) an answer; ``is_call`` that it
    called a tool, and ``calls`` those that can be answered.
    """

    reason: str
    usage: Usage | None = None
    service_tier: str | None = None
    request_id: str | None = None
    refusal: str = ""
    is_call: bool = False
    calls: tuple[ToolCall, ...] = ()


ProviderEvent = Accepted | Delta | ReasoningDelta | TextWasReasoning | StepTaken | Finished


@dataclass(frozen=True, slots=True)
class PromptStored:
    """A prompt, or the result of a tool, is saved; the request that sends it has not left."""

    message: Message


@dataclass(frozen=True, slots=True)
class AnswerStarted:
    """An empty answer exists; the following text belongs to it."""

    message: Message


@dataclass(frozen=True, slots=True)
class Waiting:
    """The turn sleeps before it sends (again). ``until`` is monotonic."""

    seconds: float
    until: float
    attempt: int
    error: GroqchatError


@dataclass(frozen=True, slots=True)
class Sending:
    """A request is being sent; ``attempt`` counts from 1."""

    attempt: int


@dataclass(frozen=True, slots=True)
class Rerouted:
    """The turn goes on with another tier or another model because of ``error``."""

    error: GroqchatError
    options: Options

    @property
    def sentence(self) -> str:
        """A sentence on the model or tier that is asked now."""
        facts = self.error.facts
        left = authored(facts.model or "the model", facts.vendor)
        asked = authored(self.options.model, self.options.provider)
        if asked == left:
            return f"{self.error.title}: asking on the {self.options.service_tier} tier instead."
        return f"{self.error.title}: asking {asked} instead of {left}."


@dataclass(frozen=True, slots=True)
class Skipped:
    """A target of the fallback route could not answer because of ``error``."""

    name: str
    error: GroqchatError

    @property
    def sentence(self) -> str:
        """A sentence on the target, the reason, and the remedy."""
        error = self.error
        return f"{self.name} cannot stand in: {error.message} {error.command_suggestion}"


@dataclass(frozen=True, slots=True)
class QuotaSeen:
    """The limits were read from the headers of this answer (or of its refusal)."""

    model: str
    reading: Reading


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer is saved; ``is_estimated``: the server did not count its tokens.

    The turn is over, unless the answer calls tools: then their results and another answer follow.
    ``is_short`` says that the answer was cut where it left room for others: a longer one follows.
    """

    message: Message
    price: Price | None
    attempts: int = 1
    is_estimated: bool = False
    is_short: bool = False


@dataclass(frozen=True, slots=True)
class Compacted:
    """The conversation is shorter from this note on; later prompts follow it."""

    message: Message


TurnEvent = (
    PromptStored
    | AnswerStarted
    | Waiting
    | Sending
    | Rerouted
    | Skipped
    | QuotaSeen
    | Delta
    | ReasoningDelta
    | TextWasReasoning
    | StepTaken
    | ApprovalAsked
    | CallStarted
    | SourceFailed
    | Answered
    | Compacted
)
