"""The tests of a configuration of promptfoo: their values and assertions, with their lines."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from groqchat.services.prompt_sets.exchange.config_files import MARK
from groqchat.services.prompt_sets.exchange.promptfoo_checks import is_known

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from groqchat.services.prompt_sets.exchange.config_files import ConfigFiles

    LeaveOut = Callable[[str, str], None]

_COMPACT = re.compile(r"([a-z][a-z-]*)(?:\(([\d.]+)\))?:\s*(.*)", re.DOTALL)
_EXPECTED = re.compile(r"__expected\d*")


@dataclass(frozen=True, slots=True)
class Test:
    """One test: values of variables, and assertions with the place of each."""

    __test__ = False  # it is none of pytest's

    name: str
    where: str
    values: Mapping[str, Any]
    assertions: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    description: str = ""
    task: str = ""


@dataclass(slots=True)
class TestReader:
    """Reads the tests.

    Args:
        document: The configuration.
        files: Reads the files that it names.
        leave_out: Told where something stands that cannot be imported, and why.
    """

    __test__ = False

    document: Mapping[str, Any]
    files: ConfigFiles
    leave_out: LeaveOut
    number: int = field(default=0, init=False)

    def tests(self) -> Iterator[Test]:
        """The tests; one without values where there are none."""
        default = self._default()
        given = self.document.get("tests")
        if given is None:
            yield self._test({}, default, "", "")
            return
        yield from self._listed(given, default, "")

    def _default(self) -> Mapping[str, Any]:
        given = self.document.get("defaultTest") or {}
        if isinstance(given, str):
            try:
                given = self.files.value(given)
            except ValueError as mistake:
                self.leave_out("defaultTest", str(mistake))
                return {}
        return given if isinstance(given, dict) else {}

    def _listed(self, given: object, default: Mapping[str, Any], file: str) -> Iterator[Test]:
        entries = given if isinstance(given, list) else [given]
        lines = getattr(given, "lines", ())
        for place, entry in enumerate(entries):
            where = _where(file, lines[place] if place < len(lines) else 0)
            if isinstance(entry, str):
                yield from self._of_files(entry, default, where)
            elif isinstance(entry, dict) and "path" not in entry:
                yield self._test(entry, default, where, file)
            else:
                self.leave_out(where, "tests: generators of tests are not run")

    def _of_files(self, name: str, default: Mapping[str, Any], where: str) -> Iterator[Test]:
        try:
            values = [(each, self.files.value(each)) for each in self.files.matching(name)]
        except ValueError as mistake:
            self.leave_out(where, f"tests: {mistake}")
            return
        for file, value in values:
            rows = value if isinstance(value, list) else [value]
            if file.lower().endswith(".csv"):
                for place, row in enumerate(rows):
                    line = getattr(value, "lines", ())[place]
                    yield self._test(_from_csv(row), default, _where(file, line), file)
            else:
                yield from self._listed(value, default, file)

    def _test(
        self, entry: Mapping[str, Any], default: Mapping[str, Any], where: str, file: str
    ) -> Test:
        self.number += 1
        for name in ("provider", "threshold", "providers", "prompts", "assertScoringFunction"):
            if entry.get(name) is not None:
                self.leave_out(where, f"test: {name} is not supported, and does not count")
        both = (default, entry)
        options = [part for each in both if isinstance(part := each.get("options"), dict)]
        is_changed = any(part.get("transform") for part in options)
        if is_changed:
            self.leave_out(where, "test: with a transform of the answer, no check is imported")
        assertions = () if is_changed else tuple(self._assertions(both, file))
        metadata = entry.get("metadata")
        task = metadata.get("task", metadata.get("category")) if isinstance(metadata, dict) else ""
        return Test(
            str(self.number),
            where,
            self._values(both, where),
            assertions,
            str(entry.get("description") or ""),
            task if isinstance(task, str) else "",
        )

    def _values(self, tests: tuple[Mapping[str, Any], ...], where: str) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for test in tests:
            given = test.get("vars") or {}
            if isinstance(given, str):
                given = self._file_value(given, where) or {}
            if isinstance(given, dict):
                values |= given
        return {name: self._value(value, where) for name, value in values.items()}

    def _value(self, value: Any, where: str) -> Any:  # noqa: ANN401  # YAML may be anything
        """A value; the text of a file where it names one."""
        if not isinstance(value, str) or not value.startswith(MARK):
            return value
        try:
            return self.files.text(value)
        except ValueError as mistake:
            self.leave_out(where, f"value: {mistake}")
            return None

    def _file_value(self, name: str, where: str) -> Any:  # noqa: ANN401  # it may be anything
        try:
            return self.files.value(name)
        except ValueError as mistake:
            self.leave_out(where, f"value: {mistake}")
            return None

    # -- assertions -----------------------------------------------------------------------------

    def _assertions(
        self, tests: tuple[Mapping[str, Any], ...], file: str
    ) -> Iterator[tuple[str, Mapping[str, Any]]]:
        for test in tests:
            given = test.get("assert")
            yield from self._flat(given if isinstance(given, list) else [], file)

    def _flat(self, given: list[Any], file: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        for each in given:
            assertion = self._referred(each)
            where = _where(file, getattr(each, "line", 0))
            if not isinstance(assertion, dict):
                self.leave_out(where, "check: it is no assertion")
            elif assertion.get("type") == "assert-set":
                if assertion.get("threshold") is None and isinstance(assertion.get("assert"), list):
                    yield from self._flat(assertion["assert"], file)
                else:
                    self.leave_out(where, "check: assert-set with a threshold is not supported")
            elif (whole := self._with_file(assertion, where)) is not None:
                yield where, whole

    def _referred(self, value: object) -> object:
        """The assertion that ``$ref: '#/…'`` means."""
        reference = value.get("$ref") if isinstance(value, dict) else None
        if not isinstance(reference, str) or not reference.startswith("#/"):
            return value
        found: object = self.document
        for step in reference.removeprefix("#/").split("/"):
            found = found.get(step) if isinstance(found, dict) else None
        return found

    def _with_file(self, assertion: Mapping[str, Any], where: str) -> Mapping[str, Any] | None:
        """The assertion with the value of a file in place of its name; None where it has none."""
        value = assertion.get("value")
        is_file = isinstance(value, str) and value.startswith(MARK)
        if not isinstance(value, str) or not is_file or not is_known(assertion.get("type")):
            return assertion
        name = value.lower()
        try:
            is_data = name.endswith((".json", ".yaml", ".yml"))
            read = self.files.value(value) if is_data else self.files.text(value)
        except ValueError as mistake:
            self.leave_out(where, f"check: {mistake}")
            return None
        return {**assertion, "value": read}


def _where(file: str, line: int) -> str:
    return ", ".join(part for part in (file, f"line {line}" if line else "") if part)


def _from_csv(row: Mapping[str, str]) -> dict[str, Any]:
    """A test in a row of CSV: columns are variables, ``__expected`` are compact assertions."""
    test: dict[str, Any] = {"vars": {}, "assert": [], "metadata": {}}
    for name, cell in row.items():
        if _EXPECTED.fullmatch(name):
            if cell.strip():
                test["assert"].append(_compact(cell.strip()))
        elif name == "__description":
            test["description"] = cell
        elif name.startswith("__metadata:"):
            test["metadata"][name.partition(":")[2]] = cell
        elif not name.startswith("__"):
            test["vars"][name] = cell
    return test


def _compact(cell: str) -> dict[str, Any]:
    """An assertion such as ``contains: Paris``; a text without a type is to be equal."""
    match = _COMPACT.fullmatch(cell)
    if match is None:
        return {"type": "equals", "value": cell}
    kind, threshold, value = match[1], match[2], match[3]
    assertion: dict[str, Any] = {"type": kind, "value": value}
    if kind in {"latency", "cost"} and threshold is None:
        return {"type": kind, "threshold": value}
    return assertion | ({"threshold": threshold} if threshold else {})
