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
        if sys.stdin.isatty():
            raise MisuseError("--stdin reads the key from a pipe, but stdin is a terminal")
        return _some(Secret(sys.stdin.read()), "the piped input")
    if args.from_env:
        return _some(Secret(os.environ.get(KEY_VARIABLE, "")), KEY_VARIABLE)
    return None


def typed_key() -> Secret:
    """The key that is typed on the terminal without echo."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise MisuseError(
            "stdin is not a terminal, so the key cannot be typed; use --stdin or --from-env"
        )
    import getpass

    return _some(Secret(getpass.getpass("API key (not shown): ", sys.stderr)), "what you typed")


def _some(secret: Secret, source: str) -> Secret:
    if not secret:
        raise MisuseError(f"there is no key in {source}: it is empty")
    return secret
