"""A folder in memory for what the tests write: a tenth of their work was the disk's."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

_FOLDER = Path("/dev/shm")
# What a run writes is less than one of these; a container often has 64 MiB there.
_NEEDED = 4 << 30
_NAME = "PYTEST_DEBUG_TEMPROOT"  # pytest's own


def write_in_memory(config):
    """Let pytest make its folders in memory, unless another place was named."""
    if _is_worker(config) or config.option.basetemp or _NAME in os.environ:
        return
    if _has_room():
        os.environ[_NAME] = str(_FOLDER)
        config.is_in_memory = True


def forget(config, *, passed):
    """Give the memory back once all has passed; after a failure it is there to be looked at."""
    if passed and hasattr(config, "is_in_memory"):
        shutil.rmtree(config._tmp_path_factory.getbasetemp(), ignore_errors=True)


def folder():
    """Where else to make temporary folders: None is the machine's own place."""
    return os.environ.get(_NAME)


def _is_worker(config):
    return hasattr(config, "workerinput")


def _has_room():
    """Whether there are such a folder, in which programs may be run, and memory for it."""
    if not hasattr(os, "statvfs"):
        return False
    try:
        found = os.statvfs(_FOLDER)
        memory = Path("/proc/meminfo").read_text()
    except OSError:
        return False
    [free] = (line.split()[1] for line in memory.splitlines() if line.startswith("MemAvailable"))
    can_run = not found.f_flag & os.ST_NOEXEC
    return can_run and found.f_bavail * found.f_frsize > _NEEDED and int(free) << 10 > 2 * _NEEDED
