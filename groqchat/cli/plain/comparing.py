"""A comparison as lines: the columns answer at once, and are told one after the other."""

from __future__ import annotations

import asyncio
from contextlib import aclosing, suppress
from functools import partial
from typing import TYPE_CHECKING

from groqchat.cli.advice import beside_others
from groqchat.cli.exit_codes import ExitCode
from groqchat.cli.failures import exit_code_of
from groqchat.cli.plain.console.choices import Choice
from groqchat.cli.plain.console.words import in_plain
from groqchat.domain.compare.compare import MEASURES, Verdict, figures_of
from groqchat.domain.errors.tree import GroqchatError, StorageError
from groqchat.domain.text.humanize import countdown
from groqchat.domain.turns.chat import Answered, State, Waiting
from groqchat.domain.turns.finish_reasons import ending
from groqchat.services.compare.ballot import Ballot
from groqchat.services.compare.column import Failed
from groqchat.services.compare.compare import Delayed
from groqchat.ui.compare.naming import new_comparison

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterator

    from groqchat.cli.plain.console.choices import Choices
    from groqchat.cli.plain.seat import Seat
    from groqchat.cli.plain.teller import Teller
    from groqchat.domain.turns.chat import Message
    from groqchat.services.compare.column import Column
    from groqchat.services.compare.compare import ColumnEvent, Comparison

_HOW = (
    "Each prompt goes to all of them now. /compare off goes back to the chat; /keep N goes on with "
    "the answer of one."
)


