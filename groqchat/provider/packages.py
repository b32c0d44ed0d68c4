"""How a package comes into the environment that groqchat runs in, or leaves it."""

from __future__ import annotations

import os
import shlex
import sys
from importlib.util import find_spec
from pathlib import Path


def install_command(requirement: str) -> str:
    """What installs a package beside groqchat, such as ``pip install 'openai>=3,<4'``.

    Args:
        requirement: The package itself. Never an extra of groqchat: of that name, the public index
            has another project's program.
    """
    home = Path(sys.prefix)
    if (home / "pipx_metadata.json").exists():  # pipx keeps it, also over an upgrade
        return f"pipx inject {_quoted(home.name)} {_quoted(requirement)}"
    if _is_without_pip():
        return f"uv pip install --python {_quoted(sys.prefix)} {_quoted(requirement)}"
    return f"{_pip()} install {_quoted(requirement)}"


def remove_command(package: str) -> str:
    """What takes a package out of the environment of groqchat."""
    home = Path(sys.prefix)
    if (home / "pipx_metadata.json").exists():
        return f"pipx runpip {_quoted(home.name)} uninstall {package}"
    if _is_without_pip():
        return f"uv pip uninstall --python {_quoted(sys.prefix)} {package}"
    return f"{_pip()} uninstall {package}"


def _is_without_pip() -> bool:
    """Whether uv made the environment: neither its tools nor its venvs have a pip."""
    return find_spec("pip") is None


def _pip() -> str:
    """The pip of this environment; where it is not activated, "pip" would be another one's."""
    is_active = os.environ.get("VIRTUAL_ENV") == sys.prefix
    return "pip" if is_active else f"{_quoted(sys.executable)} -m pip"


def _quoted(word: str) -> str:
    """A word of a command line, for the shell at hand."""
    return f'"{word}"' if sys.platform == "win32" else shlex.quote(word)
