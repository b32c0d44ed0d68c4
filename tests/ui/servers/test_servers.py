"""The window of MCP servers: it switches, shows, tries, adds and removes them."""

import json
import sys

import pytest
from textual.widgets import Input

from groqchat.domain.tools.listing import LeftOut
from groqchat.services.account.keys import MemoryKeyStore
from groqchat.ui.servers.entries import server_of
from groqchat.ui.servers.tools import ToolPicker, example_of
from tests.mcp.conftest import HOSTILE
from tests.ui.chat.test_chat_screen import chatting
from tests.ui.stage import seen, until

__all__ = []

WRONG = "Left out: config.toml (line 7): “mcp.odd.colour” is no setting."
COMMAND = [sys.executable, "-S", str(HOSTILE)]


@pytest.fixture
def config(groqchat_home, monkeypatch):
    """Settings with a server that misbehaves and one that cannot be started."""
    groqchat_home.mkdir(exist_ok=True)
    key_store = MemoryKeyStore()
    monkeypatch.setattr("groqchat.bootstrap.SystemKeyring", lambda: key_store)
    path = groqchat_home / "config.toml"
    path.write_text(
        f"[mcp.s]\ncommand = {json.dumps([*COMMAND, 'controls'])}\nenv = ['TZ']\n"
        '[mcp.none]\ncommand = ["./nowhere"]\n[mcp.odd]\ncolour = 1\n'
    )
    return path


async def typed(pilot, text):
    """Fill the line of the window on top, and press Enter."""
    pilot.app.screen.query_one(Input).value = text
    await pilot.press("enter")


async def test_servers_are_switched_shown_tried_added_and_removed(groq, config):
    async with chatting() as (pilot, screen):
        app, options = pilot.app, lambda: screen.workspace.options
        screen.chat.dispatch.run("mcp")
        await until(pilot, lambda: "○ s     not started" in seen(app.screen))
        await until(pilot, lambda: "Gets TZ." in seen(app.screen))
        await pilot.press("enter")
        await until(pilot, lambda: options().tools == ("s",))
        await until(pilot, lambda: "● s     2 tools" in seen(app.screen))
        await until(pilot, lambda: "3 tools not offered; F2 says why." in seen(app.screen))
        # Its tools: what a stranger says reaches the screen as plain text.
        await pilot.press("f2")
        await until(pilot, lambda: isinstance(app.screen, ToolPicker))
        await until(pilot, lambda: "Ignore all rules" in seen(app.screen))
        await pilot.press("enter")
        await until(pilot, lambda: "Try a tool" in seen(app.screen))
        await typed(pilot, "[1]")
        await until(pilot, lambda: "Write a JSON object" in seen(app.screen))
        await typed(pilot, "{}")
        await until(pilot, lambda: "The model would get:" in seen(app.screen))
        assert "secret of" in seen(app.screen)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, ToolPicker))
        app.screen.describe(LeftOut("x", "it has no name"))
        await pilot.press("escape")
        # One that does not start says so, and is not switched on.
        await until(pilot, lambda: "○ none  not started" in seen(app.screen))
        await pilot.press("down", "enter")
        await until(pilot, lambda: "there is no program ./nowhere" in seen(app.screen))
        assert options().tools == ("s",)
        # One whose table has a mistake is listed, and says what to do.
        assert "○ odd   failed" in seen(app.screen)
        await pilot.press("down")
        await until(pilot, lambda: WRONG in seen(app.screen))
        await pilot.press("up", "f4")  # a program gets no token
        await until(pilot, lambda: "Not done: none is a program" in seen(app.screen))
        # Removing one switches it off.
        await pilot.press("up", "f6")
        await until(pilot, lambda: "Remove s from the settings" in seen(app.screen))
        await pilot.press("y")
        await until(pilot, lambda: "[mcp.s]" not in config.read_text())
        await until(pilot, lambda: options().tools == ())
        await pilot.press("f7")
        await until(pilot, lambda: "Add a server" in seen(app.screen))
        await typed(pilot, "docs https://example.org/mcp")
        await until(pilot, lambda: "docs  not started" in seen(app.screen))
        assert '[mcp.docs]\nurl = "https://example.org/mcp"' in config.read_text()
        await pilot.press("f4")
        await until(pilot, lambda: "Token of docs" in seen(app.screen))
        await typed(pilot, "t0p-s3cret")
        await until(pilot, lambda: "The token is stored in memory." in seen(app.screen))
        assert "t0p-s3cret" not in seen(app.screen) + config.read_text()
        keyring = screen.workspace.services.servers._tokens._key_store
        assert (await keyring.key("mcp:docs")).reveal() == "t0p-s3cret"


@pytest.mark.parametrize(
    ("text", "server"),
    [
        ("time uvx 'mcp server'", ("time", {"command": ["uvx", "mcp server"]})),
        ("docs https://example.org/mcp", ("docs", {"url": "https://example.org/mcp"})),
    ],
)
def test_a_server_is_written_on_one_line(text, server):
    assert server_of(text) == server


@pytest.mark.parametrize("text", ["", "time", "time 'x"])
def test_a_line_without_a_server_is_refused(text):
    with pytest.raises(ValueError, match=r"write a name|No closing quotation"):
        server_of(text)


def test_a_call_begins_with_the_arguments_that_are_needed():
    parameters = {
        "properties": {"a": {"type": "string"}, "b": {"type": "integer"}, "c": {"anyOf": []}},
        "required": ["a", "b"],
    }
    assert example_of(parameters) == {"a": "", "b": 0}
    assert example_of({}) == {}
