"""``/import`` and ``/backup``: conversations of other programs, and a copy of the database."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from itertools import count as counting
from pathlib import Path
from typing import TYPE_CHECKING

from groqchat.domain.errors.tree import StorageError
from groqchat.domain.text.humanize import count, counted, size
from groqchat.ui.terminal.files import is_file, path_from, reason_of
from groqchat.ui.widgets.text import KeyHint
from groqchat.ui.workspace.unkept import with_loss

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence
    from typing import Any

    from textual.worker import Worker

    from groqchat.services.sessions.session_imports import ImportResult, ParsedFile
    from groqchat.ui.sessions.opening import SessionListing
    from groqchat.ui.workspace.workspace import Workspace

_WHERE = (
    "Write /import and the path of a file: an export of ChatGPT, Claude or Open WebUI, a database "
    "of llm, elia or oterm, a file of parllama, or groqchat's own JSON."
)
_MOST_NAMED = 3


class ArchiveActions:
    """Commands about many sessions at once; only one of them runs at a time.

    Args:
        workspace: The parts of the chat.
        listing: The list of sessions, which shows what has come.
    """

    def __init__(self, workspace: Workspace, listing: SessionListing) -> None:
        self._workspace = workspace
        self._listing = listing
        self._running: Worker[None] | None = None
        self._can_stop = False

    async def import_file(self, argument: str) -> None:
        """Begin to import the file that is named."""
        path = path_from(argument)
        if not argument:
            self._workspace.notify(_WHERE)
            self._workspace.prompt.offer_command("import")
        elif not is_file(path):
            said = f"There is no file {path}; nothing was imported."
            self._workspace.prompt.refuse(said, "import", argument)
        elif self._is_free("import", argument):
            self._begin(self._import(path, argument), can_stop=True)

    async def back_up(self, argument: str) -> None:
        """Begin to copy the database, to the file that is named or one of this day."""
        if self._workspace.services.is_demo:
            self._workspace.notify("The demo keeps nothing, so there is nothing to back up.")
        elif self._is_free("backup", argument):
            self._begin(self._back_up(argument), can_stop=False)

    def stop(self) -> bool:
        """Stop an import; returns whether there was one."""
        if self._running is None or self._running.is_finished or not self._can_stop:
            return False
        self._running.cancel()
        return True

    def _is_free(self, command_id: str, argument: str) -> bool:
        if self._running is None or self._running.is_finished:
            return True
        said = "An import or a backup is still running; try again when it is done."
        self._workspace.prompt.refuse(said, command_id, argument)
        return False

    def _begin(self, work: Coroutine[Any, Any, None], *, can_stop: bool) -> None:
        self._can_stop = can_stop
        self._running = self._workspace.run(work, group="archives")

    async def _import(self, path: Path, argument: str) -> None:
        from groqchat.services.sessions.session_imports import ImportResult, import_sessions

        services, progress = self._workspace.services, _Progress("its conversations are read")
        result = ImportResult()
        reading: ParsedFile | None = None
        try:
            with self._workspace.showing(
                f"Importing {path.name}", progress.words, self._keys, self._press
            ):
                now = services.clock.now()
                reading = await asyncio.to_thread(
                    services.archive_files.read, path, now, progress.follow("parts read")
                )
                stored = progress.follow("conversations stored")
                await import_sessions(services.saved, reading.archives, stored, result)
        except (OSError, ValueError) as error:
            why = reason_of(error) if isinstance(error, OSError) else error
            said = f"Nothing is imported: {path.name} {why}."
            self._workspace.prompt.refuse(said, "import", argument)
            return
        except asyncio.CancelledError:
            there = counted(result.added + result.known, "conversation")
            said = f"Stopped after {there}, each stored whole; the same command adds the rest."
            self._workspace.notify(said)
            raise
        finally:
            await self._listing.refresh()
        if result.grown:
            await self._show_grown({archive.session.id for archive in reading.archives})
        self._tell(path.name, reading, result)

    async def _show_grown(self, imported: set[str]) -> None:
        """Show the open session with what has come to it, unless an answer to it is written."""
        conversation = self._workspace.conversation
        if conversation.session.id not in imported or conversation.is_busy:
            return
        session = await self._workspace.services.store.session(conversation.session.id)
        if session is not None and session.id == conversation.session.id:
            await conversation.show_branch(session.leaf_id)

    def _tell(self, name: str, reading: ParsedFile, result: ImportResult) -> None:
        """Say what came, and what did not."""
        from groqchat.services.sessions.import_words import import_words, omitted_words

        failed = reading.failed
        lines = [f"{name}: {import_words(result)}"]
        lines += [
            f"Not read: {each.title or each.where}: {each.reason}" for each in failed[:_MOST_NAMED]
        ]
        if len(failed) > _MOST_NAMED:
            lines.append(f"… and {count(len(failed) - _MOST_NAMED)} more, not read")
        if omitted := omitted_words(reading):
            lines.append(f"Not imported: {omitted}")
        lines += reading.remarks
        said = with_loss(self._workspace.services, "\n".join(lines))
        if failed:
            self._workspace.notify(said, severity="warning", stays=True)
        else:
            self._workspace.notify(said)

    async def _back_up(self, argument: str) -> None:
        workspace, progress = self._workspace, _Progress("it is copied")
        target = path_from(argument) if argument else self._new_name()
        copying = progress.follow("bytes copied")
        try:
            with workspace.showing("Backup", progress.words, tuple, lambda _: None):
                work = workspace.services.archive_files.back_up
                found = await asyncio.to_thread(work, target, copying)
        except StorageError as error:
            workspace.show_error(error)
            workspace.prompt.give_command_back("backup", argument)
        except ValueError as mistake:
            said = f"No backup: {target} {mistake}."
            workspace.prompt.refuse(said, "backup", argument)
        else:
            there = f"Backed up {counted(found.sessions, 'session')} to {target.resolve()}"
            workspace.notify(f"{there} ({size(found.bytes)}). `groqchat restore` puts it back.")

    def _new_name(self) -> Path:
        """A name of this day that no file has."""
        day = datetime.fromtimestamp(self._workspace.services.clock.now(), UTC).strftime("%Y-%m-%d")
        names = (f"groqchat-{day}{f'-{n}' if n > 1 else ''}.db" for n in counting(1))
        return next(path for name in names if not (path := Path(name)).exists())

    def _keys(self) -> Sequence[KeyHint]:
        return (KeyHint("Esc", "stop", "escape"),)

    def _press(self, _: str) -> None:
        self.stop()


class _Progress:
    """How far some work is, in words; told by any thread.

    Args:
        words: What is said before the first figures.
    """

    def __init__(self, words: str) -> None:
        self._words = words

    def words(self) -> str:
        """The last figures."""
        return self._words

    def follow(self, unit: str) -> Callable[[int, int], None]:
        """Take figures of something that is counted."""

        def tell(done: int, total: int) -> None:
            self._words = f"{count(done)} of {count(total)} {unit}"

        return tell
