"""A report on a set as JUnit XML, as CI servers read it.

Elements and attributes are those that Jenkins' schema (junit-10.xsd of its xUnit plugin) and that
of Maven's Surefire have in common.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from groqchat.domain.compare.compare import figures_of
from groqchat.domain.text.sanitize import sanitize

if TYPE_CHECKING:
    from groqchat.domain.prompt_sets.gate import GateResult, Ruling
    from groqchat.domain.prompt_sets.outcomes import Outcome
    from groqchat.domain.prompt_sets.report import ModelReport, SetReport

ROOT = "<testsuites "
"""The beginning of the document, behind its declaration."""
# https://www.w3.org/TR/xml/#charsets: what else there is may not even be written as a reference.
_NO_CHARACTERS = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(report: SetReport, result: GateResult | None) -> str:
    """The XML document: a suite for each column with its prompts, and one for the gate."""
    root = Element("testsuites", name=_safe(report.name))
    for place, model in enumerate(report.models):
        _suite(root, report, place, model)
    if result is not None and result.rulings:
        _gate(root, result)
    for name in ("tests", "failures", "errors"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


def _suite(root: Element, report: SetReport, place: int, model: ModelReport) -> None:
    suite = SubElement(root, "testsuite", name=_safe(model.model))
    times = []
    for row in report.outcomes:
        outcome = row[place]
        seconds = figures_of(outcome.answer).total_s if outcome.answer else None
        times.append(seconds or 0.0)
        _case(suite, report, outcome, seconds)
    _count(suite, sum(times))


def _count(suite: Element, seconds: float) -> None:
    suite.set("tests", str(len(suite)))
    for attribute, kind in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(attribute, str(sum(case.find(kind) is not None for case in suite)))
    suite.set("time", f"{seconds:.3f}")


def _case(suite: Element, report: SetReport, outcome: Outcome, seconds: float | None) -> None:
    prompt = outcome.prompt
    run = f" (run {prompt.run})" if report.runs > 1 else ""
    case = SubElement(
        suite,
        "testcase",
        name=_safe(f"{prompt.id}{run}"),
        classname=_safe(f"{report.name}.{prompt.task}" if prompt.task else report.name),
        time=f"{seconds or 0.0:.3f}",
    )
    if outcome.is_missing:
        SubElement(case, "skipped", message="not answered yet")
    elif outcome.failure:
        kind, sentence = str(outcome.failure.kind), _safe(outcome.failure.sentence)
        SubElement(case, "error", type=kind, message=sentence).text = sentence
    elif outcome.passes is False:
        lines = list(map(_safe, outcome.missed))
        SubElement(case, "failure", type="checks", message=lines[0]).text = "\n".join(lines)
    if outcome.answer:
        SubElement(case, "system-out").text = _safe(outcome.answer.content)


def _gate(root: Element, result: GateResult) -> None:
    suite = SubElement(root, "testsuite", name="gate")
    for ruling in result.rulings:
        _ruling(suite, ruling)
    _count(suite, 0.0)


def _ruling(suite: Element, ruling: Ruling) -> None:
    name, sentence = _safe(f"{ruling.rule} {ruling.model}"), _safe(ruling.sentence)
    case = SubElement(suite, "testcase", name=name, classname="gate", time="0.000")
    if not ruling.passed:
        SubElement(case, "failure", type=ruling.rule, message=sentence).text = sentence


def _safe(text: str) -> str:
    """A text without what a terminal would obey, and without what XML 1.0 does not allow."""
    return _NO_CHARACTERS.sub("", sanitize(text))
