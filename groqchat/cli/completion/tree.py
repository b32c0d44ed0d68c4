"""The commands, options and arguments of the command line, for completion and the man page."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from typing import TYPE_CHECKING

from groqchat.cli.completion.values import FREE, NOTHING, OF_ARGUMENTS, OF_METAVARS, OF_OPTIONS
from groqchat.cli.main import CommandParser

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Option:
    """One option with its names, its help and its value.

    ``value`` is what help calls its value; empty where it takes none.
    ``values`` is the kind of values that are looked up while one types; empty where ``choices``
    are all there is, or nothing follows. ``is_repeated``: the option may be given several times.
    """

    names: tuple[str, ...]
    help: str
    value: str
    choices: tuple[str, ...]
    values: str
    is_repeated: bool


@dataclass(frozen=True, slots=True)
class Place:
    """One point of the command line: the commands so far, and what may come next.

    ``choices`` are all values of its argument, where these are few. ``values`` is the kind of
    its argument where that is looked up, ``NOTHING`` where no argument follows, and
    ``is_repeated`` whether several follow.
    """

    path: tuple[str, ...]
    parser: argparse.ArgumentParser
    commands: dict[str, str]
    options: tuple[Option, ...]
    choices: tuple[str, ...]
    values: str
    is_repeated: bool


def places(parser: argparse.ArgumentParser, path: tuple[str, ...]) -> Iterator[Place]:
    """Every point of the command line, from the first word down."""
    if isinstance(parser, CommandParser):
        parser.load()
    commands: dict[str, argparse.ArgumentParser] = {}
    options, arguments = [], []
    for action in parser._actions:  # argparse shows its tree no other way
        if isinstance(action, argparse._SubParsersAction):  # as above
            commands = dict(action.choices)
        elif action.option_strings and action.help != argparse.SUPPRESS:
            options.append(_option(action))
        elif not action.option_strings:
            arguments.append(action)
    below = [list(places(command, (*path, name))) for name, command in commands.items()]
    words = {name: (command.description or "").split("\n")[0] for name, command in commands.items()}
    yield Place(path, parser, words, tuple(options), *_argument(path, arguments))
    for found in below:
        yield from found


def _option(action: argparse.Action) -> Option:
    return Option(
        tuple(action.option_strings),
        (action.help or "").replace("%%", "%"),
        _value(action),
        _choices(action),
        _values_of(action),
        isinstance(action, argparse._AppendAction),  # argparse tells it no other way
    )


def _value(action: argparse.Action) -> str:
    if action.nargs == 0:
        return ""
    return str(action.metavar or f"{{{','.join(_choices(action))}}}")


def _choices(action: argparse.Action) -> tuple[str, ...]:
    return tuple(str(choice) for choice in action.choices or ())


def _argument(
    path: tuple[str, ...], arguments: list[argparse.Action]
) -> tuple[tuple[str, ...], str, bool]:
    """The choices of the arguments, the kind of their values, and whether they are repeated."""
    if not arguments:
        return (), NOTHING, False
    for action in arguments:
        here = (path[0] if path else "", str(action.metavar))
        kind = OF_ARGUMENTS.get(here, OF_METAVARS.get(here[1], ""))
        if kind or action.choices:
            return _choices(action), kind, action.nargs in {"*", "+"}
    return (), "", False


def _values_of(action: argparse.Action) -> str:
    """The kind of values that an option takes, empty where they are listed or there are none."""
    if action.nargs == 0 or action.choices:
        return ""
    kinds = (OF_OPTIONS[name] for name in action.option_strings if name in OF_OPTIONS)
    return OF_METAVARS.get(str(action.metavar)) or next(kinds, FREE)
