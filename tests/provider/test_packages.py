"""What installs a package beside groqchat, however groqchat was installed."""

import sys

import pytest

from groqchat.provider import packages
from groqchat.provider.packages import install_command, remove_command


@pytest.fixture
def prefix(tmp_path, monkeypatch):
    """An environment of its own, with a pip in it, and not activated."""
    home = tmp_path / "groqchat-tui"
    home.mkdir()
    monkeypatch.setattr(sys, "prefix", str(home))
    monkeypatch.setattr(sys, "executable", str(home / "bin/python"))
    monkeypatch.setattr(packages, "find_spec", lambda name: name)
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    return home


def test_pip_is_that_of_the_environment(prefix, monkeypatch):
    python = prefix / "bin/python"
    assert install_command("x>=3,<4") == f"{python} -m pip install 'x>=3,<4'"
    assert remove_command("x") == f"{python} -m pip uninstall x"
    monkeypatch.setenv("VIRTUAL_ENV", str(prefix))
    assert install_command("x>=3,<4") == "pip install 'x>=3,<4'"
    assert remove_command("x") == "pip uninstall x"


def test_pipx_injects_it_into_its_own(prefix):
    (prefix / "pipx_metadata.json").touch()
    assert install_command("x>=3,<4") == "pipx inject groqchat-tui 'x>=3,<4'"
    assert remove_command("x") == "pipx runpip groqchat-tui uninstall x"


def test_what_uv_made_has_no_pip(prefix, monkeypatch):
    monkeypatch.setattr(packages, "find_spec", lambda _name: None)
    assert install_command("x>=3,<4") == f"uv pip install --python {prefix} 'x>=3,<4'"
    assert remove_command("x") == f"uv pip uninstall --python {prefix} x"


def test_other_quotes_on_windows(prefix, monkeypatch):
    monkeypatch.setattr(sys, "platform", "win32")
    assert install_command("x>=3,<4").endswith('-m pip install "x>=3,<4"')
