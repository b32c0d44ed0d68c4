"""``/transcribe``: what is said in sound files, put into the prompt."""

from __future__ import annotations

import shlex
from contextlib import aclosing
from functools import partial
from typing import TYPE_CHECKING

from groqchat.domain.audio.requests import TRANSCRIBER, AudioOptions
from groqchat.domain.errors.tree import GroqchatError
from groqchat.domain.text.humanize import counted, duration, money
from groqchat.services.audio.progress import limits_left
from groqchat.services.audio.transcription import FileDone, FileFailed, Transcription
from groqchat.ui.terminal.files import is_file, path_from
from groqchat.ui.widgets.text import KeyHint

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from textual.worker import Worker

    from groqchat.services.account.connection import Connection
    from groqchat.services.audio.sources import Source, Sources
    from groqchat.ui.audio.desk import AudioDesk

LONGEST_INSERTED = 1_000
"""The longest text, in characters, that is put at the cursor; a longer one is attached."""


def named_files(argument: str) -> list[Path]:
    """The files that are named behind the command, those with spaces in quotation marks.

    One path with spaces needs none, if there is such a file.
    """
    whole = path_from(argument)
    if not argument or is_file(whole):
        return [whole] if argument else []
    try:
        words = shlex.split(argument)
    except ValueError:  # an apostrophe in a name
        words = argument.split()
    return [path_from(word) for word in words]


class FileTranscriber:
    """Transcribes files, one run after the other.

    Args:
        desk: The parts of the chat that it needs.
    """

    def __init__(self, desk: AudioDesk) -> None:
        self._desk = desk
        self._running: Worker[None] | None = None
        self._run_now: Transcription | None = None

    async def transcribe(self, argument: str) -> None:
        """Begin to transcribe the files that are named."""
        workspace = self._desk.workspace
        paths = named_files(argument)
        if not paths:
            workspace.notify("Write /transcribe and the paths of sound files.")
            workspace.prompt.offer_command("transcribe")
        elif self.is_running:
            said = "The files before are still being transcribed; Esc stops that."
            workspace.prompt.refuse(said, "transcribe", argument)
        elif missing := next((path for path in paths if not is_file(path)), None):
            said = f"There is no file {missing}; nothing was sent."
            workspace.prompt.refuse(said, "transcribe", argument)
        else:
            self._begin(paths)

    @property
    def is_running(self) -> bool:
        """Whether files are being transcribed."""
        return self._running is not None and not self._running.is_finished

    @property
    def kept(self) -> Mapping[Source, int]:
        """The number of pieces that are paid of each file whose text is not in the prompt."""
        if self._run_now is None or self._desk.workspace.services.is_incognito:
            return {}
        return self._run_now.kept

    def stop(self) -> bool:
        """Stop; returns whether there was anything to stop."""
        if self._running is None or self._running.is_finished:
            return False
        self._running.cancel()
        said = "Stopped; what is not finished is not in the prompt."
        if number := sum(self.kept.values()):
            pieces = counted(number, "piece")
            said += f"\n{pieces} paid and kept for 7 days: the same /transcribe goes on from there."
        self._desk.workspace.notify(said)
        return True

    def _begin(self, paths: Sequence[Path], ignores_budget: bool = False) -> None:
        if self.is_running:
            self._desk.workspace.notify("The files before are still being transcribed.")
            return
        self._run_now = None
        work = self._attempt(paths, ignores_budget=ignores_budget)
        self._running = self._desk.workspace.run(work, group="audio")

    async def _attempt(self, paths: Sequence[Path], *, ignores_budget: bool) -> None:
        workspace = self._desk.workspace
        again = partial(self._begin, paths)
        connection = await workspace.account.ready("the files are transcribed")
        if connection is None:
            return
        try:
            if not ignores_budget:
                workspace.services.settings_to_send_by()
                await connection.budget.check("")
            await self._run(connection, paths, ignores_budget=ignores_budget)
        except GroqchatError as error:
            self._desk.show_error(error, again)

    async def _run(
        self, connection: Connection, paths: Sequence[Path], *, ignores_budget: bool
    ) -> None:
        sources = self._desk.workspace.services.sound.sources()
        found = [source for path in paths if (source := await self._look_at(path, sources))]
        if not found:
            return
        self._run_now = run = Transcription(
            found,
            AudioOptions(TRANSCRIBER),
            sources,
            connection.audio,
            ignores_budget=ignores_budget,
        )
        title = f"Transcribing {_named(found)}"
        following = self._desk.followed(run, connection, title, _keys, self._press)
        async with aclosing(following) as events:
            async for event in events:
                match event:
                    case FileDone():
                        left = limits_left(connection.quota.view(run.model))
                        self._put(event, left, is_alone=len(paths) == 1)
                        await run.forget(event.source)
                    case FileFailed(source, error):
                        self._desk.show_error(error, partial(self._begin, [source.path]))

    async def _look_at(self, path: Path, sources: Sources) -> Source | None:
        def words() -> str:
            return "its length is found out; nothing is sent yet"

        try:
            with self._desk.workspace.showing(f"Reading {path.name}", words, _keys, self._press):
                return await sources.look_at(path)
        except GroqchatError as error:
            self._desk.show_error(error, partial(self._begin, [path]))
            return None

    def _put(self, done: FileDone, left: str, *, is_alone: bool) -> None:
        """Put the text of a file into the prompt."""
        text, name = done.transcript.text.strip(), done.source.name
        if not text:
            where = "No words were heard in it"
        elif is_alone and len(text) <= LONGEST_INSERTED:
            self._desk.attaching.insert(text)
            where = "Its text stands at the cursor"
        else:
            self._desk.attaching.attach_text(name, text)
            where = "Its text stands below the prompt"
        figures = f"{duration(done.duration_s)}, {money(done.cost)}"
        behind = f"\n{done.model}: {left}" if left else ""
        self._desk.workspace.notify(f"{name}: {figures}. {where}.{behind}")

    def _press(self, _: str) -> None:
        self.stop()


def _keys() -> Sequence[KeyHint]:
    return (KeyHint("Esc", "stop", "escape"),)


def _named(sources: Sequence[Source]) -> str:
    return sources[0].name if len(sources) == 1 else counted(len(sources), "file")
