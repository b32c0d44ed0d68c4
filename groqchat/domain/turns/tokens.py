"""The estimate of a prompt's tokens, before the server has counted them."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from groqchat.domain.images.image import IMAGE_TOKENS, images_in, without_images
from groqchat.domain.tools.typescript import as_typescript
from groqchat.domain.turns.template import CHATML
from groqchat.domain.turns.token_estimate import estimate_tokens, is_various

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence, Sized

    from groqchat.domain.tools.tool import Tool
    from groqchat.domain.turns.chat import Role
    from groqchat.domain.turns.request import RequestMessage
    from groqchat.domain.turns.template import Template

# How far the estimate of a text may be from the truth, as a share of that: of fifty kinds of text
# none is further off (tests/domain/turns/token_samples).
ERROR = 0.3
# What repeats itself may be a third of what it seems; so may what another vocabulary makes of it.
MOST_EXCESS = 2 / 3
# Another vocabulary than o200k needs more or fewer tokens for the same text, but not by more.
LEAST_FACTOR, MOST_FACTOR = 0.6, 1.7
# A text of fewer tokens says nothing about the vocabulary.
_ENOUGH = 100
# So many tokens of text make what is learnt of them count as much as all that came before.
_HALF_BELIEVED = 300
_SLACK = 4
# The marks around a call; and what gpt-oss is told of a tool that the server runs (its template
# describes the browser and Python in about so many tokens).
_AROUND_CALL = 8
_BUILT_IN = 200
# What stands around all tools: of ChatML, as Qwen's template has it, and of gpt-oss (recorded).
_FRAME = {False: 120, True: 28}


@dataclass(frozen=True, slots=True)
class Length:
    """The length of a prompt, in tokens.

    ``known`` are those of the template, and what the server counted in an earlier prompt;
    ``guessed`` those of text that nobody has counted; ``unseen`` what the server seems to add.
    ``loose`` is the part of the guessed that may well be less: text that repeats itself, or a
    vocabulary that nobody has counted with.
    """

    known: float = 0.0
    guessed: float = 0.0
    unseen: float = 0.0
    loose: float = 0.0

    @property
    def tokens(self) -> int:
        """The tokens of the whole prompt."""
        return max(0, round(self.known + self.guessed + self.unseen))

    @property
    def doubt(self) -> int:
        """The number of tokens that the prompt may have more than estimated."""
        return math.ceil(ERROR / (1 - ERROR) * abs(self.guessed) + abs(self.unseen))

    @property
    def excess(self) -> int:
        """The number of tokens that the prompt may have fewer than estimated."""
        firm = ERROR / (1 + ERROR) * abs(self.guessed - self.loose)
        return math.ceil(firm + MOST_EXCESS * abs(self.loose) + abs(self.unseen))

    def __add__(self, other: Length) -> Length:
        return Length(
            self.known + other.known,
            self.guessed + other.guessed,
            self.unseen + other.unseen,
            self.loose + other.loose,
        )

    def __sub__(self, other: Length) -> Length:
        return self + Length(-other.known, -other.guessed, -other.unseen, -other.loose)


def images_length(images: Sized) -> Length:
    """The length of images; a few count as no less than is documented."""
    return Length(float(IMAGE_TOKENS * len(images)))


@lru_cache(maxsize=2)
def _measured(text: str) -> tuple[float, bool]:
    """The tokens of a text by o200k, and whether it is various.

    A prompt that is written is measured several times with each key, and may hold megabytes.
    """
    return estimate_tokens(text), is_various(text)


@dataclass(frozen=True, slots=True)
class TokenEstimator:
    """An estimator for the prompts of one model, which learns from the server's counts.

    ``factor`` is how many of its tokens a token of o200k is. ``unseen`` are the tokens that the
    server adds to every prompt beyond the template that is known.
    """

    template: Template = CHATML
    factor: float = 1.0
    unseen: float = 0.0

    def message(self, role: Role, text: str) -> Length:
        """The length of one message with the template's tokens around it, and of its images."""
        if role == "user" and (images := images_in(text)):
            return self.message(role, without_images(text)) + images_length(images)
        tokens, is_text_various = _measured(text)
        guessed = self.factor * tokens
        is_firm = (self.template.is_o200k or self.factor != 1) and is_text_various
        return Length(self.template.around(role), guessed, loose=0.0 if is_firm else guessed)

    def text_tokens(self, text: str) -> int:
        """The tokens of a text alone, as a part of a message."""
        return round(self.factor * _measured(text)[0])

    def of(self, message: RequestMessage) -> Length:
        """The length of a message with its calls of tools."""
        length = self.message(message.role, message.content) + images_length(message.images)
        texts = [f"{call.name} {call.arguments}" for call in message.calls]
        if not texts:
            return length
        if self.template.is_o200k:  # text beside calls is left out of the prompt (recorded)
            length = Length(self.template.around(message.role))
        guessed = self.factor * sum(map(estimate_tokens, texts))
        return length + Length(_AROUND_CALL * len(texts), guessed)

    def tools(self, tools: Sequence[Tool], built_in: int) -> Length:
        """The length of what a prompt says of tools: gpt-oss reads TypeScript, others the JSON.

        Args:
            tools: The tools that are offered.
            built_in: The number of those that the server runs itself.
        """
        if not tools and not built_in:
            return Length()
        told = _typescript if self.template.is_o200k else _json
        guessed = self.factor * sum(estimate_tokens(told(each)) for each in tools)
        guessed += built_in * _BUILT_IN + (_FRAME[self.template.is_o200k] if tools else 0)
        return Length(0.0, guessed, loose=guessed)

    def prompt(
        self, messages: Iterable[RequestMessage], *, is_json: bool = False, schema: str = ""
    ) -> Length:
        """The length of a whole prompt.

        Args:
            messages: The messages.
            is_json: Whether the answer is asked for in JSON.
            schema: The schema that the server puts into the prompt.
        """
        own = self.template.prompt + (self.template.json_object if is_json or schema else 0)
        form = self.factor * estimate_tokens(schema) if schema else 0.0
        return sum(
            map(self.of, messages),
            Length(own, form, self.unseen, loose=form),
        )

    def learned(
        self, length: Length, counted: int, before: Counted | None = None
    ) -> TokenEstimator:
        """The estimator after the server has counted a prompt.

        What was counted before, in a prompt that this one goes on from, is taken off: the rest is
        text alone.

        Args:
            length: Of the prompt, as estimated.
            counted: By the server.
            before: The beginning of the prompt, if the server has counted that.
        """
        if before is not None:
            length = length - before.length
        tokens = counted - (before.tokens if before else 0) - length.known - length.unseen
        text = length.guessed / self.factor
        if text >= _ENOUGH and LEAST_FACTOR <= tokens / text <= MOST_FACTOR:
            weight = text / (text + _HALF_BELIEVED)
            return replace(self, factor=self.factor + weight * (tokens / text - self.factor))
        surplus = tokens - length.guessed
        if before is None and abs(surplus) > ERROR * length.guessed + _SLACK:
            return replace(self, unseen=max(-float(self.template.prompt), self.unseen + surplus))
        return self


@dataclass(frozen=True, slots=True)
class Counted:
    """A prompt's estimated length, and the tokens that the server counted."""

    length: Length
    tokens: int


def _typescript(tool: Tool) -> str:
    return as_typescript(tool.sent_name, tool.description, tool.parameters)


def _json(tool: Tool) -> str:
    parameters = json.dumps(tool.parameters, ensure_ascii=False)
    return f"{tool.sent_name} {tool.description} {parameters}"
