"""``groqchat transcribe``: what is said in sound files, as text or subtitles."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from groqchat.cli.arguments import (
    STDOUT,
    add_json,
    add_over_budget,
    add_patient_wait,
    add_profile,
    output_file,
    run_async,
    used_key,
    whole,
)
from groqchat.cli.asking.patterns import matching
from groqchat.cli.audio.delivery import Delivery, failed_file
from groqchat.cli.audio.targets import new_files
from groqchat.cli.audio.transcripts import target_of
from groqchat.cli.exit_codes import ExitCode
from groqchat.cli.failures import MisuseError
from groqchat.cli.models.names import named_model
from groqchat.cli.output import DIM, narrate
from groqchat.domain.audio.requests import (
    PROMPT_BYTES,
    SIDE_BY_SIDE,
    TRANSCRIBER,
    TRANSLATOR,
    AudioOptions,
    Timestamps,
)
from groqchat.domain.errors.table import failure
from groqchat.domain.errors.tree import GroqchatError
from groqchat.domain.models.catalog import Status
from groqchat.domain.text.humanize import at_list_price, count, counted, duration
from groqchat.services.audio.progress import limits_left
from groqchat.services.audio.transcription import Transcription

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from groqchat.bootstrap import LocalServices
    from groqchat.services.account.connection import Connection
    from groqchat.services.audio.sources import Source, Sources

HELP = "sound files to text or subtitles"
EXAMPLES = """\
groqchat transcribe meeting.mp3
groqchat transcribe talk.m4a --format srt --output subtitles
groqchat transcribe monday.wav tuesday.wav --language de --json | jq -r '.[].text'
groqchat transcribe interview.ogg --translate -m whisper-large-v3
"""
FORMATS = ("text", "srt", "vtt", "json")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
# A file that takes longer to look at is named meanwhile.
_LONG_LOOK_S = 1.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("-m", "--model", metavar="ID", help=f"the model ({TRANSCRIBER})")
    parser.add_argument("--language", metavar="CODE", help="the language of the sound, such as de")
    parser.add_argument(
        "--prompt", metavar="TEXT", help="spellings and style for the model to follow"
    )
    parser.add_argument(
        "--translate", action="store_true", help=f"an English text of foreign sound ({TRANSLATOR})"
    )
    parser.add_argument(
        "--timestamps",
        choices=[kind.value for kind in Timestamps],
        help="add the times of segments or words to the JSON; subtitles then follow the words",
    )
    parser.add_argument("--format", choices=FORMATS, help="the format of the output (text)")
    parser.add_argument(
        "-o",
        "--output",
        type=output_file,
        metavar="FOLDER",
        help="write a file for each FILE there",
    )
    parser.add_argument(
        "--jobs", type=whole, metavar="N", help=f"most requests at once ({SIDE_BY_SIDE})"
    )
    add_patient_wait(parser)
    add_over_budget(parser)
    add_profile(parser)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Transcribe the files and print or write their texts."""
    args.format = args.format or ("json" if args.json else "text")
    args.json = args.json or args.format == "json"
    args.files = [Path(path) for word in args.files for path in matching(str(word))]
    _refuse_nonsense(args)
    targets = [] if args.output is None else [target_of(args, path) for path in args.files]
    if args.output is not None:
        _make_folder(args.output)
    with new_files(targets):
        return run_async(args, lambda services: _transcribe(services, args), sends=True)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise MisuseError(
            f"--output takes a folder, and {_file_in(folder)} is a file. Nothing was sent"
        ) from None
    except OSError as error:
        detail = f"{folder}: {error.strerror}. Nothing was sent"
        raise failure("disk", detail=detail) from error


def _file_in(path: Path) -> Path:
    """The file because of which a path can be no folder."""
    return next((part for part in (path, *path.parents) if part.is_file()), path)


