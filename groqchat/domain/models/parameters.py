"""The request parameters that a model refuses, each with its reason."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from groqchat.domain.models.catalog import SAMPLING, Kind, Status
from groqchat.domain.structured.response_format import ANY_OBJECT, SchemaForm
from groqchat.domain.structured.sendable import sendable
from groqchat.domain.text.humanize import count
from groqchat.domain.tools.executed import BUILT_IN
from groqchat.domain.turns.answer_form import format_sent, system_sent
from groqchat.domain.turns.sent_parameters import sampling_sent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from groqchat.domain.models.catalog import Model
    from groqchat.domain.turns.chat import Options

REFUSED_BY_ALL = frozenset({"logprobs", "top_logprobs", "logit_bias", "metadata", "store"})
"""What Groq answers with a 400 whatever the model (Groq OpenAI-compatibility docs)."""

PARSED = "parsed"
"""The value of ``reasoning_format`` for reasoning in a field of its own."""

HIDDEN = "hidden"
"""The value of ``reasoning_format`` for answers without their reasoning."""

# Abilities of the catalogue.
_JSON, _SCHEMAS, _STRICT = "json", "structured_outputs", "strict_schemas"
_NEEDS = {"tools": "tools", "tool_choice": "tools", "parallel_tool_calls": "tools"}


def refused_parameters(model: Model, parameters: Mapping[str, object]) -> dict[str, str]:
    """Find what must be left out of a request, each with the reason in words.

    The rules of an unlisted model are unknown: it is sent all that not every model refuses.
    A parameter with the value None counts as absent.
    """
    given = {name: value for name, value in parameters.items() if value is not None}
    refused = {name: "the API does not support it" for name in given if name in REFUSED_BY_ALL}
    refused |= {
        name: f"{model.id} does not take it"
        for name in given
        if name in SAMPLING and name not in model.sampling
    }
    if given.get("n", 1) != 1:
        refused["n"] = "the API gives one answer a request"
    if model.status is Status.UNLISTED:
        return refused
    return refused | _refused_abilities(model, given) | _refused_reasoning(model, given)


def allowed(model: Model, parameter: str) -> str:
    """The values that a model takes for a parameter, in words; empty if unknown."""
    if parameter == "reasoning_effort" and model.status is not Status.UNLISTED:
        return ", ".join(model.reasoning_efforts) or "none at all"
    if parameter in {"max_tokens", "max_completion_tokens"} and model.max_completion_tokens:
        return f"at most {count(model.max_completion_tokens)} tokens"
    return ""


def refused_options(options: Options, model: Model) -> dict[str, str]:
    """The options of a request that the model would refuse, each with the reason in words."""
    parameters: dict[str, object] = {
        **sampling_sent(options),
        "reasoning_effort": options.effort,
        "reasoning_format": options.reasoning_format,
        "response_format": format_sent(_in_form(options, model)),
        "tools": options.tools or None,
    }
    if options.reasoning_format in _shown_by_flag(model):
        del parameters["reasoning_format"]
    unable = [name for name in options.tools if not can_run(model, name)]
    refused = {name: f"{model.id} has no {name}" for name in unable}
    return refused | refused_parameters(model, parameters)


def fitted(options: Options, model: Model) -> Options:
    """The options of a request without what the model would refuse, as it is to be asked.

    Where nothing else is chosen, reasoning comes apart from the answer; by default it would stand
    in it (Groq reasoning docs). What has to be said about JSON stands in the system prompt.
    """
    refused = refused_options(options, model)
    form = None if "reasoning_format" in refused else options.reasoning_format
    is_flag = form in _shown_by_flag(model)
    usual = PARSED if PARSED in model.reasoning_formats else None
    told = replace(
        _in_form(options, model),
        dropped=options.dropped | refused.keys() - {"reasoning_format"},
        tools=tuple(name for name in options.tools if can_run(model, name)),
        reasoning_format=None if is_flag else form or usual,
        include_reasoning=form != HIDDEN if is_flag else None,
    )
    if "response_format" in told.dropped:
        return replace(told, is_json=False, schema=None, schema_form=None)
    return replace(told, system=system_sent(told))


def schema_form(schema: str, model: Model, provider: str | None = None) -> SchemaForm:
    """The best way in which a model takes a schema.

    Of the chat models that Groq has, those that are not known to take one get it in the system
    prompt. Of a model of another endpoint it is assumed that it takes one, not that it is held to
    it.

    Args:
        schema: The schema, as JSON.
        model: The model.
        provider: The endpoint; None is Groq.
    """
    if model.can(_SCHEMAS):
        is_strict = model.can(_STRICT) and sendable(schema, is_strict=True).is_strict
        return SchemaForm.STRICT if is_strict else SchemaForm.BEST_EFFORT
    if model.can(_JSON):
        return SchemaForm.DESCRIBED
    is_told = provider is None and model.kind is Kind.CHAT
    return SchemaForm.PROMPTED if is_told else SchemaForm.BEST_EFFORT


def _in_form(options: Options, model: Model) -> Options:
    schema = options.schema
    if schema is None and options.is_json:
        # Without JSON mode an object is asked for as by a schema.
        form = schema_form(ANY_OBJECT, model, options.provider)
        schema = ANY_OBJECT if form is SchemaForm.PROMPTED else None
    if schema is None:
        return options
    form = schema_form(schema, model, options.provider)
    return replace(options, schema=schema, schema_form=form)


def can_run(model: Model, tool: str) -> bool:
    """Whether a tool or source of tools goes with a model; of an unlisted one nothing is known."""
    return tool not in BUILT_IN or model.status is Status.UNLISTED or model.can(tool)


def reasoning_formats(model: Model) -> tuple[str, ...]:
    """The values of ``reasoning_format`` that can be chosen for a model; none: it has no choice."""
    return model.reasoning_formats or _shown_by_flag(model)


def _shown_by_flag(model: Model) -> tuple[str, ...]:
    """The formats that ``include_reasoning`` stands for, at a model that knows that alone."""
    is_flag = model.include_reasoning and not model.reasoning_formats
    return (PARSED, HIDDEN) if is_flag else ()


def _refused_abilities(model: Model, given: Mapping[str, object]) -> dict[str, str]:
    refused = {
        name: f"{model.id} cannot use tools"
        for name in given
        if name in _NEEDS and not model.can(_NEEDS[name])
    }
    wanted = given.get("response_format")
    form = wanted.get("type") if isinstance(wanted, dict) else None
    ability = {"json_object": _JSON, "json_schema": _SCHEMAS}.get(str(form))
    if ability and not model.can(ability):
        refused["response_format"] = f"{model.id} does not offer {form}"
    return refused


def _refused_reasoning(model: Model, given: Mapping[str, object]) -> dict[str, str]:
    """Reasoning parameters differ by family; a wrong one is a 400 (Groq reasoning docs)."""
    refused: dict[str, str] = {}
    effort, form = given.get("reasoning_effort"), given.get("reasoning_format")
    if effort is not None and effort not in model.reasoning_efforts:
        refused["reasoning_effort"] = _choices(model, model.reasoning_efforts)
    if form is not None and form not in model.reasoning_formats:
        refused["reasoning_format"] = _choices(model, model.reasoning_formats)
    elif form == "raw" and ("tools" in given or "response_format" in given):
        refused["reasoning_format"] = "raw reasoning goes with neither tools nor JSON"
    if "include_reasoning" in given and not model.include_reasoning:
        refused["include_reasoning"] = f"{model.id} does not take it"
    return refused


def _choices(model: Model, values: tuple[str, ...]) -> str:
    return f"{model.id} takes {', '.join(values) or 'none'}"
