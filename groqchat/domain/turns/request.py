"""A request for an answer, with only what servers know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from groqchat.domain.images.image import images_in, may_hold_images, without_images
from groqchat.domain.limits.allowance import AnswerRoom
from groqchat.domain.tools.executed import BUILT_IN
from groqchat.domain.turns.chat import Role

if TYPE_CHECKING:
    from typing import Self

    from groqchat.domain.images.image import Image
    from groqchat.domain.tools.tool import Tool, ToolCall
    from groqchat.domain.turns.chat import Message, Options

# Digits of a fingerprint that tell two tools apart.
_ENOUGH = 12


@dataclass(frozen=True, slots=True)
class RequestMessage:
    """A message of a request.

    ``calls`` are those that an assistant's message asks for; each is followed by a message of the
    role ``tool`` with the ``call_id`` of the call whose result it holds.
    ``images`` stand behind the text of a user's message.
    """

    role: Role
    content: str
    calls: tuple[ToolCall, ...] = ()
    call_id: str | None = None
    images: tuple[Image, ...] = ()

    @classmethod
    def of(cls, message: Message) -> Self:
        """A stored message as it is sent."""
        if message.role is Role.TOOL and message.calls:
            return cls(message.role, message.content, call_id=message.calls[0].id)
        if message.role is Role.USER and may_hold_images(message.content):
            return cls.prompt(message.content)
        return cls(message.role, message.content, message.calls)

    @classmethod
    def prompt(cls, text: str) -> Self:
        """A prompt as it is sent; its images have no bytes yet."""
        images = images_in(text)
        return cls(Role.USER, without_images(text) if images else text, images=images)

    @property
    def as_json(self) -> dict[str, object]:
        """The message in the shape of OpenAI's API; text beside calls may be missing there."""
        said: dict[str, object] = {"role": self.role.value, "content": self._parts or self.content}
        if self.call_id is not None:
            said["tool_call_id"] = self.call_id
        if self.calls:
            said["content"] = self.content or None
            said["tool_calls"] = [
                {
                    "id": call.id,
                    "type": "function",
                    "function": {"name": call.name, "arguments": call.arguments},
                }
                for call in self.calls
            ]
        return said

    @property
    def _parts(self) -> list[dict[str, object]]:
        """The text and the images, where there are any."""
        if not self.images:
            return []
        parts: list[dict[str, object]] = [
            {"type": "image_url", "image_url": {"url": each.data_url}} for each in self.images
        ]
        words: dict[str, object] = {"type": "text", "text": self.content}
        return [words, *parts] if self.content else parts


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """A request for the provider, with only fields that Groq knows.

    ``prompt_tokens`` is the estimated length of the messages, ``doubt`` how many more tokens they
    may have, and ``excess`` how many fewer. ``room`` says how much its answer asks for, and
    ``is_short`` that it could get more. ``tools`` are those that are offered, in a fixed order.
    ``lease`` is the id of what was reserved for it of the limits of a team.
    """

    messages: tuple[RequestMessage, ...]
    options: Options
    prompt_tokens: int = 0
    doubt: int = 0
    excess: int = 0
    room: AnswerRoom = AnswerRoom.ORDINARY
    is_short: bool = False
    tools: tuple[Tool, ...] = ()
    lease: str = ""

    @property
    def built_in(self) -> tuple[str, ...]:
        """The tools that the server is to run itself."""
        options = self.options
        if options.provider is not None or "tools" in options.dropped:
            return ()
        return tuple(name for name in BUILT_IN if name in options.tools)

    @property
    def offered(self) -> dict[str, str]:
        """All tools that are offered, by the names that are sent, with what tells their changes."""
        own = {tool.sent_name: tool.fingerprint[:_ENOUGH] for tool in self.tools}
        return dict.fromkeys(self.built_in, "") | own
