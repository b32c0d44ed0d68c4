"""Runs the commands of ``groqchat sessions``; what is too old in the bin goes first."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from groqchat.cli.arguments import with_services
from groqchat.domain.errors.tree import StorageError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Awaitable, Callable

    from groqchat.bootstrap import LocalServices

    Act = Callable[[LocalServices, argparse.Namespace], Awaitable[int]]


def reading(act: Act) -> Callable[[argparse.Namespace], int]:
    """A command that only reads, so that it works where nothing can be written too."""
    return _with(act, may_forget=True)


def writing(act: Act) -> Callable[[argparse.Namespace], int]:
    """A command that changes sessions."""
    return _with(act, may_forget=False)


def sending(act: Act) -> Callable[[argparse.Namespace], int]:
    """A command that changes sessions and asks a model."""
    return _with(act, may_forget=False, sends=True)


def _with(
    act: Act, *, may_forget: bool, sends: bool = False
) -> Callable[[argparse.Namespace], int]:
    async def acted(services: LocalServices, args: argparse.Namespace) -> int:
        with suppress(StorageError):  # the command itself tells what is wrong
            if not services.forgets:
                await services.bin.remove_old()
        return await act(services, args)

    return with_services(acted, sends=sends, may_forget=may_forget)
