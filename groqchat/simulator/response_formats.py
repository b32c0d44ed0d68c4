"""The checks of ``response_format``; what is refused, and on what evidence, stands in two tables.

These are :data:`groqchat.domain.turns.combinations.COMBINATIONS` and
:data:`groqchat.domain.structured.rules.RULES`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from groqchat.domain.structured.rules import APART, CLOSED, KEYWORD, REQUIRED, ROOT, violations
from groqchat.domain.structured.validation import flaw_of_schema
from groqchat.domain.tools.executed import BUILT_IN
from groqchat.domain.turns.combinations import Feature, refused
from groqchat.simulator.faults.refusals import bad_request
from groqchat.simulator.tokens import text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from groqchat.domain.models.catalog import Model
    from groqchat.domain.structured.rules import Violation

_KINDS = ("text", "json_object", "json_schema")
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
_FIELD = "response_format"
# Groq's words for a broken rule, as far as they were seen; {detail} is what the rule is about.
_WORDS = {
    CLOSED: "`additionalProperties:false` must be set on every object",
    REQUIRED: "The following properties must be listed in `required`: {detail}",
    KEYWORD: "{detail} is not supported",
    ROOT: "the root must be an object",
    APART: (
        "anyOf disambiguation failed: anyOf: key-set-exclusion: required key '{detail}' from one "
        "variant appears in another's properties [keyset_required_overlap]"
    ),
}


def check_format(
    response_format: Mapping[str, Any],
    messages: Iterable[Mapping[str, Any]],
    body: Mapping[str, Any],
    model: Model,
) -> None:
    """Refuse what Groq refuses about the form of an answer.

    Raises:
        RefusedError: 400, for the first mistake.
    """
    kind = response_format.get("type", "text")
    if kind not in _KINDS:
        listed = ", ".join(f"`{each}`" for each in _KINDS)
        raise bad_request(f"`{_FIELD}.type` must be one of {listed}", param=_FIELD)
    _check_combination(kind, body)
    if kind == "json_object" and not any(
        "json" in text_of(message.get("content")).lower() for message in messages
    ):
        message = (
            "'messages' must contain the word 'json' in some form, to use 'response_format' of"
            " type 'json_object'."
        )
        raise bad_request(message, param=_FIELD)
    if kind == "json_schema":
        _check_schema(response_format.get("json_schema"), model)


def _check_combination(kind: str, body: Mapping[str, Any]) -> None:
    tools = [tool.get("type") for tool in body.get("tools") or ()]
    asked = {
        Feature.SCHEMA: kind == "json_schema",
        Feature.JSON: kind == "json_object",
        Feature.STREAM: body.get("stream") is True,
        Feature.TOOLS: any(tool not in BUILT_IN for tool in tools),
        Feature.BUILT_IN_TOOLS: any(tool in BUILT_IN for tool in tools),
        Feature.RAW_REASONING: body.get("reasoning_format") == "raw",
    }
    features = [feature for feature, is_asked in asked.items() if is_asked]
    if combination := refused(features):
        is_raw = Feature.RAW_REASONING in (combination.first, combination.second)
        param = "reasoning_format" if is_raw else _FIELD
        raise bad_request(combination.refusal, param=param)


def _check_schema(described: object, model: Model) -> None:
    if not model.can("structured_outputs"):
        message = "This model does not support response format `json_schema`."
        raise bad_request(message, param=_FIELD)
    fields = described if isinstance(described, dict) else {}
    name, schema = fields.get("name"), fields.get("schema")
    if not isinstance(name, str) or not _NAME.fullmatch(name) or not isinstance(schema, dict):
        message = "`response_format.json_schema` must have a name and a schema"
        raise bad_request(message, param=_FIELD)
    if flaw := flaw_of_schema(schema):
        raise _invalid(name, flaw)
    is_strict = fields.get("strict") is True and model.can("strict_schemas")
    if broken := next(violations(schema, is_strict=is_strict), None):
        raise _invalid(name, _told(broken))


def _told(broken: Violation) -> str:
    words = _WORDS.get(broken.rule, broken.rule.sentence).format(detail=broken.detail)
    return f"{broken.path}: {words}" if broken.path else words


def _invalid(name: str, words: str) -> Exception:
    return bad_request(f"invalid JSON schema for response_format: '{name}': {words}", param=_FIELD)
