"""Whole answers, although they leave room for others: the rest of a longer one is asked for."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING

from groqchat.domain.errors.cause import ErrorKind
from groqchat.domain.errors.tree import GroqchatError
from groqchat.domain.turns.chat import Answered, AnswerStarted

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from groqchat.domain.turns.chat import Message, Options, TurnEvent

    _Events = AsyncGenerator[TurnEvent, None]


async def whole(
    first: _Events, rest: Callable[[Message | None], _Events], *, is_cut: Callable[[], bool]
) -> _Events:
    """The events of a turn whose answer may have been cut because it left room for others.

    Args:
        first: Asks for the answer.
        rest: Asks for the rest of a cut answer; of None where it had no text yet.
        is_cut: Whether what ended at its length could have had more room.

    Raises:
        GroqchatError: There is no answer, or its rest began and broke off.
    """
    cut: Answered | None = None
    try:
        async with aclosing(first) as events:
            async for event in events:
                if isinstance(event, Answered) and event.is_short and is_cut():
                    cut = event
                yield event
        if cut is None:
            return
    except GroqchatError as error:
        # Reasoning alone took all the room.
        if error.cause.name != "answer_too_short" or not is_cut():
            raise
    has_begun = False
    try:
        async with aclosing(rest(cut.message if cut else None)) as events:
            async for event in events:
                has_begun = has_begun or isinstance(event, AnswerStarted)
                yield event
    except GroqchatError as error:
        if cut is None or (has_begun and error.kind is not ErrorKind.NO_ANSWER):
            raise
        yield replace(cut, is_short=False)


def without_used(options: Options, cut: Message | None) -> Options:
    """The options for the rest of a cut answer, which the user's maximum bounds as a whole."""
    if options.max_tokens is None or cut is None or cut.usage is None:
        return options
    return replace(options, max_tokens=max(1, options.max_tokens - cut.usage.completion_tokens))
