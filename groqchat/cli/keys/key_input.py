"""Reads a key for a command: from a pipe, from the environment, or typed without echo."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from groqchat.cli.failures import MisuseError
from groqchat.domain.text.secret import KEY_VARIABLE, Secret

if TYPE_CHECKING:
    import argparse


def add_source(parser: argparse.ArgumentParser) -> None:
    """Declare the sources of a key; an argument would show in ``ps`` and in histories."""
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--stdin", action="store_true", help="read the key from a pipe")
    source.add_argument("--from-env", action="store_true", help=f"take it from {KEY_VARIABLE}")


def given_key(args: argparse.Namespace) -> Secret | None:
    """The key from the pipe or the environment, if the command line says so."""
    if args.stdin:
        return piped_key()
    if args.from_env:
        return _some(Secret(os.environ.get(KEY_VARIABLE, "")), KEY_VARIABLE)
    return None


def piped_key(noun: str = "key") -> Secret:
    """The key from the pipe; ``noun`` is what sentences call it."""
    if sys.stdin.isatty():
        raise MisuseError(f"--stdin reads the {noun} from a pipe, but stdin is a terminal")
    return _some(Secret(sys.stdin.read()), "the piped input", noun)


def typed_key(
    asks: str = "API key", noun: str = "key", instead: str = "--stdin or --from-env"
) -> Secret:
    """The key that is typed on the terminal without echo.

    Args:
        asks: What stands before it.
        noun: What sentences call it.
        instead: The options for those who have no terminal.
    """
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise MisuseError(f"stdin is not a terminal, so the {noun} cannot be typed; use {instead}")
    import getpass

    typed = Secret(getpass.getpass(f"{asks} (not shown): ", sys.stderr))
    return _some(typed, "what you typed", noun)


def _some(secret: Secret, source: str, noun: str = "key") -> Secret:
    if not secret:
        raise MisuseError(f"there is no {noun} in {source}: it is empty")
    return secret
