"""Bars on a terminal: one line a model, drawn over itself, with what must be read above."""

import asyncio
import io
import os
from types import SimpleNamespace

import pyte
import pytest

from groqchat.cli import work_bar
from groqchat.cli.sets.progress import ProgressBars, ProgressLines, shown_progress
from groqchat.domain.errors.table import failure
from groqchat.domain.limits.quota import LimitKind
from groqchat.domain.prompt_sets.prompt_set import SetPrompt
from groqchat.domain.turns.chat import Answered, Sending, Waiting
from groqchat.services.compare.column import Failed
from groqchat.services.prompt_sets.events import SetTurnEvent
from tests.end_to_end.terminal import rows_of
from tests.fakes import START, FakeClock
from tests.storage.conftest import reply

A, B = "openai/gpt-oss-120b", "openai/gpt-oss-20b"
PROMPTS = [SetPrompt(f"k{n}", f"p{n}", "Why?") for n in range(4)]
RUN = SimpleNamespace(
    prompts=PROMPTS, options={A: None, B: None}, pending=lambda model: PROMPTS[model == B :]
)


class Terminal(io.StringIO):
    """What stderr is on a terminal, as an emulator shows it."""

    def __init__(self, columns, lines):
        super().__init__()
        self.size = os.terminal_size((columns, lines))
        self.screen = pyte.Screen(columns, lines)
        self.stream = pyte.Stream(self.screen)

    def isatty(self):
        return True

    def fileno(self):
        return 2

    def write(self, text):
        self.stream.feed(text.replace("\n", "\r\n"))
        return len(text)

    @property
    def lines(self):
        return [line.rstrip() for line in rows_of(self.screen) if line.strip()]


@pytest.fixture
def terminal(monkeypatch):
    def of(columns, lines):
        made = Terminal(columns, lines)
        monkeypatch.setenv("TERM", "xterm")
        monkeypatch.setattr(work_bar.sys, "stderr", made)
        monkeypatch.setattr(work_bar.os, "get_terminal_size", lambda _: made.size)
        return made

    return of


def told(model, event, prompt=0):
    return SetTurnEvent(model, PROMPTS[prompt], event)


async def test_bars_count_waits_failures_and_what_is_done(terminal):
    shown, clock = terminal(80, 24), FakeClock()
    async with shown_progress(RUN, clock.now) as bars:
        assert isinstance(bars, ProgressBars)
        limited = failure("no_room_yet", model=A, limit_kind=LimitKind.TPM, retry_after_s=12.0)
        bars.show(told(A, Sending(1)))
        bars.show(told(A, Waiting(12.0, START + 12, 1, limited)))
        bars.show(told(B, Answered(reply("m", "p"), None), 1))
        bars.show(told(B, Failed(failure("unprocessable", model=B)), 2))
        clock.advance(2)
        bars.draw()
        error, *_, first, second, sums = shown.lines
        assert error.startswith(f"{B} · p2: ")
        assert first.endswith("0/4  waits for TPM 10s")
        assert second.endswith("3/4  1 failed")
        assert second.count("━") > 2 * second.count("╌")
        assert first.index("0/4") == second.index("3/4")
        assert sums == "3 of 8 · unknown · 2.0s"
        bars.ended(A, "The day is used up.")
        bars.ended(B, "")
    assert shown.lines[-4] == f"{A} stopped: The day is used up."
    assert shown.lines[-3].endswith("0/4  stopped")
    assert shown.lines[-2].endswith("3/4  done · 1 failed")
    assert len(shown.lines) == 6


async def test_bars_fit_a_narrow_terminal(terminal):
    shown = terminal(40, 12)
    async with shown_progress(RUN, FakeClock().now) as bars:
        bars.show(told(A, Sending(1)))
        for _ in range(5):
            bars.draw()
            await asyncio.sleep(0)
    assert len(shown.lines) == 3


@pytest.mark.parametrize("size", [(80, 5), (80, 24)])
async def test_lines_where_bars_cannot_be_drawn(terminal, monkeypatch, size):
    terminal(*size)
    if size == (80, 24):
        monkeypatch.setenv("TERM", "dumb")
    async with shown_progress(RUN, FakeClock().now) as lines:
        assert isinstance(lines, ProgressLines)
