"""The values that shells complete: models, sessions, profiles, uses, efforts, servers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from groqchat.domain.text.sanitize import sanitize

if TYPE_CHECKING:
    from collections.abc import Iterable

    from groqchat.domain.prompts.prompt_file import PromptKind

FILES, FREE, NOTHING = "files", "free", "nothing"
"""The names of files, which the shell completes itself; what nobody can complete; no value."""
_FILES = ("FILE", "FILE|URL", "PAGE", "REPORT", "XML")
OF_METAVARS = {**dict.fromkeys(_FILES, FILES), "COLUMN": "columns"}
"""The values of options and arguments by how help calls them."""
OF_OPTIONS = {
    "--model": "models",
    "--judge": "models",
    "--session": "sessions",
    "--profile": "profiles",
    "--for": "uses",
    "--effort": "efforts",
    "--template": "templates",
    "--system-name": "system-prompts",
}
"""What stands behind an option."""
OF_ARGUMENTS = {
    ("sessions", "ID"): "sessions",
    ("sessions", "DELETED"): "deleted",
    ("batch", "ID"): "batches",
    ("key", "NAME"): "profiles",
    ("key", "OLD"): "profiles",
    ("mcp", "SERVER"): "servers",
    ("tools", "SERVER"): "servers",
    ("prompts", "PROMPT"): "templates",
    ("help", "TOPIC"): "topics",
}
"""What an argument of a command is, by the command and the argument's name."""

# What a shell takes as it stands, whatever is kept under that name.
_PLAIN = re.compile(r"[\w./@+-]+", re.ASCII)
_LONGEST_WORDS = 60


def lines(kind: str) -> list[str]:
    """The values of a kind, each with a tab and a few words where it has any."""
    return [
        f"{value}\t{_one_line(words)}" if words else value
        for value, words in _VALUES[kind]()
        if _PLAIN.fullmatch(value)
    ]


def _one_line(words: str) -> str:
    return " ".join(sanitize(words[: 4 * _LONGEST_WORDS]).split())[:_LONGEST_WORDS]


def _models() -> Iterable[tuple[str, str]]:
    from groqchat.storage.catalog import load_catalog
    from groqchat.storage.read_only_lookups import listed_models
    from groqchat.storage.settings.paths import folders

    models = load_catalog().models.values()
    shipped = [model.id for model in models if model.is_usable]
    known = dict.fromkeys((*shipped, *listed_models(folders().database_file)))
    return [(model_id, "") for model_id in known]


def _columns() -> Iterable[tuple[str, str]]:
    """Models, and the presets of columns."""
    from groqchat.storage.settings.paths import folders
    from groqchat.storage.settings.settings import SettingsFile

    presets = SettingsFile(folders().settings_file).read()[0].presets
    return [*_models(), *((f"@{name}", ", ".join(each)) for name, each in presets.items())]


def _sessions() -> Iterable[tuple[str, str]]:
    from groqchat.storage.read_only_lookups import sessions
    from groqchat.storage.settings.paths import folders

    return sessions(folders().database_file)


def _deleted() -> Iterable[tuple[str, str]]:
    from groqchat.storage.read_only_lookups import deleted_sessions
    from groqchat.storage.settings.paths import folders

    return deleted_sessions(folders().database_file)


def _profiles() -> Iterable[tuple[str, str]]:
    from groqchat.storage.read_only_lookups import profiles
    from groqchat.storage.settings.paths import folders

    return [(name, "") for name in profiles(folders().database_file)]


def _uses() -> Iterable[tuple[str, str]]:
    from groqchat.storage.catalog import load_use_cases

    return [(case.id, case.title) for case in load_use_cases()]


def _efforts() -> Iterable[tuple[str, str]]:
    """The efforts of reasoning, each with the models that take it."""
    from groqchat.storage.catalog import load_catalog

    models: dict[str, list[str]] = {}
    for model in load_catalog().chat_models():
        for effort in model.reasoning_efforts:
            models.setdefault(effort, []).append(model.id.rpartition("/")[2])
    named = [(effort, ", ".join(names)) for effort, names in models.items()]
    return [*named, ("off", "the model's default")]


def _topics() -> Iterable[tuple[str, str]]:
    """Guides, and commands."""
    from groqchat.catalog.guides import GUIDES
    from groqchat.cli.main import COMMANDS

    guides = {name: guide.about for name, guide in GUIDES.items()}
    return (dict.fromkeys(COMMANDS, "the options of the command") | guides).items()


def _batches() -> Iterable[tuple[str, str]]:
    from groqchat.storage.read_only_lookups import batches
    from groqchat.storage.settings.paths import folders

    return batches(folders().database_file)


def _servers() -> Iterable[tuple[str, str]]:
    from groqchat.storage.settings.paths import folders
    from groqchat.storage.settings.settings import SettingsFile

    settings, _ = SettingsFile(folders().settings_file).read()
    return [(server.name, server.place or server.problem) for server in settings.mcp.values()]


def _templates() -> Iterable[tuple[str, str]]:
    from groqchat.domain.prompts.prompt_file import PromptKind

    return _prompts(PromptKind.TEMPLATE)


def _system_prompts() -> Iterable[tuple[str, str]]:
    from groqchat.domain.prompts.prompt_file import PromptKind

    return _prompts(PromptKind.SYSTEM)


def _prompts(kind: PromptKind) -> Iterable[tuple[str, str]]:
    from groqchat.services.prompts.library import PromptLibrary
    from groqchat.storage.settings.paths import folders

    return [(name, "") for name in PromptLibrary(folders().prompts).names(kind)]


_VALUES = {
    "models": _models,
    "columns": _columns,
    "sessions": _sessions,
    "deleted": _deleted,
    "batches": _batches,
    "profiles": _profiles,
    "uses": _uses,
    "efforts": _efforts,
    "topics": _topics,
    "servers": _servers,
    "templates": _templates,
    "system-prompts": _system_prompts,
}
KINDS = tuple(_VALUES)
