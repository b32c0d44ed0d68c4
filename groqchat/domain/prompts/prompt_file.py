"""Named prompts in Markdown files, with variables, and parameters in optional front matter.

::

    ---
    description: A review of a change
    system: reviewer
    temperature: 0.2
    ---
    Review this {{language=Python}} code for {{aspect}}:

    {{input}}
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from groqchat.domain.models.catalog import Model
from groqchat.domain.models.request_parameters import PARAMETERS, parameter_named
from groqchat.domain.text.humanize import in_words
from groqchat.domain.text.spelling import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import NoReturn

OF_SYSTEM = "system/"
"""What stands before the name of a system prompt where prompts of both kinds are named."""
INPUT = "input"
"""The variable that stands for what is written beside the name of a template."""

_MARK = "---"
_VARIABLE = re.compile(r"(\\?)\{\{[ \t]*([A-Za-z_][\w-]{0,39})[ \t]*(?:=([^{}\n]{0,400}))?\}\}")
_FIELD = re.compile(r"([A-Za-z_][\w-]*)[ \t]*:(?:[ \t]+(.*?))?[ \t]*")
_TEXTS = ("description", "model", "system")
# A value that no model takes is a mistake of the file, whatever model is asked.
_SOME_MODEL = Model("a model")


class PromptKind(StrEnum):
    """The use of a prompt: a template becomes a prompt, a system prompt belongs to a session."""

    TEMPLATE = "template"
    SYSTEM = "system"


def read_word(word: str) -> tuple[PromptKind, str]:
    """The kind and the name of the prompt that a word such as ``system/terse`` means."""
    if word.startswith(OF_SYSTEM):
        return PromptKind.SYSTEM, word.removeprefix(OF_SYSTEM)
    return PromptKind.TEMPLATE, word


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable of a prompt; without a default (None) it needs a value."""

    name: str
    default: str | None = None


@dataclass(frozen=True, slots=True)
class PromptFile:
    """A prompt as its file has it.

    ``system`` names the system prompt that a template is asked with, ``model`` its model;
    ``parameters`` are further ones, as written, by their names in `Options`.
    """

    name: str
    kind: PromptKind
    text: str
    description: str = ""
    model: str = ""
    system: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def variables(self) -> Sequence[Variable]:
        """The variables in the order in which they stand; a default counts in all places."""
        found: dict[str, Variable] = {}
        for escape, name, default in _found(self.text):
            known = found.get(name)
            if not escape and (known is None or known.default is None):
                found[name] = Variable(name, default)
        return tuple(found.values())

    def filled(self, values: Mapping[str, str]) -> str:
        """The text with the values in place of the variables; the values are taken as they are.

        Args:
            values: By the names of variables; further names are ignored.

        Raises:
            ValueError: A variable has neither a value nor a default; the message names them all.
        """
        missing = [
            each.name for each in self.variables if each.name not in values and each.default is None
        ]
        if missing:
            one = len(missing) == 1
            which = f"variable {missing[0]} needs" if one else f"variables {in_words(missing)} need"
            raise ValueError(f"{self.name}: the {which} a value")
        defaults = {each.name: each.default or "" for each in self.variables}

        def replaced(match: re.Match[str]) -> str:
            escape, name = match[1], match[2]
            return match[0].removeprefix(escape) if escape else values.get(name, defaults[name])

        return _VARIABLE.sub(replaced, self.text)

    def unknown(self, names: Iterable[str]) -> str:
        """The sentence on a name that is no variable of the text; empty where all are."""
        known = [each.name for each in self.variables]
        stray = next((name for name in names if name not in known), None)
        if stray is None:
            return ""
        there = f"it has {in_words(known)}" if known else "it has none"
        return f"{self.name} has no variable {stray}: {did_you_mean(stray, known)[2:] or there}"


def _found(text: str) -> Iterator[tuple[str, str, str | None]]:
    """The backslash before each variable, its name, and its default."""
    matches = _VARIABLE.finditer(text)
    return ((m[1], m[2], None if m[3] is None else m[3].strip()) for m in matches)


def read_prompt_file(text: str, name: str, kind: PromptKind) -> PromptFile:
    """Read the text of a file.

    Args:
        text: The whole file.
        name: The name of the prompt.
        kind: Its use.

    Raises:
        ValueError: The front matter is broken, or there is no text; the message, for the user,
            names the line.
    """
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    fields: dict[str, str] = {}
    if lines and lines[0].rstrip() == _MARK:
        end = next((at for at, each in enumerate(lines[1:], 1) if each.rstrip() == _MARK), None)
        if end is None:
            raise ValueError(f"line 1: the front matter needs a line {_MARK} at its end")
        fields = _front_matter(lines[1:end], kind)
        lines = lines[end + 1 :]
    body = "\n".join(lines).strip()
    if not body:
        raise ValueError("there is no text in it")
    texts = {each: fields.pop(each, "") for each in _TEXTS}
    return PromptFile(name, kind, body, parameters=fields, **texts)


def _front_matter(lines: Sequence[str], kind: PromptKind) -> dict[str, str]:
    """The fields of the lines; those of parameters by their names in `Options`."""
    fields: dict[str, str] = {}
    for number, line in enumerate(lines, 2):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = _FIELD.fullmatch(line)
        if match is None:
            raise ValueError(f"line {number}: `{line.strip()[:60]}` is no `name: value`")
        try:
            name = _known_name(match[1], kind)
            value = _unquoted(match[2] or "")
            if name not in _TEXTS:
                parameter_named(name).value(value, _SOME_MODEL)
        except ValueError as mistake:
            raise ValueError(f"line {number}: {str(mistake).removesuffix('.')}") from None
        if name in fields:
            raise ValueError(f"line {number}: {name} stands there twice")
        fields[name] = value
    return fields


def _known_name(word: str, kind: PromptKind) -> str:
    texts = _TEXTS if kind is PromptKind.TEMPLATE else ("description",)
    parameters = PARAMETERS if kind is PromptKind.TEMPLATE else ()
    if word.lower() in texts:
        return word.lower()
    try:
        return parameter_named(word).name if parameters else _no_name(word, texts)
    except ValueError:
        return _no_name(word, (*texts, *(each.name for each in parameters)))


def _no_name(word: str, known: Sequence[str]) -> NoReturn:
    meant = did_you_mean(word, known) or f"; there are {', '.join(known)}"
    raise ValueError(f"{word} is no field of the front matter{meant}")


def _unquoted(value: str) -> str:
    """A value without the quotation marks around all of it."""
    is_quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    if not is_quoted or _has_several(value):
        return value
    if value[0] == "'":
        return value[1:-1].replace("''", "'")
    try:
        return str(json.loads(value))
    except ValueError:
        raise ValueError(f"{value[:60]} has a mistake between its quotation marks") from None


def _has_several(value: str) -> bool:
    """Whether quotation marks end within a value: `"a", "b"` is a list of two texts."""
    return bool(re.search(rf"{value[0]}\s*,\s*{value[0]}", value[1:-1]))
