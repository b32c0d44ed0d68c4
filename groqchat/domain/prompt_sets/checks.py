"""Checks of answers against what a file of prompts expects."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from groqchat.domain.compare.compare import figures_of
from groqchat.domain.prompt_sets.similarity import Likeness, similarity
from groqchat.domain.structured.schema import keys_of
from groqchat.domain.structured.validation import mismatches
from groqchat.domain.text.humanize import counted, exact_money
from groqchat.domain.turns.thoughts import without_thoughts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from groqchat.domain.turns.chat import Message


class CheckKind(StrEnum):
    """A kind of check; the value is the name of the field in a file of prompts."""

    EXACT = "exact"
    CONTAINS = "contains"
    REGEX = "regex"
    JSON = "json"
    SCHEMA = "schema"
    SIMILAR = "similar"
    LATENCY_UNDER = "latency_under"
    COST_UNDER = "cost_under"
    TOKENS_UNDER = "tokens_under"


_NOT_JSON = object()
NOT_IN_TIME = "the pattern takes over 5 s"
_NOT_TOLD = {
    CheckKind.LATENCY_UNDER: "the time is not known",
    CheckKind.COST_UNDER: "the cost is not known",
    CheckKind.TOKENS_UNDER: "the tokens are not known",
}

Search = tuple[str, str]
"""A pattern, and the text in which it is looked for."""


@dataclass(frozen=True, slots=True)
class CheckedAnswer:
    """What checks see of an answer: its text without thoughts, and its figures.

    ``total_s`` are the seconds from the request to the end, ``cost`` is in US dollars at list
    price, ``tokens`` are those of the answer with its reasoning. None: not known.
    """

    text: str
    total_s: float | None = None
    cost: Decimal | None = None
    tokens: int | None = None


def checked_answer(answer: Message) -> CheckedAnswer:
    """What checks see of a saved answer."""
    figures = figures_of(answer)
    return CheckedAnswer(
        without_thoughts(answer.content), figures.total_s, figures.cost, figures.completion_tokens
    )


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The result of a check: passed, or None where it is not decided; and what was found.

    ``note`` is the measured figure, or the reason why nothing was decided; it may be empty.
    """

    passed: bool | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """One check of an answer.

    ``wanted`` is the text, the pattern, the JSON Schema, the expected text with its threshold or
    the limit (seconds, US dollars or tokens, which the answer has to stay under); at the ``path``
    of a JSON document (names and places of lists between dots) it is the value, and without a path
    any JSON will do. White space around the whole answer counts neither for ``exact`` nor for
    ``regex``; else texts are compared as they are.
    """

    kind: CheckKind
    wanted: object = None
    path: str = ""

    def search(self, answer: str) -> Search | None:
        """The search that the check needs, which may never end; None if it needs none."""
        return (str(self.wanted), answer.strip()) if self.kind is CheckKind.REGEX else None

    def result(self, answer: CheckedAnswer, found: Mapping[Search, bool]) -> CheckResult:
        """The result for a whole answer.

        Args:
            answer: The answer.
            found: The results of searches.
        """
        text = answer.text
        if search := self.search(text):
            passed = found.get(search)
            return CheckResult(passed, NOT_IN_TIME if passed is None else "")
        match self.kind:
            case CheckKind.EXACT:
                return CheckResult(text.strip() == str(self.wanted).strip())
            case CheckKind.CONTAINS:
                return CheckResult(str(self.wanted) in text)
            case CheckKind.SCHEMA:
                return CheckResult(not mismatches(str(self.wanted), text))
            case CheckKind.JSON:
                return CheckResult(self._finds(_parsed(text)))
        return self._measured(answer)

    def _finds(self, document: object) -> bool:
        if not self.path:
            return document is not _NOT_JSON
        found = _at(document, self.path)
        # In Python true is 1; in JSON it is not.
        return isinstance(found, bool) == isinstance(self.wanted, bool) and found == self.wanted

    def _measured(self, answer: CheckedAnswer) -> CheckResult:
        """The result of a check that compares a figure with a limit."""
        if isinstance(self.wanted, Likeness):
            ratio = similarity(self.wanted.text, answer.text)
            return CheckResult(ratio >= self.wanted.threshold, f"{ratio:.2f}")
        figure = {
            CheckKind.LATENCY_UNDER: answer.total_s,
            CheckKind.COST_UNDER: answer.cost,
            CheckKind.TOKENS_UNDER: answer.tokens,
        }[self.kind]
        if figure is None or not isinstance(self.wanted, Decimal):
            return CheckResult(None, _NOT_TOLD[self.kind])
        return CheckResult(Decimal(figure) < self.wanted, self._in_words(Decimal(figure)))

    def _in_words(self, figure: Decimal) -> str:
        if self.kind is CheckKind.LATENCY_UNDER:
            return f"{float(figure):.4g} s"
        if self.kind is CheckKind.COST_UNDER:
            return exact_money(figure)
        return counted(int(figure), "token")

    def __str__(self) -> str:
        if self.kind is CheckKind.JSON:
            wanted = json.dumps(self.wanted, ensure_ascii=False)
            return f"{self.path} = {wanted}" if self.path else "is JSON"
        if self.kind is CheckKind.SCHEMA:
            return f"fits the schema: {keys_of(str(self.wanted))}"
        if isinstance(self.wanted, Decimal):
            return f"{self.kind}: {self._in_words(self.wanted)}"
        return f"{self.kind}: {self.wanted}"


def _parsed(answer: str) -> object:
    try:
        return json.loads(answer, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return _NOT_JSON


def _refuse(constant: str) -> None:
    """Refuse NaN and the infinities, which only Python takes for JSON."""
    raise ValueError(constant)


def _at(document: object, path: str) -> object:
    """The value at a path; a missing one equals no other value."""
    for step in path.split("."):
        if isinstance(document, dict) and step in document:
            document = document[step]
        elif isinstance(document, list) and step.isdecimal() and int(step) < len(document):
            document = document[int(step)]
        else:
            return _NOT_JSON
    return document
