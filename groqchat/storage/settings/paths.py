"""The folders of groqchat: one for everything, or those of the platform."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

PRIVATE = 0o600
"""The mode of new files: only their owner may read them. Windows ignores it."""
HOME_VARIABLE = "GROQCHAT_HOME"


@dataclass(frozen=True, slots=True)
class Folders:
    """The folders for configuration, data and state, which may be one; created at first write."""

    config: Path
    data: Path
    state: Path

    @property
    def settings_file(self) -> Path:
        """The settings file."""
        return self.config / "config.toml"

    @property
    def themes(self) -> Path:
        """The folder of the user's themes, one TOML file each."""
        return self.config / "themes"

    @property
    def prompts(self) -> Path:
        """The folder of the user's named prompts, one Markdown file each."""
        return self.config / "prompts"

    @property
    def database_file(self) -> Path:
        """The database with conversations, ledger, drafts and the index of keys."""
        return self.data / "groqchat.db"

    @property
    def log_file(self) -> Path:
        """The current log; older ones are in the same folder."""
        return self.state / "log.jsonl"


def folders(environ: Mapping[str, str] | None = None) -> Folders:
    """The folders of this user: ``GROQCHAT_HOME`` for everything, else the platform's.

    Args:
        environ: The environment; that of this process when left out.
    """
    home = (os.environ if environ is None else environ).get(HOME_VARIABLE)
    if home:
        one = Path(home).expanduser().absolute()
        return Folders(one, one, one)
    from platformdirs import PlatformDirs

    places = PlatformDirs("groqchat", appauthor=False)
    return Folders(places.user_config_path, places.user_data_path, places.user_state_path)


def make_private_folder(folder: Path) -> None:
    """Create a folder that only its owner may enter; an existing one does not change.

    Raises:
        StorageError: The folder cannot be created.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        from groqchat.domain.errors.table import failure

        raise failure("disk", detail=f"{folder}: {error.strerror or error}") from error
