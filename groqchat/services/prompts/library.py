"""The library of named prompts: Markdown files in a folder of the user's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from groqchat.domain.prompts.prompt_file import OF_SYSTEM, PromptKind, read_prompt_file
from groqchat.domain.text.plain_text import plain_text
from groqchat.domain.text.spelling import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from groqchat.domain.prompts.prompt_file import PromptFile

_ENDING = ".md"
_MOST_BYTES = 2**20
# What every system takes as the name of a file, and a shell as it stands.
_NAME = re.compile(r"\w[\w.-]{0,59}")
_SYSTEM = "system"
_SYSTEM_FIELD = re.compile(r"system[ \t]*:", re.IGNORECASE)
_NEW: Mapping[PromptKind, str] = {
    PromptKind.TEMPLATE: """\
---
description: What this prompt is for
# model: openai/gpt-oss-120b
# system: the name of a system prompt
# temperature: 0.2
---
Explain {{topic}} in {{language=English}}:

{{input}}
""",
    PromptKind.SYSTEM: """\
---
description: What this system prompt is for
---
You answer in short sentences.
""",
}


class PromptLibrary:
    """The named prompts: templates in the folder itself, system prompts in its folder ``system``.

    Every call reads the folder anew, so that changes of the files count at once.

    Args:
        folder: The folder, which need not exist.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def names(self, kind: PromptKind) -> list[str]:
        """The names in alphabetical order; none where the folder is missing."""
        try:
            files = [each for each in self._folder(kind).iterdir() if each.suffix == _ENDING]
        except OSError:
            return []
        return sorted(each.stem for each in files if _NAME.fullmatch(each.stem))

    def read(self, kind: PromptKind, name: str) -> PromptFile:
        """Read a prompt.

        Raises:
            ValueError: There is none of that name, or its file cannot be read or has a mistake; the
                message is for the user.
        """
        known = self.names(kind)
        found = name if name in known else _alike(name, known)
        if found is None:
            raise ValueError(self._missing(kind, name, known))
        path = self.path_of(kind, found)
        try:
            with path.open("rb") as file:
                data = file.read(_MOST_BYTES + 1)
        except OSError as error:
            raise ValueError(f"cannot read {path}: {error.strerror or error}") from None
        if len(data) > _MOST_BYTES:
            raise ValueError(f"{path} is larger than 1 MB")
        try:
            text = plain_text(data)
        except ValueError as mistake:
            raise ValueError(f"{path} {mistake}") from None
        try:
            prompt = read_prompt_file(text, found, kind)
            self._check_system(prompt.system, text)
        except ValueError as mistake:
            raise ValueError(f"{path}: {mistake}") from None
        return prompt

    def _check_system(self, name: str, text: str) -> None:
        """Refuse a template whose system prompt does not exist."""
        known = self.names(PromptKind.SYSTEM) if name else []
        if name and name not in known and _alike(name, known) is None:
            lines = enumerate(text.splitlines(), 1)
            number = next((at for at, each in lines if _SYSTEM_FIELD.match(each)), 1)
            raise ValueError(f"line {number}: {self._missing(PromptKind.SYSTEM, name, known)}")

    def misnamed(self, kind: PromptKind) -> list[tuple[Path, str]]:
        """The Markdown files whose name is none of a prompt, each with a sentence that says so."""
        try:
            files = sorted(each for each in self._folder(kind).iterdir() if each.suffix == _ENDING)
        except OSError:
            return []
        return [
            (each, f"{each} is not used: {_no_name(each.stem)}; rename the file")
            for each in files
            if not _NAME.fullmatch(each.stem) and not each.name.startswith(".")
        ]

    def path_of(self, kind: PromptKind, name: str) -> Path:
        """The file of a prompt, which need not exist.

        Raises:
            ValueError: The name is none; the message is for the user.
        """
        if not _NAME.fullmatch(name):
            raise ValueError(_no_name(name))
        return self._folder(kind) / f"{name}{_ENDING}"

    def begun(self, kind: PromptKind, name: str) -> Path:
        """The file of a prompt; a new one holds an example to begin with.

        Raises:
            ValueError: The name is none, or the file cannot be made; the message is for the user.
        """
        path = self.path_of(kind, name)
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not path.exists():
                path.write_text(_NEW[kind], "utf-8")
        except OSError as error:
            raise ValueError(f"cannot write {path}: {error.strerror or error}") from None
        return path

    def source(self, kind: PromptKind, name: str) -> str:
        """The text of the file of a prompt; that of a new one is an example to begin with.

        Raises:
            ValueError: The name is none, or the file cannot be read; the message is for the user.
        """
        path = self.path_of(kind, name)
        try:
            return plain_text(path.read_bytes())
        except FileNotFoundError:
            return _NEW[kind]
        except OSError as error:
            raise ValueError(f"cannot read {path}: {error.strerror or error}") from None
        except ValueError as mistake:
            raise ValueError(f"{path} {mistake}") from None

    def save(self, kind: PromptKind, name: str, text: str) -> None:
        """Write the file of a prompt; the one before stays whole until the new one is.

        Raises:
            ValueError: The name is none, or it cannot be written; the message is for the user.
        """
        path = self.path_of(kind, name)
        beside = path.with_name(f".{path.name}.new")
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            beside.write_text(f"{text.rstrip()}\n", "utf-8")
            beside.replace(path)
        except OSError as error:
            raise ValueError(f"cannot write {path}: {error.strerror or error}") from None

    def is_unchanged(self, kind: PromptKind, name: str) -> bool:
        """Whether a prompt still is the example that it was begun with."""
        try:
            return self.path_of(kind, name).read_text("utf-8") == _NEW[kind]
        except (OSError, ValueError):
            return False

    def _folder(self, kind: PromptKind) -> Path:
        return self.folder / _SYSTEM if kind is PromptKind.SYSTEM else self.folder

    def _missing(self, kind: PromptKind, name: str, known: Sequence[str]) -> str:
        """The sentence on a name that no prompt has."""
        what = "system prompt" if kind is PromptKind.SYSTEM else "template"
        usable = [each for each in known if self._is_usable(kind, each)]
        verb = "there is" if len(usable) == 1 else "there are"
        there = f"{verb} {', '.join(usable)}" if usable else f"{self._folder(kind)} holds none"
        if kind is PromptKind.TEMPLATE and name in self.names(PromptKind.SYSTEM):
            there = f"{OF_SYSTEM}{name} is a system prompt"
        return f"no {what} is called {name}{did_you_mean(name, usable) or f'; {there}'}"

    def _is_usable(self, kind: PromptKind, name: str) -> bool:
        try:
            self.read(kind, name)
        except ValueError:
            return False
        return True


def _no_name(name: str) -> str:
    return f"{name!r} is no name of a prompt: letters, digits, dashes and dots, up to 60"


def _alike(name: str, known: Sequence[str]) -> str | None:
    """The one name that differs in case or an ending alone."""
    word = name.removesuffix(_ENDING).lower()
    found = [each for each in known if each.lower() == word]
    return found[0] if len(found) == 1 else None
