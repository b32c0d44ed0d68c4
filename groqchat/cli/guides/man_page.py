"""The man page, ``groqchat.1``, made from the help of all commands."""

from __future__ import annotations

import argparse
import os
import re
import time
from functools import partial
from typing import TYPE_CHECKING

from groqchat import __version__
from groqchat.catalog.guides import GUIDES, guide_text
from groqchat.cli.completion.tree import places
from groqchat.cli.exit_codes import ExitCode
from groqchat.cli.main import DESCRIPTION, EXAMPLES, USAGE, build_parser

if TYPE_CHECKING:
    from collections.abc import Iterator

    from groqchat.cli.completion.tree import Option, Place

_UNBROKEN = 10_000
_VARIABLE = re.compile(r"^\| (`[A-Z].*?`) \| (.*) \|$", re.MULTILINE)


def man_page() -> str:
    """The page in the language of ``man`` (roff), in ASCII.

    Its date is that of SOURCE_DATE_EPOCH, in seconds, else today.
    """
    first, *commands = places(build_parser(), ())
    return "\n".join(
        [
            f'.TH GROQCHAT 1 "{_date()}" "groqchat {__version__}"',
            *(".nh", ".ad l"),  # no option is hyphenated
            *(
                ".SH NAME",
                rf"groqchat \- {_text('chat, compare models and watch limits on GroqCloud')}",
            ),
            *(".SH SYNOPSIS", *_verbatim(USAGE)),
            *(".SH DESCRIPTION", _text(DESCRIPTION)),
            *(".SH OPTIONS", *_options(first)),
            *(".SH COMMANDS", *(line for place in commands for line in _command(place))),
            *(".SH GUIDES", _text("Each is shown by groqchat help GUIDE.")),
            *(line for name, guide in GUIDES.items() for line in _entry(_bold(name), guide.about)),
            ".SH ENVIRONMENT",
            *(line for name, text in _variables() for line in _entry(_bold(name), text)),
            ".SH EXIT STATUS",
            *(line for code in ExitCode for line in _entry(_bold(str(int(code))), code.meaning)),
            *(".SH EXAMPLES", *_verbatim(EXAMPLES)),
            "",
        ]
    )


def _date() -> str:
    seconds = float(os.environ.get("SOURCE_DATE_EPOCH", time.time()))
    return time.strftime("%Y-%m-%d", time.gmtime(seconds))


def _command(place: Place) -> Iterator[str]:
    """The section of a command: what it is for, its usage, options and examples."""
    parser = place.parser
    yield f".SS {_text(' '.join(('groqchat', *place.path)))}"
    yield _text(parser.description or "")
    parser.formatter_class = partial(argparse.RawDescriptionHelpFormatter, width=_UNBROKEN)
    yield ".PP"
    yield _text(parser.format_usage())
    yield from _options(place)
    if parser.epilog:
        yield ".PP"
        title, _, lines = parser.epilog.partition("\n")
        yield _text(title.capitalize())
        yield ".PP"
        yield from _verbatim(lines)


def _options(place: Place) -> Iterator[str]:
    for option in place.options:
        yield from _entry(_form(option), option.help)


def _form(option: Option) -> str:
    """The names of an option, and what its value is called."""
    names = ", ".join(map(_bold, option.names))
    return rf"{names} \fI{_text(option.value)}\fR" if option.value else names


def _variables() -> Iterator[tuple[str, str]]:
    for name, text in _VARIABLE.findall(guide_text("settings").partition("\n\nProxies")[0]):
        yield name.replace("`", ""), text


def _entry(head: str, text: str) -> tuple[str, str, str]:
    return ".TP", head, _text(text.replace("`", ""))


def _bold(text: str) -> str:
    return rf"\fB{_text(text)}\fR"


def _verbatim(lines: str) -> list[str]:
    """Lines that are shown as they are."""
    return [".nf", *(map(_escaped, lines.strip("\n").splitlines())), ".fi"]


def _text(text: str) -> str:
    """A text on one line, in which roff reads no command."""
    return _escaped(" ".join(text.split()))


def _escaped(line: str) -> str:
    r"""A line as roff shows it to the letter.

    Hyphens are minus signs, which can be searched for and copied; other signs than those of ASCII
    are written as ``\[uXXXX]``.
    """
    safe = line.replace("\\", r"\e").replace("-", r"\-")
    coded = "".join(char if char.isascii() else rf"\[u{ord(char):04X}]" for char in safe)
    return rf"\&{coded}" if coded.startswith((".", "'")) else coded
