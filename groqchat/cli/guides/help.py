"""``groqchat help``: the guides, the help of a command, and the man page."""

from __future__ import annotations

import shutil
import sys
import textwrap
from typing import TYPE_CHECKING

from groqchat.catalog.guides import GUIDES, guide_text
from groqchat.cli.arguments import add_json
from groqchat.cli.exit_codes import ExitCode
from groqchat.cli.failures import MisuseError
from groqchat.cli.main import COMMANDS, UsageError, build_parser
from groqchat.cli.output import BOLD, narrate, print_json, say, table, write
from groqchat.domain.text.spelling import did_you_mean

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

HELP = "guides to limits, keys, comparisons and the rest, or the help of a command"
EXAMPLES = """\
groqchat help                 the guides there are
groqchat help limits
groqchat help limits > limits.md
groqchat help batch submit    the options of a command
groqchat help --man > groqchat.1   the man page; `man -l groqchat.1` shows it
"""
_WIDEST = 100


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the topic, and the man page."""
    parser.add_argument("topic", nargs="*", metavar="TOPIC", help="a guide or a command")
    form = parser.add_mutually_exclusive_group()
    add_json(form)
    form.add_argument("--man", action="store_true", help="print the man page, made of all help")


def run(args: argparse.Namespace) -> int:
    """Print a guide, the list of guides, the help of a command, or the man page."""
    topic = " ".join(args.topic)
    if args.man:
        _print_man_page(topic)
    elif not topic:
        _print_list(args)
    elif topic in GUIDES:
        _print_guide(args, topic)
    elif args.topic[0] in COMMANDS:
        _print_help(args.topic)
    else:
        near = did_you_mean(topic, [*GUIDES, *COMMANDS])
        raise MisuseError(f"there is no guide called {topic!r}{near}; `groqchat help` lists them")
    return ExitCode.DONE


def _print_help(words: Sequence[str]) -> None:
    """Print the help of a command; it ends this process by itself."""
    try:
        build_parser().parse_args([*words, "-h"])
    except UsageError as error:
        raise MisuseError(str(error)) from None


def _print_man_page(topic: str) -> None:
    if topic:
        raise MisuseError("--man is the page of the whole program: leave out the topic")
    from groqchat.cli.guides.man_page import man_page

    write(man_page())


def _print_list(args: argparse.Namespace) -> None:
    if args.json:
        print_json([{"topic": name, "about": guide.about} for name, guide in GUIDES.items()])
        return
    table(("guide", "about"), [(name, guide.about) for name, guide in GUIDES.items()])
    narrate("groqchat help GUIDE shows one; groqchat COMMAND -h shows the options of a command.")


def _print_wrapped(text: str) -> None:
    """Print Markdown with its paragraphs wrapped between words, and its headings bold."""
    width, is_code = min(_WIDEST, shutil.get_terminal_size().columns), False
    for line in text.splitlines():
        is_code ^= line.startswith("```")
        if is_code or line.startswith(("|", "```")):
            say(line)
        else:
            style = BOLD if line.startswith("#") else ""
            indent = "  " if line.startswith("* ") else ""
            for row in textwrap.wrap(line, width, subsequent_indent=indent) or [""]:
                say(row, style)


def _print_guide(args: argparse.Namespace, topic: str) -> None:
    text = guide_text(topic)
    if args.json:
        print_json({"topic": topic, "markdown": text})
    elif sys.stdout.isatty():
        _print_wrapped(text)
    else:
        write(text)
    if topic in COMMANDS:
        narrate(f"groqchat {topic} -h shows the options of the command.")
