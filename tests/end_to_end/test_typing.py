"""What terminals send for keys and for text that they paste without marks."""

import pytest

from tests.end_to_end.terminal import Terminal

pytestmark = pytest.mark.pty
READY = "Ctrl+J new line"


def test_alt_enter_breaks_the_line(environment):
    """A terminal without the kitty protocol sends Escape and Enter for it."""
    with Terminal("--demo", env=environment) as terminal:
        terminal.wait_for(READY, "RPM")
        terminal.press("one\x1b\rtwo")
        rows = terminal.wait_for("one", "two").splitlines()
        one = next(number for number, row in enumerate(rows) if "one" in row)
        assert "two" in rows[one + 1]
        assert terminal.quit() == 0
