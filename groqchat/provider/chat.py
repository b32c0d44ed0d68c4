"""The JSON of a chat request, and the end of its answer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from groqchat.domain.errors.diagnosis import diagnose_event
from groqchat.domain.errors.refusal_bodies import shown
from groqchat.domain.errors.table import failure
from groqchat.domain.errors.tree import Facts
from groqchat.domain.turns.answer_form import comes_whole, format_sent
from groqchat.domain.turns.chat import Finished
from groqchat.domain.turns.sent_parameters import parameters_sent, sampling_sent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.domain.tools.tool import Tool
    from groqchat.domain.turns.request import ChatRequest, RequestMessage
    from groqchat.provider.answer_reader import AnswerReader

_BEFORE_ANY_TEXT = {"stream_cut": "stream_empty", "stream_stalled": "timed_out"}


def request_body(request: ChatRequest) -> dict[str, object]:
    """The JSON of a request to Groq, without the parameters in ``options.dropped``.

    Groq answers unknown keys in messages with a 400 (observed).
    """
    built_in = [{"type": name} for name in request.built_in]
    body = _bare_body(request, built_in) | parameters_sent(request.options)
    left_out = request.options.dropped
    if comes_whole(request.options):
        left_out |= {"stream", "stream_options"}
    return {name: value for name, value in body.items() if name not in left_out}


def plain_body(request: ChatRequest, bound: str) -> dict[str, object]:
    """The JSON of a request in the fields that every compatible server knows.

    Args:
        request: The request.
        bound: The server's name for the limit of completion tokens.
    """
    options = request.options
    bounds = {} if options.max_tokens is None else {bound: options.max_tokens}
    form = format_sent(options)
    asked = {} if form is None else {"response_format": form}
    return _bare_body(request, []) | bounds | sampling_sent(options) | asked


def _bare_body(request: ChatRequest, built_in: Sequence[Mapping[str, object]]) -> dict[str, object]:
    """Tools come behind what has always stood there; the server's cache needs their order."""
    tools = [*built_in, *map(_tool, request.tools)]
    return {
        "model": request.options.model,
        "messages": [_message(each) for each in request.messages],
        "stream": True,
        "stream_options": {"include_usage": True},
    } | ({"tools": tools} if tools else {})


def _tool(tool: Tool) -> dict[str, object]:
    function = {
        "name": tool.sent_name,
        "description": _sendable(tool.description),
        "parameters": tool.parameters,
    }
    return {"type": "function", "function": function}


def finished(reader: AnswerReader, request_id: str | None) -> Finished | None:
    """The ``Finished`` event of a complete answer; None for an incomplete one."""
    if reader.finish_reason is None:
        return None
    return Finished(
        reader.finish_reason,
        reader.usage,
        reader.service_tier,
        reader.request_id or request_id,
        reader.refusal,
        reader.has_called,
        reader.calls,
    )


def broken(
    reader: AnswerReader, cause: str | None, model: str, request_id: str | None, detail: str
) -> GroqchatError:
    """The error of an incomplete answer.

    Args:
        reader: The reader with the part that arrived.
        cause: The name of the cause for which the connection ended, if it is known.
        model: The model of the request.
        request_id: The id from the headers.
        detail: Further words about the cause.
    """
    request_id = reader.request_id or request_id
    if reader.failure is not None:
        begun = not reader.is_empty
        error = diagnose_event(reader.failure, partial=reader.text, model=model, has_begun=begun)
        return error.with_facts(request_id=request_id)
    facts = Facts(model=model, partial=reader.text, request_id=request_id, detail=shown(detail))
    if reader.is_foreign:
        return failure("not_groq", facts)
    if reader.is_garbled:
        return failure("stream_garbled", facts)
    row = cause or "stream_cut"
    return failure(_BEFORE_ANY_TEXT.get(row, row) if reader.is_empty else row, facts)


def _message(message: RequestMessage) -> dict[str, object]:
    calls = (replace(call, arguments=_sendable(call.arguments)) for call in message.calls)
    return replace(message, content=_sendable(message.content), calls=tuple(calls)).as_json


def _sendable(text: str) -> str:
    """The text without lone surrogates, which a terminal may paste and JSON cannot carry."""
    return text.encode("utf-8", "replace").decode("utf-8")
