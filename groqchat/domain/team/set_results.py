"""The results of a shared set as texts: an answer without its reasoning, or a failure.

No key leaves the machine in them, and no prompt does.
"""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from groqchat.domain.errors.cause import ErrorKind
from groqchat.domain.money.pricing import Cost
from groqchat.domain.money.usage import Timing, Usage
from groqchat.domain.prompt_sets.prompt_set import SetFailure
from groqchat.domain.text.redact import without_keys
from groqchat.domain.turns.chat import Message, Role, State

if TYPE_CHECKING:
    from collections.abc import Mapping

    from groqchat.domain.prompt_sets.prompt_set import Pair


def answer_result(answer: Message) -> str:
    """An answer as others get it."""
    return json.dumps(
        {
            "id": answer.id,
            "content": without_keys(answer.content),
            "created": answer.created,
            "state": answer.state.value,
            "finish_reason": answer.finish_reason,
            "request_id": answer.request_id,
            "service_tier": answer.service_tier,
            "usage": asdict(answer.usage) if answer.usage else None,
            "timing": asdict(answer.timing) if answer.timing else None,
            "cost": str(answer.cost.total) if answer.cost else None,
            "saved": str(answer.cost.saved_by_cache) if answer.cost else None,
            "asked_with": dict(answer.asked_with),
        }
    )


def failure_result(failed: SetFailure) -> str:
    """A failure as others get it."""
    return json.dumps(
        {
            "kind": failed.kind.value,
            "sentence": without_keys(failed.sentence),
            "is_retryable": failed.is_retryable,
            "time": failed.time,
        }
    )


def spent_result(result: str) -> str:
    """The result of a task that somebody else has settled before: what it cost counts alone."""
    told = json.loads(result)
    if "id" not in told:
        return result
    return json.dumps({**told, "content": "", "state": State.STOPPED.value})


def read_result(result: str, session_id: str, parent_id: str, pair: Pair) -> Message | SetFailure:
    """A result as a message, or a failure, of a session of this machine.

    Args:
        result: The text.
        session_id: The session.
        parent_id: The message of the prompt.
        pair: The prompt's key as the column asks it, and the model.

    Raises:
        ValueError: The text is none that this version knows.
    """
    try:
        told: dict[str, Any] = json.loads(result)
        key, model = pair
        if "id" not in told:
            said = ErrorKind(told["kind"]), str(told["sentence"]), bool(told["is_retryable"])
            return SetFailure(session_id, key, model, *said, float(told["time"]))
        return _answer(told, session_id, parent_id, model)
    except (KeyError, TypeError, ValueError, ArithmeticError, AttributeError) as error:
        raise ValueError(f"no result ({type(error).__name__}: {error})") from None


def _answer(told: Mapping[str, Any], session_id: str, parent_id: str, model: str) -> Message:
    usage, timing, cost = told["usage"], told["timing"], told["cost"]
    return Message(
        str(told["id"]),
        session_id,
        parent_id,
        Role.ASSISTANT,
        str(told["content"]),
        float(told["created"]),
        state=State(told["state"]),
        model=model,
        finish_reason=told["finish_reason"],
        request_id=told["request_id"],
        service_tier=told["service_tier"],
        usage=Usage(**_known(Usage, usage)) if usage else None,
        timing=Timing(**_known(Timing, timing)) if timing else None,
        cost=None if cost is None else Cost(Decimal(cost), Decimal(told["saved"])),
        asked_with=dict(told["asked_with"]),
    )


def _known(kind: type[Usage | Timing], told: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that this version knows."""
    names = {each.name for each in fields(kind)}
    return {name: value for name, value in told.items() if name in names}
