"""A configuration of promptfoo as rows of a set.

Every prompt is asked with every test, as there. What has no equal here is left out and said, with
its line; nothing is run, and files are read from the folder of the configuration alone. Facts:
https://www.promptfoo.dev/docs/configuration/reference.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from groqchat.services.prompt_sets.exchange.config_files import MARK
from groqchat.services.prompt_sets.exchange.promptfoo_checks import Fields, check_fields, merged
from groqchat.services.prompt_sets.exchange.promptfoo_templates import (
    combinations,
    filled_in,
    prompt_fields,
)
from groqchat.services.prompt_sets.exchange.promptfoo_tests import TestReader
from groqchat.services.prompt_sets.exchange.yaml_text import read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from groqchat.services.prompt_sets.exchange.config_files import ConfigFiles
    from groqchat.services.prompt_sets.exchange.promptfoo_tests import Test

_GROQ = "groq:"
_PROGRAMS = (".js", ".mjs", ".cjs", ".ts", ".py", ".rb", ".sh", ".bash", ".pl")
_WITH_CHAT = (".json", ".yaml", ".yml")
_SEPARATOR = "\n---\n"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that was not imported: where it stands, and why."""

    where: str
    why: str

    def __str__(self) -> str:
        return f"{self.where}: {self.why}" if self.where else self.why


@dataclass(slots=True)
class Imported:
    """The rows of a set, what was left out, and the ids of models at Groq that were asked.

    ``notes`` are sentences on what means something else here.
    """

    rows: list[Fields] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    models: list[str] = field(default_factory=list)


def read_promptfoo(text: str, files: ConfigFiles) -> Imported:
    """The rows of a configuration.

    Args:
        text: The YAML.
        files: Reads the files that it names.

    Raises:
        ValueError: It is no configuration of promptfoo; the message is for the user.
        ImportError: PyYAML is not installed.
    """
    document = read_yaml(text)
    if not isinstance(document, dict) or not {"prompts", "tests"} & document.keys():
        raise ValueError("it is no configuration of promptfoo: it has neither prompts nor tests")
    return _Import(document, files).imported()


class _Import:
    """One import.

    Args:
        document: The configuration.
        files: Reads the files that it names.
    """

    def __init__(self, document: Mapping[str, Any], files: ConfigFiles) -> None:
        self._document = document
        self._files = files
        self._result = Imported()
        self._ids: set[str] = set()

    def imported(self) -> Imported:
        """The result."""
        for name in ("scenarios", "extensions", "redteam", "nunjucksFilters"):
            if self._document.get(name):
                self._leave_out("", f"{name} are not supported")
        self._providers()
        prompts = list(self._prompts())
        tests = list(TestReader(self._document, self._files, self._leave_out).tests())
        several = len(prompts) > 1
        for number, template in enumerate(prompts, 1):
            for test in tests:
                self._rows(template, test, f"-p{number}" if several else "")
        if any("judge" in row for row in self._result.rows):
            self._result.notes.append("a model judges the rubrics: name it with --judge")
        if any("similar" in row for row in self._result.rows):
            self._result.notes.append(
                "similar compares characters here, and the meaning there: try its thresholds"
            )
        return self._result

    def _leave_out(self, where: str, why: str) -> None:
        left = LeftOut(where, why)
        if left not in self._result.left_out:  # once, although every prompt meets it
            self._result.left_out.append(left)

    def _providers(self) -> None:
        given = self._document.get("providers", self._document.get("targets"))
        for each in given if isinstance(given, list) else [given] if given else []:
            first = next(iter(each), None) if isinstance(each, dict) else None
            name = each.get("id", first) if isinstance(each, dict) else each
            if isinstance(name, str) and name.startswith(_GROQ):
                self._result.models.append(name.removeprefix(_GROQ))
            else:
                self._leave_out("", f"the provider {name} is not at Groq: name a model with -m")

    # -- prompts --------------------------------------------------------------------------------

    def _prompts(self) -> Iterator[str]:
        """The templates of the prompts."""
        given = self._document.get("prompts") or ["{{prompt}}"]
        entries = given if isinstance(given, list) else [given]
        lines = getattr(given, "lines", ())
        for place, entry in enumerate(entries):
            where = f"line {lines[place]}" if place < len(lines) else ""
            try:
                yield from self._templates(entry)
            except ValueError as mistake:
                self._leave_out(where, f"prompt: {mistake}")

    def _templates(self, entry: object) -> Iterable[str]:
        if isinstance(entry, dict):
            entry = entry.get("raw") or entry.get("id") or entry.get("path")
        if not isinstance(entry, str) or not entry.strip():
            raise ValueError("it is no text")
        path = entry.split("\n")[0].strip()
        ends = path.partition(":")[0] if not path.startswith(MARK) else path.removeprefix(MARK)
        is_program = ends.partition(":")[0].lower().endswith(_PROGRAMS)
        if path.startswith(("exec:", "langfuse:", "portkey:", "helicone:")) or is_program:
            raise ValueError(f"{path}: programs and other services are not run")
        is_file = path.startswith(MARK) or (
            path == entry.strip()
            and " " not in path
            and path.lower().endswith((".txt", *_WITH_CHAT))
        )
        if not is_file:
            return [entry]
        return [part for name in self._files.matching(path) for part in self._parts(name)]

    def _parts(self, name: str) -> list[str]:
        text = self._files.text(name).replace("\r\n", "\n")
        if name.lower().endswith(_WITH_CHAT):
            return [text]
        return [part.strip() for part in text.split(_SEPARATOR) if part.strip()]

    # -- rows -----------------------------------------------------------------------------------

    def _rows(self, template: str, test: Test, mark: str) -> None:
        try:
            every = combinations(test.values)
        except ValueError as mistake:
            self._leave_out(test.where, str(mistake))
            return
        for number, values in enumerate(every, 1):
            further = f"-{number}" if len(every) > 1 else ""
            try:
                asked = prompt_fields(template, values)
            except ValueError as mistake:
                self._leave_out(test.where, f"test: {mistake}")
                continue
            row = {"id": self._id(test, f"{mark}{further}")}
            row |= {"task": test.task} if test.task else {}
            self._result.rows.append(row | asked | self._checks(test, values))

    def _id(self, test: Test, mark: str) -> str:
        name = f"{test.description.strip() or test.name}{mark}"
        unique, number = name, 2
        while unique in self._ids:
            unique, number = f"{name} ({number})", number + 1
        self._ids.add(unique)
        return unique

    def _checks(self, test: Test, values: Mapping[str, Any]) -> Fields:
        fields: list[Fields] = []
        for where, assertion in test.assertions:
            try:
                found = check_fields(filled_in(assertion, values))
                merged([*fields, found])
            except ValueError as mistake:
                self._leave_out(where, f"check: {mistake}")
            else:
                fields.append(found)
        return merged(fields)
