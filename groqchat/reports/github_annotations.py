"""A report on a set as annotations of GitHub Actions, which it shows beside the lines of the file.

The form is that of GitHub's workflow commands: ``::error file=…,line=…,title=…::message``.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from groqchat.domain.text.humanize import counted
from groqchat.domain.text.sanitize import sanitize

if TYPE_CHECKING:
    from collections.abc import Iterator

    from groqchat.domain.prompt_sets.gate import GateResult
    from groqchat.domain.prompt_sets.outcomes import Outcome
    from groqchat.domain.prompt_sets.report import SetReport

MOST = 10
"""GitHub shows no more annotations of one kind for a step."""


def github_annotations(report: SetReport, result: GateResult, file: str) -> list[str]:
    """The lines to print: what the gate missed, and the prompts that do not pass.

    Prompts are errors if the gate is missed, else warnings. What would be too many is counted in
    the last line.

    Args:
        report: The report.
        result: The result of the gate.
        file: The path of the file of prompts, from the root of the repository.
    """
    level = "warning" if result.passed else "error"
    missed = [
        _command("error", f"{ruling.model}: {ruling.sentence}", file=file, title="gate missed")
        for ruling in result.rulings
        if not ruling.passed
    ]
    prompts = [
        _command(level, _why(each), file=file, line=each.prompt.line, title=_title(each))
        for row in report.outcomes
        for each in row
        if each.passes is False or each.failure
    ]
    lines = missed + prompts
    if len(lines) <= MOST:
        return lines
    further = f"{counted(len(lines) - MOST + 1, 'further failure')}, which the report has"
    return [*islice(lines, MOST - 1), _command(level, further, file=file)]


def _title(outcome: Outcome) -> str:
    return f"{outcome.prompt.id} · {outcome.model}"


def _why(outcome: Outcome) -> str:
    return outcome.failure.sentence if outcome.failure else "\n".join(outcome.missed)


def _command(level: str, message: str, **properties: str | int) -> str:
    told = ",".join(_properties(properties))
    return f"::{level} {told}::{_data(message)}"


def _properties(properties: dict[str, str | int]) -> Iterator[str]:
    for name, value in properties.items():
        if value:
            yield f"{name}={_data(str(value)).replace(':', '%3A').replace(',', '%2C')}"


def _data(text: str) -> str:
    return sanitize(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