def _refuse_nonsense(args: argparse.Namespace) -> None:
    if args.format != "json" and args.json:
        raise MisuseError("give either --json or --format, not both")
    if args.prompt and len(args.prompt.encode()) > PROMPT_BYTES:
        raise MisuseError(f"--prompt may have {PROMPT_BYTES} bytes (about 224 tokens)")
    if args.translate and (args.language or args.timestamps == Timestamps.WORD):
        raise MisuseError("--translate takes neither --language nor --timestamps word")
    if args.format in {"srt", "vtt"} and len(args.files) > 1 and args.output is None:
        raise MisuseError(f"several files of {args.format} need --output FOLDER")
    if args.language and not _LANGUAGE.fullmatch(args.language):
        raise MisuseError(f"--language takes a code of two or three letters, not {args.language!r}")
    if args.output is STDOUT:
        raise MisuseError("--output takes a folder; without it the text goes to stdout")
    if args.output is not None:
        names = Counter(target_of(args, path).name for path in args.files)
        name, number = names.most_common(1)[0]
        if number > 1:
            raise MisuseError(f"several of the files would be written to {name}: rename them")


async def _transcribe(services: LocalServices, args: argparse.Namespace) -> int:
    connection = services.connect(await used_key(services), longest_wait_s=args.max_wait)
    try:
        await connection.models.recall()
        options = _options(connection, args)
        sources = services.sound.sources()
        found: list[Source] = []
        failed: dict[Path, dict[str, object]] = {}
        code = ExitCode.DONE
        for path in args.files:
            try:
                found.append(await _looked_at(sources, path))
            except GroqchatError as error:
                failed_code, failed[path] = failed_file(path, error)
                code = code or failed_code
        run = Transcription(
            found,
            options,
            sources,
            connection.audio,
            most=args.jobs or SIDE_BY_SIDE,
            ignores_budget=args.over_budget,
        )
        if not args.over_budget:
            await connection.budget.check("")
        there = await run.recall()
        if found:
            _narrate_plan(run, found, there)
        delivery = Delivery(run, args, failed)
        followed = await delivery.follow(services.clock)
        if found and (left := limits_left(connection.quota.view(options.model))):
            narrate(f"groqchat: {options.model}: {left}", DIM)
        code = code or followed
    finally:
        await connection.close()
    return code


async def _looked_at(sources: Sources, path: Path) -> Source:
    """A file, which is named on stderr while it is measured if that takes a while."""
    looking = asyncio.ensure_future(sources.look_at(path))
    done, _ = await asyncio.wait([looking], timeout=_LONG_LOOK_S)
    if not done:
        narrate(f"groqchat: reading {path.name} …", DIM)
    return await looking


def _options(connection: Connection, args: argparse.Namespace) -> AudioOptions:
    named = args.model or (TRANSLATOR if args.translate else TRANSCRIBER)
    model = named_model(connection, named)
    ability = "translation" if args.translate else "transcription"
    if model.status is not Status.UNLISTED and not model.can(ability):
        able = TRANSLATOR if args.translate else TRANSCRIBER
        raise MisuseError(f"{model.id} does no {ability}; use {able}")
    words = args.timestamps == Timestamps.WORD
    kind = Timestamps.WORD if words else Timestamps.SEGMENT
    return AudioOptions(model.id, args.language, args.prompt, kind, args.translate)


def _narrate_plan(run: Transcription, found: Sequence[Source], there: int) -> None:
    """Say before anything is sent how much it is and what it costs."""
    pieces = sum(len(source.pieces) for source in found)
    files = counted(len(found), "file")
    cut = f" in {pieces} pieces" if pieces > len(found) else ""
    if run.billed_s is None:
        unknown = [source.name for source in found if source.length_s is None]
        narrate(
            f"groqchat: {files}{cut}; the length of {unknown[0]} is not known before it is sent, "
            "so neither is the cost.",
            DIM,
        )
    else:
        length = sum(source.length_s or 0.0 for source in found)
        figures = [f"{duration(length)} of sound", run.minimum_note, at_list_price(run.cost)]
        narrate(f"groqchat: {files}{cut}, {', '.join(filter(None, figures))}.", DIM)
    if there:
        paid = f"{counted(there, 'piece')} of {count(pieces)}"
        narrate(
            f"groqchat: {paid} {'is' if there == 1 else 'are'} kept from a command that was "
            "stopped, and not sent again.",
            DIM,
        )
