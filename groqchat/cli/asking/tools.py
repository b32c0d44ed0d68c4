"""The tools of ``ask``: which are on, which of their calls may run, and what is said of them."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from groqchat.cli.failures import MisuseError
from groqchat.cli.output import DIM, is_narrating, narrate
from groqchat.domain.models.named_tools import named_tools
from groqchat.domain.text.sanitize import sanitize
from groqchat.domain.text.spelling import did_you_mean
from groqchat.domain.tools.decision import Decision
from groqchat.domain.tools.events import ApprovalAsked, CallStarted, SourceFailed, StepTaken
from groqchat.domain.tools.executed import BUILT_IN, cited
from groqchat.domain.tools.results import CHANGED, arguments_of
from groqchat.domain.turns.chat import PromptStored, Role

if TYPE_CHECKING:
    import argparse

    from groqchat.domain.models.catalog import Model
    from groqchat.domain.tools.tool import Tool, ToolCall
    from groqchat.domain.turns.chat import Message, Options
    from groqchat.services.tools.approvals import Approvals
    from groqchat.services.tools.registry import ServerRegistry
    from groqchat.services.tools.tool_turns import ToolTurns

OFF = "off"
_LONGEST = 300
_LONGEST_LINE = 4_096
_ANSWERS = {
    "o": Decision.ONCE,
    "s": Decision.SESSION,
    "a": Decision.ALWAYS,
    "d": Decision.DENY,
}
_DENIED = "it was not run: --allow-tool {name} lets it, or --approve listed all of {source}."


def add_tools(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--tool",
        action="append",
        default=[],
        metavar="NAME",
        help=f"let the model use a tool of Groq's ({', '.join(BUILT_IN)}) or those of one of your "
        "MCP servers; off: none",
    )
    parser.add_argument(
        "--allow-tool",
        action="append",
        default=[],
        metavar="NAME",
        help="run calls of this tool of a server without asking",
    )
    parser.add_argument(
        "--approve",
        choices=("none", "listed"),
        help="what runs unasked of servers: none of their tools, or all of the servers listed with "
        "--tool; without it you are asked, or, where there is no terminal, nothing runs",
    )


def tools_given(
    args: argparse.Namespace, servers: ServerRegistry, model: Model
) -> dict[str, tuple[str, ...]]:
    """The option ``tools`` as the command line has it; nothing where it names none.

    Raises:
        MisuseError: There is no such tool, or the model has none; the message says so.
        StorageError: The settings of the servers cannot be read.
    """
    if not args.tool:
        return {}
    if OFF in args.tool:
        return {"tools": ()}
    for name in args.tool:
        servers.refuse_unread(name)
    known = [each.name for each in servers.all()]
    try:
        return {"tools": named_tools(args.tool, model, known, "--tool ")}
    except ValueError as mistake:
        raise MisuseError(str(mistake)) from None


async def check_allowed(args: argparse.Namespace, turns: ToolTurns, options: Options) -> None:
    """Check that each ``--allow-tool`` names a tool that the model may call.

    Raises:
        MisuseError: One does not; the message says so.
    """
    if not args.allow_tool:
        return
    given = f"--allow-tool {args.allow_tool[0]}"
    if not turns.has_sources(options):
        raise MisuseError(f"{given}: the tools of no server are on; --tool SERVER switches them on")
    toolbox = await turns.learn_tools(options)
    known = {name for tool in toolbox.tools for name in _names_of(tool)}
    for name in () if toolbox.failed else args.allow_tool:
        if name not in known:
            meant = did_you_mean(name, known) or "; see `groqchat tools list`"
            raise MisuseError(f"--allow-tool {name}: no tool that is on is called so{meant}")


def _names_of(tool: Tool) -> set[str]:
    """The names by which a tool may be allowed."""
    return {tool.name, tool.sent_name, f"{tool.source}.{tool.name}"}


class ToolTalk:
    """Says on stderr what tools do, and whether a call may run.

    Args:
        args: The command line.
        approvals: Wait for the word.
        session_id: The session.
    """

    def __init__(self, args: argparse.Namespace, approvals: Approvals, session_id: str) -> None:
        self._approvals = approvals
        self._session_id = session_id
        self._allowed = frozenset(args.allow_tool)
        self._told: set[str] = set()
        self._listed = frozenset(args.tool if args.approve == "listed" else ())
        is_alone = args.json or args.jsonl or args.approve is not None or not is_narrating()
        self._asks = not is_alone and sys.stdin.isatty() and sys.stderr.isatty()

    async def take(self, event: object, who: str = "groqchat") -> None:
        """Say what an event is about; a call that waits gets its word.

        Args:
            event: An event of a turn, or of a column.
            who: Stands before what is said: the column of a comparison.
        """
        match event:
            case ApprovalAsked():
                self._approvals.decide(self._session_id, await self._decision(event, who))
            case CallStarted(tool, call):
                narrate(f"{who}: {tool.name} of {tool.source} runs: {_told(call)}", DIM)
            case PromptStored(message) if message.role is Role.TOOL:
                name = " ".join(call.name for call in message.calls)
                narrate(f"{who}: {name}: {message.finish_reason}", DIM)
            case StepTaken(_, step) if step.output or step.sources:
                narrate(f"{who}: {_line(step.name)}: {_line(step.subject)}", DIM)
            case SourceFailed() if event.sentence not in self._told:
                self._told.add(event.sentence)  # once for all columns
                narrate(f"groqchat: {event.sentence}")

    async def _decision(self, asked: ApprovalAsked, who: str) -> Decision:
        tool = asked.tool
        if _names_of(tool) & self._allowed or tool.source in self._listed:
            return Decision.ONCE
        what = f"{who}: {_line(tool.name)} of {_line(tool.source)} wants to run:"
        narrate(f"{what} {_told(asked.call)}")
        if asked.has_changed:
            narrate(f"{who}: {CHANGED} It says now: {_line(tool.description)}")
        if self._asks:
            return await _answer()
        narrate(f"{who}: {_DENIED.format(name=tool.sent_name, source=tool.source)}")
        return Decision.DENY


def tell_sources(answer: Message, who: str = "groqchat") -> None:
    """Say which pages an answer cites; ``who`` stands before each."""
    for number, page in cited(answer.content, answer.executed):
        narrate(f"{who}: 【{number}】 {_line(page.title)} {_line(page.url)}", DIM)


async def _answer() -> Decision:
    """Ask until there is an answer; an end of input is a refusal."""
    while True:
        narrate("groqchat: o once, s this session, a always, d deny?")
        line = await _typed()
        if not line:
            return Decision.DENY
        if decision := _ANSWERS.get(line.strip().lower()[:1]):
            return decision


async def _typed() -> str:
    """A line from the terminal, without a thread that would outlive Ctrl+C."""
    loop, came = asyncio.get_running_loop(), asyncio.Event()
    try:
        loop.add_reader(sys.stdin.fileno(), came.set)
    except NotImplementedError:  # as on Windows
        return await _typed_on_a_thread()
    try:
        await came.wait()
    finally:
        loop.remove_reader(sys.stdin.fileno())
    return _read_line()


async def _typed_on_a_thread() -> str:
    """A line from the terminal, read on a thread that ends with the program."""
    loop = asyncio.get_running_loop()
    line: asyncio.Future[str] = loop.create_future()

    def take(text: str) -> None:
        if not line.done():
            line.set_result(text)

    def read() -> None:
        text = _read_line()
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(take, text)

    threading.Thread(target=read, name="groqchat-approval", daemon=True).start()
    return await line


def _read_line() -> str:
    # Not by sys.stdin: a thread that waits there holds a lock, without which Python cannot end.
    try:
        return os.read(sys.stdin.fileno(), _LONGEST_LINE).decode(errors="replace")
    except OSError:
        return ""


def _told(call: ToolCall) -> str:
    return _line(json.dumps(arguments_of(call), ensure_ascii=False))


def _line(text: str) -> str:
    return " ".join(sanitize(text).split())[:_LONGEST]
