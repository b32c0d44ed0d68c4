"""Groqchat without what only POSIX systems have, as far as that shows on another system.

What the stand-in for Windows takes away stands in `windows.py`.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STAND_IN = "tests.end_to_end.windows"


def run(*words):
    done = subprocess.run(
        [sys.executable, "-m", *words], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_every_module_is_imported():
    modules = len([path for path in (ROOT / "groqchat").rglob("*.py") if path.stem != "__init__"])
    assert int(run(STAND_IN)) >= modules


@pytest.mark.slow
def test_commands_chat_and_storage_work():
    files = (
        "cli/test_ask.py",
        "cli/test_ask_tools.py",
        "ui/chat/test_chat_screen.py",
        "storage/database/test_ledger.py",
    )
    tests = [f"tests/{file}" for file in files]
    chosen = "test_ledger or on_a_terminal or piped or goes_on or walked or draft_survives"
    options = ("-n", "0", "-p", STAND_IN, "--timeout-method=thread", "-o", "addopts=")
    assert " passed" in run("pytest", *options, *tests, "-k", chosen)
