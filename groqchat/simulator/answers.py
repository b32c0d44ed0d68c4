"""What the simulator says: an answer from its library, or as many tokens as asked for."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from groqchat.simulator import library
from groqchat.simulator.structured import call_of, example_json, executed_of
from groqchat.simulator.tokens import tokenize
from groqchat.simulator.wire import reasoning_delta

if TYPE_CHECKING:
    import random

    from groqchat.simulator.validation import ChatCall

_TOKENS_WANTED = re.compile(
    r"(?:^\s*|\b(?:write|give|generate|produce|stream|send|answer|say)\b[^.?!\n]{0,40}?\b)"
    r"(\d[\d,_]{0,8})(k?) tokens\b",
    re.IGNORECASE,
)
_SENTINEL = re.compile(r"\bend with [\"'`]?([\w-]+)", re.IGNORECASE)
_THOUGHTS = (
    'The user writes: "{topic}".',
    "So first, what do they need? Probably something they can use at once.",
    "I should be direct and keep the structure simple.",
    "A short example would help more than a long explanation.",
    "I must take care not to state anything that I cannot back.",
    "A table may be clearer here than prose.",
    "Let me check the order: the idea, then an example, then the exceptions.",
    "There is one common mistake in this field, which is worth a sentence.",
    "The answer should say when the advice does not apply.",
    "That is enough; now write it down.",
)
_EFFORT = {"low": 2, "medium": 4, "default": 4, "high": 10}
_OPENINGS = ("", "", "In short, and then in detail:\n\n", "Here is what matters about this.\n\n")
_CLOSINGS = (
    "",
    "",
    "\n\nTell me more about your case, and I can be more precise.",
    "\n\nWould an example for your own situation help?",
)


@dataclass(slots=True)
class Composed:
    """An answer as tokens, in the order in which they are said.

    ``extra`` are fields that come behind the content; ``is_in_parts`` has that come in lists.
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
        """All completion tokens."""
        return len(self.reasoning) + len(self.content)

    def shown_content(self, shows_reasoning: str) -> str:
        """The content of a whole answer; raw reasoning stands in it as ``<think>``."""
        content = "".join(self.content)
        if shows_reasoning != "raw":
            return content
        return f"<think>\n{''.join(self.reasoning)}\n</think>\n\n{content}"

    def deltas(
        self, model: str, shows_reasoning: str
    ) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """The deltas of reasoning and of content; an empty one is a token that is not shown."""
        if shows_reasoning == "raw" and self.reasoning:
            opened = ["<think>\n" + self.reasoning[0], *self.reasoning[1:]]
            reasoning = [{"content": token} for token in opened]
            reasoning[-1]["content"] += "\n</think>\n\n"
        elif shows_reasoning == "parsed":
            reasoning = [reasoning_delta(model, token) for token in self.reasoning]
        else:
            reasoning = [{} for _ in self.reasoning]
        return reasoning, self._content_deltas()

    def _content_deltas(self) -> list[dict[str, Any]]:
        deltas: list[dict[str, Any]] = [{"content": self.formed(token)} for token in self.content]
        if self.tool_calls:
            deltas = [{} for _ in self.content]
            deltas[-1] = {"tool_calls": self.tool_calls}
        if self.executed_tools:
            deltas[0] = {"executed_tools": self.executed_tools, **deltas[0]}
        return [*deltas, self.extra] if self.extra else deltas

    def formed(self, text: str) -> str | list[dict[str, str]]:
        """Content as it stands in a message."""
        return [{"type": "text", "text": text}] if self.is_in_parts else text


def compose(call: ChatCall, rng: random.Random) -> Composed:
    """The answer to a call; the same call and state of the generator give the same answer."""
    reasoning = [] if call.shows_reasoning == "none" else _reasoning(call, rng)
    answer = Composed(reasoning, [])
    if tool_call := call_of(call, rng):
        answer.tool_calls.append(tool_call)
        answer.content = tokenize(tool_call["function"]["arguments"])
        answer.finish_reason = "tool_calls"
        return answer
    answer.executed_tools = executed_of(call)
    answer.content = _content(call, rng)
    return _bounded(answer, call.max_tokens or call.model.max_completion_tokens)


def _reasoning(call: ChatCall, rng: random.Random) -> list[str]:
    count = _EFFORT.get(call.effort, 4)
    topic = " ".join(call.question.split())[:80]
    chosen = sorted(rng.sample(range(1, len(_THOUGHTS)), count - 1))
    thoughts = " ".join(_THOUGHTS[index] for index in (0, *chosen))
    return tokenize(thoughts.format(topic=topic.replace("{", "(").replace("}", ")")))


def _content(call: ChatCall, rng: random.Random) -> list[str]:
    if call.response_format.get("type", "text") != "text":
        return tokenize(example_json(call.response_format, call.question))
    sentinel = _SENTINEL.search(call.question)
    ending = tokenize(f"\n\n{sentinel[1]}") if sentinel else []
    if wanted := _TOKENS_WANTED.search(call.question):
        number = int(re.sub(r"\D", "", wanted[1])) * (1000 if wanted[2] else 1)
        return [*_of_length(max(1, number - len(ending)), rng), *ending]
    return [*tokenize(_article(call.question, rng)), *ending]


def _article(question: str, rng: random.Random) -> str:
    found = library.find(question, rng)
    if found is None:
        topic = " ".join(question.split())[:120] or "nothing yet"
        return library.fallback().replace("TOPIC", topic)
    return rng.choice(_OPENINGS) + found + rng.choice(_CLOSINGS)


def _of_length(number: int, rng: random.Random) -> list[str]:
    """Exactly so many tokens of mixed Markdown: whole articles, then plain words to fill up."""
    tokens: list[str] = []
    while True:
        for article in library.shuffled(rng):
            more = tokenize(article + "\n\n")
            if len(tokens) + len(more) <= number:
                tokens += more
        if number - len(tokens) < library.shortest():
            return tokens + library.filler(number - len(tokens))


def _bounded(answer: Composed, most: int | None) -> Composed:
    """Cut an answer at the limit that the request or the model sets."""
    if most is not None and answer.total > most:
        answer.reasoning = answer.reasoning[:most]
        answer.content = answer.content[: most - len(answer.reasoning)]
        answer.finish_reason = "length"
    return answer
