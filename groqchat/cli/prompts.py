"""The prompt of a command: its arguments, attached files, and piped input."""

from __future__ import annotations

import re
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from groqchat.cli.failures import MisuseError
from groqchat.cli.output import DIM, narrate
from groqchat.domain.images.header import header_of
from groqchat.domain.text.humanize import count, in_words
from groqchat.domain.text.redact import secrets_in
from groqchat.services.file_text import file_text

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable
    from typing import BinaryIO

    from groqchat.domain.prompt_sets.prompt_set import SetPrompt
    from groqchat.services.turns.oversized import AttachedFile

# What one reads before it is said to be too much: no model takes a hundredth of it.
MOST_BYTES = 256 * 2**20
_MOST_NAMED = 5
_PDF_S = 60.0
_LATE_S = 5.0
_WAITS = "the piped input is read to its end, which has not come yet; `< /dev/null` leaves it out"


def read_prompt(
    written: str,
    files: Iterable[AttachedFile] = (),
    *,
    name: str = "prompt",
    fill: Callable[[str], str] = str,
    instead: str = "",
) -> str:
    """The whole prompt; the words on the command line come last, as they say what to do.

    Args:
        written: The words on the command line.
        files: The attached files.
        name: What the command calls the text, without an article.
        fill: Makes the prompt of all that was written, such as from a template.
        instead: The prompt where nothing was written.

    Raises:
        MisuseError: There is no prompt, or a part of it is not text.
    """
    refuse_bytes(written, f"the {name}")
    tell_names(written)
    pieces = [file.content for file in files]
    if not sys.stdin.isatty():
        pieces.insert(0, read_piped())
    prompt = fill("\n\n".join(piece for piece in (*pieces, written) if piece.strip()))
    if instead and not prompt:
        narrate(f"groqchat: no {name} was written; it is “{instead}”", DIM)
        prompt = instead
    if not prompt:
        raise MisuseError(f"there is no {name}: write one, or pipe one in")
    warn_of_secrets(prompt, f"the {name}")
    return prompt


def refuse_bytes(text: str, name: str) -> None:
    """Refuse an argument that is not UTF-8; Python has stand-ins for its bytes.

    Args:
        text: The argument.
        name: Its name with an article, or the option.

    Raises:
        MisuseError: It is no text.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        raise MisuseError(f"{name} is not text in UTF-8") from None


def warn_of_secrets(text: str, name: str) -> None:
    """Warn that a text which is about to be sent contains keys, tokens or other secrets.

    Args:
        text: The text.
        name: Its name with an article.
    """
    if found := secrets_in(text):
        narrate(f"groqchat: {name} contains {in_words(found)}; the server will read it")


def warn_of_secrets_in_set(prompts: Iterable[SetPrompt]) -> None:
    """Warn of the prompts of a set, or of their system prompts, that contain secrets."""
    each = {prompt.id: secrets_in(f"{prompt.conversation}\n{prompt.system}") for prompt in prompts}
    ids = [name for name, found in each.items() if found]
    if ids:
        whose = "1 prompt contains" if len(ids) == 1 else f"{count(len(ids))} prompts contain"
        kinds = in_words(list(dict.fromkeys(kind for found in each.values() for kind in found)))
        named = ", ".join(ids[:_MOST_NAMED]) + ("…" if len(ids) > _MOST_NAMED else "")
        narrate(f"groqchat: {whose} {kinds} ({named}); the server will read it")


def tell_names(written: str) -> None:
    """Say of files that a prompt names with @, as in the chat, that they are not read here."""
    for name in re.findall(r"(?<!\S)@(\S+)", written):
        if Path(name).is_file():
            narrate(f"groqchat: @{name} is sent as it is written; --file or --image attaches it")


def read_piped() -> str:
    """All of stdin; where it does not end soon, the wait is told.

    Raises:
        MisuseError: The input cannot be read, or is not text.
    """
    told = threading.Timer(_LATE_S, narrate, [f"groqchat: {_WAITS}", DIM])
    told.daemon = True
    told.start()
    try:
        return _read(sys.stdin.buffer, "the piped input")
    except OSError as error:
        raise MisuseError(f"cannot read the piped input: {error.strerror}") from None
    finally:
        told.cancel()


def read_text(path: Path) -> str:
    """The text of a file.

    Raises:
        MisuseError: The file cannot be read, or is not text.
    """
    try:
        with path.open("rb") as file:
            return _read(file, str(path))
    except OSError as error:
        raise MisuseError(f"cannot read {path}: {error.strerror}") from None


def written_or_read(value: str) -> str:
    """A value as it is written, or the text of the file that it names after ``@``.

    Raises:
        MisuseError: The file cannot be read, or is not text.
    """
    if value.startswith("@@") or not value.startswith("@"):
        return value.removeprefix("@")
    return read_text(Path(value[1:])).rstrip("\n")


def read_system(args: argparse.Namespace) -> None:
    """Read the system prompt of a command line from the file that it names after ``@``.

    Raises:
        MisuseError: The file cannot be read, or is not text.
    """
    if args.system:
        args.system = written_or_read(args.system)


def read_attached(name: str) -> str:
    """The text of a file to attach, in which there is something to read.

    Raises:
        MisuseError: It has no name, cannot be read, is not text, or is empty.
    """
    if not name:
        raise MisuseError("-f names no file: its argument is empty")
    text = read_text(Path(name))
    if not text.strip():
        raise MisuseError(f"{name} is empty; leave out -f, or name another file")
    return text


def _read(file: BinaryIO, name: str) -> str:
    data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise MisuseError(f"{name} is larger than {MOST_BYTES // 2**20} MB")
    try:
        return file_text(data, _PDF_S)
    except ValueError as mistake:
        hint = f"; --image {name} adds an image" if header_of(data) else ""
        raise MisuseError(f"{name} {mistake}{hint}") from None
