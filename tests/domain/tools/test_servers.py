"""What the settings say of MCP servers, and what is said about mistakes."""

import pytest

from groqchat.domain.settings import read_settings
from groqchat.domain.tools.servers import McpServer, read_server


def test_a_program_and_an_address():
    table = {
        "time": {"command": ["uvx", "mcp-server-time"], "env": ["TZ"], "cwd": "/tmp", "call_s": 5},
        "docs": {"url": "https://example.org/mcp", "in_new_sessions": True},
        "here": {"url": "http://127.0.0.1:8000/mcp", "start_s": 2.5},
    }
    settings, mistakes = read_settings({"mcp": table})
    assert mistakes == ()
    assert settings.mcp == {
        "time": McpServer("time", ("uvx", "mcp-server-time"), env=("TZ",), cwd="/tmp", call_s=5.0),
        "docs": McpServer("docs", url="https://example.org/mcp", in_new_sessions=True),
        "here": McpServer("here", url="http://127.0.0.1:8000/mcp", start_s=2.5),
    }


NAME = "must be a name of at most 32 letters and digits, with single “-” and “_” between them"
ENV = "the values are those of your environment"
TOKEN = "no token belongs into “mcp.a”: `groqchat mcp token a` stores it in the keyring"


@pytest.mark.parametrize(
    ("table", "told"),
    [
        (5, "“mcp” must be a table, written [mcp.NAME]"),
        ({"a": 5}, "“mcp.a” must be a table, written [mcp.a]"),
        ({"a__b": {"command": ["x"]}}, f"“mcp.a__b” {NAME}"),
        ({"a_": {"command": ["x"]}}, f"“mcp.a_” {NAME}"),
        ({"a b": {"command": ["x"]}}, f"“mcp.a b” {NAME}"),
        ({"x" * 33: {"command": ["x"]}}, f"“mcp.{'x' * 33}” {NAME}"),
        ({"a": {}}, "“mcp.a” must have either a command or a url"),
        ({"a": {"command": ["x"], "url": "https://x"}}, "“mcp.a” must have either a command or"),
        ({"a": {"command": "npx server"}}, "“mcp.a.command” must be a list of the program and its"),
        ({"a": {"command": []}}, "“mcp.a.command” must name a program"),
        ({"a": {"command": ["x\0"]}}, "“mcp.a.command” must not hold a NUL character"),
        (
            {"a": {"command": ["x"], "env": {"A": "b"}}},
            f"“mcp.a.env” must be a list of names; {ENV}",
        ),
        (
            {"a": {"command": ["x"], "env": ["A=secret"]}},
            f"“mcp.a.env” must hold names of variables alone, not “A=…”; {ENV}",
        ),
        ({"a": {"command": ["x"], "env": ["GROQ_API_KEY"]}}, "“mcp.a.env” must not name GROQ_API"),
        ({"a": {"command": ["x"], "cwd": 1}}, "“mcp.a.cwd” must be text in quotes"),
        ({"a": {"command": ["x"], "colour": 1}}, "“mcp.a.colour” is no setting"),
        ({"a": {"url": "https://x", "token": "t"}}, TOKEN),
        ({"a": {"url": "https://x", "headers": {"Authorization": "t"}}}, TOKEN),
        ({"a": {"url": "https://x", "env": []}}, "“mcp.a.env” is for a command, and there is"),
        ({"a": {"url": 5}}, "“mcp.a.url” must be text in quotes"),
        ({"a": {"url": "example.org"}}, "“mcp.a.url” must be an address with https:// (http:// is"),
        ({"a": {"url": "http://example.org"}}, "“mcp.a.url” must be an address with https://"),
        ({"a": {"url": "http://127.0.0.1.example.org"}}, "“mcp.a.url” must be an address with"),
        ({"a": {"url": "https://u:p@example.org"}}, "“mcp.a.url” must not hold a name or"),
        ({"a": {"command": ["x"], "in_new_sessions": 1}}, "“mcp.a.in_new_sessions” must be true"),
        ({"browser_search": {"command": ["x"]}}, "“mcp.browser_search” needs another name: Groq's"),
        ({"a": {"command": ["x"], "call_s": 0}}, "“mcp.a.call_s” must be a number of seconds"),
    ],
)  # fmt: skip
def test_a_mistake_is_said_in_a_sentence(table, told):
    settings, mistakes = read_settings({"mcp": table})
    assert len(mistakes) == 1
    assert mistakes[0].startswith(told)
    assert [each.problem for each in settings.mcp.values()] == [*mistakes][: table != 5]


def test_a_mistake_in_one_table_leaves_the_other_servers_alone():
    settings, mistakes = read_settings(
        {"mcp": {"a": {"command": ["x"]}, "b": {"colour": 1}, "c": {"url": "https://x"}}}
    )
    assert mistakes == ("“mcp.b.colour” is no setting",)
    assert settings.mcp == {
        "a": McpServer("a", ("x",)),
        "b": McpServer("b", problem=mistakes[0]),
        "c": McpServer("c", url="https://x"),
    }


@pytest.mark.parametrize(
    "table",
    [
        {"command": ["uvx", "x"], "env": ["TZ"], "cwd": "/tmp", "in_new_sessions": True},
        {"url": "https://example.org/mcp"},
    ],
)
def test_a_server_is_written_as_it_is_read(table):
    assert read_server("a", table).as_table() == table
