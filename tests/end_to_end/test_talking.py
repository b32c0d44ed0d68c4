"""Talking at a real terminal, with a program in the place of the recorder."""

import signal
import time
from pathlib import Path

import pytest

from tests.end_to_end.terminal import PATIENCE_S
from tests.media.recorders import RECORDS, STREAMS, fake_recorder

pytestmark = pytest.mark.pty
F9 = "\x1b[20~"


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("size", [(120, 40), (40, 12)])
def test_f9_records_and_enter_makes_it_text(program, tmp_path, size):
    path, out = fake_recorder(tmp_path, RECORDS)
    terminal = program(size=size, PATH=path)
    terminal.press("Reply: ")
    terminal.wait_for("Reply:")
    terminal.press(F9)
    terminal.wait_for("● Recording", "▮▯▯  5.0s of 10m 00s at most", "Esc discard")
    terminal.press("\r")
    terminal.wait_for("We have three")
    assert (out / "ended").exists()
    assert "GROQ_API_KEY" not in (out / "environment").read_text()
    assert terminal.quit() == 0


@pytest.mark.parametrize("is_killed", [False, True], ids=["quit", "killed"])
def test_no_recorder_outlives_the_chat(program, tmp_path, is_killed):
    path, out = fake_recorder(tmp_path, STREAMS)
    terminal = program(PATH=path)
    terminal.press(F9)
    terminal.wait_for("● Recording", "▮")
    recorder = int((out / "pid").read_text())
    assert is_alive(recorder)
    if is_killed:
        terminal.kill(signal.SIGKILL)
    else:
        assert terminal.quit() == 0
    end = time.monotonic() + PATIENCE_S
    while is_alive(recorder) and time.monotonic() < end:
        terminal.read(0.05)
    assert not is_alive(recorder)
