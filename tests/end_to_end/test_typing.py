"""What terminals send that know neither the kitty protocol nor marks around pastes."""

import pytest

from tests.end_to_end.terminal import Terminal

pytestmark = pytest.mark.pty


def _lines_of_composer(terminal):
    rows = [row for row in terminal.text.splitlines() if row.startswith("│")]
    return [row.strip("│ ") for row in rows]


def test_alt_enter_and_unmarked_pastes_break_lines_and_send_nothing(environment):
    with Terminal("--demo", env=environment, columns=80) as terminal:
        terminal.wait_for("Ctrl+J new line", "F1 help")
        terminal.press("one\x1b\rtwo")
        terminal.wait_for("one", "two")
        assert _lines_of_composer(terminal) == ["one", "two"]
        terminal.press("\x03")
        terminal.wait_for("Ctrl+J new line")
        terminal.press("write 900 tokens\r")  # one line and its Enter in one read
        terminal.wait_for("A table")
        terminal.press("def f():\r\tx = 1\r\r    return x\r")
        terminal.wait_for("return x")
        assert _lines_of_composer(terminal) == ["def f():", "x = 1", "", "return x", ""]
        assert terminal.quit() == 0


def test_letters_behind_escape_are_typed_and_late_reports_of_the_terminal_are_not(environment):
    with Terminal("--demo", env=environment, columns=80) as terminal:
        terminal.wait_for("Ctrl+J new line", "F1 help")
        terminal.press(
            "\x1bone\x1b[D\x1b[C\x1b]11;rgb:1e1e/1e1e/2e2e\x1b\\\x1b[?62;4;22c\x1b2\x1b[C\x1bz!"
        )
        terminal.wait_for("one2!")
        assert _lines_of_composer(terminal) == ["one2!"]
        assert terminal.quit() == 0


def test_screen_is_sent_no_colours_that_it_takes_for_something_else(environment):
    inherited = environment | {"TERM": "screen", "COLORTERM": "truecolor"}
    with Terminal("--demo", env=inherited, columns=80) as terminal:
        terminal.wait_for("Ctrl+J new line", "F1 help")
        assert b"38;2;" not in terminal.raw
        assert b"35;49m" in terminal.raw, "the theme of sixteen colours has a magenta accent"
        assert terminal.quit() == 0
