"""A request for an answer, with only what servers know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from groqchat.domain.limits.allowance import AnswerRoom

if TYPE_CHECKING:
    from groqchat.domain.tools.tool import Tool, ToolCall
    from groqchat.domain.turns.chat import Options, Role


@dataclass(frozen=True, slots=True)
class RequestMessage:
    """A message of a request.

    ``calls`` are those that an assistant's message asks for; each is followed by a message of the
    role ``tool`` with the ``call_id`` of the call whose result it holds.
    """

    role: Role
    content: str
    calls: tuple[ToolCall, ...] = ()
    call_id: str | None = None


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """A request for the provider, with only fields that Groq knows.

    ``prompt_tokens`` is the estimated length of the messages, ``doubt`` how many more tokens they
    may have, and ``excess`` how many fewer. ``room`` says how much its answer asks for, and
    ``is_short`` that it could get more. ``tools`` are those that are offered, in a fixed order.
    """

    messages: tuple[RequestMessage, ...]
    options: Options
    prompt_tokens: int = 0
    doubt: int = 0
    excess: int = 0
    room: AnswerRoom = AnswerRoom.ORDINARY
    is_short: bool = False
    tools: tuple[Tool, ...] = ()
