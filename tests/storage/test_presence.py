"""Whose turn it is with a file, among processes."""

from __future__ import annotations

import errno
import fcntl
import os
import threading

import pytest

from groqchat.storage import presence
from groqchat.storage.presence import claim, turn


def test_one_after_another_and_nothing_is_left(tmp_path):
    path, inside, most = tmp_path / "file", [0], [0]

    def work():
        for _ in range(50):
            with turn(path):
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
    with claim(path) as is_ours:
        assert is_ours
        with claim(path) as is_ours_too, claim(tmp_path / "other") as is_other_ours:
            assert (is_ours_too, is_other_ours) == (False, True)
        assert [file.name for file in tmp_path.iterdir()] == ["file.lock"]
    assert not list(tmp_path.iterdir())


def test_a_claim_that_a_dead_process_left_is_free(tmp_path):
    (tmp_path / "file.lock").touch()
    with claim(tmp_path / "file") as is_ours:
        assert is_ours
    assert not list(tmp_path.iterdir())


def test_whoever_waits_for_too_long_goes_on(tmp_path, monkeypatch):
    path, lock = tmp_path / "file", tmp_path / "file.lock"
    monkeypatch.setattr(presence, "PATIENCE_S", 0.05)
    handle = os.open(lock, os.O_CREAT | os.O_RDWR)
    fcntl.flock(handle, fcntl.LOCK_EX)
    with turn(path):
        pass
    assert lock.exists()  # it is not ours
    os.close(handle)
    with turn(path):
        assert lock.exists()
    assert not lock.exists()


def test_a_disk_without_locks_is_used_without(tmp_path, monkeypatch):
    def refuse(handle, operation):
        raise OSError(errno.EOPNOTSUPP, "Operation not supported")

    monkeypatch.setattr(fcntl, "flock", refuse)
    with turn(tmp_path / "file"):
        pass
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(FileNotFoundError), turn(tmp_path / "nowhere" / "file"):
        pass
