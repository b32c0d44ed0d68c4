"""The private names of Textual that are used, and the chat without them."""

import ast
import asyncio
import inspect
import os
import subprocess
import sys
from importlib import import_module, metadata
from itertools import count
from pathlib import Path

import pytest
import textual

from groqchat.ui.terminal.textual_internals import call_after, is_tried
from groqchat.ui.terminal.tried import TRIED, untried_notice
from tests.ui.stage import Stage, until

ROOT = Path(__file__).parents[3]
# By module and class: the names that begin with an underscore. Seen in Textual 8.2.8.
PRIVATE = {
    ("textual._compositor", "Compositor"): ("_dirty_regions",),
    ("textual._compositor", "CompositorUpdate"): (),
    ("textual._xterm_parser", "XTermParser"): ("_sequence_to_key_events",),
    ("textual._xterm_parser", ""): ("_MAX_SEQUENCE_SEARCH_THRESHOLD",),
    ("textual._ansi_sequences", ""): ("ANSI_SEQUENCES_KEYS",),
    ("textual.document._document", "EditResult"): (),
    ("textual.document._edit", "Edit"): (),
    ("textual.document._history", "EditHistory"): ("_pop_undo", "_pop_redo"),
    ("textual.widgets._text_area", "TextArea"): ("_refresh_size", "_build_highlight_map"),
    ("textual.screen", "Screen"): (
        "_compositor", "_on_timer_update", "_compositor_refresh", "_dirty_widgets",
    ),
    ("textual.widget", "Widget"): (
        "_forward_event", "_size_updated", "_vertical_scrollbar", "_layout_required",
        "_repaint_required", "_scroll_required", "_refresh_styles_required", "_check_refresh",
        "_repaint_regions",
    ),
    ("textual.dom", "DOMNode"): ("_bindings",),
    ("textual.worker", "Worker"): ("_task",),
    ("textual.message_pump", "MessagePump"): (
        "_on_message", "_close_messages_no_wait", "_get_dispatch_methods", "_next_callbacks",
        "_closing",
    ),
    ("textual.message", "Message"): ("_no_default_action",),
    ("textual.message_pump", ""): ("log",),
    ("textual.drivers.linux_driver", "LinuxDriver"): (
        "_sigtstp_application",
        "_sigcont_application",
    ),
    ("textual.driver", "Driver"): ("_loop",),
    ("textual.timer", "Timer"): ("_skip",),
    ("textual.app", "App"): (
        "_keymap", "_driver", "_clipboard", "_exception", "_fatal_error", "_start_widget",
    ),
}  # fmt: skip


def test_the_pinned_version_is_one_that_was_tried():
    assert textual.__version__ in TRIED


def test_the_version_is_read_once(monkeypatch):
    reads = []
    monkeypatch.setattr(metadata, "version", lambda name: reads.append(name) or "8.2.8")
    is_tried.cache_clear()
    assert [is_tried(), is_tried()] == [True, True]
    assert reads == ["textual"]


@pytest.mark.parametrize(("place", "names"), PRIVATE.items(), ids=".".join)
def test_the_private_names_are_there(place, names):
    module = import_module(place[0])
    owner = getattr(module, place[1]) if place[1] else module
    source = inspect.getsource(owner) if place[1] else ""
    missing = [name for name in names if not (hasattr(owner, name) or f"self.{name}" in source)]
    assert missing == []


def private_uses(path):
    """The private names of Textual in a file of ours: imported, or behind a dot."""
    known = {name for names in PRIVATE.values() for name in names if name.startswith("_")}
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("textual"):
            if "._" in node.module:
                yield node.module
        elif isinstance(node, ast.Attribute) and node.attr in known:
            yield node.attr
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name in known:
            yield node.name


def test_they_are_used_behind_one_door():
    uses = {
        str(path.relative_to(ROOT)): set(private_uses(path))
        for path in (ROOT / "groqchat/ui").rglob("*.py")
        if "terminal" not in path.parts
    }
    assert {path: names for path, names in uses.items() if names} == {}


def test_what_is_due_once_is_set_behind_that_door():
    uses = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "groqchat").rglob("*.py")
        if ".set_timer(" in path.read_text("utf-8")
    }
    assert uses == {"groqchat/ui/terminal/textual_internals.py"}


async def test_a_call_comes_also_where_the_process_did_not_run_in_time(monkeypatch):
    app, called = Stage(), asyncio.Event()
    async with app.run_test() as pilot:
        times = count(step=10)  # so much passes between any two looks at the clock
        monkeypatch.setattr("textual.timer._time.get_time", lambda: next(times))
        call_after(app, 0.001, called.set)
        await asyncio.sleep(0.05)
        monkeypatch.undo()
        await until(pilot, called.is_set)


WITHOUT = """
import asyncio, builtins, sys
import textual
textual.__version__ = "8.99.0"
imported = builtins.__import__
def guarded(name, globals=None, *rest, **more):
    ours = (globals or {}).get("__name__", "").startswith("groqchat")
    if ours and name.startswith("textual.") and "._" in name:
        raise ImportError(f"{name} is private")
    return imported(name, globals, *rest, **more)
builtins.__import__ = guarded

from textual.drivers import linux_driver
from groqchat.bootstrap import Launch, LocalServices
from groqchat.ui.app import GroqchatApp
from groqchat.ui.chat.opening import Opening

async def main():
    app = GroqchatApp(lambda: LocalServices(Launch(demo=True)), Opening())
    app.get_driver_class()
    async with app.run_test(size=(100, 30)) as pilot:
        prompt = app.screen.prompt
        await pilot.press(*"one")
        prompt.replace(" two", prompt.document.end, prompt.document.end)
        print(prompt.text)
        await pilot.press("ctrl+z")
        print(prompt.text)
        await pilot.press("enter")
        for _ in range(1200):
            await asyncio.sleep(0.05)
            shown = [part.virtual_list.height for part in app.screen.query("Transcript")]
            if not prompt.text and any(height > 8 for height in shown):
                break
        print(any(height > 8 for height in shown))
        print(type(app.screen._compositor).__name__, linux_driver.XTermParser.__name__)
        await pilot.resize_terminal(60, 20)
        await pilot.pause()
asyncio.run(main())
"""


@pytest.mark.slow
def test_on_a_version_that_was_not_tried_the_chat_works_with_textuals_own(tmp_path):
    environ = {**os.environ, "GROQCHAT_HOME": str(tmp_path), "CI": "true"}
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT], capture_output=True, text=True, check=False, env=environ
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.split("\n")[:4] == ["one two", "one", "True", "Compositor XTermParser"]


def test_the_notice_names_the_version_and_those_that_were_tried():
    assert untried_notice(textual.__version__) == ""
    said = untried_notice("8.99.0")
    assert "8.99.0" in said
    assert textual.__version__ in said
