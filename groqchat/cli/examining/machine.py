"""The checks of the disk: whether the database is whole, and has a good place."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from groqchat.cli.examining.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable

# Less than this is full soon: a session with images takes megabytes. In bytes.
LEAST_FREE = 100_000_000
_MEGA = 1_000_000
# File systems on which SQLite's locks are known to fail (sqlite.org/faq.html, question 5).
_OVER_THE_NETWORK = (
    "nfs", "cifs", "smb", "smbfs", "9p", "afs", "afpfs", "ceph", "fuse.sshfs", "fuse.glusterfs",
    "webdav", "fuse.davfs",
)  # fmt: skip
_MOUNTS = Path("/proc/self/mounts")
_LOCAL = "GROQCHAT_HOME names another folder for everything"


def disk(folder: Path) -> Finding:
    """The check of the folder of the database: writable, with space, on a disk of this machine.

    Args:
        folder: The folder, which need not be there yet.
    """
    there = next(place for place in (folder, *folder.parents) if place.exists())
    kind = file_system(there, _mounts())
    free = shutil.disk_usage(there).free
    detail = f"{folder}: {free // _MEGA:,} MB free{f', {kind}' if kind else ''}"
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        hint = f"Make it writable for you; {_LOCAL}."
        return Finding("disk", False, f"{there} cannot be written to", hint)
    if free < LEAST_FREE:
        hint = f"Free space there: what cannot be stored is not kept. {_LOCAL}."
        return Finding("disk", False, detail, hint)
    if kind.startswith(_OVER_THE_NETWORK):
        hint = f"SQLite's locks may fail over a network; {_LOCAL}, on a disk of this machine."
        return Finding("disk", False, detail, hint)
    return Finding("disk", True, detail)


def file_system(folder: Path, mounts: Iterable[str]) -> str:
    """The type of the file system that a folder is on; empty where it is unknown.

    Args:
        folder: The folder.
        mounts: Lines as Linux has them: device, place, type, and more.
    """
    wanted, best, kind = folder.resolve(), -1, ""
    for line in mounts:
        _, place, its_kind, *_ = line.split(" ")
        at = Path(place.replace(r"\040", " "))
        if wanted.is_relative_to(at) and len(at.parts) >= best:
            best, kind = len(at.parts), its_kind
    return kind


def _mounts() -> list[str]:
    try:
        return _MOUNTS.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:  # not on Linux
        return []
