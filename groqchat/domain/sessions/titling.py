"""Titles that a model writes: what it is asked, and what is taken from its answer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from groqchat.domain.sessions.summaries import title_from
from groqchat.domain.turns.chat import Role
from groqchat.domain.turns.message_kind import MessageKind
from groqchat.domain.turns.thoughts import without_thoughts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from groqchat.domain.turns.chat import Message

TITLE_TOKENS, LONGEST_ANSWER = 60, 512
"""The tokens that a title probably takes with a little reasoning, and the most."""

_INSTRUCTION = (
    "Write a title of at most six words for the conversation below, in its language. Answer with "
    "the title alone: no quotes, no full stop, no Markdown."
)
# So many characters of each message, and so many messages: a title needs no more.
_PART, _MESSAGES = 600, 4
_LABEL = re.compile(r"^(title|titel|titre|título|titolo)\s*[:：]\s*", re.IGNORECASE)
_AROUND = " \t\"'`*_#.“”„«»‘’"


def title_request(path: Sequence[Message]) -> str:
    """The prompt that asks for the title of a conversation; empty where nothing was said.

    It holds the beginning of the first messages and that of the last one, cut.

    Args:
        path: The messages of the branch that is shown, in order.
    """
    spoken = [each for each in path if each.kind is MessageKind.SPOKEN and each.content.strip()]
    spoken = [each for each in spoken if each.role in _NAMES]
    chosen = spoken if len(spoken) <= _MESSAGES else [*spoken[: _MESSAGES - 1], spoken[-1]]
    parts = [f"{_NAMES[each.role]}: {_cut(without_thoughts(each.content))}" for each in chosen]
    return "\n\n".join([_INSTRUCTION, *parts]) if parts else ""


def title_in(answer: str) -> str:
    """The title in an answer, on one line and without keys; empty where there is none.

    >>> title_in('Title: "A walk in the rain."')
    'A walk in the rain'
    """
    lines = [each.strip(_AROUND) for each in without_thoughts(answer).splitlines()]
    title = next((each for each in lines if each), "")
    title = _LABEL.sub("", title).strip(_AROUND)
    return title_from(title) if title else ""


_NAMES = {Role.USER: "User", Role.ASSISTANT: "Assistant"}


def _cut(text: str) -> str:
    text = " ".join(text[: 2 * _PART].split())
    return text if len(text) <= _PART else f"{text[:_PART]}…"
