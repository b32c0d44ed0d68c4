"""A call of a tool that is approved or denied on a terminal, by a line."""

import asyncio
import os
import sys
from types import SimpleNamespace

import pytest

from groqchat.cli.asking import tools
from groqchat.domain.tools.decision import Decision


@pytest.fixture(params=["reader", "thread"])
def typed(request, monkeypatch):
    """Types on a terminal, also of a system whose event loop cannot watch one, as on Windows."""
    terminal, keys = os.pipe()
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(fileno=lambda: terminal))

    def refuse(*_):
        raise NotImplementedError

    if request.param == "thread":
        monkeypatch.setattr(asyncio.SelectorEventLoop, "add_reader", refuse)
    yield SimpleNamespace(line=lambda text: os.write(keys, text), end=lambda: os.close(keys))
    os.close(terminal)


@pytest.mark.parametrize(
    ("line", "decision"),
    [
        (b"o\n", Decision.ONCE),
        (b" Session\r\n", Decision.SESSION),
        (b"a\n", Decision.ALWAYS),
        (b"D\n", Decision.DENY),
    ],
)
async def test_a_letter_on_a_terminal_decides(typed, line, decision):
    typed.line(line)
    assert await tools._answer() is decision
    typed.end()


async def test_what_is_no_answer_is_asked_again_and_an_end_denies(typed, monkeypatch):
    said = []

    def narrate(text):
        said.append(text)
        if len(said) == 2:
            typed.end()

    monkeypatch.setattr(tools, "narrate", narrate)
    typed.line(b"\xff yes\n")
    assert await tools._answer() is Decision.DENY
    assert said == ["groqchat: o once, s this session, a always, d deny?"] * 2
