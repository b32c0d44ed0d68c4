"""``groqchat --plain``: opens the chat as lines, and after it the next one if that is wanted."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

from groqchat.bootstrap import Launch, LocalServices
from groqchat.cli.plain.chat import Opening, PlainChat
from groqchat.cli.plain.console.lines import Lines
from groqchat.cli.plain.console.reader import Reader
from groqchat.domain.errors.tree import StorageError
from groqchat.ui.workspace.unkept import LOSS

if TYPE_CHECKING:
    import argparse

INCOGNITO_IS_GONE = "The incognito chat is gone; nothing of it was saved."


def run(args: argparse.Namespace) -> int:
    """Chat by lines.

    Raises:
        MisuseError: The session that is named is not there.
    """
    return asyncio.run(_chats(args))


async def _chats(args: argparse.Namespace) -> int:
    """One chat after the other, until one is left without another."""
    opening, incognito = Opening(args.session, args.resume, args.model), args.incognito
    is_terminal = sys.stdin.isatty()
    lines = Lines(sys.stdout, is_terminal=is_terminal)
    reader = Reader(sys.stdin.fileno(), is_terminal=is_terminal)
    while True:
        launch = Launch(profile=args.profile, demo=args.demo, incognito=incognito)
        services = LocalServices(launch)
        chat = PlainChat(services, lines, reader, is_terminal=is_terminal)
        code = await _chat(chat, services, opening)
        if incognito:
            lines.say(INCOGNITO_IS_GONE)
        if services.forgets:
            lines.say(f"{LOSS}.")
        if not chat.after:
            return code
        incognito = chat.after == "incognito"
        opening = Opening(model=args.model, is_greeted=True)


async def _chat(chat: PlainChat, services: LocalServices, opening: Opening) -> int:
    try:
        try:
            await services.start()
        except StorageError as error:
            services.notices.append(f"{error.message} {error.command_suggestion}")
        return await chat.run(opening)
    finally:
        await services.close()
