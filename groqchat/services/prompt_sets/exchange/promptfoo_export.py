"""A set as a configuration of promptfoo, which asks the same prompts and makes the same checks.

The prompts are values of a single template, since promptfoo asks every prompt with every test.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from groqchat.domain.prompt_sets.checks import Check, CheckKind
from groqchat.domain.prompt_sets.rubrics import Rubric
from groqchat.domain.prompt_sets.similarity import Likeness
from groqchat.services.prompt_sets.exchange.promptfoo_patterns import (
    absent_pattern,
    text_assertion,
)
from groqchat.services.prompt_sets.exchange.yaml_text import write_yaml

if TYPE_CHECKING:
    from collections.abc import Sequence

    from groqchat.domain.prompt_sets.prompt_set import SetPrompt

_TEMPLATE = re.compile(r"\{[{%#]|^\s*file://")
_PYTHONS = re.compile(r"\(\?(?:P[<=]|[aiLmsux-]+[:)])|\\[AZ]")
_TEXTS = {CheckKind.EXACT: "equals", CheckKind.CONTAINS: "contains"}


@dataclass(slots=True)
class Exported:
    """The YAML, and sentences on the checks that promptfoo has not."""

    text: str
    left_out: list[str] = field(default_factory=list)


def write_promptfoo(name: str, prompts: Sequence[SetPrompt], models: Sequence[str]) -> Exported:
    """A set as YAML of promptfoo.

    Args:
        name: The name of the set.
        prompts: The prompts.
        models: The ids of models at Groq.

    Raises:
        ImportError: PyYAML is not installed.
    """
    left_out: list[str] = []
    is_chat = any(
        prompt.system or prompt.history or _TEMPLATE.search(prompt.text) for prompt in prompts
    )
    document = {
        "description": name,
        "prompts": ["{{ messages | dump }}" if is_chat else "{{prompt}}"],
        "providers": [f"groq:{model}" for model in models],
        "tests": [_test(prompt, left_out, is_chat=is_chat) for prompt in prompts],
    }
    return Exported(write_yaml(document), left_out)


def _test(prompt: SetPrompt, left_out: list[str], *, is_chat: bool) -> dict[str, Any]:
    asked = {"messages": _messages(prompt)} if is_chat else {"prompt": prompt.text}
    test: dict[str, Any] = {"description": prompt.id, "vars": asked}
    if prompt.task:
        test["metadata"] = {"task": prompt.task}
    assertions = []
    for check in prompt.checks:
        try:
            assertions.append(_assertion(check))
        except ValueError as mistake:
            left_out.append(f"{prompt.id}: {mistake}")
    if assertions:
        test["assert"] = assertions
    return test


def _messages(prompt: SetPrompt) -> list[dict[str, str]]:
    """The messages as they are: promptfoo takes texts in objects for no templates."""
    system = [{"role": "system", "content": prompt.system}] if prompt.system else []
    said = [{"role": str(turn.role), "content": turn.content} for turn in prompt.history]
    return [*system, *said, {"role": "user", "content": prompt.text}]


def _plain(text: str) -> str:
    """A text that is neither a template nor the name of a file, whatever stands in it."""
    return f"{{% raw %}}{text}{{% endraw %}}" if _TEMPLATE.search(text) else text


def _assertion(check: Check) -> dict[str, Any]:
    """The assertion of a check.

    Raises:
        ValueError: promptfoo has none that means the same; the message says why.
    """
    wanted = check.wanted
    if isinstance(wanted, Decimal):
        return _limit(check.kind, wanted)
    if isinstance(wanted, Likeness):
        return {"type": "similar", "value": _plain(wanted.text), "threshold": wanted.threshold}
    if isinstance(wanted, Rubric):
        return _rubric(wanted)
    if check.kind is CheckKind.REGEX:
        return _pattern(str(wanted))
    if check.kind in _TEXTS:
        return {"type": _TEXTS[check.kind], "value": _plain(str(wanted))}
    schema = _schema(check)
    return {"type": "is-json", "value": schema} if schema else {"type": "is-json"}


def _rubric(rubric: Rubric) -> dict[str, Any]:
    if rubric.reference:
        raise ValueError("judge with a reference has no equal in promptfoo")
    provider = {"provider": f"groq:{rubric.model}"} if rubric.model else {}
    return {"type": "llm-rubric", "value": _plain(rubric.text), **provider}


def _limit(kind: CheckKind, limit: Decimal) -> dict[str, Any]:
    if kind is CheckKind.LATENCY_UNDER:
        return {"type": "latency", "threshold": float(limit * 1000)}
    if kind is CheckKind.COST_UNDER:
        return {"type": "cost", "threshold": float(limit)}
    raise ValueError("tokens_under has no equal in promptfoo")


def _pattern(pattern: str) -> dict[str, Any]:
    """The assertion of a pattern, which JavaScript reads there."""
    if found := text_assertion(pattern):
        texts = found.value
        plain = _plain(texts) if isinstance(texts, str) else [_plain(text) for text in texts]
        return {"type": found.type, "value": plain}
    absent = absent_pattern(pattern)
    if _PYTHONS.search(pattern if absent is None else absent):
        raise ValueError(f"the regular expression {pattern!r} is Python's alone")
    if absent is not None:
        return {"type": "not-regex", "value": _plain(absent)}
    return {"type": "regex", "value": _plain(pattern)}


def _schema(check: Check) -> dict[str, Any]:
    """The schema of a document with a value at a path, or that of the check; empty for any JSON."""
    if check.kind is CheckKind.SCHEMA:
        written: dict[str, Any] = json.loads(str(check.wanted))
        return written
    if not check.path:
        return {}
    steps = check.path.split(".")
    if any(step.isdecimal() for step in steps):
        raise ValueError(f"json with the place of a list, {check.path}, has no equal in promptfoo")
    schema: dict[str, Any] = {"const": check.wanted}
    for step in reversed(steps):
        schema = {"type": "object", "required": [step], "properties": {step: schema}}
    return schema
