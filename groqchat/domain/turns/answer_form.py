"""The form of the answer that the options of a request ask for: text, JSON, or JSON by a schema."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from groqchat.domain.errors.table import failure
from groqchat.domain.errors.tree import Facts
from groqchat.domain.structured.response_format import (
    IN_SYSTEM_PROMPT,
    JSON_FORM,
    JSON_REQUEST,
    description,
    schema_format,
    sent_schema,
)
from groqchat.domain.structured.validation import Mismatch, has_patterns, mismatches
from groqchat.domain.text.humanize import in_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.domain.turns.chat import Message, Options

SCHEMA = "schema"
"""The name under which an answer remembers its schema."""
_WORD = "json"
_MOST_NAMED = 3


def format_sent(options: Options) -> dict[str, object] | None:
    """The request field ``response_format``; None where it is not sent."""
    if options.schema is not None:
        return schema_format(options.schema, options.schema_form)
    return JSON_FORM if options.is_json else None


def has_sent_schema(options: Options) -> bool:
    """Whether a schema stands in the request field."""
    return options.schema is not None and options.schema_form not in IN_SYSTEM_PROMPT


def comes_whole(options: Options) -> bool:
    """Whether the answer comes as a whole: Groq streams none that is held to a schema."""
    return has_sent_schema(options) and options.provider is None


def system_sent(options: Options) -> str:
    """The system prompt with what has to stand in it for an answer in JSON.

    In JSON mode Groq refuses messages without the word JSON (400, observed). Prompts of the user
    are not looked at: a system prompt that changed with them would not come from the cache.
    """
    if options.schema is not None and not has_sent_schema(options):
        added = description(options.schema)
    elif options.is_json and options.schema is None and _WORD not in options.system.lower():
        added = JSON_REQUEST
    else:
        return options.system
    return f"{options.system}\n\n{added}" if options.system else added


def words_about(options: Options) -> str:
    """The text that the server puts into the prompt because of the request field."""
    if options.schema is None or not has_sent_schema(options):
        return ""
    return json.dumps(sent_schema(options.schema, options.schema_form).document)


@dataclass(frozen=True, slots=True)
class AskedForm:
    """The form that an answer in JSON was asked for in; without a schema, any object will do."""

    schema: str | None

    def mismatches(self, answer: str, *, with_patterns: bool = True) -> tuple[Mismatch, ...]:
        """What is wrong with an answer; empty where it is what was asked for."""
        return mismatches(self.schema, answer, with_patterns=with_patterns)

    @property
    def has_patterns(self) -> bool:
        """Whether the schema holds regular expressions."""
        return self.schema is not None and has_patterns(self.schema)


def mismatch_error(answer: Message, wrong: Sequence[Mismatch]) -> GroqchatError:
    """The error of an answer that is not what was asked for.

    Args:
        answer: The answer.
        wrong: What is wrong with it, at least one thing.
    """
    named = in_words([str(each) for each in wrong[:_MOST_NAMED]])
    more = f" and {len(wrong) - _MOST_NAMED} more" if len(wrong) > _MOST_NAMED else ""
    facts = Facts(
        model=answer.model,
        detail=f"{named}{more}",
        partial=answer.content,
        request_id=answer.request_id,
    )
    return failure("schema_mismatch", facts)


def asked_form(asked_with: Mapping[str, object]) -> AskedForm | None:
    """The form of an answer by what it remembers of its request; None where that is text."""
    schema = asked_with.get(SCHEMA)
    if isinstance(schema, dict):
        return AskedForm(json.dumps(schema, ensure_ascii=False))
    sent = asked_with.get("response_format")
    kind = sent.get("type") if isinstance(sent, dict) else None
    return AskedForm(None) if kind in {"json_object", "json_schema"} else None
