"""The settings of the running program, whose file other programs may change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.settings import Settings
from groqchat.storage.settings.settings import SettingsFile, refuse_grave

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from groqchat.domain.models.catalog import Catalog
    from groqchat.storage.settings.settings import Value

NONE: tuple[str, ...] = ()


class ActiveSettings:
    """The settings as they were read last.

    Args:
        path: The settings file; None keeps changes in memory, for this run.
        names: See :class:`SettingsFile`.

    Attributes:
        now: The settings.
        mistakes: A sentence for each mistake in the file.
    """

    def __init__(self, path: Path | None, names: Callable[[], Catalog | None]) -> None:
        self.now, self.mistakes = Settings(), NONE
        self._file = SettingsFile(path, names)
        self._before: Settings | None = None
        self._read()

    def reload(self) -> tuple[str, ...]:
        """Read the file again without reporting it as changed; returns its mistakes."""
        self._read()
        self._before = None
        return self.mistakes

    def to_send_by(self) -> Settings:
        """The settings to use for the next request: those in the file at this moment.

        Raises:
            StorageError: A mistake in the file may hide a budget or an endpoint.
        """
        self._look()
        refuse_grave(self.mistakes)
        return self.now

    def lines(self) -> Mapping[str, int]:
        """The lines of the file on which settings stand; see :meth:`SettingsFile.lines`."""
        return self._file.lines()

    def before_news(self) -> Settings | None:
        """The previous settings, if another program has changed the file.

        Returns:
            The settings before the change, once for each change; None if there was none.
        """
        self._look()
        before, self._before = self._before, None
        return before

    def change(self, name: str, value: Value) -> Settings:
        """Change a setting, in the file too where there is one.

        Raises:
            StorageError: The file cannot be written.
        """
        self._look()
        self._file.change(name, value)
        self._read()
        return self.now

    def _look(self) -> None:
        if self._file.has_changed:
            self._before = self._before or self.now
            self._read()

    def _read(self) -> None:
        self.now, self.mistakes = self._file.read()
