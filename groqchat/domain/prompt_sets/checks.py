"""Checks of answers against what a file of prompts expects."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from groqchat.domain.compare.compare import figures_of
from groqchat.domain.prompt_sets.rubrics import Rubric
from groqchat.domain.prompt_sets.similarity import Likeness, similarity
from groqchat.domain.structured.schema import keys_of
from groqchat.domain.structured.validation import has_patterns, mismatches
from groqchat.domain.text.humanize import counted, exact_money
from groqchat.domain.turns.answer_form import asked_form
from groqchat.domain.turns.thoughts import without_thoughts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from groqchat.domain.prompt_sets.rubrics import Verdict, VerdictKey
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
    JUDGE = "judge"


_NOT_JSON = object()
NOT_IN_TIME = "the pattern takes over 5 s"
NOT_JUDGED = "no verdict of a judge yet"
_NOT_TOLD = {
    CheckKind.LATENCY_UNDER: "the time is not known",
    CheckKind.COST_UNDER: "the cost is not known",
    CheckKind.TOKENS_UNDER: "the tokens are not known",
}


class Search(NamedTuple):
    """A check that may never end: a pattern and a text, or a schema with patterns and an answer."""

    wanted: str
    text: str
    is_schema: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """What has to be found out about answers before they are checked.

    ``found`` are the results of searches, ``verdicts`` those of judges.
    """

    found: Mapping[Search, bool] = field(default_factory=dict)
    verdicts: Mapping[VerdictKey, Verdict] = field(default_factory=dict)


NO_EVIDENCE = Evidence()


@dataclass(frozen=True, slots=True)
class CheckedAnswer:
    """What checks see of an answer: its text without thoughts, its id, and its figures.

    ``total_s`` are the seconds from the request to the end, ``cost`` is in US dollars at list
    price, ``tokens`` are those of the answer with its reasoning. None: not known.
    """

    text: str
    total_s: float | None = None
    cost: Decimal | None = None
    tokens: int | None = None
    id: str = ""


def form_check(asked_with: Mapping[str, object]) -> Check | None:
    """The check of an answer that was asked for in JSON, by what it remembers of its request."""
    form = asked_form(asked_with)
    if form is None:
        return None
    return Check(CheckKind.JSON) if form.schema is None else Check(CheckKind.SCHEMA, form.schema)


def checked_answer(answer: Message) -> CheckedAnswer:
    """What checks see of a saved answer."""
    figures = figures_of(answer)
    text, tokens = without_thoughts(answer.content), figures.completion_tokens
    return CheckedAnswer(text, figures.total_s, figures.cost, tokens, answer.id)


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The result of a check: passed, or None where it is not decided; and what was found.

    ``note`` is the measured figure, or the reason why nothing was decided; it may be empty.
    """

    passed: bool | None
    note: str = ""


_UNJUDGED = CheckResult(None, NOT_JUDGED)


@dataclass(frozen=True, slots=True)
class Check:
    """One check of an answer.

    ``wanted`` is the text, the pattern, the JSON Schema, the expected text with its threshold, the
    rubric, or the limit (seconds, US dollars or tokens, which the answer has to stay under). At the
    ``path`` of a JSON document (names and places of lists between dots) it is the value, and
    without a path any JSON will do. White space around the whole answer counts neither for
    ``exact`` nor for ``regex``; else texts are compared as they are.
    """

    kind: CheckKind
    wanted: object = None
    path: str = ""

    def search(self, answer: str) -> Search | None:
        """The search that the check needs, which may never end; None if it needs none."""
        wanted = str(self.wanted)
        if self.kind is CheckKind.SCHEMA and has_patterns(wanted):
            return Search(wanted, answer, is_schema=True)
        return Search(wanted, answer.strip()) if self.kind is CheckKind.REGEX else None

    @property
    def rubric(self) -> Rubric | None:
        """The rubric by which a model judges; None for any other check."""
        return self.wanted if isinstance(self.wanted, Rubric) else None

    def result(self, answer: CheckedAnswer, evidence: Evidence) -> CheckResult:
        """The result for a whole answer.

        Args:
            answer: The answer.
            evidence: What was found out about it.
        """
        if search := self.search(answer.text):
            passed = evidence.found.get(search)
            return CheckResult(passed, NOT_IN_TIME if passed is None else "")
        if rubric := self.rubric:
            verdict = evidence.verdicts.get((answer.id, rubric.digest, rubric.model))
            return CheckResult(verdict.passed, verdict.reason) if verdict else _UNJUDGED
        if isinstance(self.wanted, Likeness | Decimal):
            return self._measured(answer)
        return CheckResult(self._fits(answer.text))

    def _fits(self, text: str) -> bool:
        """Whether a text fits what is wanted, without anything else."""
        match self.kind:
            case CheckKind.EXACT:
                return text.strip() == str(self.wanted).strip()
            case CheckKind.CONTAINS:
                return str(self.wanted) in text
            case CheckKind.SCHEMA:
                return not mismatches(str(self.wanted), text)
            case _:
                return self._finds(_parsed(text))

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
