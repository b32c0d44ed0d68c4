"""A fresh user: the house that is built once, and an account."""

from __future__ import annotations

from contextlib import ExitStack

import pytest
from filelock import FileLock

from groqchat.domain.models.catalog import Plan
from groqchat.simulator.background import BackgroundSimulator
from groqchat.simulator.options import Options
from groqchat.storage.catalog import load_catalog
from tests.manual.belongings import lay_out, move_in
from tests.manual.house import Door, build_house
from tests.manual.user import KEY, User


@pytest.fixture(scope="session")
def house(tmp_path_factory, request):
    """The folder of a venv with the wheel, and of files; made once for all workers of a run."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if hasattr(request.config, "workerinput") else base) / "manual"
    folder.mkdir(exist_ok=True)
    with FileLock(folder / "lock"):
        if not (folder / "done").exists():
            build_house(folder)
            lay_out(folder / "files")
            (folder / "done").touch()
    return folder


@pytest.fixture(scope="session")
def door(house):
    """The programs that this worker's users find first."""
    opened = Door(house / "venv", house / "forks")
    yield opened.folder
    opened.close()


@pytest.fixture
def fresh(house, door, tmp_path):
    """Makes a fresh user with an account on some plan; at a terminal the program starts cold."""
    running = ExitStack()

    def make(plan="free", *, cold=False, key=True):
        options = Options(Plan(plan), rate=None)
        groq = running.enter_context(BackgroundSimulator(load_catalog(), options))
        path = [*([] if cold else [door]), house / "programs", house / "venv/bin"]
        own = {"GROQ_BASE_URL": groq.url, **({"GROQ_API_KEY": KEY} if key else {})}
        user = User(tmp_path / "user", house / "files", path, **own)
        move_in(user.home)
        return user

    with running:
        yield make
