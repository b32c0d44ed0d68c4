"""The real program, which tells on a signal where the text is that was typed into it.

``python -m tests.fuzz.watched FOLDER PACE``: runs groqchat with FOLDER as its working directory,
painting PACE times a second at most; each SIGUSR1 makes it write ``FOLDER/seen.json`` anew.
"""

import json
import os
import signal
import sys
from collections import deque
from pathlib import Path

import textual.screen
from textual.events import Key
from textual.widgets import Input, TextArea

from groqchat.cli.main import main
from groqchat.storage.database.sessions import Sessions
from groqchat.ui.app import GroqchatApp
from groqchat.ui.chat.program_actions import ProgramActions
from groqchat.ui.compare.screen import CompareScreen
from groqchat.ui.compare.windows.leaderboard import LeaderboardScreen
from groqchat.ui.widgets.given_back import GivenBackPrompt
from groqchat.ui.widgets.prompt_area import PromptArea
from groqchat.ui.workspace.workspace import Workspace

# Whoever types these takes text away.
TAKING = (
    *("cut", "delete_left", "delete_line", "delete_right", "delete_to_end_of_line", "undo"),
    *("delete_to_end_of_line_or_delete_line", "delete_to_start_of_line"),
    *("delete_word_left", "delete_word_right", "redo"),
)


class Witness:
    """Remembers what stood in a field or was taken away by whoever typed; finds the rest."""

    def __init__(self, folder):
        self._folder = folder
        # In a field of one line, deleted by a key, in a deleted session, or in a command that ran.
        self._once = set()
        self._windows = set()
        self._trace = deque(maxlen=120)
        self.app = None

    def saw(self, text):
        self._once.update(text)

    def opened(self, window):
        self._windows.add(type(window).__name__)
        if isinstance(window, CompareScreen):  # a server may serve models that it does not list
            self.saw("".join(column.options.model for column in window.comparison.columns))
        if isinstance(window, LeaderboardScreen):  # it says that no vote has this tag
            self.saw(window._mistake)
        self.note("opened", window)

    def note(self, what, where):
        """What happened, for whoever looks for a fault."""
        self._trace.append(f"{what} {type(where).__name__}#{getattr(where, 'id', '')}")

    def tell(self, *_):
        """Write down all that is there now, and what was there once."""
        seen = {"once": "".join(sorted(self._once)), "now": "".join(self._standing())}
        seen |= {"windows": sorted(self._windows), "trace": [*self._trace, self._unsent()]}
        unfinished = self._folder / "seen.part"
        unfinished.write_text(json.dumps(seen), encoding="utf-8")
        unfinished.replace(self._folder / "seen.json")

    def _unsent(self):
        chat = self.app._chat if self.app else None
        return f"unsent: {vars(chat.workspace.draft)}" if chat and chat.has_chat else ""

    def _standing(self):
        for screen in self.app.screen_stack if self.app else ():
            for area in screen.query(PromptArea):
                yield area.text
                for batch in (*area.history.undo_stack, *area.history.redo_stack):
                    for edit in batch:
                        yield edit.text
                        yield edit._edit_result.replaced_text


def watch(witness):
    """Put the witness behind everything that holds or takes text."""
    _watch_fields(witness)
    _watch_keys(witness)
    for action in TAKING:
        _watch_taking(witness, f"action_{action}")
    _watch_deletion(witness)
    _watch_model(witness)
    begin = GroqchatApp.__init__

    def started(self, *arguments, **options):
        begin(self, *arguments, **options)
        witness.app = self

    GroqchatApp.__init__ = started
    push = GroqchatApp.push_screen

    def push_screen(self, screen, *arguments, **options):
        witness.opened(screen)
        return push(self, screen, *arguments, **options)

    GroqchatApp.push_screen = push_screen


def _watch_model(witness):
    set_options = Workspace.set_options

    async def chosen(self, **changes):
        witness.saw(changes.get("model", ""))
        await set_options(self, **changes)

    Workspace.set_options = chosen


def _watch_keys(witness):
    hand_on = GroqchatApp._hand_on

    async def _hand_on(self, event):
        what = event.key if isinstance(event, Key) else f"paste {event.text!r}"
        witness.note(what, self.focused or self.screen)
        await hand_on(self, event)

    GroqchatApp._hand_on = _hand_on
    _note_calls(witness, PromptArea, "edit")
    for name in ("begin_with", "take_out", "write", "recall", "type_text"):
        _note_calls(witness, PromptArea, name)
    put = GivenBackPrompt.put

    def given_back(self, text):
        witness.note(f"give_back {text!r:.80}", self._field)
        return put(self, text)

    GivenBackPrompt.put = given_back


def _note_calls(witness, kind, name):
    act = getattr(kind, name)

    def acting(self, *arguments, **options):
        witness.note(f"{name} {arguments!r:.80}", self)
        return act(self, *arguments, **options)

    setattr(kind, name, acting)


def _watch_fields(witness):
    changed = Input._watch_value

    def _watch_value(self, value):
        witness.saw(value)
        return changed(self, value)

    Input._watch_value = _watch_value


def _watch_taking(witness, name):
    for kind in (PromptArea, TextArea):
        if name not in vars(kind):
            continue
        act = getattr(kind, name)

        def acting(self, *arguments, act=act):
            before = self.text
            done = act(self, *arguments)
            witness.saw(set(before) - set(self.text))
            return done

        setattr(kind, name, acting)


def _watch_deletion(witness):
    delete = Sessions.delete_session

    async def delete_session(self, session_id, **named):
        for query in (
            "SELECT title FROM sessions WHERE id = ?",
            "SELECT content FROM messages WHERE session_id = ?",
            "SELECT text FROM drafts WHERE session_id = ?",
            "SELECT text FROM prompt_queue WHERE session_id = ?",
        ):
            rows = await self._database.read(
                lambda db, query=query: db.execute(query, (session_id,)).fetchall()
            )
            witness.saw("".join(text for (text,) in rows))
        await delete(self, session_id, **named)

    Sessions.delete_session = delete_session


async def _stay(*_):
    """Whoever chose to quit has ended nothing: the sequence goes on."""


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    os.chdir(folder)
    textual.screen.UPDATE_PERIOD = 1 / float(sys.argv[2])
    witness = Witness(folder)
    watch(witness)
    ProgramActions.quit = _stay
    signal.signal(signal.SIGUSR1, witness.tell)
    sys.exit(main([]))
