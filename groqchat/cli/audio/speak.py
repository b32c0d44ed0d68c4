"""``groqchat speak``: a text as a sound file."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING

from groqchat.cli.arguments import (
    add_json,
    add_over_budget,
    add_patient_wait,
    add_profile,
    output_file,
    run_async,
    used_key,
)
from groqchat.cli.audio.targets import new_files
from groqchat.cli.exit_codes import ExitCode
from groqchat.cli.failures import MisuseError
from groqchat.cli.models.names import named_model
from groqchat.cli.output import DIM, narrate, print_json
from groqchat.cli.prompts import read_prompt
from groqchat.domain.audio.speech import is_spoken_in, script_of
from groqchat.domain.errors.table import failure
from groqchat.domain.models.catalog import Kind
from groqchat.domain.money.pricing import usd_string
from groqchat.domain.text.humanize import at_list_price, count, countdown
from groqchat.domain.text.spelling import did_you_mean
from groqchat.media.wav import joined_wav
from groqchat.services.audio.ports import UnreadableAudioError
from groqchat.services.audio.speaking import Speaking

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from groqchat.bootstrap import LocalServices
    from groqchat.domain.models.catalog import Model
    from groqchat.services.account.connection import Connection

HELP = "a text as a sound file"
EXAMPLES = """\
groqchat speak "The tests have passed." --output passed.wav
groqchat speak --voice daniel --output minutes.wav < minutes.txt
groqchat speak "مرحبا" -m canopylabs/orpheus-arabic-saudi --voice noura -o hello.wav
"""
MODEL = "canopylabs/orpheus-v1-english"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("text", nargs="?", default="", metavar="TEXT")
    parser.add_argument("-m", "--model", default=MODEL, metavar="ID", help=f"the model ({MODEL})")
    parser.add_argument("--voice", metavar="NAME", help="one of the model's voices")
    parser.add_argument(
        "-o", "--output", type=output_file, required=True, metavar="FILE", help="a new .wav file"
    )
    add_patient_wait(parser)
    add_over_budget(parser)
    add_profile(parser)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Speak a text into a file."""
    text = read_prompt(args.text, name="text to speak")
    if args.output.suffix.lower() != ".wav":
        raise MisuseError(
            f"speak writes WAV: give --output a name that ends in .wav, not {args.output}"
        )
    with new_files([args.output]):
        return run_async(args, lambda services: _speak(services, args, text), sends=True)


async def _speak(services: LocalServices, args: argparse.Namespace, text: str) -> int:
    connection = services.connect(await used_key(services), longest_wait_s=args.max_wait)
    try:
        await connection.models.recall()
        model = named_model(connection, args.model)
        voice = _voice(args, model)
        _check_language(connection, model, text)
        speaking = Speaking(
            text,
            model.id,
            voice,
            connection.audio,
            ignores_budget=args.over_budget,
        )
        if not args.over_budget:
            await connection.budget.check("")
        cost = at_list_price(speaking.cost)
        requests = "" if speaking.requests == 1 else f" in {speaking.requests} requests"
        narrate(f"groqchat: {count(speaking.characters)} characters{requests}, {cost}.", DIM)
        async with aclosing(speaking.waits()) as waits:
            async for wait in waits:
                narrate(f"groqchat: {wait.error.message} Waiting {countdown(wait.seconds)}…", DIM)
        args.output.write_bytes(_joined(speaking.sounds))
    finally:
        await connection.close()
    if args.json:
        print_json(
            {
                "file": str(args.output),
                "model": model.id,
                "voice": voice,
                "characters": speaking.characters,
                "requests": speaking.requests,
                "cost_usd": None if speaking.cost is None else usd_string(speaking.cost),
            }
        )
    else:
        narrate(f"groqchat: {args.output} is written.", DIM)
    return ExitCode.DONE


def _joined(sounds: Sequence[bytes]) -> bytes:
    """One file of all sounds.

    Raises:
        GroqchatError: What the server sent cannot be read as sound.
    """
    try:
        return joined_wav(sounds)
    except UnreadableAudioError as error:
        raise failure("audio_unreadable", parameter="The answer", detail=str(error)) from error


def _check_language(connection: Connection, model: Model, text: str) -> None:
    """Refuse a text in a script that the model does not speak, before it is paid.

    Raises:
        MisuseError: Most of its letters are of such a script.
    """
    script = script_of(text)
    if is_spoken_in(script, model.languages):
        return
    spoken = f"{model.id} speaks {' and '.join(model.languages)}"
    said = f"{spoken}, and most letters of this text are {script}"
    speakers = [each for each in connection.models.catalog.models.values() if each.languages]
    able = [each.id for each in speakers if is_spoken_in(script, each.languages)]
    instead = f"use -m {able[0]}" if able else "no model that is known here speaks such a text"
    raise MisuseError(f"{said}: {instead}")


def _voice(args: argparse.Namespace, model: Model) -> str:
    """The voice that is asked for, or the model's first.

    Raises:
        MisuseError: The model does not speak, or has no such voice.
    """
    if model.voices and args.voice is None:
        return model.voices[0]
    if model.kind is not Kind.SPEECH and model.source:
        raise MisuseError(f"{model.id} does not speak; use {MODEL}")
    if args.voice is None:
        raise MisuseError(f"the voices of {model.id} are not known here: name one with --voice")
    if model.voices and args.voice not in model.voices:
        meant = did_you_mean(args.voice, model.voices)
        raise MisuseError(f"{model.id} has the voices {', '.join(model.voices)}{meant}")
    return str(args.voice)
