"""What README and guides tell to install, installed as they tell; then every command, cold.

It needs the Python registry, and takes some minutes.
"""

import os
import shutil
import sys
from pathlib import Path

import pytest

from groqchat.domain.models.catalog import Plan
from groqchat.simulator.background import BackgroundSimulator
from groqchat.simulator.options import Options
from groqchat.storage.catalog import load_catalog
from tests.manual.belongings import lay_out, move_in
from tests.manual.examples import ROOT
from tests.manual.house import SOURCES, furnish
from tests.manual.pasting import check
from tests.manual.told import DEMO, INSTALLING, TOLD
from tests.manual.user import KEY, User

pytestmark = pytest.mark.timeout(1_800)
# How pip and uv find the registry and its certificates here, and where Python is.
_NAMES = ("PIP_", "UV_", "SSL_CERT", "REQUESTS_CA", "HTTP", "http")
MACHINE = {name: each for name, each in os.environ.items() if name.startswith(_NAMES)}
_OWN_CONF = Path("~/.config/pip/pip.conf").expanduser()
if _OWN_CONF.exists():
    MACHINE.setdefault("PIP_CONFIG_FILE", str(_OWN_CONF))
PYTHON = Path(sys.base_prefix) / "bin"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A checkout in which the README's first line was pasted, at a terminal."""
    folder = tmp_path_factory.mktemp("stranger")
    files = folder / "checkout"
    files.mkdir()
    for name in (*SOURCES, "constraints.txt"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, files / name)
    user = User(folder / "user", files, [PYTHON], **MACHINE)
    del user.environment["PYTHON_KEYRING_BACKEND"]
    with user.sit_down(DEMO) as terminal:
        terminal.wait_for("Enter send", seconds=900)
        terminal.press("Hi\r")
        terminal.wait_for("tok/s")
        assert terminal.quit() == 0
    return user.work


@pytest.fixture(scope="module")
def stranger(checkout, tmp_path_factory):
    """Makes users whose programs are those of this checkout's venv, with its extras."""
    folder = tmp_path_factory.mktemp("strangers")
    pip = [each for each in INSTALLING if each.startswith("pip ")]
    lay_out(folder / "files")
    first = User(folder / "first", folder / "files", [checkout / ".venv/bin"], **MACHINE)
    for command in (*pip, "pip install pipx uv"):
        done = first.paste(command, seconds=900)
        assert done.code == 0, done.err
    furnish(checkout / ".venv", folder / "programs")

    def make(name, *, key=True, **more):
        own = {**MACHINE, **({"GROQ_API_KEY": KEY} if key else {}), **more}
        path = [folder / "programs", checkout / ".venv/bin"]
        user = User(folder / name, folder / "files", path, **own)
        move_in(user.home)
        return user

    return make


@pytest.mark.parametrize("number", range(len(TOLD)), ids=[each[:60] for each in TOLD])
def test_a_command_does_what_it_says_in_a_venv_of_its_own(number, stranger):
    command, told = list(TOLD.items())[number]
    options = Options(Plan(told.plan), rate=None)
    with BackgroundSimulator(load_catalog(), options) as groq:
        check(stranger(f"{number}", key=told.key, GROQ_BASE_URL=groq.url), command, told)


@pytest.mark.parametrize("command", [each for each in INSTALLING if each.endswith(" .")])
def test_uv_and_pipx_install_a_groqchat(command, stranger, checkout):
    user = stranger(command.split()[0])
    path = f"{user.home}/.local/bin"
    done = user.paste(f"cd {checkout} && {command} && {path}/groqchat --version", seconds=900)
    assert done.code == 0, done.err
    assert "groqchat 0." in done.out
