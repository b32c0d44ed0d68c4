"""A text that is too long for one request: asked part by part, then joined by one more request."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from groqchat.domain.money.pricing import cost_of
from groqchat.domain.money.usage import Usage
from groqchat.domain.text.fences import attached

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from decimal import Decimal

    from groqchat.domain.money.pricing import Price

MOST_PARTS = 60
"""The most parts that a text is asked in."""
LONGEST_NOTES = 1_024
"""The most tokens that are asked for each part; a model that reasons first needs them."""
_NOTES_TOKENS, _FEWEST_NOTES_TOKENS = 400, 60
# So much of the room is filled at once; what is too long all the same is halved.
_FILLED = 0.9
_WORDS_PER_TOKEN = 0.7

_PART = """\
{name} is too long for one request. This is part {number} of {count}. Note what it says that \
matters for the request below, in at most {words} words, with names, numbers and places; say so \
where nothing does. Do not answer the request itself.

Request: {question}

{part}"""
_JOINED = """\
{question}

{name} was too long for one request. These are notes on its {count} parts, in their order.

{notes}"""


@dataclass(frozen=True, slots=True)
class Parts:
    """What is asked: the request in the user's words, a text by its name, and its parts.

    ``notes_tokens`` is the length of the notes on each part.
    """

    question: str
    name: str
    texts: Sequence[str]
    notes_tokens: int

    @property
    def requests(self) -> int:
        """The number of requests, the joining one among them."""
        return len(self.texts) + 1

    def prompt(self, number: int) -> str:
        """The prompt about one part, counted from 0."""
        return _PART.format(
            name=self.name,
            number=number + 1,
            count=len(self.texts),
            words=max(20, round(self.notes_tokens * _WORDS_PER_TOKEN / 10) * 10),
            question=self.question,
            part=attached(f"{self.name}, part {number + 1}", self.texts[number]),
        )

    def joined(self, notes: Sequence[str]) -> str:
        """The prompt that asks the user's question about the notes on all parts."""
        numbered = (f"Part {number}:\n{each.strip()}" for number, each in enumerate(notes, 1))
        return _JOINED.format(
            question=self.question,
            name=self.name,
            count=len(self.texts),
            notes="\n\n".join(numbered),
        )

    def usage(self, tokens_of: Callable[[str], int]) -> Usage:
        """The tokens of all requests, but for the answer to the last one, which nobody knows."""
        count = len(self.texts)
        prompts = sum(tokens_of(self.prompt(number)) for number in range(count))
        last = tokens_of(self.joined([""] * count)) + count * self.notes_tokens
        return Usage(prompts + last, completion_tokens=count * self.notes_tokens)


def in_parts(
    question: str, name: str, text: str, room: int, tokens_of: Callable[[str], int]
) -> Parts | None:
    """The parts of a text.

    Args:
        question: What the user asks.
        name: The name of the text.
        text: The text.
        room: The longest prompt that is sent, in tokens.
        tokens_of: Estimates the tokens of a request with a prompt.

    Returns:
        None where the text is too long even so.
    """
    bare = Parts(question, name, ("",), _NOTES_TOKENS)
    left = room - tokens_of(bare.prompt(0))
    if left <= 0 or not text.strip() or tokens_of(text) > MOST_PARTS * left:
        return None
    texts = _split(text, left, tokens_of)
    notes = min(_NOTES_TOKENS, (room - tokens_of(bare.joined([""]))) // len(texts))
    if len(texts) > MOST_PARTS or notes < _FEWEST_NOTES_TOKENS:
        return None
    return Parts(question, name, texts, notes)


def price_of(usage: Usage, price: Price | None) -> Decimal | None:
    """The list price of some tokens in US dollars; None where it is not known."""
    cost = cost_of(usage, price)
    return cost.total if cost else None


def first_lines(lines: Sequence[str], room: int, tokens_of: Callable[[str], int]) -> int:
    """How many of the first lines a prompt has room for, nearly as many as there is."""
    tokens, room = tokens_of("\n".join(lines)), max(0, room)
    number = len(lines) if tokens <= room else int(len(lines) * _FILLED * room / tokens)
    while number and tokens_of("\n".join(lines[:number])) > room:
        number = number * 4 // 5
    return number


def _split(text: str, room: int, tokens_of: Callable[[str], int]) -> list[str]:
    """Pieces of a text that each fit, cut between lines where lines are short enough."""
    tokens = tokens_of(text)
    if tokens <= room or len(text) <= 1:
        return [text] if text.strip() else []
    count = max(2, math.ceil(tokens / (room * _FILLED)))
    pieces, at = [], 0
    for number in range(1, count + 1):
        end = len(text) * number // count
        if number < count:
            line_end = text.rfind("\n", at, end) + 1
            end = line_end or end
        pieces += _split(text[at:end], room, tokens_of)
        at = end
    return pieces
