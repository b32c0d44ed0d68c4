"""The ways in which an answer in JSON is asked for: ``response_format``, or words in the prompt."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from groqchat.domain.structured.sendable import SentSchema, sendable

JSON_FORM: dict[str, Any] = {"type": "json_object"}
"""The value of ``response_format`` that asks for one JSON object."""
JSON_REQUEST = "Answer with one JSON object."
"""What is added to a prompt that does not have the word JSON."""
_DESCRIBED = "Answer with one JSON object that is valid for this JSON Schema:\n{schema}"


class SchemaForm(StrEnum):
    """The way in which a schema is asked for.

    STRICT holds the model to it while it answers, BEST_EFFORT has the server check the answer,
    DESCRIBED puts the schema into the system prompt of a request in JSON mode, and PROMPTED into
    that of a request without JSON mode.
    """

    STRICT = "strict"
    BEST_EFFORT = "best_effort"
    DESCRIBED = "described"
    PROMPTED = "prompted"


IN_SYSTEM_PROMPT = frozenset({SchemaForm.DESCRIBED, SchemaForm.PROMPTED})
"""The forms in which the schema stands in the system prompt."""
ANY_OBJECT = '{"type": "object"}'
"""The schema that any JSON object fits."""


def sent_schema(schema: str, form: str | None) -> SentSchema:
    """A schema as it is sent in a form."""
    return sendable(schema, is_strict=form == SchemaForm.STRICT)


def schema_format(schema: str, form: str | None) -> dict[str, Any] | None:
    """The value of ``response_format`` for a schema; None where it is not sent."""
    if form == SchemaForm.PROMPTED:
        return None
    if form == SchemaForm.DESCRIBED:
        return JSON_FORM
    sent = sent_schema(schema, form)
    described = {"name": sent.name, "strict": sent.is_strict, "schema": sent.document}
    return {"type": "json_schema", "json_schema": described}


def description(schema: str) -> str:
    """The words of a system prompt that ask for an answer by a schema."""
    return _DESCRIBED.format(schema=schema)
