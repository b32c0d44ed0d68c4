"""``groqchat`` without a command: the chat on a terminal."""

from __future__ import annotations

import asyncio
import os
import sys
import traceback
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from groqchat.cli.failures import MisuseError
from groqchat.cli.output import narrate
from groqchat.cli.terminal_colours import colours
from groqchat.domain.launch import Launch
from groqchat.domain.terminals import Depth
from groqchat.domain.text.secret import KEY_VARIABLE, Secret

if TYPE_CHECKING:
    import argparse

    from groqchat.bootstrap import LocalServices
    from groqchat.ui.chat.opening import Opening

INCOGNITO_IS_GONE = "The incognito chat is gone; nothing of it was saved."
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
    notice, key = "", Secret(os.environ.get(KEY_VARIABLE, ""))
    while True:
        launch = Launch(profile=args.profile, demo=demo, incognito=opening.incognito)
        app = GroqchatApp(partial(_load, launch, key, notice), opening)
        ended, notice = app.run(), ""
        if app.bug is not None:
            raise _untold(app.bug) if opening.incognito else app.bug
        unsent, last_words = app.left
        if ended == "unfound":
            asyncio.run(_require_session(args.session))
        elif ended == "demo" and not demo:
            demo, opening = True, _of_another(opening, unsent)
        elif ended in {"incognito", "kept"}:
            notice = INCOGNITO_IS_GONE if opening.incognito else ""
            opening = replace(_of_another(opening, ""), incognito=ended == "incognito")
        else:
            if opening.incognito:
                narrate(f"groqchat: {INCOGNITO_IS_GONE}")
            if last_words:
                narrate(last_words)
            return app.return_code or 0


def _untold(bug: Exception) -> RuntimeError:
    """An error that names a bug and its place, without words that may be of the chat."""
    place = traceback.extract_tb(bug.__traceback__)[-1:]
    where = "".join(f" at {frame.filename}:{frame.lineno}" for frame in place)
    return RuntimeError(f"{type(bug).__name__}{where}")


async def _require_session(name: str) -> None:
    """Check a session name for which the screen has closed.

    Raises:
        MisuseError: There is no such session, or there are several.
    """
    from groqchat.bootstrap import open_services
    from groqchat.cli.found_session import found_session

    async with open_services(Launch(may_forget=True)) as services:
        await found_session(services.store, name)


def _opening(args: argparse.Namespace) -> Opening:
    """The options of the first frame; the demo has the default settings."""
    from groqchat.storage.first_frame import read_first_frame_settings
    from groqchat.storage.last_run import read_last_run
    from groqchat.storage.settings.paths import folders
    from groqchat.ui.chat.opening import Opening

    places = folders()
    opening = Opening(
        args.session,
        args.resume,
        args.model,
        themes_folder=places.themes,
        incognito=args.incognito,
    )
    if not args.demo:
        opening = replace(opening, **read_first_frame_settings(places.settings_file)._asdict())
    return replace(
        opening,
        has_few_colours=colours() is Depth.SIXTEEN,
        is_light=read_last_run(places.state).is_light,
    )


def _of_another(opening: Opening, unsent: str) -> Opening:
    """The opening of another chat that somebody asked for who had written a prompt."""
    return replace(opening, session_id=None, resume=False, text=unsent)


def _load(launch: Launch, key: Secret, notice: str) -> LocalServices:
    """The services; importing them takes longer than painting the first frame."""
    from groqchat.bootstrap import LocalServices

    if key:  # a chat before this one has taken it out of the environment
        os.environ[KEY_VARIABLE] = key.reveal()
    services = LocalServices(launch)
    services.notices += [notice] if notice else []
    # It is known now; nothing that is started from the chat, such as a browser, inherits it.
    os.environ.pop(KEY_VARIABLE, None)
    return services


def _require_terminal() -> None:
    from groqchat.ui.terminal.browser import is_in_browser

    if is_in_browser():
        return
    # Textual draws on stderr, so all three must be a terminal.
    for name in STREAMS:
        stream = getattr(sys, name)
        if stream is None or not stream.isatty():
            raise MisuseError(
                f"{name} is not a terminal; the chat needs one. Use `groqchat ask` in pipes, "
                "or `groqchat --plain`."
            )
    if os.environ.get("TERM", "") in {"", "dumb"} and sys.platform != "win32":
        raise MisuseError(
            "TERM says that this terminal cannot move the cursor, which the chat needs; "
            "use `groqchat --plain` here, or `groqchat ask`"
        )
