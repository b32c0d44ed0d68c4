"""Validation of calls and their results among the messages of a request.

That every call is followed by its result, and that a result follows its call, is a rule of
OpenAI's API; whether Groq is as strict everywhere is not known, so the stricter rule is taken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from groqchat.simulator.faults.refusals import bad_request

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def check_sequence(messages: Sequence[Mapping[str, Any]]) -> None:
    """Refuse messages whose calls and results do not belong together.

    Raises:
        RefusedError: 400, in the form of Groq's other refusals of messages.
    """
    waiting: list[str] = []
    for index, message in enumerate(messages):
        where = f"'messages.{index}'"
        if message["role"] == "tool":
            identifier = message.get("tool_call_id")
            if not isinstance(identifier, str):
                raise _flaw(where, "tool", "property 'tool_call_id' is missing")
            if identifier not in waiting:
                raise _flaw(where, "tool", "'tool_call_id' belongs to no call before it")
            waiting.remove(identifier)
            continue
        if waiting:
            raise _flaw(where, message["role"], f"a call has no result: {waiting[0]}")
        if message["role"] == "assistant":
            waiting = _calls(where, message)
    if waiting:
        raise _flaw(
            f"'messages.{len(messages) - 1}'", "assistant", f"a call has no result: {waiting[0]}"
        )


def _calls(where: str, message: Mapping[str, Any]) -> list[str]:
    """The ids of the calls of an assistant's message."""
    calls = message.get("tool_calls")
    if not calls:
        if not isinstance(message.get("content"), str | list):
            raise _flaw(where, "assistant", "property 'content' is missing")
        return []
    if not isinstance(calls, list) or not all(map(_is_whole, calls)):
        raise _flaw(where, "assistant", "'tool_calls' : value must be an array of calls")
    return [call["id"] for call in calls]


def _is_whole(call: object) -> bool:
    if not isinstance(call, dict) or call.keys() - {"id", "type", "function"}:
        return False
    function = call.get("function")
    if not isinstance(function, dict):
        return False
    texts = (call.get("id"), function.get("name"), function.get("arguments"))
    return call.get("type") == "function" and all(isinstance(text, str) for text in texts)


def _flaw(where: str, role: str, flaw: str) -> Exception:
    return bad_request(
        f"{where} : for 'role:{role}' the following must be satisfied[({where} : {flaw})]"
    )
