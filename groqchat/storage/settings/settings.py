"""The settings file, read tolerantly and changed without loss of the user's comments."""

from __future__ import annotations

import os
import tempfile
import threading
import tomllib
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from groqchat.domain.errors.table import failure
from groqchat.domain.settings import GraveMistake, Settings, UnreadableFile, read_settings
from groqchat.domain.settings_models import names_models, with_ids
from groqchat.storage.settings.new_line import with_new_line
from groqchat.storage.settings.paths import make_private_folder

if TYPE_CHECKING:
    from groqchat.domain.models.catalog import Catalog

Value = str | int | float | bool | Decimal | Sequence[str] | Mapping[str, object] | None


class SettingsFile:
    """The file ``config.toml``.

    Args:
        path: The file, which need not exist; None keeps the text in memory, for this run.
        names: Returns the catalogue whose model names the file may use; None allows ids only.
    """

    def __init__(
        self, path: Path | None, names: Callable[[], Catalog | None] = lambda: None
    ) -> None:
        self._path = path
        self._in_memory = ""
        self._names = names
        self._changing = threading.Lock()
        self._read: tuple[int, ...] = ()

    def read(self) -> tuple[Settings, tuple[str, ...]]:
        """The settings, and a sentence for each mistake in the file.

        An unreadable file gives the defaults and does not change.
        """
        self._read = self._stamp()
        try:
            text = self._text()
            settings, mistakes = self._named(*read_settings(tomllib.loads(text)))
        except (OSError, ValueError) as error:
            unreadable = f"{self._path} {_flaw(error)}."
            return Settings(), (UnreadableFile(unreadable),)
        return settings, tuple(
            type(mistake)(f"{self._path}{_line_of(text, mistake)}: {mistake}.")
            for mistake in mistakes
        )

    def _named(
        self, settings: Settings, mistakes: tuple[str, ...]
    ) -> tuple[Settings, tuple[str, ...]]:
        catalog = self._names() if names_models(settings) else None
        if catalog is None:
            return settings, mistakes
        named, unclear = with_ids(settings, catalog)
        return named, (*mistakes, *unclear)

    def lines(self) -> dict[str, int]:
        """The lines of the settings that the file names, by their names; 0: on an unknown line.

        Tables are named too, and what stands in them: ``budget`` and ``budget.monthly_usd``.
        """
        try:
            text = self._text()
            table = tomllib.loads(text)
        except (OSError, ValueError):
            return {}
        within = (
            f"{one}.{two}" for one, its in table.items() if isinstance(its, dict) for two in its
        )
        return {name: _line_number(text, name) for name in (*table, *within)}

    @property
    def has_changed(self) -> bool:
        """Whether the file has changed since it was read last."""
        return self._stamp() != self._read

    def _stamp(self) -> tuple[int, ...]:
        try:
            found = self._path.stat() if self._path else None
        except OSError:
            found = None
        if found is None:
            return ()
        return found.st_mtime_ns, found.st_size, found.st_ino

    def change(self, name: str, value: Value) -> Settings:
        """Change one setting in the file, and nothing else.

        Args:
            name: The name, such as ``theme`` or ``budget.monthly_usd``.
            value: The new value; None removes the setting, which restores the default.

        Raises:
            StorageError: The file is invalid or the value is not allowed (both ``config``, and the
                file does not change), or the file cannot be written (``disk``).
        """
        import tomlkit  # noqa: F401 - slow, so imported before the lock is taken

        with self._changing:
            return self._changed(name, value)

    def _changed(self, name: str, value: Value) -> Settings:
        import tomlkit

        try:
            text = self._text()
            before = read_settings(tomllib.loads(text))[1]
            document = tomlkit.parse(text)
        except (OSError, ValueError) as error:
            raise failure("config", detail=f"{self._path} {_flaw(error)}") from error
        added_line = _added_line(document, name, value)
        _assign(document, name, value)
        settings, mistakes = read_settings(document.unwrap())
        is_about = f"“{name}”" if value is not None else None
        added = [
            mistake
            for mistake in mistakes
            if mistake not in before or (is_about and is_about in mistake)
        ]
        if added:
            raise failure("config", detail=added[0])
        changed = tomlkit.dumps(document)
        placed = added_line and with_new_line(text, *added_line)
        if placed and _says_the_same(placed, changed):
            changed = placed
        self._write(changed)
        return settings

    def _text(self) -> str:
        if self._path is None:
            return self._in_memory
        try:
            return self._path.read_text(encoding="utf-8-sig")
        except (FileNotFoundError, NotADirectoryError):
            return ""

    def _write(self, text: str) -> None:
        """Replace the file atomically."""
        if self._path is None:
            self._in_memory = text
            return
        target = self._path.resolve()  # the link stays, where the user keeps the file elsewhere
        make_private_folder(target.parent)
        try:
            handle, draft = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
            try:
                with os.fdopen(handle, "w", encoding="utf-8") as file:
                    file.write(text)
                    file.flush()
                    os.fsync(file.fileno())
                Path(draft).replace(target)
            except BaseException:
                with suppress(OSError):
                    Path(draft).unlink()
                raise
        except OSError as error:
            raise failure("disk", detail=f"{self._path}: {error.strerror or error}") from error


