"""The commands that install or remove a package in groqchat's environment."""

from __future__ import annotations

import os
import shlex
import sys
from importlib.util import find_spec
from pathlib import Path


def install_command(requirement: str) -> str:
    """The command that installs a package, such as ``pip install 'openai>=3,<4'``.

    Args:
        requirement: The package itself, never an extra of groqchat: the public index has another
            project under that name.
    """
    home = Path(sys.prefix)
    if (home / "pipx_metadata.json").exists():  # pipx keeps it, also over an upgrade
        return f"pipx inject {_quoted(home.name)} {_quoted(requirement)}"
    if _is_without_pip():
        return f"uv pip install --python {_quoted(sys.prefix)} {_quoted(requirement)}"
    return f"{_pip()} install {_quoted(requirement)}"


def remove_command(package: str) -> str:
    """The command that removes a package from groqchat's environment."""
    home = Path(sys.prefix)
    if (home / "pipx_metadata.json").exists():
        return f"pipx runpip {_quoted(home.name)} uninstall {package}"
    if _is_without_pip():
        return f"uv pip uninstall --python {_quoted(sys.prefix)} {package}"
    return f"{_pip()} uninstall {package}"


def _is_without_pip() -> bool:
    """Whether the environment has no pip, as those that uv creates."""
    return find_spec("pip") is None


def _pip() -> str:
    """The command for this environment's pip; plain "pip" only where the venv is active."""
    is_active = os.environ.get("VIRTUAL_ENV") == sys.prefix
    return "pip" if is_active else f"{_quoted(sys.executable)} -m pip"


def _quoted(word: str) -> str:
    """A word of a command line, quoted for this platform's shell."""
    return f'"{word}"' if sys.platform == "win32" else shlex.quote(word)
