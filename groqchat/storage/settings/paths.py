"""Where things are kept: one folder for everything, or the platform's own places."""

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
    """Three folders, which may be one; none is made before something is written into it."""

    config: Path
    data: Path
    state: Path

    @property
    def settings_file(self) -> Path:
        """The user's settings."""
        return self.config / "config.toml"

    @property
    def themes(self) -> Path:
        """The user's own themes, one TOML file each."""
        return self.config / "themes"

    @property
    def database_file(self) -> Path:
        """Conversations, ledger, drafts and the index of keys."""
        return self.data / "groqchat.db"

    @property
    def log_file(self) -> Path:
        """The log that is being written; older ones are beside it."""
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
    """Make a folder that only its owner may enter; one that exists stays as it is.

    Raises:
        StorageError: It cannot be made.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        from groqchat.domain.errors.table import failure

        raise failure("disk", detail=f"{folder}: {error.strerror or error}") from error
