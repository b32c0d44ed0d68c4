"""A team for a picture: a PostgreSQL of its own, and colleagues who have just asked something."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from groqchat.domain.models.catalog import Plan
from groqchat.simulator.background import BackgroundSimulator
from groqchat.simulator.options import Options
from groqchat.storage.catalog import load_catalog
from tests.team.cluster import ADMIN, Cluster

if TYPE_CHECKING:
    from collections.abc import Iterator

_MODEL = "openai/gpt-oss-120b"
# What colleagues have asked, by the names of their machines.
_ASKED = {
    "studio": ("Write 300 tokens", "Write 500 tokens", "Write 200 tokens"),
    "laptop": ("Write 400 tokens", "Write 600 tokens"),
}


@contextmanager
def team() -> Iterator[None]:
    """Settings of a team on the free plan whose other members are at work."""
    cluster, home = Cluster(), Path(os.environ["GROQCHAT_HOME"])
    os.environ["PGPASSWORD"] = f"secret-{ADMIN}"
    try:
        with BackgroundSimulator(load_catalog(), Options(Plan.FREE)) as running:
            os.environ["GROQ_BASE_URL"] = running.url
            os.environ["GROQ_API_KEY"] = "gsk_test_0123456789abcdef"
            _run("team", "init", cluster.url())
            with TemporaryDirectory() as homes:
                for machine, prompts in _ASKED.items():
                    _work(Path(homes) / machine, machine, cluster.url(), prompts)
                yield
    finally:
        cluster.stop()
        (home / "config.toml").unlink(missing_ok=True)
        for name in ("GROQ_BASE_URL", "GROQ_API_KEY", "PGPASSWORD"):
            os.environ.pop(name, None)


def _work(home: Path, machine: str, url: str, prompts: tuple[str, ...]) -> None:
    home.mkdir()
    (home / "config.toml").write_text(f'[team]\nurl = "{url}"\nmachine = "{machine}"\n')
    questions = home / "questions.txt"
    questions.write_text("\n".join(prompts))
    _run("compare", "--file", str(questions), "-m", _MODEL, home=home)


def _run(*arguments: str, home: Path | None = None) -> None:
    environment = os.environ | ({"GROQCHAT_HOME": str(home)} if home else {})
    command = [sys.executable, "-m", "groqchat", *arguments]
    subprocess.run(command, env=environment, check=True, capture_output=True)
