"""The quick benchmark that waits for two programs to come to rest."""

import re
import subprocess
import sys

from tests.benchmarks.lab import REPOSITORY


def test_an_idle_program_is_measured_beside_its_floor():
    run = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks", "--quick", "idle"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    (row,) = re.findall(
        r"^\| idle, countdowns running \| (\S+) % .*\| (\S+) % ", run.stdout, re.MULTILINE
    )
    assert all(float(figure) >= 0 for figure in row)
