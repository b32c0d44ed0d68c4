"""A quick run of the benchmarks as the tests start it."""

import subprocess
import sys

from tests.benchmarks.lab import REPOSITORY


def benchmarks(*arguments, seconds, code=0):
    """What a run prints; fails where it ends otherwise, or after so many seconds.

    Returns:
        stdout; for any other code than 0, stderr.
    """
    run = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks", *arguments],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    assert run.returncode == code, run.stderr
    return run.stderr if code else run.stdout


def quick(*figures, seconds):
    """The table of some figures, measured as quickly as they can be."""
    return benchmarks("--quick", *figures, seconds=seconds)
