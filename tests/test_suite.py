"""The suite says the same wherever it runs and however it was started."""

import importlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import give_signals_back

ASK = "import signal; print(signal.getsignal(signal.SIGINT) is signal.default_int_handler)"


def test_children_hear_ctrl_c_though_the_suite_runs_in_the_background():
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        give_signals_back()
        os.kill(os.getpid(), signal.SIGINT)  # which the suite itself does not mind
        child = subprocess.run([sys.executable, "-c", ASK], capture_output=True, check=True)
    finally:
        signal.signal(signal.SIGINT, before)
    assert child.stdout.split() == [b"True"]


@pytest.mark.parametrize(
    "path", Path(__file__).parent.glob("long/*.py"), ids=lambda path: path.stem
)
def test_the_long_tests_import_what_there_is(path):
    importlib.import_module(f"tests.long.{path.stem}")
