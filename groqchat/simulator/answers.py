"""Composes answers: an article from the library, or the number of tokens that a prompt names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from groqchat.simulator import library
from groqchat.simulator.composed_answer import ComposedAnswer
from groqchat.simulator.images.validation import seen
from groqchat.simulator.structured import example_json
from groqchat.simulator.tokens import tokenize
from groqchat.simulator.tool_use.calls import calls_of
from groqchat.simulator.tool_use.steps import MARK, executed_of

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

    from groqchat.simulator.validation import ChatCall

_TOKENS_WANTED = re.compile(
    r"(?:^\s*|\b(?:write|give|generate|produce|stream|send|answer|say)\b[^.?!\n]{0,40}?\b)"
    r"(\d[\d,_]{0,8})(k?) tokens\b",
    re.IGNORECASE,
)
_SENTINEL = re.compile(r"\bend with [\"'`]?([\w-]+)", re.IGNORECASE)
_TITLE = re.compile(r"^write a title\b.*?^User: ([^\n]+)", re.IGNORECASE | re.DOTALL | re.MULTILINE)
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
# Characters of a result that an answer repeats.
_TOLD = 200
_CITING = "The page that was found says that it stands for whatever a search would have found"
_EFFORT = {"low": 2, "medium": 4, "default": 4, "high": 10}
_OPENINGS = ("", "", "In short, and then in detail:\n\n", "Here is what matters about this.\n\n")
_CLOSINGS = (
    "",
    "",
    "\n\nTell me more about your case, and I can be more precise.",
    "\n\nWould an example for your own situation help?",
)


def compose(call: ChatCall, rng: random.Random) -> ComposedAnswer:
    """The answer to a call; a call and a generator state always give the same answer."""
    reasoning = [] if call.shows_reasoning == "none" else _reasoning(call, rng)
    answer = ComposedAnswer(reasoning, [])
    if calls := calls_of(call, rng):
        answer.tool_calls += calls
        answer.content = [
            token for each in calls for token in tokenize(each["function"]["arguments"])
        ]
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
    if call.results:
        return tokenize(_about(call.results))
    if asked := _TITLE.match(call.question):
        return tokenize(" ".join(asked[1].split()[:6]).capitalize())
    sentinel = _SENTINEL.search(call.question)
    ending = tokenize(f"\n\n{sentinel[1]}") if sentinel else []
    if wanted := _TOKENS_WANTED.search(call.question):
        number = int(re.sub(r"\D", "", wanted[1])) * (1000 if wanted[2] else 1)
        return [*_of_length(max(1, number - len(ending)), rng), *ending]
    article = f"{seen(call.images)}{_article(call.question, rng)}"
    if any(tool.get("type") == "browser_search" for tool in call.tools):
        article = f"{_CITING}{MARK}\n\n{article}"
    return [*tokenize(article), *ending]


def _about(results: Sequence[str]) -> str:
    """An answer that says what tools gave."""
    told = "\n".join(f"* {' '.join(each.split())[:_TOLD]}" for each in results)
    return f"This is what the tools gave:\n\n{told}\n"


def _article(question: str, rng: random.Random) -> str:
    found = library.find(question, rng)
    if found is None:
        topic = " ".join(question.split())[:120] or "nothing yet"
        return library.fallback().replace("TOPIC", topic)
    return rng.choice(_OPENINGS) + found + rng.choice(_CLOSINGS)


def _of_length(number: int, rng: random.Random) -> list[str]:
    """Exactly ``number`` tokens of mixed Markdown: whole articles, then filler words."""
    tokens: list[str] = []
    while True:
        for article in library.shuffled(rng):
            more = tokenize(article + "\n\n")
            if len(tokens) + len(more) <= number:
                tokens += more
        if number - len(tokens) < library.shortest():
            return tokens + library.filler(number - len(tokens))


def _bounded(answer: ComposedAnswer, most: int | None) -> ComposedAnswer:
    """The answer, cut at ``most`` tokens."""
    if most is not None and answer.total > most:
        answer.reasoning = answer.reasoning[:most]
        answer.content = answer.content[: most - len(answer.reasoning)]
        answer.finish_reason = "length"
    return answer
