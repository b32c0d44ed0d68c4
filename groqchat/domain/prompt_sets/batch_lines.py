"""A prompt of a set as a line of a batch, and the line's result as an answer or a failure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from groqchat.domain.batch.lines import CHAT, batch_line
from groqchat.domain.batch.submission import LineStatus
from groqchat.domain.errors.cause import ErrorKind
from groqchat.domain.errors.diagnosis import diagnose, diagnose_event
from groqchat.domain.errors.table import failure
from groqchat.domain.images.image import images_in
from groqchat.domain.ledger.entry import BATCH
from groqchat.domain.models.parameters import fitted
from groqchat.domain.money.pricing import Cost
from groqchat.domain.prompt_sets.prompt_set import (
    SetFailure,
    key_of,
    may_be_retried,
    message_id,
)
from groqchat.domain.turns.chat import Finished, Message, Role, State
from groqchat.domain.turns.finish_reasons import state_of, why_unanswered
from groqchat.domain.turns.sent_parameters import parameters_sent

if TYPE_CHECKING:
    from collections.abc import Callable

    from groqchat.domain.batch.lines import BatchLine
    from groqchat.domain.batch.results import LineError, LineResult, StoredResult
    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.domain.models.catalog import Model
    from groqchat.domain.prompt_sets.prompt_set import Pair, SetPrompt
    from groqchat.domain.turns.chat import Options

_EXPIRED = "The completion window of the batch ended before this prompt was answered."
_UNTOLD = "The batch ended without an answer or an error for this prompt."


def set_line(
    session_id: str, prompt: SetPrompt, options: Options, model_of: Callable[[str], Model]
) -> BatchLine:
    """The line that asks one prompt, as a request of its own would ask it.

    Args:
        session_id: The session of the run.
        prompt: The prompt.
        options: How its model is asked; a batch has no service tier.
        model_of: What is known about a model.

    Raises:
        ValueError: The server would refuse the line; the message says why.
    """
    if images_in(prompt.conversation):
        raise ValueError(f"prompt {prompt.id} has an image; ask such sets without --batch")
    told = fitted(options, model_of(options.model))
    messages = [{"role": "system", "content": prompt.system}] if prompt.system else []
    messages += [{"role": turn.role, "content": turn.content} for turn in prompt.history]
    messages.append({"role": "user", "content": prompt.text})
    parameters = parameters_sent(replace(told, service_tier=None))
    body: dict[str, object] = {"model": told.model, "messages": messages} | parameters
    custom_id = f"{message_id(session_id, prompt.key)}:{told.model}"
    return batch_line({"custom_id": custom_id, "url": CHAT, "body": body}, model_of)


def prompt_message_of(stored: StoredResult) -> str:
    """The id of the prompt's message, which is the first part of the custom id."""
    return stored.custom_id.removesuffix(f":{stored.model}")


def pair_of(session_id: str, stored: StoredResult) -> Pair:
    """The prompt's key and the model of a line."""
    return key_of(session_id, prompt_message_of(stored)), stored.model


def answer_of(
    session_id: str, stored: StoredResult, identifier: str, time: float
) -> Message | None:
    """The answer of a completed line as a message; None for a line without one.

    Args:
        session_id: The session of the run.
        stored: The line's result.
        identifier: The id of the message.
        time: The Unix time at which the batch ended.
    """
    result = stored.result
    if result is None or stored.status is not LineStatus.COMPLETED:
        return None
    has_text = bool((result.answer or "").strip())
    return Message(
        identifier,
        session_id,
        prompt_message_of(stored),
        Role.ASSISTANT,
        result.answer or "",
        time,
        state=state_of(_end(result)) if has_text else State.UNANSWERED,
        model=stored.model,
        reasoning=result.reasoning,
        finish_reason=result.finish_reason,
        request_id=result.request_id,
        service_tier=BATCH,
        usage=result.usage,
        cost=None if stored.cost is None else Cost(stored.cost),
        asked_with=stored.asked_with,
    )


def failure_of(session_id: str, stored: StoredResult, time: float) -> SetFailure | None:
    """The failure of an ended line; None for one that has an answer, or may simply be asked again.

    Args:
        session_id: The session of the run.
        stored: The line's result.
        time: The Unix time at which the batch ended.
    """
    key, model = pair_of(session_id, stored)
    result = stored.result
    kind, sentence, is_retryable = ErrorKind.SERVICE_ERROR, _UNTOLD, True
    if stored.status is LineStatus.EXPIRED:
        sentence = _EXPIRED
    elif stored.status is LineStatus.COMPLETED and result is not None:
        if (result.answer or "").strip():
            return None
        error = failure(
            why_unanswered(_end(result), has_reasoned=bool(result.reasoning)), model=model
        )
        kind, sentence, is_retryable = error.kind, error.message, may_be_retried(error)
    elif stored.status is not LineStatus.FAILED:
        return None
    elif result is not None and result.error is not None:
        error = _error(result.error, model)
        kind, sentence, is_retryable = error.kind, error.message, may_be_retried(error)
    return SetFailure(session_id, key, model, kind, sentence, is_retryable, time)


def _end(result: LineResult) -> Finished:
    return Finished(result.finish_reason or "stop", result.usage)


def _error(told: LineError, model: str) -> GroqchatError:
    """The error of a line, explained as that of a request of its own."""
    body = {"error": {"message": told.message, "code": told.code or None}}
    if told.status is None:
        return diagnose_event(body, partial="", model=model)
    return diagnose(told.status, body, {}, model=model)
