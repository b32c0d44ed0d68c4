"""The suite says the same wherever it runs and however it was started."""

import importlib
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests import in_memory
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


@pytest.mark.skipif(not hasattr(os, "statvfs"), reason="that folder is of POSIX")
@pytest.mark.parametrize(
    ("memory", "basetemp", "place"),
    [("99999999 kB", None, "/dev/shm"), ("4000000 kB", None, None), ("99999999 kB", "x", None)],
)
def test_what_is_written_lies_in_memory_where_there_is_room(monkeypatch, memory, basetemp, place):
    """Not in a container's 64 MiB, not beside programs that need it, and not against an option."""
    monkeypatch.setenv("PYTEST_DEBUG_TEMPROOT", "as it was before")
    monkeypatch.delenv("PYTEST_DEBUG_TEMPROOT")
    room = SimpleNamespace(f_flag=0, f_bavail=1 << 30, f_frsize=4096)
    monkeypatch.setattr(in_memory.os, "statvfs", lambda _: room)
    monkeypatch.setattr(in_memory.Path, "read_text", lambda _: f"MemAvailable: {memory}\n")
    in_memory.write_in_memory(SimpleNamespace(option=SimpleNamespace(basetemp=basetemp)))
    assert in_memory.folder() == place
    for small in ({"f_bavail": 16_384}, {"f_flag": os.ST_NOEXEC}):
        monkeypatch.delenv("PYTEST_DEBUG_TEMPROOT", raising=False)
        vars(room).update(f_flag=0, f_bavail=1 << 30)
        vars(room).update(small)
        in_memory.write_in_memory(SimpleNamespace(option=SimpleNamespace(basetemp=None)))
        assert in_memory.folder() is None


@pytest.mark.parametrize(
    "path", Path(__file__).parent.glob("long/*.py"), ids=lambda path: path.stem
)
def test_the_long_tests_import_what_there_is(path):
    importlib.import_module(f"tests.long.{path.stem}")