def refuse_grave(mistakes: Sequence[str]) -> None:
    """Raise if a mistake in the file may hide a budget or an endpoint.

    Raises:
        StorageError: A mistake is grave in this sense.
    """
    grave = next((mistake for mistake in mistakes if isinstance(mistake, GraveMistake)), None)
    if grave is not None:
        raise failure("config_unread", detail=grave)


def _assign(document: MutableMapping[str, Any], name: str, value: Value) -> None:
    table, dot, last = name.partition(".")  # the name of a server may have more of them
    place, last = document, last if dot else table
    if dot:
        place = place.setdefault(table, {})
        if not isinstance(place, MutableMapping):
            raise failure("config", detail=f"“{table}” must be a table, written [{table}]")
    if value is None:
        place.pop(last, None)
    elif isinstance(value, Mapping) and isinstance(place.get(last), MutableMapping):
        _update(place[last], value)
    else:
        place[last] = str(value) if isinstance(value, Decimal) else value


def _added_line(document: Mapping[str, Any], name: str, value: Value) -> tuple[str, str] | None:
    """The table and the line of a setting that is not in the file yet; None: it is, or is a table.

    TOML Kit would put it between a comment and the table that the comment is about.
    """
    import tomlkit

    table, dot, last = name.partition(".")
    place, key = (document.get(table), last) if dot else (document, table)
    if not isinstance(place, Mapping) or key in place or value is None:
        return None
    if isinstance(value, Mapping):
        return None
    item = tomlkit.item(str(value) if isinstance(value, Decimal) else value)
    return table if dot else "", f"{tomlkit.key(key).as_string()} = {item.as_string()}"


def _says_the_same(one: str, other: str) -> bool:
    """Whether two texts are TOML with the same values."""
    try:
        return tomllib.loads(one) == tomllib.loads(other)
    except tomllib.TOMLDecodeError:
        return False


def _update(table: MutableMapping[str, Any], values: Mapping[str, object]) -> None:
    """Give a table other values; what stays keeps its line, and its comment with it."""
    for name in [each for each in table if each not in values]:
        del table[name]
    for name, value in values.items():
        if table.get(name) != value:
            table[name] = value


def _line_of(text: str, mistake: str) -> str:
    """The line of the setting that a mistake names, such as `` (line 3)``; empty if not found."""
    line = _line_number(text, mistake.partition("“")[2].partition("”")[0])
    return f" (line {line})" if line else ""


def _line_number(text: str, setting: str) -> int:
    """The line on which a setting or its table begins; 0 if there is none."""
    table, _, last = setting.rpartition(".")
    here = ""
    for number, line in enumerate(text.split("\n"), 1):
        words = line.strip()
        if words.startswith("["):
            here = words.partition("#")[0].strip("[] ").replace('"', "")
            if here == setting or here.startswith(f"{setting}."):
                return number
        name = words.partition("=")[0].strip().replace('"', "")
        if words and name in {last, f"{table}.{last}"} and here in {table, ""}:
            return number
    return 0


def _flaw(error: Exception) -> str:
    """The words of an error behind the file's name."""
    match error:
        case tomllib.TOMLDecodeError():
            words, place, rest = str(error).partition(" (at line ")
            line = f"(line {rest.partition(',')[0]}) " if place else ""
            return f"{line}is not valid TOML: {words}"
        case UnicodeDecodeError():
            return "is not text in UTF-8"
        case OSError():
            return f"cannot be read ({error.strerror or error})"
    return str(error)
