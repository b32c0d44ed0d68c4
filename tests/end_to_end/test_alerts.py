"""The bytes that call a user: written when something ended out of sight, and only then."""

import re
import signal

import pytest

from tests.end_to_end.terminal import PATIENCE_S

pytestmark = pytest.mark.pty

FOCUS_IN, FOCUS_OUT = "\x1b[I", "\x1b[O"
KEEP_TITLE, RESTORE_TITLE = b"\x1b[22;2t", b"\x1b[23;2t"
NOTIFICATION = b"\x1b]9;groqchat: The answer is there: write 40 tokens\a"
# What an operating system command ends with is no bell.
STRING = re.compile(rb"\x1b\][^\a\x1b]*\a")
EVERY_ANSWER = "alert_after_s = 0.0\n"


@pytest.fixture
def settings(groqchat_home):
    """Writes the settings."""

    def write(text):
        groqchat_home.mkdir(parents=True, exist_ok=True)
        (groqchat_home / "config.toml").write_text(text, encoding="utf-8")

    return write


def answer(terminal, then="", number=1):
    """Ask, report what the focus does, and wait until so many answers' ends are on the screen."""
    terminal.press(f"write 40 tokens\r{then}")
    terminal.read_until(lambda: terminal.text.count("first token") == number, PATIENCE_S)
    assert terminal.text.count("first token") == number


def written(terminal):
    """All that was written, once the program has ended; holds that no title stays."""
    terminal.kill(signal.SIGTERM)
    assert terminal.wait_exit() == 143
    raw = bytes(terminal.raw)
    assert raw.count(KEEP_TITLE) == raw.count(RESTORE_TITLE)
    assert raw.rfind(RESTORE_TITLE) >= raw.rfind(KEEP_TITLE)
    return raw


@pytest.mark.parametrize(
    ("lines", "focus", "sent"),
    [
        (EVERY_ANSWER, FOCUS_OUT, (1, 1, 1)),
        (EVERY_ANSWER, FOCUS_IN, (0, 0, 0)),
        (EVERY_ANSWER, "", (1, 0, 0)),
        (EVERY_ANSWER + "alert_bell = true\n", "", (1, 0, 1)),
        ("alert_after_s = 3600.0\n", FOCUS_OUT, (0, 0, 0)),
        (EVERY_ANSWER + "alerts = false\nalert_bell = true\n", FOCUS_OUT, (0, 0, 0)),
    ],
)
def test_an_answer_calls_by_what_its_terminal_reports(settings, program, lines, focus, sent):
    settings(lines)
    terminal = program()
    answer(terminal, focus)
    titles, notifications, bells = sent
    if titles:
        terminal.read_until(lambda: KEEP_TITLE in terminal.raw, PATIENCE_S)
    else:  # a second answer begins once all who listen know of the first one's end
        answer(terminal, focus, 2)
    raw = written(terminal)
    assert raw.count(KEEP_TITLE) == titles
    assert raw.count(NOTIFICATION) == notifications
    assert STRING.sub(b"", raw).count(b"\a") == bells


def test_coming_back_restores_the_title_at_once(settings, program):
    settings(EVERY_ANSWER)
    terminal = program()
    answer(terminal, FOCUS_OUT)
    terminal.read_until(lambda: KEEP_TITLE in terminal.raw, PATIENCE_S)
    assert RESTORE_TITLE not in terminal.raw
    terminal.press(FOCUS_IN)
    terminal.read_until(lambda: RESTORE_TITLE in terminal.raw, PATIENCE_S)
    assert RESTORE_TITLE in terminal.raw
