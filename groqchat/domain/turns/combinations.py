"""What Groq refuses together in one request: the form of the answer, tools, raw reasoning.

The screen and the command line say it before anything is sent, and the simulator refuses it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from groqchat.domain.structured.response_format import JSON_FORM
from groqchat.domain.structured.rules import Certainty
from groqchat.domain.tools.executed import BUILT_IN
from groqchat.domain.turns.answer_form import format_sent, has_sent_schema

if TYPE_CHECKING:
    from collections.abc import Collection

    from groqchat.domain.turns.chat import Options

_NO_TOOLS = "json mode cannot be combined with tool/function calling"


class Feature(StrEnum):
    """What a request may ask for; the value names it in sentences."""

    SCHEMA = "an answer by a JSON Schema"
    JSON = "JSON mode"
    STREAM = "streaming"
    TOOLS = "tools"
    BUILT_IN_TOOLS = "built-in tools"
    RAW_REASONING = "raw reasoning"


_REMEDIES = {
    Feature.SCHEMA: "/schema off",
    Feature.JSON: "/json off",
    Feature.TOOLS: "/tools off",
    Feature.BUILT_IN_TOOLS: "/tools off",
    Feature.RAW_REASONING: "/reasoning parsed",
}


@dataclass(frozen=True, slots=True)
class Combination:
    """Two features that Groq refuses together.

    ``refusal`` are the server's words where they are known, else ours. ``is_avoided`` says that
    requests are made without the second feature, so that nobody has to be told.
    """

    first: Feature
    second: Feature
    refusal: str
    source: str
    certainty: Certainty
    is_avoided: bool = False

    @property
    def words(self) -> str:
        """The refusal for the user, without a full stop."""
        return f"Groq does not take {self.first.value} and {self.second.value} together"

    @property
    def sentence(self) -> str:
        """The refusal with the commands of the chat that switch either off."""
        ways = " or ".join(_REMEDIES[each] for each in (self.first, self.second))
        return f"{self.words}: {ways} before you send."

    def is_in(self, features: Collection[Feature]) -> bool:
        """Whether a request has both."""
        return self.first in features and self.second in features


_PAGE = "structured outputs page: not with streaming, not with tools"
_TOOLS_REFUSED = "vercel/ai#10023 and refusals of 2026-09-24 in a public repository"
_TOOLS_PAGE = "pages of the built-in tools: not with structured outputs"
_REASONING = "reasoning page: raw gives a 400 with JSON mode or tools"
_RAW = "`reasoning_format` must be `parsed` or `hidden` with JSON mode or tools"

COMBINATIONS = (
    Combination(
        Feature.SCHEMA, Feature.STREAM, "response format `json_schema` does not support streaming",
        _PAGE, Certainty.DOCUMENTED, is_avoided=True,
    ),
    Combination(Feature.SCHEMA, Feature.TOOLS, _NO_TOOLS, _TOOLS_REFUSED, Certainty.OBSERVED),
    Combination(Feature.JSON, Feature.TOOLS, _NO_TOOLS, _TOOLS_REFUSED, Certainty.OBSERVED),
    Combination(
        Feature.SCHEMA, Feature.BUILT_IN_TOOLS, _NO_TOOLS, _TOOLS_PAGE, Certainty.DOCUMENTED
    ),
    Combination(Feature.JSON, Feature.BUILT_IN_TOOLS, _NO_TOOLS, _TOOLS_PAGE, Certainty.ASSUMED),
    Combination(Feature.SCHEMA, Feature.RAW_REASONING, _RAW, _REASONING, Certainty.DOCUMENTED),
    Combination(Feature.JSON, Feature.RAW_REASONING, _RAW, _REASONING, Certainty.DOCUMENTED),
    Combination(Feature.TOOLS, Feature.RAW_REASONING, _RAW, _REASONING, Certainty.DOCUMENTED),
    Combination(
        Feature.BUILT_IN_TOOLS, Feature.RAW_REASONING, _RAW, _REASONING, Certainty.ASSUMED
    ),
)  # fmt: skip


def refused(features: Collection[Feature]) -> Combination | None:
    """The first combination in a request that Groq would refuse; None where it takes all."""
    return next((each for each in COMBINATIONS if each.is_in(features)), None)


def conflict(options: Options) -> Combination | None:
    """The combination because of which a request is not sent; None where it can be.

    Args:
        options: The options of the request, in the form that the model takes.
    """
    if options.provider is not None:
        return None
    features = {
        Feature.SCHEMA: has_sent_schema(options),
        Feature.JSON: format_sent(options) == JSON_FORM,
        Feature.TOOLS: any(name not in BUILT_IN for name in options.tools),
        Feature.BUILT_IN_TOOLS: any(name in BUILT_IN for name in options.tools),
        Feature.RAW_REASONING: options.reasoning_format == "raw",
    }
    return refused([feature for feature, is_there in features.items() if is_there])
