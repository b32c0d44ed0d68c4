"""The texts of a transcription as they come: printed in order, written to files, or as JSON."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING

from groqchat.cli.audio.transcripts import document_of, target_of, text_of
from groqchat.cli.exit_codes import ExitCode
from groqchat.cli.failures import error_document, exit_code_of
from groqchat.cli.output import (
    DIM,
    YELLOW,
    draws_bars,
    flush,
    narrate,
    narrate_error,
    print_json,
    say,
)
from groqchat.cli.work_bar import FRAME_S, RedrawnLines, bar
from groqchat.domain.errors.cause import ErrorKind
from groqchat.domain.text.humanize import count, countdown, counted
from groqchat.services.audio.ports import UnreadableAudioError
from groqchat.services.audio.progress import AudioProgress
from groqchat.services.audio.transcription import AudioWait, FileDone, FileFailed

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.services.audio.transcription import AudioEvent, Transcription
    from groqchat.services.ports import Clock


# What is wrong with a file that was not meant: it is not there, or holds no sound.
_ANOTHER_FILE = (FileNotFoundError, IsADirectoryError, UnreadableAudioError)


def failed_file(path: Path, error: GroqchatError) -> tuple[ExitCode, dict[str, object]]:
    """The exit code and the document of a file that has no text, whose error is narrated.

    A file that was not meant is a mistake in the command line, as of all commands.
    """
    narrate_error(f"groqchat: {error.message} {error.command_suggestion}")
    is_misuse = isinstance(error.__cause__, _ANOTHER_FILE)
    kind = ErrorKind.INVALID_REQUEST if is_misuse else error.kind
    code = ExitCode.USAGE if is_misuse else exit_code_of(error)
    return code, {"file": str(path), **error_document(error, kind)}


class Delivery:
    """Delivers what becomes of each file; what is delivered is not kept any longer.

    Args:
        run: The run.
        args: The command line.
        failed: The documents of files that could not be read, by path.
    """

    def __init__(
        self,
        run: Transcription,
        args: argparse.Namespace,
        failed: dict[Path, dict[str, object]],
    ) -> None:
        self._run = run
        self._args = args
        self._documents = dict(failed)
        self._done: dict[Path, FileDone] = {}
        self._in_order = [path for path in args.files if path not in failed]

    async def follow(self, clock: Clock) -> ExitCode:
        """Print, write or keep what becomes of each file, until all have ended or Ctrl+C."""
        try:
            code = await self._follow(clock)
        except asyncio.CancelledError:
            await self._finish()
            written = sum("text" in document for document in self._documents.values())
            files = count(len(self._args.files))
            narrate(f"groqchat: stopped; {written} of {files} files are written down.")
            self._narrate_kept()
            raise
        await self._finish()
        self._narrate_kept()
        return code

    async def _follow(self, clock: Clock) -> ExitCode:
        progress = _Progress(self._run, clock)
        ticking = asyncio.create_task(progress.keep_drawing())
        code = ExitCode.DONE
        try:
            async with aclosing(self._run.events()) as events:
                async for event in events:
                    progress.follow(event)
                    match event:
                        case FileFailed(source, error):
                            progress.line.clear()
                            failed_code, document = failed_file(source.path, error)
                            code = code or failed_code
                            self._documents[source.path] = document
                            self._in_order.remove(source.path)
                        case FileDone(source):
                            self._done[source.path] = event
                    while self._in_order and self._in_order[0] in self._done:
                        progress.line.clear()
                        await self._put(self._done[self._in_order.pop(0)])
        finally:
            ticking.cancel()
            await asyncio.wait([ticking])
            progress.line.clear()
        return code

    async def _put(self, done: FileDone) -> None:
        """Print the text of a file, or write it to its own file."""
        args, path = self._args, done.source.path
        self._documents[path] = document_of(done, args)
        if args.output is not None:
            target = target_of(args, path)
            target.write_text(text_of(done, args), encoding="utf-8")
            narrate(f"groqchat: {path} is written down in {target}.", DIM)
        elif args.json:
            return  # printed with the others, in the end
        else:
            if len(args.files) > 1:
                say(f"==> {path} <==")
            say(text_of(done, args).rstrip("\n"))
            if len(args.files) > 1:
                say("")
            flush()
        await self._run.forget(done.source)

    async def _finish(self) -> None:
        """Print the JSON, in which every file stands."""
        args = self._args
        if not args.json or args.output is not None:
            return
        for path, done in self._done.items():
            self._documents[path] = document_of(done, args)
        stopped: dict[str, object] = {"stopped": True}
        documents = [
            self._documents.get(path, {"file": str(path)} | stopped) for path in args.files
        ]
        print_json(documents[0] if len(documents) == 1 else documents)

        for done in self._done.values():
            await self._run.forget(done.source)

    def _narrate_kept(self) -> None:
        """Say of files whose text is not delivered which of their pieces are paid and kept."""
        for source, number in self._run.kept.items():
            pieces = f"{counted(number, 'piece')} of {count(len(source.pieces))}"
            narrate(
                f"groqchat: {source.name}: {pieces} {'is' if number == 1 else 'are'} paid and "
                "kept for 7 days; the same command goes on from there.",
                YELLOW,
            )


class _Progress:
    """The bar of a run, with the waits as lines above it."""

    def __init__(self, run: Transcription, clock: Clock) -> None:
        self._progress = AudioProgress(run.length_s, clock.monotonic, run.there_s)
        self._is_drawn = draws_bars()
        self.line = RedrawnLines()

    def follow(self, event: AudioEvent) -> None:
        """Count an event."""
        if isinstance(event, AudioWait):
            self.line.clear()
            said = f"{event.error.message} Waiting {countdown(event.seconds)}…"
            narrate(f"groqchat: {event.source.name}: {said}", DIM)
        self._progress.follow(event)

    async def keep_drawing(self) -> None:
        """Draw until cancelled."""
        while self._is_drawn:
            progress, words = self._progress, self._progress.words()
            drawn = bar(progress.done_s, progress.total_s, self.line.width - len(words) - 2)
            self.line.draw(f"{drawn}  {words}")
            await asyncio.sleep(FRAME_S)
