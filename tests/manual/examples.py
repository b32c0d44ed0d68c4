"""What is told: every command, slash command and snippet of README, guides and helps."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import NamedTuple

from groqchat.catalog.guides import GUIDES
from groqchat.cli.main import CommandParser, build_parser

ROOT = Path(__file__).parents[2]
PAGES = {
    "README": (ROOT / "README.md").read_text(),
    **{name: (ROOT / "groqchat" / guide.path).read_text() for name, guide in GUIDES.items()},
}
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_CONFIGURED = re.compile(r"#\((groqchat .*?)\)'|^command = \"(.*)\"", re.MULTILINE)
_CODE = re.compile(r"``(.+?)``|`([^`]+)`", re.DOTALL)
# What begins so is a command of a shell: in an example of a help, beside words about it.
_PROGRAMS = r"groqchat|git|pass|echo|pip|uv|pipx|python3?|export|mkdir"
_COMMAND = re.compile(rf"(?:\.venv/bin/)?(?:{_PROGRAMS})(?= )|(?:\.venv/bin/)?groqchat$")
# Words that stand for what the reader puts there: NAME, FILE, [-m MODEL], ….
_PLACEHOLDER = re.compile(r"(?<![\w'\"./-])[A-Z]{2,}\b(?!\w*=)|\[|…|(?<= )[A-Z](?= |$)")


class Example(NamedTuple):
    """A command to paste: where it stands, its lines, and what the page shows below it."""

    place: str
    command: str
    shown: str = ""


def fences(*languages):
    """The blocks of the pages in some languages: page, language, text."""
    for page, text in PAGES.items():
        for language, block in _FENCE.findall(text):
            if language in languages:
                yield page, language, block


def prose(page):
    """A page without its blocks."""
    return _FENCE.sub("", PAGES[page])


def codes(page):
    """What stands between backticks in the running text and the tables of a page."""
    for double, single in _CODE.findall(prose(page)):
        yield " ".join((double or single).split()).replace(r"\|", "|")


def blocks():
    """Commands in blocks: each line of ``sh`` is one, a ``shell`` is pasted whole."""
    for page, language, block in fences("sh", "shell", "console"):
        if language == "shell":
            yield Example(page, block.strip())
        elif language == "sh":
            yield from (Example(page, line.strip()) for line in block.splitlines())
        else:
            for command, shown in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE):
                yield Example(page, command, shown.strip("\n"))


def configured():
    """Commands in lines of other programs' settings: tmux's status line, starship's module."""
    lines = [(page, block) for page, _, block in fences("")]
    lines += [(place, text) for place, text in _epilogs()]
    for place, text in lines:
        for tmux, starship in _CONFIGURED.findall(text):
            yield Example(place, tmux.replace("%%", "%") or starship)


def inline():
    """Whole commands in running text, without those that have a placeholder."""
    for page in PAGES:
        for code in codes(page):
            if _COMMAND.match(code) and not _PLACEHOLDER.search(code):
                yield Example(page, code)


def parsers(parser=None, path=("groqchat",)):
    """Every parser of the command line with its words."""
    parser = parser or build_parser()
    if isinstance(parser, CommandParser):
        parser.load()
    parser.format_help()
    yield path, parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, command in action.choices.items():
                yield from parsers(command, (*path, name))


def helps():
    """The examples at the end of each help; words beside them stand two blanks apart."""
    for place, text in _epilogs():
        for line in map(str.strip, text.splitlines()):
            if _COMMAND.match(line):
                yield Example(place, re.split(r" {3,}", line)[0])


def _epilogs():
    for path, parser in parsers():
        yield f"{' '.join(path)} -h", (parser.epilog or "").partition("examples:\n")[2]


def bare(command):
    """A command without the comment and the blanks behind its lines."""
    return "\n".join(re.sub(r"\s+# .*$", "", line) for line in command.splitlines())


def examples():
    """Each command once, with the first place where it stands and what is shown there."""
    found = {}
    for each in (*blocks(), *helps(), *configured(), *inline()):
        command = bare(each.command)
        known = found.get(command)
        if known is None or (each.shown and not known.shown):
            found[command] = Example(known.place if known else each.place, command, each.shown)
    return found
