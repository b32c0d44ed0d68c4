"""Talking instead of typing: a recording that becomes text at the cursor."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from functools import partial
from typing import TYPE_CHECKING

from groqchat.domain.audio.requests import TRANSCRIBER, AudioOptions
from groqchat.domain.errors.tree import GroqchatError
from groqchat.domain.text.humanize import duration
from groqchat.services.audio.recording import LONGEST_S, SHORTEST_S, Recording
from groqchat.services.audio.transcription import FileDone, FileFailed, Transcription
from groqchat.ui.widgets.text import KeyHint, bound_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.worker import Worker

    from groqchat.services.account.connection import Connection
    from groqchat.ui.audio.desk import AudioDesk

_LEVELS = 10
# So long after the start, in seconds, a microphone that gives nothing at all is told of.
_SILENT_S = 2.0
# A recording ends when its card has been behind a window for so long, in seconds: nobody is to be
# recorded out of sight. The palette, from which it may be begun, closes sooner.
_UNSEEN_S = 1.0


class Talk:
    """Records, and has what was said transcribed.

    Args:
        desk: The parts of the chat that it needs.
    """

    def __init__(self, desk: AudioDesk) -> None:
        self._desk = desk
        self._running: Worker[None] | None = None
        self._recording: Recording | None = None
        # What could not be sent, for another try; no longer than until the next recording.
        self._unsent: Recording | None = None
        self._loudest = 0.0
        self._seen = 0.0

    async def talk(self, _: str) -> None:
        """Begin to record, or end the recording and have it transcribed."""
        workspace = self._desk.workspace
        workspace.composer.area.focus()
        if self._recording is not None:
            self._recording.stop()
        elif self._is_running:
            workspace.notify("What you said before is still being transcribed; Esc stops that.")
        else:
            self._running = workspace.run(self._attempt(), group="audio")

    @property
    def _is_running(self) -> bool:
        return self._running is not None and not self._running.is_finished

    def stop(self) -> bool:
        """Discard the recording, or its text; returns whether there was any."""
        if self._running is None or self._running.is_finished:
            return False
        self._running.cancel()
        self._desk.workspace.notify("The recording is discarded.")
        return True

    def _finish(self) -> bool:
        """Enter ends the recording; returns whether there is one."""
        if self._recording is None:
            return False
        self._recording.stop()
        return True

    async def _attempt(self) -> None:
        workspace = self._desk.workspace
        try:
            recorder = workspace.services.sound.recorder()
            workspace.services.settings_to_send_by()
        except GroqchatError as error:
            self._desk.show_error(error, None)
            return
        connection = await workspace.account.ready("the recording begins")
        if connection is None:
            return
        recording, self._unsent = Recording(recorder), None
        try:
            await self._record(recording)
        except GroqchatError as error:
            self._desk.show_error(error, None)
        if recording.length_s < SHORTEST_S:
            workspace.notify("Nothing was recorded.")
            return
        await self._write_down(connection, recording)

    async def _record(self, recording: Recording) -> None:
        """Record until a key ends it.

        Raises:
            GroqchatError: The recorder failed; what was recorded by then is kept.
        """
        area = self._desk.workspace.composer.area
        self._recording, self._loudest = recording, 0.0
        self._seen = self._desk.workspace.services.clock.monotonic()
        area.takes_enter = self._finish
        words = partial(self._words, recording)
        try:
            with self._desk.workspace.showing("● Recording", words, self._keys, self._press):
                await recording.record()
        except asyncio.CancelledError:
            recording.discard()
            raise
        finally:
            self._recording = area.takes_enter = None

    def _words(self, recording: Recording) -> str:
        self._end_unseen(recording)
        level = recording.level
        self._loudest = max(self._loudest, level)
        full = round(level * _LEVELS)
        shown = f"{duration(recording.length_s)} of {duration(LONGEST_S)} at most"
        words = f"{'▮' * full}{'▯' * (_LEVELS - full)}  {shown}"
        if not self._loudest and recording.length_s > _SILENT_S:
            return f"{words}\nNothing is heard: is the microphone on?"
        return words

    def _end_unseen(self, recording: Recording) -> None:
        workspace = self._desk.workspace
        now = workspace.services.clock.monotonic()
        if workspace.composer.screen.is_active:
            self._seen = now
        elif now - self._seen > _UNSEEN_S:
            recording.stop()

    def _keys(self) -> Sequence[KeyHint]:
        key = bound_key(self._desk.workspace.composer.screen, "talk", "f9")
        return (
            KeyHint(f"Enter or {key}" if key else "Enter", "write it down", "enter"),
            KeyHint("Esc", "discard", "escape"),
        )

    def _press(self, key: str) -> None:
        if key == "escape":
            self.stop()
        else:
            self._finish()

    async def _write_down(
        self, connection: Connection, recording: Recording, *, ignores_budget: bool = False
    ) -> None:
        """Put what was said at the cursor; where that fails it can be tried again."""
        try:
            if not ignores_budget:
                await connection.budget.check("")
            error = await self._transcribed(connection, recording, ignores_budget=ignores_budget)
        except GroqchatError as caught:
            error = caught
        except asyncio.CancelledError:
            recording.discard()
            raise
        if error is None:
            recording.discard()
        else:
            self._unsent = recording
            self._desk.show_error(error, partial(self._try_again, connection))

    async def _transcribed(
        self, connection: Connection, recording: Recording, *, ignores_budget: bool
    ) -> GroqchatError | None:
        """Transcribe a recording and insert its text; returns the error, if there was one."""
        run = Transcription(
            [recording.source()],
            AudioOptions(TRANSCRIBER),
            recording,
            connection.audio,
            most=1,
            is_direct=True,
            ignores_budget=ignores_budget,
        )
        title = "Transcribing what you said"
        following = self._desk.followed(run, connection, title, _discarding, self._press)
        failed = None
        async with aclosing(following) as events:
            async for event in events:
                match event:
                    case FileDone():
                        self._insert(event.transcript.text.strip())
                    case FileFailed(_, error):
                        failed = error
        return failed

    def _insert(self, text: str) -> None:
        if text:
            self._desk.attaching.insert(text)
        else:
            self._desk.workspace.notify("No words were heard.")

    def _try_again(self, connection: Connection, ignores_budget: bool) -> None:
        if self._unsent is None or self._is_running:
            self._desk.workspace.notify("The recording is not kept any more.")
            return
        work = self._write_down(connection, self._unsent, ignores_budget=ignores_budget)
        self._running = self._desk.workspace.run(work, group="audio")


def _discarding() -> Sequence[KeyHint]:
    return (KeyHint("Esc", "discard", "escape"),)
