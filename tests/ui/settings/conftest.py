"""What the tests of these windows share."""

from tests.ui.stage import seen


def told(window):
    """The text on a window, in one line."""
    return " ".join(seen(window).replace("│", " ").split())
