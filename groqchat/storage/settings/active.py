"""The settings that a run goes by, while their file may be changed beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.settings import Settings, changed
from groqchat.storage.settings.settings import SettingsFile, refuse_grave

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from groqchat.domain.models.catalog import Catalog
    from groqchat.storage.settings.settings import Value

NONE: tuple[str, ...] = ()


class ActiveSettings:
    """What the file said when it was read last, in ``now``, and what is wrong with it.

    Args:
        path: Where the settings stand; None: nowhere, and changes last as long as this run.
        names: See :class:`SettingsFile`.
    """

    def __init__(self, path: Path | None, names: Callable[[], Catalog | None]) -> None:
        self.now, self.mistakes = Settings(), NONE
        self._file = SettingsFile(path, names) if path else None
        self._before: Settings | None = None
        self._read()

    def reload(self) -> tuple[str, ...]:
        """Read the file again, whose changes are known, and return what is wrong with it."""
        self._read()
        self._before = None
        return self.mistakes

    def to_send_by(self) -> Settings:
        """The settings as the file has them now.

        Raises:
            StorageError: A budget or an endpoint may stand where the file cannot be read.
        """
        self._look()
        refuse_grave(self.mistakes)
        return self.now

    def before_news(self) -> Settings | None:
        """The settings before others changed the file, told once; None where nobody has."""
        self._look()
        before, self._before = self._before, None
        return before

    def change(self, name: str, value: Value) -> Settings:
        """Change one setting, in the file too where there is one.

        Raises:
            StorageError: The file cannot be written.
        """
        if self._file is None:
            self.now = changed(self.now, name, value)
        else:
            self._look()
            self._file.change(name, value)
            self._read()
        return self.now

    def _look(self) -> None:
        if self._file is not None and self._file.has_changed:
            self._before = self._before or self.now
            self._read()

    def _read(self) -> None:
        if self._file is not None:
            self.now, self.mistakes = self._file.read()
