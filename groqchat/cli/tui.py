"""``groqchat`` without a command: the chat on a terminal."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from groqchat.cli.failures import MisuseError
from groqchat.domain.secret import KEY_VARIABLE

if TYPE_CHECKING:
    import argparse

STREAMS = ("stdin", "stdout", "stderr")


def run(args: argparse.Namespace) -> int:
    """Open the chat; a user who asks for the demo in it gets the demo.

    Raises:
        MisuseError: This is no terminal to draw on.
    """
    _require_terminal()
    # Textual reads it when it is imported. Its 60 frames a second let a key wait for two of them.
    os.environ.setdefault("TEXTUAL_FPS", "120")
    from groqchat.bootstrap import Launch, Parts
    from groqchat.ui.app import GroqchatApp
    from groqchat.ui.startup import Opening

    launch = Launch(profile=args.profile, demo=args.demo)
    parts = Parts(launch)
    # It is known now; nothing that is started from the chat, such as a browser, inherits it.
    os.environ.pop(KEY_VARIABLE, None)
    opening = Opening(args.session, args.resume, args.model)
    while True:
        app = GroqchatApp(parts, opening)
        if app.run() != "demo" or launch.demo:
            return app.return_code or 0
        launch, opening = Launch(demo=True), Opening(model=args.model)
        parts = Parts(launch)


def _require_terminal() -> None:
    # Textual draws on stderr, so all three must be a terminal.
    for name in STREAMS:
        stream = getattr(sys, name)
        if stream is None or not stream.isatty():
            raise MisuseError(
                f"the chat needs a terminal, and {name} is none; `groqchat ask` works without"
            )
    if os.environ.get("TERM", "") in {"", "dumb"} and sys.platform != "win32":
        raise MisuseError(
            "the chat needs a terminal that can draw, and TERM says otherwise; "
            "`groqchat ask` works without"
        )
