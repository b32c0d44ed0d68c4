"""Exclusive locks between processes, with flock and with the way of Windows (`filelock`)."""

from __future__ import annotations

import errno
import fcntl
import os
import threading
from pathlib import Path

import pytest

from groqchat.storage import file_locks
from groqchat.storage.file_locks import exclusive, try_exclusive


@pytest.fixture(autouse=True, params=[True, False], ids=["flock", "filelock"])
def has_flock(request, monkeypatch):
    monkeypatch.setattr(file_locks, "HAS_FLOCK", request.param)
    return request.param


def test_one_after_another_and_nothing_is_left(tmp_path):
    path, inside, most = tmp_path / "file", [0], [0]

    def work():
        for _ in range(50):
            with exclusive(path):
                inside[0] += 1
                most[0] = max(most[0], inside[0])
                inside[0] -= 1

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1]
    assert not list(tmp_path.iterdir())


def test_what_somebody_has_claimed_is_not_waited_for(tmp_path):
    path = tmp_path / "file"
    with try_exclusive(path) as is_ours:
        assert is_ours
        with try_exclusive(path) as is_ours_too, try_exclusive(tmp_path / "other") as is_other_ours:
            assert (is_ours_too, is_other_ours) == (False, True)
        assert [file.name for file in tmp_path.iterdir()] == ["file.lock"]
    assert not list(tmp_path.iterdir())


def test_a_claim_that_a_dead_process_left_is_free(tmp_path):
    (tmp_path / "file.lock").touch()
    with try_exclusive(tmp_path / "file") as is_ours:
        assert is_ours
    assert not list(tmp_path.iterdir())


def test_whoever_waits_for_too_long_goes_on(tmp_path, monkeypatch):
    path, lock = tmp_path / "file", tmp_path / "file.lock"
    monkeypatch.setattr(file_locks, "PATIENCE_S", 0.05)
    handle = os.open(lock, os.O_CREAT | os.O_RDWR)
    fcntl.flock(handle, fcntl.LOCK_EX)
    with exclusive(path):
        pass
    assert lock.exists()  # it is not ours
    os.close(handle)
    with exclusive(path):
        assert lock.exists()
    assert not lock.exists()


def test_a_disk_without_locks_is_used_without(tmp_path, monkeypatch):
    def refuse(handle, operation):
        raise OSError(errno.EOPNOTSUPP, "Operation not supported")

    monkeypatch.setattr(fcntl, "flock", refuse)
    with exclusive(tmp_path / "file"):
        pass
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(FileNotFoundError), exclusive(tmp_path / "nowhere" / "file"):
        pass


def test_a_lock_file_that_cannot_be_removed_while_it_is_open(tmp_path, monkeypatch, has_flock):
    monkeypatch.setattr(Path, "unlink", removal := Removal(Path.unlink))
    with exclusive(tmp_path / "file"):
        pass
    assert removal.calls == (1 if has_flock else 2)
    assert bool(list(tmp_path.iterdir())) is has_flock


class Removal:
    """Removes files as Windows does: not while they are open, which the first call is about."""

    def __init__(self, unlink):
        self._unlink, self.calls = unlink, 0

    def __get__(self, path, owner):
        return lambda **options: self._called(path, options)

    def _called(self, path, options):
        self.calls += 1
        if self.calls == 1:
            raise PermissionError(errno.EACCES, "used by another process")
        self._unlink(path, **options)
