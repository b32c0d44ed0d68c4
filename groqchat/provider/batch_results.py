"""Reads the lines of the files that a batch leaves."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from groqchat.domain.batch.results import LineError, LineResult
from groqchat.domain.batch.submission import LineStatus
from groqchat.provider.fields import count, mapping, seconds, text, usage, whole_characters

if TYPE_CHECKING:
    from collections.abc import Mapping

# OpenAI's name of it; Groq's documentation says only that such lines are in the error file.
_EXPIRED_CODE = "batch_expired"
_OK = 200


def read_result(line: bytes | str) -> LineResult | None:
    """The result in one line of an output or error file; None where there is none.

    An error of the batch stands in ``error``, one of the request in ``response.body.error`` (Groq
    batch docs).
    """
    try:
        told = mapping(json.loads(line))
    except (ValueError, RecursionError):
        return None
    custom_id = told.get("custom_id")
    if not isinstance(custom_id, str):
        return None
    response = mapping(told.get("response"))
    body = mapping(response.get("body"))
    status, request_id = count(response.get("status_code")), text(response.get("request_id"))
    error = mapping(told.get("error")) or mapping(body.get("error"))
    if not error and body and status in {None, _OK}:
        return _answered(custom_id, body, request_id)
    code = text(error.get("code")) or ""
    message = whole_characters(text(error.get("message")) or code or "the server gave no reason")
    became = LineStatus.EXPIRED if code == _EXPIRED_CODE else LineStatus.FAILED
    failed = LineError(message, whole_characters(code), status)
    return LineResult(custom_id, became, error=failed, request_id=request_id)


def _answered(custom_id: str, body: Mapping[str, object], request_id: str | None) -> LineResult:
    choices = body.get("choices")
    choice = mapping(choices[0]) if isinstance(choices, list) and choices else {}
    message = mapping(choice.get("message"))
    answer = text(message.get("content") if choice else body.get("text")) or ""
    if not answer and message.get("tool_calls"):
        answer = json.dumps(message["tool_calls"], ensure_ascii=False)
    return LineResult(
        custom_id,
        LineStatus.COMPLETED,
        answer=whole_characters(answer),
        reasoning=whole_characters(text(message.get("reasoning")) or ""),
        usage=usage(body.get("usage")),
        audio_s=seconds(body.get("duration")),
        finish_reason=text(choice.get("finish_reason")),
        request_id=request_id,
        model=text(body.get("model")),
    )
