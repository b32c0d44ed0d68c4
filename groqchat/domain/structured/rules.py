"""The rules that Groq has for the schema of an answer, each with its source and certainty.

Sources: Groq's page on structured outputs (read in copies of 2026), and bodies of real refusals in
public repositories.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class Certainty(StrEnum):
    """The certainty of a rule."""

    DOCUMENTED = "documented"
    OBSERVED = "observed"
    ASSUMED = "assumed"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    ``is_strict`` says that it holds with ``strict: true`` alone, where the words of an answer are
    held to the schema while they are generated. ``sentence`` says what breaks the rule.
    """

    name: str
    sentence: str
    is_strict: bool
    source: str
    certainty: Certainty


ROOT = Rule(
    "root_is_object",
    "the outermost value has to be an object",
    is_strict=False,
    source="langchain-ai/langchainjs#9923 (2026-02); OpenAI's API, which this one follows",
    certainty=Certainty.ASSUMED,
)
CLOSED = Rule(
    "closed_object",
    "an object may have other keys than those that are named",
    is_strict=True,
    source="structured outputs page; Meridiona/meridian#812 (2026-08-19)",
    certainty=Certainty.OBSERVED,
)
REQUIRED = Rule(
    "all_required",
    "a key may be left out",
    is_strict=True,
    source="structured outputs page; several repositories (2026-08/09)",
    certainty=Certainty.OBSERVED,
)
KEYWORD = Rule(
    "known_keyword",
    "the keyword is not among those that are supported",
    is_strict=False,
    source="structured outputs page (types, enum, anyOf, $ref, $defs); "
    "i-am-bee/beeai-framework#1215 (minItems, 2025-10)",
    certainty=Certainty.ASSUMED,
)
APART = Rule(
    "any_of_apart",
    "objects of one anyOf share a key, so they cannot be told apart",
    is_strict=True,
    source="one body with keyset_required_overlap in a public repository (2026-09)",
    certainty=Certainty.OBSERVED,
)
TYPED = Rule(
    "typed",
    "a value has no type",
    is_strict=True,
    source="structured outputs page (supported data types)",
    certainty=Certainty.ASSUMED,
)
LOCAL = Rule(
    "local_reference",
    "a reference leads out of the schema",
    is_strict=False,
    source="structured outputs page ($defs and # alone)",
    certainty=Certainty.ASSUMED,
)
RULES = (ROOT, CLOSED, REQUIRED, KEYWORD, APART, TYPED, LOCAL)

KEYWORDS = frozenset(
    {
        "$defs", "$ref", "additionalProperties", "anyOf", "description", "enum", "items",
        "properties", "required", "title", "type",
    }
)  # fmt: skip
"""The keywords that the structured outputs page uses."""


# Below these keywords of a schema, the next step of a path is a name that the user chose.
_NAMING = frozenset({"properties", "$defs"})


@dataclass(frozen=True, slots=True)
class Violation:
    """A place of a schema that breaks a rule.

    ``path`` is a JSON pointer (RFC 6901), ``detail`` the keyword or the keys that it is about.
    """

    rule: Rule
    path: str
    detail: str = ""

    @property
    def place(self) -> str:
        """The place by the names of keys, such as ``people.age``; empty at the top."""
        steps = self.path.split("/")[1:]
        names = [steps[at + 1] for at in range(len(steps) - 1) if steps[at] in _NAMING]
        return ".".join(name.replace("~1", "/").replace("~0", "~") for name in names)

    def __str__(self) -> str:
        about = f" ({self.detail})" if self.detail else ""
        return f"{f'“{self.place}”' if self.place else 'at the top'}: {self.rule.sentence}{about}"


def violations(document: Mapping[str, Any], *, is_strict: bool) -> Iterator[Violation]:
    """The places of a schema that break a rule, in the order of the text."""
    if document.get("type") != "object" and "$ref" not in document:
        yield Violation(ROOT, "")
    for path, node in nodes(document):
        for found in _of(path, node, document):
            if is_strict or not found.rule.is_strict:
                yield found


def nodes(document: object, path: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """All schemas inside a schema with their paths, itself first."""
    if not isinstance(document, dict):
        return
    yield path, document
    for keyword in ("properties", "$defs", "definitions"):
        for name, inner in _mapping(document.get(keyword)).items():
            yield from nodes(inner, f"{path}/{keyword}/{_escaped(name)}")
    for keyword in ("items", "additionalProperties"):
        yield from nodes(document.get(keyword), f"{path}/{keyword}")
    for number, inner in enumerate(_listed(document.get("anyOf"))):
        yield from nodes(inner, f"{path}/anyOf/{number}")


def _of(path: str, node: Mapping[str, Any], root: Mapping[str, Any]) -> Iterator[Violation]:
    for keyword in node:
        if keyword not in KEYWORDS:
            yield Violation(KEYWORD, path, keyword)
    reference = node.get("$ref")
    if isinstance(reference, str) and not reference.startswith("#"):
        yield Violation(LOCAL, path, reference)
    if not node.keys() & {"$ref", "anyOf", "enum", "type"}:
        yield Violation(TYPED, path)
    if is_object(node):
        properties = _mapping(node.get("properties"))
        if node.get("additionalProperties") is not False:
            yield Violation(CLOSED, path)
        missing = [name for name in properties if name not in _listed(node.get("required"))]
        if missing:
            yield Violation(REQUIRED, path, ", ".join(missing))
    if shared := _shared_key(_listed(node.get("anyOf")), root):
        yield Violation(APART, path, shared)


def is_object(node: Mapping[str, Any]) -> bool:
    """Whether a schema describes an object."""
    kind = node.get("type")
    return kind == "object" or (isinstance(kind, list) and "object" in kind) or "properties" in node


def resolved(node: object, root: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema that a reference inside a schema leads to; the schema itself without one."""
    for _ in range(16):  # a circle of references leads nowhere
        if not isinstance(node, dict):
            return {}
        reference = node.get("$ref")
        if not isinstance(reference, str) or not reference.startswith("#"):
            return node
        target: object = root
        for step in reference.removeprefix("#").split("/")[1:]:
            name = step.replace("~1", "/").replace("~0", "~")
            target = target.get(name) if isinstance(target, dict) else None
        node = target
    return {}


def _shared_key(choices: list[Any], root: Mapping[str, Any]) -> str:
    """A required key of one object in ``anyOf`` that another one has too; empty without one."""
    objects = [node for each in choices if is_object(node := resolved(each, root))]
    for number, node in enumerate(objects):
        others = [each for place, each in enumerate(objects) if place != number]
        known = {name for other in others for name in _mapping(other.get("properties"))}
        for name in _listed(node.get("required")):
            if name in known:
                return str(name)
    return ""


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
