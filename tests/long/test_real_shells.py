"""What real shells offer: bash and zsh where Tab is pressed in a terminal, and fish."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from groqchat.domain.turns.chat import Session
from tests.cli.completion.test_completion import keep
from tests.end_to_end.terminal import Terminal
from tests.long.programs import needs

BASH = """\
bind 'set show-all-if-ambiguous on'; bind 'set page-completions off'; PS1='READY> '
bind 'set completion-query-items 0'; source ./script
"""
ZSH = """\
PROMPT='READY> '; LISTMAX=1000; unsetopt automenu listambiguous
fpath=($PWD $fpath); autoload -Uz compinit; compinit -D -u
"""
STARTS = {
    "bash": (("--norc", "--noprofile", "-i"), BASH),
    "zsh": (("-f", "-i"), ZSH),
    "fish": ((), ""),
}
programs_are_there = needs("bash zsh fish", *STARTS)
FAMILY = ("openai/gpt-oss-120b", "openai/gpt-oss-20b", "openai/gpt-oss-safeguard-20b")
MODEL = FAMILY[0]


class Fish:
    """A fish that is asked without a terminal, for the words that it would put into its menu."""

    def offered(self, line, *_):
        """The words behind a line, one a row, each with its description."""
        asks = f"source ./script; complete -C '{line}'"
        command = ["fish", "--no-config", "-c", asks]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
        assert done.stderr == ""
        return done.stdout


class TabShell(Terminal):
    """A shell in which Tab is pressed."""

    def offered(self, line, *wanted):
        """The screen once Tab has shown these words behind a line."""
        self.press(f"{line}\t")
        text = self.wait_for(*wanted)
        self.press("\x15clear; echo CLE''AR\n")
        self.wait_for("CLEAR\nREADY>")
        return text


@pytest.fixture(params=STARTS)
def shell(request, groqchat, tmp_path, monkeypatch):
    """A shell in a folder with two files, into which the script was loaded."""
    asyncio.run(keep(Session("0b7", "A talk on bees", 2.0, 2.0), profiles=("work", "home")))
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.chdir(tmp_path)
    script = groqchat("completion", request.param).out
    for name, text in (("script", script), ("_groqchat", script), ("one.md", ""), ("ones.md", "")):
        (tmp_path / name).write_text(text)
    options, begin = STARTS[request.param]
    if not begin:
        yield Fish()
        return
    command = [request.param, *options]
    with TabShell(command=command, columns=150, rows=60, cold=True) as terminal:
        terminal.press(f"cd '{tmp_path}'\n{begin}clear; echo STAR''TED\n")
        terminal.wait_for("STARTED\nREADY>")
        yield terminal


OFFERS = {
    "groqchat s": ("sessions", "simulate", "speak"),
    "groqchat sessions ex": ("export",),
    "groqchat ask -m openai/": FAMILY,
    "groqchat ask --model=openai/": FAMILY,
    "groqchat compare -m openai/gpt-oss-20b -m openai/gpt-oss-1": (MODEL,),
    "groqchat ask --tier ": ("flex", "on_demand"),
    "groqchat ask --over": ("--over-budget",),
    "groqchat ask --session 0": ("0b7",),
    "groqchat key use ": ("home", "work"),
    "groqchat completion ": ("bash", "zsh", "fish"),
    "groqchat help lim": ("limits",),
    "groqchat ask -f one.md -f one": ("one.md", "ones.md"),
    "groqchat sessions import one": ("one.md", "ones.md"),
}
"""What may come next behind a line."""


def test_a_real_shell_offers_what_may_come_next_and_nothing_else(shell):
    for line, wanted in OFFERS.items():
        text = shell.offered(line, *wanted)
        assert [word for word in wanted if word not in text] == [], line


def test_a_real_shell_takes_no_word_of_a_prompt_for_a_command(shell):
    text = shell.offered("groqchat ask key --st", "--st")
    assert "--stdin" not in text
    assert "one.md" not in shell.offered("groqchat completion ", "bash")
