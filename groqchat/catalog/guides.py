"""The guides: Markdown pages about how to use groqchat, each beside what it describes."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_PICTURE = re.compile(r"^!\[[^\]]*\]\([^)]*\)\n\n?", re.MULTILINE)
_HTML = re.compile(r"^<.*>\n\n?", re.MULTILINE)
_NUMBERED = re.compile(r"\d+\. ")
_PAGE_LINK = re.compile(r"\[([^\]]+)\]\((?!https?:)[^)]+\)")


class Guide(NamedTuple):
    """A page: its path in the package, and what it is about."""

    path: str
    about: str


GUIDES = {
    "chat": Guide("ui/chat.md", "writing, the queue, messages, copying, slash commands"),
    "sessions": Guide(
        "services/sessions/sessions.md",
        "the list, several answers at once, branches, search, export, import, backup",
    ),
    "limits": Guide(
        "services/quota/limits.md",
        "limits, estimates, budgets, prices, the prompt cache, status lines",
    ),
    "team": Guide("services/team/team.md", "limits and ledger shared by many machines"),
    "keys": Guide("services/account/keys.md", "the keyring, profiles, checking a key"),
    "models": Guide("services/account/models.md", "choosing a model, fallbacks, tiers"),
    "compare": Guide("services/compare/comparison.md", "columns, votes, judges, variants"),
    "sets": Guide(
        "services/prompt_sets/sets.md", "files of prompts with checks and reports, a gate for CI"
    ),
    "batch": Guide("services/batch/batches.md", "many requests at half the price"),
    "attachments": Guide(
        "ui/widgets/attaching/attachments.md", "files, web pages, PDF and images in a prompt"
    ),
    "prompts": Guide("services/prompts/prompts.md", "parameters, templates with variables"),
    "json": Guide("services/tools/structured.md", "answers that fit a JSON Schema"),
    "tools": Guide("services/tools/tools.md", "search, code, MCP servers, approval"),
    "sound": Guide("services/audio/sound.md", "speech to text, text to speech"),
    "commands": Guide("cli/commands.md", "the command line, and output for scripts"),
    "settings": Guide(
        "storage/settings/settings.md", "`config.toml`, environment variables, files"
    ),
    "browser": Guide("web/browser.md", "the chat in a browser on this machine"),
    "plain": Guide("cli/plain/plain.md", "the chat by lines, for screen readers"),
    "simulator": Guide("simulator/simulator.md", "a pretend Groq on this machine"),
    "speed": Guide("ui/speed.md", "measured beside bare programs"),
}


def guide_text(topic: str) -> str:
    """The Markdown of a guide as a terminal shows it.

    Raises:
        KeyError: There is no such guide.
        OSError: A file of the installation cannot be read.
    """
    return for_terminal(files("groqchat").joinpath(GUIDES[topic].path).read_text(encoding="utf-8"))


def for_terminal(page: str) -> str:
    """A page of Markdown as a terminal shows it.

    Pictures, HTML and links to files are left out, and each paragraph is one line, since a
    terminal shows the ends of lines of a source.
    """
    page = _HTML.sub("", _PICTURE.sub("", page))
    return _PAGE_LINK.sub(r"\1", "\n".join(_unwrapped(page.splitlines()))) + "\n"


def _unwrapped(lines: Iterable[str]) -> Iterator[str]:
    """The lines of a page, with those of a paragraph or a list's item joined."""
    paragraph: list[str] = []
    is_code = False
    for line in lines:
        is_code ^= line.startswith("```")
        is_apart = is_code or line.startswith(("```", "|", "#")) or not line
        if paragraph and (is_apart or line.startswith(("* ", "- ")) or _NUMBERED.match(line)):
            yield " ".join(paragraph)
            paragraph = []
        if is_apart:
            yield line
        else:
            paragraph.append(line.strip())
    if paragraph:
        yield " ".join(paragraph)
