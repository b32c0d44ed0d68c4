"""The theme follows the background of the terminal, which a real pseudo-terminal tells."""

import signal
import subprocess

import pytest

from groqchat.ui.terminal.colour_scheme import ASK, FOLLOW, UNFOLLOW

pytestmark = pytest.mark.pty
LIGHT = b"\x1b]11;rgb:ffff/ffff/ffff\x1b\\"
DARK = b"\x1b]11;rgb:1c1c/1c1c/1c1c\x1b\\"


def background(terminal):
    """The colour in the middle of the screen, as six digits."""
    return terminal.screen.buffer[10][10].bg


def wait_until(terminal, condition):
    terminal.read_until(condition, 60)
    assert condition(), terminal.text


def is_stopped(pid):
    status = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return status.stdout.startswith("T")


def sent(terminal, code):
    """How often something was sent."""
    return terminal.raw.count(code.encode())


def test_it_follows_the_terminal_and_gives_up_what_it_asked_for(program, groqchat_home):
    terminal = program("--demo", COLORTERM="truecolor")
    wait_until(terminal, lambda: sent(terminal, ASK))
    terminal.press("first")
    terminal.press(LIGHT)
    terminal.press(" second")
    terminal.wait_for("first second", "simulator")
    wait_until(terminal, lambda: background(terminal) == "fcfbf9")
    assert "11;" not in terminal.text
    # The colours change: only that is told, and the colour itself is asked for.
    asked = sent(terminal, ASK)
    terminal.press("\x1b[?997;1n")
    wait_until(terminal, lambda: sent(terminal, ASK) == asked + 1)
    wait_until(terminal, lambda: background(terminal) not in {"fcfbf9", "default"})
    dark = background(terminal)
    # A terminal whose background stays light whatever the desktop is.
    terminal.press(LIGHT)
    wait_until(terminal, lambda: background(terminal) == "fcfbf9")
    terminal.press(DARK)
    wait_until(terminal, lambda: background(terminal) == dark)
    # In front again, after colours that changed without a word (xterm, Alacritty, kitty 0.26).
    asked = sent(terminal, ASK)
    terminal.press("\x1b[O\x1b[I")
    wait_until(terminal, lambda: sent(terminal, ASK) == asked + 1)
    # Stopped and continued, as by a shell.
    assert (sent(terminal, FOLLOW), sent(terminal, UNFOLLOW)) == (1, 0)
    terminal.kill(signal.SIGTSTP)
    wait_until(terminal, lambda: is_stopped(terminal.pid))
    wait_until(terminal, lambda: sent(terminal, UNFOLLOW) == 1)
    terminal.kill(signal.SIGCONT)
    wait_until(terminal, lambda: sent(terminal, FOLLOW) == 2)
    terminal.press("\x03")
    terminal.wait_for("first second", gone=True)
    assert terminal.quit() == 0
    assert sent(terminal, UNFOLLOW) == 2
    # The emulator has one screen only, as GNU screen has; it shows the end of "\x1b[<u".
    assert terminal.text.strip() == "u"
    assert not (groqchat_home / "last-run").exists()  # the demo keeps nothing


def test_the_next_start_begins_with_what_was_told_and_a_chosen_theme_asks_nothing(
    program, groqchat_home
):
    terminal = program(COLORTERM="truecolor")
    wait_until(terminal, lambda: sent(terminal, ASK))
    terminal.press(LIGHT)
    remembered = groqchat_home / "last-run"
    wait_until(terminal, lambda: remembered.exists() and "light yes" in remembered.read_text())
    terminal.kill(signal.SIGHUP)
    assert terminal.wait_exit() == 129
    assert sent(terminal, UNFOLLOW) == 1
    terminal = program(COLORTERM="truecolor")
    wait_until(terminal, lambda: background(terminal) == "fcfbf9")
    terminal.press("/theme midnight\r")
    wait_until(terminal, lambda: background(terminal) not in {"fcfbf9", "default"})
    chosen = background(terminal)
    terminal.press(LIGHT)
    terminal.press("typed on")
    terminal.wait_for("typed on")
    assert background(terminal) == chosen
    assert terminal.quit() == 0
    terminal = program(COLORTERM="truecolor")
    wait_until(terminal, lambda: background(terminal) == chosen)
    assert terminal.quit() == 0
    assert sent(terminal, ASK) == 0
