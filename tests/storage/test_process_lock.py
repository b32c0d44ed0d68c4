"""Whether other processes use a folder, with flock and with the way of Windows (`filelock`)."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager

import pytest

from groqchat.storage import file_locks, process_lock

# Another process, which uses the folder until its input ends or it is killed.
OTHER = """
import sys
from pathlib import Path
from groqchat.storage import file_locks, process_lock

file_locks.HAS_FLOCK = process_lock.HAS_FLOCK = sys.argv[2] == "True"
lock = process_lock.process_lock(Path(sys.argv[1]))
lock.is_alone()
print("ready", flush=True)
sys.stdin.read()
lock.release()
"""


@pytest.fixture(autouse=True, params=[True, False], ids=["flock", "filelock"])
def has_flock(request, monkeypatch):
    monkeypatch.setattr(file_locks, "HAS_FLOCK", request.param)
    monkeypatch.setattr(process_lock, "HAS_FLOCK", request.param)
    return request.param


@contextmanager
def other_process(folder, has_flock):
    command = [sys.executable, "-c", OTHER, str(folder), str(has_flock)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout.readline() == "ready\n"
        yield process


def test_the_only_process_is_alone_and_leaves_nothing(tmp_path):
    lock = process_lock.process_lock(tmp_path)
    assert lock.is_alone()
    assert lock.is_alone()
    lock.release()
    lock.release()
    assert not list(tmp_path.iterdir())


def test_two_processes_see_each_other_until_one_ends(tmp_path, has_flock):
    lock = process_lock.process_lock(tmp_path)
    with other_process(tmp_path, has_flock) as process:
        assert not lock.is_alone()
        assert not lock.is_alone()
        process.communicate("")
        assert lock.is_alone()
    lock.release()
    assert not list(tmp_path.iterdir())


def test_a_killed_process_does_not_count(tmp_path, has_flock):
    lock = process_lock.process_lock(tmp_path)
    with other_process(tmp_path, has_flock) as process:
        assert not lock.is_alone()
        process.kill()
        process.wait()
        assert lock.is_alone()
    lock.release()
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(FileNotFoundError):
        process_lock.process_lock(tmp_path / "nowhere")