class Comparing:
    """The comparison that prompts go to, while there is one.

    ``code`` is the exit code of its last turn.

    Args:
        seat: The parts of the chat.
        choices: Offers what can be done with the answers.
        teller: Tells what tools do.
    """

    def __init__(self, seat: Seat, choices: Choices, teller: Teller) -> None:
        self._seat = seat
        self._say = seat.lines.say
        self._choices = choices
        self._teller = teller
        self._comparison: Comparison | None = None
        self._ballot: Ballot | None = None
        self._task: asyncio.Task[None] | None = None
        self.code = ExitCode.DONE
        # Called when the columns have answered.
        self.over: Callable[[], None] = lambda: None

    @property
    def is_open(self) -> bool:
        """Whether prompts go to a comparison."""
        return self._comparison is not None

    @property
    def is_busy(self) -> bool:
        """Whether its columns are answering."""
        return self._task is not None and not self._task.done()

    async def compare(self, argument: str) -> None:
        """Begin a comparison of named models, go back to the one of this session, or end it."""
        if argument.lower() == "off":
            await self.leave()
            return
        if self.is_busy:
            self._say("The columns are still answering; Ctrl+C stops them.")
            return
        connection = await self._seat.account.ready("the comparison opens")
        if connection is None:
            return
        if not argument:
            await self.reopen(only_open=False)
            if self._comparison is None:
                self._say("Write /compare and two models or more: /compare 120b 20b.")
            return
        comparison, mistake = await new_comparison(self._seat, connection, argument)
        if comparison is None:
            self._say(in_plain(mistake))
            return
        self._open(comparison)

    async def reopen(self, *, only_open: bool = True) -> None:
        """Go on with the comparison that the open session was left as, if it is one."""
        connection = self._seat.account.connection
        if connection is None:
            return
        gap_s = self._seat.services.settings.compare_gap_s
        session_id = self._seat.conversation.session.id
        left = await connection.comparisons.reopen(session_id, gap_s, only_open=only_open)
        if left is not None:
            self._open(left)

    def _open(self, comparison: Comparison) -> None:
        services = self._seat.services
        self._comparison = comparison
        self._ballot = Ballot(comparison, services.votes, services.store, services.clock)
        for number, column in enumerate(comparison.columns, 1):
            self._say(f"Column {number}: {column.name}.")
        self._say(_HOW)

    # -- asking -------------------------------------------------------------------------------

    async def ask(self, text: str) -> None:
        """Send a prompt to all columns, and tell their answers one after the other."""
        comparison, seat = self._comparison, self._seat
        if comparison is None:
            return
        if self.is_busy:
            self._say("The columns are still answering; Ctrl+C stops them.")
            return
        seat.services.settings_to_send_by()
        if seat.account.connection is not None:
            await seat.account.connection.budget.check(comparison.session.id)
        self._begin(comparison.ask(text), comparison)

    def _begin(self, events: AsyncGenerator[ColumnEvent, None], comparison: Comparison) -> None:
        self._task = asyncio.create_task(self._follow(events, comparison))
        self._task.add_done_callback(lambda _: self.over())

    async def _follow(
        self, events: AsyncGenerator[ColumnEvent, None], comparison: Comparison
    ) -> None:
        answers: dict[int, Message] = {}
        try:
            async with aclosing(events):
                async for each in events:
                    self._take(each, comparison, answers)
        except asyncio.CancelledError:
            self._say("Stopped. What arrived is kept.")
        except GroqchatError as error:
            self._seat.show_error(error)
            return
        except BaseException as bug:  # noqa: BLE001  # it is raised where the chat ends
            self._seat.bug = bug
            self._seat.ended()
            return
        self._tell_answers(comparison, answers)
        is_done = any(column.is_answered for column in comparison.columns)
        errors = [column.error for column in comparison.columns if column.error]
        self.code = exit_code_of(errors[0]) if errors and not is_done else ExitCode.DONE
        await self._seat.figures.watch()
        self._offer(comparison)

    def _take(self, each: ColumnEvent, comparison: Comparison, answers: dict[int, Message]) -> None:
        column = comparison.columns[each.column]
        who = f"Column {each.column + 1}, {column.name}"
        match each.event:
            case Delayed(wait):
                self._say(f"{who}: begins in {countdown(wait)}.")
            case Waiting(wait, error=error):
                self._say(f"{who}: {error.message} Waiting {countdown(wait)}.")
            case Answered(message) if not message.calls and not each.event.is_short:
                answers[each.column] = message
                self._say(f"{who}: answered.")
            case Failed(error):
                error = beside_others(error, [other.model for other in comparison.columns])
                self._say(f"{who}: {error.message} {in_plain(error.suggestion)}")
            case _:
                self._teller.tell(each.event, who)

    def _tell_answers(self, comparison: Comparison, answers: dict[int, Message]) -> None:
        """Tell each answer whole, then the figures of all of them."""
        for number, column in enumerate(comparison.columns):
            message = answers.get(number)
            if message is None:  # why was told when it failed
                if answers:
                    self._say(f"Answer {number + 1}, {column.name}: none.")
                continue
            self._say(f"Answer {number + 1}, {column.name}:")
            self._seat.lines.stream(message.content)
            self._seat.lines.end()
            if how := ending(message):
                cut = " /max-tokens allows more." if message.state is State.CUT_BY_LIMIT else ""
                self._say(f"The answer is incomplete: {how}.{cut}")
        for sentence in _figures(comparison, answers):
            self._say(sentence)

    def _offer(self, comparison: Comparison) -> None:
        answered = [
            (number, column)
            for number, column in enumerate(comparison.columns, 1)
            if column.is_answered
        ]
        failed = [n for n, column in enumerate(comparison.columns) if not column.is_answered]
        choices = [
            Choice(str(number), f"votes for {column.name}", partial(self._vote, column))
            for number, column in answered
        ]
        if len(answered) > 1:
            choices.append(Choice("t", "a tie", partial(self._judge, Verdict.TIE)))
            choices.append(Choice("x", "all bad", partial(self._judge, Verdict.ALL_BAD)))
        if failed:
            choices.append(Choice("r", "retry what failed", partial(self._ask_again, failed)))
        self._choices.offer(choices, "The next prompt goes to all again. Or type")

    async def _ask_again(self, numbers: list[int]) -> None:
        if self._comparison is not None:
            self._begin(self._comparison.ask_again(numbers), self._comparison)

    # -- voting and going on ------------------------------------------------------------------

    async def _vote(self, column: Column) -> None:
        await self._judge(Verdict.WINNER, column)
        if self._comparison is not None:
            number = self._comparison.columns.index(column) + 1
            self._choices.offer(
                [Choice("g", "go on with it in the chat", partial(self._go_on, column))],
                f"/keep {number} later, or now",
            )

    async def _judge(self, verdict: Verdict, column: Column | None = None) -> None:
        if self._ballot is None or self._comparison is None:
            return
        judged = [each.name for each in self._comparison.columns if each.is_answered]
        try:
            await self._ballot.cast(judged, verdict, column.name if column else None)
        except StorageError as error:
            self._say(f"The vote is not stored: {error.message}")
            return
        self._say("The vote counts in /leaderboard.")

    async def keep(self, argument: str) -> None:
        """Go on in the chat with the answer of the column with a number."""
        columns = self._comparison.columns if self._comparison else []
        number = int(argument) if argument.isascii() and argument.isdigit() else 0
        if not columns:
            self._say("There is no comparison; /compare begins one.")
        elif self.is_busy:
            self._say("The columns are still answering; Ctrl+C stops them.")
        elif not 0 < number <= len(columns):
            self._say(f"Write /keep and the number of a column, 1 to {len(columns)}.")
        else:
            await self._go_on(columns[number - 1])

    async def _go_on(self, column: Column) -> None:
        comparison, seat = self._comparison, self._seat
        if comparison is None or column.leaf_id is None:
            self._say("There is no answer to go on with yet.")
            return
        if self._ballot is not None and self._ballot.vote is None and column.is_answered:
            await self._judge(Verdict.WINNER, column)
        await seat.services.store.update_session(
            comparison.session.id, model=column.model, leaf_id=column.last_id
        )
        await self._close(comparison)
        session = await seat.services.store.session(comparison.session.id)
        if session is not None:
            await seat.conversation.open(session)
        self._say(f"The chat goes on with the answer of {column.name}.")

    async def leave(self) -> None:
        """Go back to the chat; the comparison stays in the list of sessions."""
        if self._comparison is None:
            self._say("There is no comparison.")
            return
        await self.stop()
        await self._close(self._comparison)
        self._say("Back in the chat. The comparison is in /sessions.")

    async def _close(self, comparison: Comparison) -> None:
        comparison.is_open = False
        await comparison.remember()
        self._comparison = self._ballot = None
        self._choices.forget()

    # -- the program --------------------------------------------------------------------------

    async def stop(self) -> bool:
        """Stop the columns, whose texts are saved; returns whether they were answering."""
        if not self.is_busy or self._task is None:
            return False
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task
        return True

    async def finished(self) -> None:
        """Wait until the columns have answered."""
        if self._task is not None:
            await asyncio.wait([self._task])


def _figures(comparison: Comparison, answers: dict[int, Message]) -> Iterator[str]:
    """A line for each answer with its figures, the best of each kind marked."""
    columns = [figures_of(answers[number]) for number in sorted(answers)]
    if not columns:
        return
    yield "The figures:"
    for place, number in enumerate(sorted(answers)):
        told = [
            f"{measure.label} {measure.text(columns[place])}"
            f"{' (best)' if place in measure.best(columns) else ''}"
            for measure in MEASURES
        ]
        yield f"{number + 1}, {comparison.columns[number].name}: {', '.join(told)}"
