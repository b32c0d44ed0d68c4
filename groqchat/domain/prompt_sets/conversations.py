"""Prompts of several turns: what was said before is sent as history, and the last turn is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from groqchat.domain.turns.chat import Message, Role

if TYPE_CHECKING:
    from collections.abc import Sequence

_WANTED = (
    "messages is a list of objects with role and content: at first a system prompt where there is "
    "one, then user and assistant in turns, at last what the user asks"
)


class Turn(NamedTuple):
    """Something that was said before the prompt."""

    role: Role
    content: str


class Conversation(NamedTuple):
    """The messages of a prompt: the system prompt, the history, and what is asked."""

    system: str
    history: tuple[Turn, ...]
    text: str


def read_conversation(value: object) -> Conversation:
    """Read a list of messages.

    Raises:
        ValueError: It is none, or its turns do not alternate; the message is for the user.
    """
    turns = [_turn(each) for each in value] if isinstance(value, list) else []
    system = turns.pop(0).content if turns and turns[0].role is Role.SYSTEM else ""
    if not turns:
        raise ValueError(_WANTED)
    for place, turn in enumerate(turns, 1):
        expected = Role.USER if place % 2 else Role.ASSISTANT
        if turn.role is not expected:
            raise ValueError(f"turn {place} is of {turn.role}, not of {expected}: {_WANTED}")
    if turns[-1].role is not Role.USER:
        raise ValueError(f"the last turn is not the user's: {_WANTED}")
    return Conversation(system, tuple(turns[:-1]), turns[-1].content)


def _turn(value: object) -> Turn:
    if not isinstance(value, dict) or value.keys() != {"role", "content"}:
        raise ValueError(_WANTED)
    role, content = value["role"], value["content"]
    if role not in {Role.SYSTEM, Role.USER, Role.ASSISTANT} or not isinstance(content, str):
        raise ValueError(_WANTED)
    return Turn(Role(role), content)


def messages_of(
    history: Sequence[Turn], text: str, session_id: str, identifier: str, now: float
) -> list[Message]:
    """The messages of a prompt in their order, the prompt's own at last.

    Args:
        history: What was said before.
        text: The text of the prompt.
        session_id: The session of the run.
        identifier: The id of the prompt's own message.
        now: The Unix time.
    """
    messages: list[Message] = []
    parent = None
    for place, turn in enumerate(history):
        name = f"{identifier}-{place}"
        messages.append(Message(name, session_id, parent, turn.role, turn.content, now))
        parent = name
    return [*messages, Message(identifier, session_id, parent, Role.USER, text, now)]
