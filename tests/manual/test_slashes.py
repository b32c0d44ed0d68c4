"""The slash commands of the guides, typed into the chat of a fresh user at a terminal."""

from __future__ import annotations

import re

from groqchat.ui import commands as ui
from tests.end_to_end.terminal import PATIENCE_S
from tests.manual.examples import PAGES, codes
from tests.manual.told import PRESET, TEMPLATES

# Each with what it brings to the screen, in an order in which none needs a later one.
OPENS = {
    "/info": "Answer: details",
    "/continue": "The last answer is complete",
    "/queue": "Nothing is queued. Enter queues",
    "/unqueue": "Nothing is queued.",
    "/copy request python": "The request as Python, with the key as",
    "/copy request": "The request as cURL, with the key as",
    "/model": "ability, status or use",
    "/model vision": "qwen/qwen3.8-27b",
    "/theme": "Name of a theme",
    "/theme auto": r"(?s)\A(?!.*▌ !).*│ Ask anything",
    "/effort": "Reasoning effort: the default",
    "/tier": "Service tier",
    "/set": "Parameters of openai/gpt-oss-120b",
    "/prompts": "Part of a name or a description",
    "/attach": r"Write /attach and a path|build\.log",
    "/transcribe": "the paths of sound files",
    "/compact": "Compact this conversation",
    "/compact oldest 4": "so oldest takes the",
    "/compact undo": "Nothing is compacted here",
    "/quota": "The panel is at the right",
    "/sessions tag:work": "Nothing matches",
    "/sessions off": r"▏ TPM",
    "/tree": "Branches",
    "/undo": "No deleted message is left here",
    "/delete message": "/undo brings it back for 30 days",
    "/delete branch": "This session has one branch",
    "/rename auto": "Ask for a title",
    "/rename auto openai/gpt-oss-20b": r"(?s)Ask for a title.*gpt-oss-20b",
    "/export": "Exported to",
    "/budget 10": r"Monthly budget: \$10.00",
    "/budget session 1": r"Session budget: \$1.00",
    "/budget": r"Spent \$",
    "/usage": "At the pace of",
    "/plan": "turns a minute",
    "/cost": "This session: ",
    "/keys": "API keys",
    "/leaderboard": "No votes yet",
    "/batches": "No batch was submitted",
    "/image": "no desktop here whose clipboard",
    "/system": "No system prompt",
    "/max-tokens": "Longest answer: as fits",
    "/set temperature 0.2": "temperature: 0.2, in this session",
    r'/set stop END, "\n\n"': "stop: END",
    "/set seed": "seed: the server's default",
    "/set seed off": "seed: reset",
    "/prompts review": "Prompt review",
    "/prompts edit review": "Prompt review|review",
    "/prompts system/terse": "System prompt system/terse set",
    "/schema name, age int?": "Answers are JSON with name, age",
    "/schema": "JSON with name, age",
    "/json": "Answers are JSON objects",
    "/schema off": "Answers are plain text again",
    "/tools": "Tools of this session",
    "/tools off": "All tools are off",
    "/mcp": "MCP servers",
    "/settings": "╭─ Settings",
    "/settings file": "The settings now apply",
    "/keymap": "╭─ Keys",
    "/compare": "Compare models",
    "/compare 120b effort=low, 120b effort=high": "2 openai/gpt-oss-120b effort=high",
    "/compare @efforts": "2 openai/gpt-oss-20b effort=high",
    "/compare 120b, 120b tools=browser_search": "╭─ 2 openai/gpt-oss-120b tools=",
    "/compact new": "a summary would not be shorter",
    "/new": "Ask anything. What each answer uses",
    "/incognito": "incognito: nothing is saved",
    "/incognito off": r"╭─+╮",
}
ELSEWHERE = {
    "/talk": "it needs a recorder: tests/ui/audio",
    "/quit smoking: how?": "it is an example of what is a prompt",
}
_EMPTY = "│ Ask anything"
_OPEN = re.compile(r"╭─ (?!incognito)\w|Ctrl\+S hide")
# Its commands are typed into the chat by lines: tests/cli/plain.
_BY_LINES = {"plain"}
_PLACEHOLDER = re.compile(r"\b[A-Z]{4,}\b|\[|\|")
_OTHERS = re.compile(r"/(v1|openai|simulator)\b")


def told():
    """Every slash command of the guides, with a page where it stands."""
    return {
        code: page
        for page in PAGES.keys() - _BY_LINES
        for code in codes(page)
        if re.match(r"/[a-z]", code) and not _OTHERS.match(code)
    }


def test_every_slash_command_of_the_guides_is_known_here():
    lists = {each for each in told() if len(re.findall(r"(?<!\S)/", each)) > 1}
    whole = {each for each in told() if not _PLACEHOLDER.search(each)} - lists
    assert whole - OPENS.keys() - ELSEWHERE.keys() == set()
    assert (OPENS.keys() | ELSEWHERE.keys()) - told().keys() == set()
    words = {each.split()[0].removeprefix("/") for each in told()}
    assert words <= ui.BY_SLASH.keys() | {"clear"}


def test_each_slash_command_opens_what_it_says(fresh):
    user = fresh(cold=True)
    made = f"{TEMPLATES}; echo 'Be terse.' > ~/.config/groqchat/prompts/system/terse.md; {PRESET}"
    assert user.paste(made).code == 0
    user.environment["EDITOR"] = "sed -i 1i#"
    with user.sit_down("groqchat") as terminal:
        terminal.wait_for("Enter send")
        for prompt, left in (("Hi", 999), ("Write a haiku about limits", 998)):
            terminal.press(f"{prompt}\r")
            terminal.wait_for(f"RPD  {left}/1,000", "tok/s", _EMPTY)
        for command, opened in OPENS.items():
            terminal.press(f"\x15{command}")
            terminal.wait_for(f"│ {command}")
            terminal.press("\r")
            terminal.read_until(lambda opened=opened: re.search(opened, terminal.text), PATIENCE_S)
            assert re.search(opened, terminal.text), f"{command}\n{terminal.text}"
            _go_back(terminal)
        assert terminal.quit() == 0


def _go_back(terminal):
    """Close what is open, and clear what was refused."""

    def is_back():
        return _EMPTY in terminal.text and not _OPEN.search(terminal.text)

    for _ in range(20):
        if is_back():
            return
        is_open = _OPEN.search(terminal.text)
        terminal.press("\x1b" if is_open else "\x15")
        terminal.read_until(is_back, 0.4)
    raise AssertionError(terminal.text)
