"""The files of ``ask -f``: read from the disk or fetched, and what is sent of one too long."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from groqchat.cli.asking.patterns import ADDRESS, matching
from groqchat.cli.failures import MisuseError
from groqchat.cli.output import DIM, narrate
from groqchat.cli.prompts import read_attached
from groqchat.domain.errors.table import failure
from groqchat.domain.text.humanize import count, counted, duration, money
from groqchat.domain.turns.parts import MOST_PARTS
from groqchat.services.turns.oversized import AttachedFile, oversized

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Sequence

    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.domain.money.usage import Usage
    from groqchat.domain.turns.chat import Options
    from groqchat.domain.turns.parts import Parts
    from groqchat.services.account.connection import Connection
    from groqchat.services.turns.oversized import Oversized

FIRST, ALL = "first", "all"
_LINES = re.compile(r"([1-9][0-9]{0,8})-([1-9][0-9]{0,8})")


def add_files(parser: argparse.ArgumentParser) -> None:
    """Declare ``--file`` and ``--part``."""
    parser.add_argument(
        "-f",
        "--file",
        action="append",
        default=[],
        metavar="FILE|URL",
        help="add a file, those of a pattern such as '*.md', or the text of a page, to the prompt; "
        "may be repeated",
    )
    parser.add_argument(
        "--part",
        metavar="first|10-80|all",
        help="of a file that is too long for one request: its first part, some of its lines, or "
        "all of it part by part, with one more request that joins the notes; without --part the "
        "error tells the price of each",
    )


def attached_files(args: argparse.Namespace) -> list[AttachedFile]:
    """The files of a command line with their texts.

    Raises:
        MisuseError: One cannot be had, is not text, or is empty; or ``--part`` means nothing.
    """
    lines, part = _lines(args.part), args.part
    if part and not (lines or part in {FIRST, ALL}):
        raise MisuseError(f"--part {part} is no part: write first, all, or lines such as 10-80")
    if part and not args.file:
        raise MisuseError(f"--part {part} is about a file: name it with -f")
    names = list(dict.fromkeys(name for word in args.file for name in matching(word)))
    if lines and len(names) > 1:
        raise MisuseError(f"--part {part} is about one file; here are {len(names)}")
    alike = Counter(Path(name).name for name in names)
    files = [_read(name, is_unique=alike[Path(name).name] == 1) for name in names]
    return [_cut(files[0], lines)] if lines else files


def _lines(part: str | None) -> tuple[int, int] | None:
    found = _LINES.fullmatch(part or "")
    return (int(found[1]), int(found[2])) if found else None


def _read(name: str, *, is_unique: bool) -> AttachedFile:
    """A file under its own name; under its path, where several have that name."""
    if name == "-":
        raise MisuseError("-f -: piped input is added to the prompt without an option")
    if not ADDRESS.match(name):
        return AttachedFile(Path(name).name if is_unique else name, read_attached(name))
    from groqchat.provider.late_pages import fetch
    from groqchat.services.pages.ports import PageError, UnreachablePageError
    from groqchat.services.pages.web_pages import WebPages

    try:
        # Who writes an address on a command line has asked for it, wherever it leads.
        page = asyncio.run(WebPages(fetch).read(name, is_private_allowed=True))
    except UnreachablePageError as mistake:
        raise failure("page_unreachable", detail=f"{name} {mistake}") from None
    except PageError as mistake:
        raise MisuseError(f"{name} {mistake}") from None
    if page.image is not None:
        raise MisuseError(f"{name} is an image; --image adds it")
    return AttachedFile(name, page.text)


def _cut(file: AttachedFile, lines: tuple[int, int]) -> AttachedFile:
    texts, (first, last) = file.inner.splitlines(), lines
    if first > last:
        raise MisuseError(f"--part {first}-{last}: write the lower line first: {last}-{first}")
    if first > len(texts):
        has = counted(len(texts), "line")
        raise MisuseError(f"--part {first}-{last}: {file.name} has {has}")
    last = min(last, len(texts))
    return AttachedFile(f"{file.name}:{first}-{last}", "\n".join(texts[first - 1 : last]))


@dataclass(frozen=True, slots=True)
class LongFiles:
    """The files of one prompt, and what is sent where one is too long.

    Attributes:
        connection: The account.
        options: Model and parameters.
        files: The files.
        part: The way that was chosen; None: none.
    """

    connection: Connection
    options: Options
    files: Sequence[AttachedFile] = ()
    part: str | None = None

    async def found(
        self, prompt: str, refused: GroqchatError | None = None
    ) -> Oversized[AttachedFile] | None:
        """The prompt, where it is too large for a known limit or was refused, and has a file."""
        files = [file for file in self.files if file.content in prompt]
        if not files:
            return None
        quota, models = self.connection.quota, self.connection.models
        await quota.follow(self.options.model)
        preview = await self.connection.turns.preview(None, self.options)
        return oversized(quota, models, preview, prompt, files, refused=refused)

    async def advised(self, error: GroqchatError, prompt: str) -> GroqchatError:
        """The error of a prompt that was too large, with the ways to send its file."""
        found = await self.found(prompt, error)
        if found is None:
            return error
        return error.with_facts(advice=f"{found.file.name}: {'; '.join(_ways(found))}.")


def first_part(found: Oversized[AttachedFile]) -> str:
    """The prompt with as many of the file's first lines as there is room for; told on stderr.

    Raises:
        MisuseError: There is room for none.
    """
    last = found.first()
    if not last:
        ways = "; ".join(_ways(found))
        raise MisuseError(
            f"--part first: there is no room for the first line of {found.file.name}; {ways}"
        )
    prompt = found.with_lines(1, last)
    narrate(f"groqchat: {found.file.name}: {_of_first(found, last)}.", DIM)
    return prompt


def all_parts(found: Oversized[AttachedFile]) -> Parts:
    """The parts in which a file is asked; told on stderr with their price.

    Raises:
        MisuseError: They are too many.
    """
    parts = found.parts()
    if parts is None:
        most = f"at most {MOST_PARTS} parts of ≈ {count(max(0, found.room))} tokens"
        raise MisuseError(
            f"--part all: {found.file.name} is too long for that: {most} are asked for. Name lines "
            "such as --part 1-500, or a --model with higher limits"
        )
    narrate(f"groqchat: {found.file.name}: {_of_all(found, parts)}.", DIM)
    return parts


def _ways(found: Oversized[AttachedFile]) -> Iterable[str]:
    last, parts = found.first(), found.parts()
    if last:
        yield f"--part first sends {_of_first(found, last)}"
        yield "--part 10-80 sends these lines"
    if parts is not None:
        yield f"--part all asks {_of_all(found, parts)}"
    if not last and parts is None:
        yield "it is too long even in parts; choose a --model with higher limits"


def _of_first(found: Oversized[AttachedFile], last: int) -> str:
    from groqchat.domain.money.usage import Usage

    lines = f"lines 1–{count(last)} of {count(len(found.lines))}"
    return f"{lines} ({_figures(found, Usage(found.tokens(found.with_lines(1, last))))})"


def _of_all(found: Oversized[AttachedFile], parts: Parts) -> str:
    usage = parts.usage(found.tokens)
    wait_s = found.wait_s(usage.total_tokens)
    wait = f", ≈ {duration(wait_s)}" if wait_s else ""
    return f"part by part in {parts.requests} requests ({_figures(found, usage)}{wait})"


def _figures(found: Oversized[AttachedFile], usage: Usage) -> str:
    cost = found.cost(usage)
    price = f"≈ {money(cost)}" if cost is not None else "price unknown"
    return f"≈ {counted(usage.total_tokens, 'token')}, {price}"
