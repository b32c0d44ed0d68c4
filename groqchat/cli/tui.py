"""``groqchat`` without a command: the chat on a terminal."""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from groqchat.cli.failures import MisuseError
from groqchat.cli.terminal_colours import colours
from groqchat.domain.terminals import Depth
from groqchat.domain.text.secret import KEY_VARIABLE

if TYPE_CHECKING:
    import argparse

    from groqchat.bootstrap import LocalServices
    from groqchat.ui.chat.opening import Opening

# What the other themes become in sixteen colours nobody has chosen: red borders, grey on grey.
_OF_SIXTEEN_COLOURS = "ansi"
STREAMS = ("stdin", "stdout", "stderr")


def run(args: argparse.Namespace) -> int:
    """Open the chat, and after it the demo if the user asks for the demo there.

    Raises:
        MisuseError: Stdin, stdout or stderr is not a terminal that can be drawn on.
        Exception: The bug that ended the chat.
    """
    _require_terminal()
    # Textual reads it when it is imported. A key may wait for two frames, and of 60 a second that
    # can be felt; frames are made only where something has changed.
    os.environ.setdefault("TEXTUAL_FPS", "240")
    if sys.platform != "win32":
        os.environ.setdefault("TEXTUAL_COLOR_SYSTEM", colours())
    from groqchat.ui.terminal import interpreter_turns
    from groqchat.ui.terminal.garbage import leave_out_of_streams

    # Before Textual is imported, which makes more objects than anything else.
    leave_out_of_streams()
    interpreter_turns.shorten()
    from groqchat.ui.app import GroqchatApp

    demo, opening = args.demo, _opening(args)
    while True:
        app = GroqchatApp(partial(_load, args.profile, demo=demo), opening)
        ended = app.run()
        if app.bug is not None:
            raise app.bug
        if ended == "unfound":
            asyncio.run(_require_session(args.session))
        elif ended == "demo" and not demo:
            demo, opening = True, _of_demo(opening, app.unsent)
        else:
            return app.return_code or 0


async def _require_session(name: str) -> None:
    """Check a session name for which the screen has closed.

    Raises:
        MisuseError: There is no such session, or there are several.
    """
    from groqchat.bootstrap import Launch, open_services
    from groqchat.cli.found_session import found_session

    async with open_services(Launch(may_forget=True)) as services:
        await found_session(services.store, name)


def _opening(args: argparse.Namespace) -> Opening:
    """The options of the first frame; the demo has the default settings."""
    from groqchat.storage.first_frame import read_first_frame_settings
    from groqchat.storage.settings.paths import folders
    from groqchat.ui.chat.opening import Opening

    places = folders()
    opening = Opening(args.session, args.resume, args.model, themes_folder=places.themes)
    if not args.demo:
        opening = replace(opening, **read_first_frame_settings(places.settings_file)._asdict())
    if colours() is Depth.SIXTEEN and not opening.theme:
        opening = replace(opening, theme=_OF_SIXTEEN_COLOURS)
    return opening


def _of_demo(opening: Opening, unsent: str) -> Opening:
    """The opening of the demo that somebody asked for who had written a prompt."""
    return replace(opening, session_id=None, resume=False, text=unsent)


def _load(profile: str | None, *, demo: bool) -> LocalServices:
    """The services; importing them takes longer than painting the first frame."""
    from groqchat.bootstrap import Launch, LocalServices

    services = LocalServices(Launch(profile=profile, demo=demo))
    # It is known now; nothing that is started from the chat, such as a browser, inherits it.
    os.environ.pop(KEY_VARIABLE, None)
    return services


def _require_terminal() -> None:
    # Textual draws on stderr, so all three must be a terminal.
    for name in STREAMS:
        stream = getattr(sys, name)
        if stream is None or not stream.isatty():
            raise MisuseError(
                f"{name} is not a terminal; the chat needs one. Use `groqchat ask` in pipes."
            )
    if os.environ.get("TERM", "") in {"", "dumb"} and sys.platform != "win32":
        raise MisuseError(
            "TERM says that this terminal cannot move the cursor, which the chat needs; "
            "use `groqchat ask` here"
        )
