"""The events of a turn as JSON lines, for ``ask --jsonl``.

Their fields are described by the schema that ``ask --jsonl-schema`` prints; fields and kinds of
events may be added in a version, but none is renamed or left out.
"""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from groqchat import __version__
from groqchat.cli.answers import quota_document, timing_document
from groqchat.cli.failures import error_document
from groqchat.cli.output import print_json_line, rounded
from groqchat.domain.money.pricing import price_strings, usd_string
from groqchat.domain.money.usage import usage_document
from groqchat.domain.tools.events import ApprovalAsked, CallStarted, SourceFailed, StepTaken
from groqchat.domain.tools.outcome import Outcome
from groqchat.domain.turns.chat import (
    Answered,
    AnswerStarted,
    Compacted,
    Delta,
    PromptStored,
    QuotaSeen,
    ReasoningDelta,
    Rerouted,
    Role,
    Sending,
    Skipped,
    TextWasReasoning,
    Waiting,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from groqchat.domain.limits.quota import QuotaView
    from groqchat.domain.turns.chat import Message, TurnEvent

Line = dict[str, object]

VERSION = 1
"""The version of the events; it changes if a field changes its meaning."""
SCHEMA_FILE = "ask_events.schema.json"


def schema_text() -> str:
    """The JSON Schema of one line."""
    return files("groqchat.catalog").joinpath(SCHEMA_FILE).read_text(encoding="utf-8")


def print_start() -> None:
    """Print the first line."""
    start = {"event": "start", "version": VERSION, "groqchat": __version__, "command": "ask"}
    print_json_line(start)


class EventLines:
    """Prints the events of one ``ask``.

    Args:
        quota_of: Gives the limits of a model.
        is_kept: Whether the session is saved.
    """

    def __init__(self, quota_of: Callable[[str], QuotaView], *, is_kept: bool) -> None:
        self._quota_of = quota_of
        self._is_kept = is_kept

    def take(self, event: TurnEvent) -> None:
        """Print an event."""
        line = self._state(event) or _progress(event) or _of_tools(event) or _text(event)
        if line is not None:
            print_json_line(line)

    def _state(self, event: TurnEvent) -> Line | None:
        """The line of an event about what is stored or known."""
        match event:
            case PromptStored(message):
                return self._stored(message)
            case AnswerStarted(message):
                return {
                    "event": "answer_started",
                    "message_id": message.id,
                    "model": message.model,
                    "provider": message.provider,
                    "in_place_of": message.in_place_of,
                    "request_id": message.request_id,
                }
            case QuotaSeen(model):
                buckets = quota_document(self._quota_of(model))
                return {"event": "quota", "model": model, "quota": buckets}
            case Compacted(message):
                return {"event": "compacted", "message_id": message.id, "text": message.content}
            case Answered():
                return {"event": "usage", **_usage(event)}
        return None

    def _stored(self, message: Message) -> Line:
        if message.role is Role.TOOL:
            return _result(message)
        kept = message.session_id if self._is_kept else None
        ids = {"message_id": message.id, "parent_id": message.parent_id}
        return {"event": "prompt_stored", **ids, "session_id": kept}

    def done(self, document: dict[str, object], exit_code: int) -> None:
        """Print the last line of an answer.

        Args:
            document: The document of ``--json``.
            exit_code: The exit code of the command.
        """
        print_json_line({"event": "done", **document, "exit_code": exit_code})


def _progress(event: TurnEvent) -> Line | None:
    """The line of an event about what is sent, and where."""
    match event:
        case Sending(attempt):
            return {"event": "sending", "attempt": attempt}
        case Waiting(seconds, _, attempt, error):
            told = {"seconds": rounded(seconds), "attempt": attempt}
            return {"event": "waiting", **told, **error_document(error)}
        case Rerouted(error, options):
            to = {"model": options.model, "provider": options.provider}
            tier = {"service_tier": options.service_tier}
            return {"event": "rerouted", **to, **tier, **error_document(error)}
        case Skipped(name, error):
            return {"event": "skipped", "target": name, **error_document(error)}
    return None


def _of_tools(event: TurnEvent) -> Line | None:
    """The line of an event about tools."""
    match event:
        case CallStarted(tool, call) | ApprovalAsked(tool, call, _):
            name = "tool_call" if isinstance(event, CallStarted) else "approval_asked"
            told = {"id": call.id, "source": tool.source, "name": tool.name}
            return {"event": name, **told, "arguments": call.arguments}
        case StepTaken(number, step):
            words = {"arguments": step.arguments, "output": step.output}
            return {"event": "step", "number": number, "name": step.name, **words}
        case SourceFailed(name, error):
            return {"event": "tools_failed", "source": name, **error_document(error)}
    return None


def _result(message: Message) -> Line:
    """The line of the result of a call, which is a stored message."""
    call = message.calls[0] if message.calls else None
    return {
        "event": "tool_result",
        "id": call.id if call else None,
        "message_id": message.id,
        "text": message.content,
        "outcome": message.finish_reason,
        "is_error": message.finish_reason != Outcome.DONE,
    }


def _text(event: TurnEvent) -> Line | None:
    """The line of an event that brings text."""
    match event:
        case Delta(text):
            return {"event": "text", "text": text}
        case ReasoningDelta(text):
            return {"event": "reasoning", "text": text}
        case TextWasReasoning():
            return {"event": "text_was_reasoning"}
    return None


def _usage(answered: Answered) -> dict[str, object]:
    message = answered.message
    usage = message.usage
    return {
        "usage": usage and usage_document(usage, is_estimated=answered.is_estimated),
        "cost_usd": usd_string(message.cost.total) if message.cost else None,
        "price": price_strings(answered.price),
        "timing": timing_document(message),
    }
