"""The output of ``ask``: the answer as it arrives, one JSON document, or a JSON line an event."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from groqchat.cli.advice import shown_by
from groqchat.cli.answer_stream import AnswerStream
from groqchat.cli.answers import answer_document
from groqchat.cli.asking.event_lines import EventLines
from groqchat.cli.asking.schema import check_answer
from groqchat.cli.exit_codes import ExitCode
from groqchat.cli.failures import print_error_line
from groqchat.cli.output import narrate, print_json, write
from groqchat.domain.money.pricing import usd_string
from groqchat.domain.turns.chat import Answered, PromptStored

if TYPE_CHECKING:
    import argparse
    from collections.abc import Awaitable, Callable

    from groqchat.domain.turns.chat import Options, TurnEvent
    from groqchat.services.account.connection import Connection

INTERRUPTED = {"kind": "interrupted", "message": "Stopped before the end."}


class AskOutput:
    """Prints one answer.

    An answer in JSON is printed once it is known to be what was asked for.

    ``is_kept`` says whether the answer is saved.

    Args:
        args: The command line.
        connection: The account.
        options: Model and parameters.
    """

    def __init__(self, args: argparse.Namespace, connection: Connection, options: Options) -> None:
        self._args = args
        self._connection = connection
        self.is_kept = not args.no_save
        is_held = options.is_json or options.schema is not None
        is_quiet = args.json or args.jsonl or is_held
        self._stream = AnswerStream(connection.models.model, is_quiet=is_quiet)
        lines = EventLines(connection.quota.view, is_kept=self.is_kept)
        self._lines = lines if args.jsonl else None
        self._talk: Callable[[TurnEvent], Awaitable[None]] | None = None
        self._costs: dict[str, Decimal | None] = {}
        self._is_stored = False

    def take(self, event: TurnEvent) -> None:
        """Print an event, if it is of those that are printed."""
        self._stream.take(event)
        self.count(event)
        if isinstance(event, Answered) and event.message.calls:
            self._stream.end()
        if self._lines is not None:
            self._lines.take(event)

    def count(self, event: TurnEvent) -> None:
        """Note what is stored of a turn that is not printed, and what its answers cost."""
        self._is_stored |= isinstance(event, PromptStored)
        if isinstance(event, Answered):
            cost = event.message.cost
            self._costs[event.message.id] = cost.total if cost else None

    def listen(self, talk: Callable[[TurnEvent], Awaitable[None]]) -> None:
        """Have somebody else told each event of the turn too."""
        self._talk = talk

    async def tell(self, event: TurnEvent) -> None:
        """Tell an event."""
        if self._talk is not None:
            await self._talk(event)

    def end(self) -> None:
        """Print what was held back, and end the line."""
        self._stream.end()

    async def finish(self, answered: Answered) -> None:
        """Print a document about the answer, or the answer in JSON.

        Raises:
            GroqchatError: The answer is not what was asked for.
        """
        message = answered.message
        value = await check_answer(message)
        view = self._connection.quota.view(message.model or "")
        document = answer_document(answered, view, is_kept=self.is_kept, value=value)
        if len(self._costs) > 1:  # answers that called tools or were cut came before it
            known = [cost for cost in self._costs.values() if cost is not None]
            is_known = len(known) == len(self._costs)
            document["turn_cost_usd"] = usd_string(sum(known, Decimal(0))) if is_known else None
        if self._args.json:
            print_json(document)
        elif self._lines is not None:
            self._lines.done(document, ExitCode.DONE)
        elif value:
            write(f"{message.content.strip()}\n")

    def stopped(self, session_id: str) -> None:
        """Say after Ctrl+C what there is of the answer, and where that or its prompt is kept."""
        text = self._stream.text
        kept = session_id if (text or self._is_stored) and self.is_kept else None
        partial = {"partial": text} if text else {}
        if self._args.json:
            print_json({"stopped": True, **partial, "session_id": kept})
        if self._args.jsonl:
            print_stopped(self._args, {**partial, "session_id": kept})
        noun = "What arrived" if text else "The prompt"
        where = f" {noun} is kept: {shown_by(kept)}." if kept else ""
        narrate(f"groqchat: stopped{'' if text else ' before the answer began'}.{where}")


def print_stopped(args: argparse.Namespace, facts: dict[str, object]) -> None:
    """Print the last line after Ctrl+C, once."""
    if not args.is_stopped:
        args.is_stopped = True
        print_error_line({"error": {**INTERRUPTED, **facts}}, ExitCode.INTERRUPTED)
