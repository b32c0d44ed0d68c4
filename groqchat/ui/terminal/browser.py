"""What differs where the terminal is the page of ``groqchat serve``."""

from __future__ import annotations

import os

# Browsers keep Ctrl+N, Ctrl+T and Ctrl+W for themselves; these come first where keys are named.
KEYS_IN_A_BROWSER = {"new": "ctrl+o,ctrl+n", "quota": "ctrl+b,ctrl+t"}


def is_in_browser() -> bool:
    """Whether the terminal is a page."""
    return bool(os.environ.get("TEXTUAL_DRIVER"))
