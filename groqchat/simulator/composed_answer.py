"""The tokens of one answer, before they are encoded for the wire."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from groqchat.simulator.wire import reasoning_delta

if TYPE_CHECKING:
    from collections.abc import Sequence

# What is told of a step as it begins: what is asked for, and nothing of what came.
_AT_FIRST = ("index", "name", "type", "arguments")


@dataclass(slots=True)
class ComposedAnswer:
    """An answer as tokens, in the order in which they are sent.

    ``extra`` holds fields that follow the content. With ``is_in_parts`` the content is sent as a
    list of parts.
    """

    reasoning: list[str]
    content: list[str]
    finish_reason: str = "stop"
    tool_calls: list[dict[str, Any]] = field(default_factory=list)
    executed_tools: list[dict[str, Any]] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)
    is_in_parts: bool = False

    @property
    def total(self) -> int:
        """The number of completion tokens."""
        return len(self.reasoning) + len(self.content)

    def shown_content(self, shows_reasoning: str) -> str:
        """The content of a whole answer; raw reasoning is part of it, between ``<think>`` tags."""
        content = "".join(self.content)
        if shows_reasoning != "raw":
            return content
        return f"<think>\n{''.join(self.reasoning)}\n</think>\n\n{content}"

    def deltas(
        self, model: str, shows_reasoning: str
    ) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """The deltas of reasoning and of content; an empty dict is a token that is not shown."""
        if shows_reasoning == "raw" and self.reasoning:
            opened = ["<think>\n" + self.reasoning[0], *self.reasoning[1:]]
            reasoning = [{"content": token} for token in opened]
            reasoning[-1]["content"] += "\n</think>\n\n"
        elif shows_reasoning == "parsed":
            reasoning = [reasoning_delta(model, token) for token in self.reasoning]
        else:
            reasoning = [{} for _ in self.reasoning]
        content = self._content_deltas()
        _tell_steps(self.executed_tools, reasoning or content)
        return reasoning, content

    def _content_deltas(self) -> list[dict[str, Any]]:
        deltas: list[dict[str, Any]] = [
            {"content": self.content_field(token)} for token in self.content
        ]
        if self.tool_calls:
            deltas = [{} for _ in self.content]
            deltas[-1] = {"tool_calls": self.tool_calls}
        return [*deltas, self.extra] if self.extra else deltas

    def content_field(self, text: str) -> str | list[dict[str, str]]:
        """The value of a message's ``content`` field for a text."""
        return [{"type": "text", "text": text}] if self.is_in_parts else text


def _tell_steps(steps: Sequence[dict[str, Any]], deltas: list[dict[str, Any]]) -> None:
    """Put the beginning and the end of each step into deltas, as far apart as they allow."""
    begun = [{key: step[key] for key in _AT_FIRST} for step in steps]
    told = [each for both in zip(begun, steps, strict=True) for each in both]
    for number, step in enumerate(told):
        at = number * len(deltas) // len(told)
        before = deltas[at].get("executed_tools", [])
        deltas[at] = {**deltas[at], "executed_tools": [*before, step]}
