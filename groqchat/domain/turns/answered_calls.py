"""Keeps calls of tools and their results together in what is sent.

A server refuses an assistant's message with a call that no result follows. A turn may have been
stopped between the two, or its process killed: what is missing is filled in wherever a request is
made, so that nothing has to be written at that moment.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from groqchat.domain.turns.chat import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from groqchat.domain.tools.tool import ToolCall
    from groqchat.domain.turns.chat import Message

NO_RESULT = "No result: the turn was stopped before this call had ended. It may not have run."
"""The result that a model is told of a call without one."""


def with_results(messages: Iterable[Message]) -> list[Message]:
    """The messages with a result behind each call, and without results of calls that are not there.

    Args:
        messages: A part of a branch, in order.
    """
    return list(_with_results(messages))


def results_behind(messages: Sequence[Message]) -> Mapping[str, int]:
    """The number of results behind each answer with calls, by its id.

    Results are stored in the order of their calls, so the calls behind these have none.

    Args:
        messages: All messages of a tree, or a part of a branch; parents before their children.
    """
    numbers = {each.id: 0 for each in messages if each.calls and each.role is not Role.TOOL}
    answers: dict[str, str] = {each: each for each in numbers}
    depths: dict[str, int] = {}
    for message in messages:
        if message.role is not Role.TOOL or message.parent_id not in answers:
            continue
        answer = answers[message.id] = answers[message.parent_id]
        depths[message.id] = depths.get(message.parent_id, 0) + 1
        numbers[answer] = max(numbers[answer], depths[message.id])
    return numbers


def _with_results(messages: Iterable[Message]) -> Iterator[Message]:
    waiting: dict[str, ToolCall] = {}
    last: Message | None = None
    for message in messages:
        if message.role is Role.TOOL:
            if message.calls and message.calls[0].id in waiting:
                del waiting[message.calls[0].id]
                yield message
            continue
        yield from _filled(last, waiting)
        waiting = {call.id: call for call in message.calls}
        last = message
        yield message
    yield from _filled(last, waiting)


def _filled(answer: Message | None, waiting: dict[str, ToolCall]) -> Iterator[Message]:
    for call in waiting.values():
        if answer is not None:
            yield replace(
                answer,
                id="",
                parent_id=answer.id,
                role=Role.TOOL,
                content=NO_RESULT,
                reasoning="",
                usage=None,
                calls=(call,),
            )
