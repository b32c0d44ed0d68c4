"""What the kernel says of a process and its children: processor time, memory."""

from __future__ import annotations

import contextlib
import os
import platform
import time
from pathlib import Path

_QUIET_WINDOW_S = 0.3
# Of one core; a terminal program at rest, blinking its cursor, stays well below.
_QUIET_SHARE = 0.04


def tree(pid: int) -> list[int]:
    """A process and all below it that are alive."""
    found = [pid]
    for parent in found:
        with contextlib.suppress(OSError):
            for task in Path(f"/proc/{parent}/task").iterdir():
                found += map(int, (task / "children").read_text().split())
    return found


def cpu_seconds(pid: int) -> float:
    """Processor time used so far, to the nanosecond (`/proc/PID/stat` counts in hundredths)."""
    total = 0.0
    for process in tree(pid):
        with contextlib.suppress(OSError):
            # What clock_getcpuclockid(3) makes of a process: its scheduler's clock.
            total += time.clock_gettime((~process << 3) | 2)
    return total


def memory_mib(pid: int) -> float:
    """Resident memory, MiB."""
    total = 0
    for process in tree(pid):
        with contextlib.suppress(OSError):
            status = Path(f"/proc/{process}/status").read_text()
            total += int(status.partition("VmRSS:")[2].split()[0])
    return total / 1024


def busy_until_quiet(pid: int, *, windows: int = 1, timeout: float = 60.0) -> float:
    """Wait until a process does nothing worth mention; its processor time when that began.

    Args:
        pid: The process.
        windows: For how many looks in a row it must be quiet.
        timeout: Seconds after which it counts as never quiet.

    Raises:
        TimeoutError: It was busy all the time.
    """
    end = time.monotonic() + timeout
    quiet, began = 0, cpu_seconds(pid)
    before = began
    while quiet < windows:
        if time.monotonic() > end:
            raise TimeoutError(f"still busy after {timeout} s")
        time.sleep(_QUIET_WINDOW_S)
        now = cpu_seconds(pid)
        quiet = quiet + 1 if now - before < _QUIET_SHARE * _QUIET_WINDOW_S else 0
        if not quiet:
            began = now
        before = now
    return began


def machine() -> str:
    """The shape of this machine; no names."""
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, load {load:.1f} at the start"
    )
