"""What can be done with the columns of a comparison: ask again, set up, leave with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.compare.compare import Verdict
from groqchat.domain.errors.tree import GroqchatError
from groqchat.domain.text.humanize import duration
from groqchat.services.compare.compare import split_into_sessions

if TYPE_CHECKING:
    from groqchat.ui.compare.judging_actions import JudgingActions
    from groqchat.ui.compare.screen import CompareScreen
    from groqchat.ui.compare.side import Side

# From one request to the next, in seconds; the first is none.
_GAPS = (0.0, 1.0, 2.0, 5.0, 10.0)


class ColumnActions:
    """Acts on columns.

    Args:
        screen: The comparison.
        judging: Who is gone on with unjudged is the winner.
    """

    def __init__(self, screen: CompareScreen, judging: JudgingActions) -> None:
        self._screen = screen
        self._judging = judging

    async def do_retry(self) -> None:
        """Ask the column again that has the focus."""
        screen = self._screen
        if screen.is_busy or not screen.comparison.turn:
            screen.work.refuse("Nothing was asked yet.")
        elif screen.here is not None:
            screen.work.ask_again([screen.here.shown.number])
        else:
            screen.foot.say("Press Tab, then r to ask for an answer again.")

    async def do_retry_failed(self) -> None:
        """Ask those again that have no whole answer."""
        screen = self._screen
        failed = [side for side in screen.sides if not side.is_answered]
        if screen.is_busy or not screen.comparison.turn or not failed:
            screen.work.refuse("Every column has an answer.")
        else:
            screen.work.ask_again(side.shown.number for side in failed)

    async def do_replace(self) -> None:
        """Let the model that was named in the place of another answer in its column."""
        screen = self._screen
        waiting = [side for side in screen.sides if side.column.replacement]
        side = screen.here if screen.here in waiting else next(iter(waiting), None)
        replacement = side.column.replacement if side else None
        if side is None or replacement is None or screen.is_busy or screen.ballot.hides_names:
            screen.work.refuse("No replacement is proposed here.")
            return
        side.column.become(replacement)
        for other in waiting:
            if (
                other.column.replacement == replacement
            ):  # who answers here now is offered nowhere else
                other.column.replacement = None
                other.reveal()
        screen.work.ask_again([side.shown.number])

    async def do_options(self) -> None:
        """Change how one column is asked."""
        from groqchat.ui.compare.options import ColumnOptions

        screen = self._screen
        side = screen.here or screen.sides[0]
        if screen.is_busy or screen.ballot.hides_names:
            screen.work.refuse("Vote first: this would reveal the name.")
            return
        model = screen.connection.models.catalog.get(side.column.model)
        options = await screen.app.push_screen_wait(
            ColumnOptions(side.shown.number + 1, side.column.options, model.reasoning_efforts)
        )
        if options is not None:
            side.column.options = options
            screen.board.show()
            screen.prompting.forecast()

    async def do_spacing(self) -> None:
        """Let the columns begin one after another, a little later each time this is done."""
        screen = self._screen
        comparison = screen.comparison
        later = [gap for gap in _GAPS if gap > comparison.gap_s]
        comparison.gap_s = later[0] if later else _GAPS[0]
        try:
            screen.parts.change_setting("compare_gap_s", comparison.gap_s)
        except GroqchatError as error:
            screen.foot.say(f"{error.message} {error.suggestion}", "$text-error")
            return
        if comparison.gap_s:
            screen.foot.say(
                f"Requests are now sent {duration(comparison.gap_s)} apart, so that they do "
                "not take a minute's requests and tokens all at once."
            )
        else:
            screen.foot.say("All requests are now sent at once.")

    async def do_copy(self) -> None:
        """Copy the answer in the column that has the focus."""
        from groqchat.ui.terminal.clipboard import copy

        screen, side = self._screen, self._screen.here
        if side is None or not side.has_text:
            screen.foot.say("Press Tab, then c to copy an answer.")
            return
        text = side.shown.transcript.source(side.answer_id)
        screen.foot.say(await copy(screen.app, text))

    # -- leaving ------------------------------------------------------------------------------

    async def do_go_on(self) -> None:
        """Go on with the answer of the column that has the focus, else with the best one."""
        best = [side for side in self._screen.sides if self._judging.is_winner(side)]
        side = self._screen.here or next(iter(best), None)
        if side is not None:
            await self.go_on_with(side)
        else:
            self._screen.foot.say("Press Tab, then Enter to go on with an answer.")

    async def go_on_with(self, side: Side) -> None:
        """Leave for the chat; who is gone on with unjudged is the winner."""
        screen = self._screen
        answer_id = side.column.leaf_id
        if screen.is_busy or answer_id is None:
            screen.work.refuse("There is no answer to go on with yet.")
            return
        if screen.ballot.vote is None and side.is_answered:
            await self._judging.judge(Verdict.WINNER, side.column.model)
        screen.leave(answer_id)

    async def do_go_on_with_all(self) -> None:
        """Give every column a session; the one that has the focus opens."""
        screen, parts = self._screen, self._screen.parts
        if screen.is_busy or not any(side.column.leaf_id for side in screen.sides):
            screen.work.refuse("There is no answer to go on with yet.")
            return
        now = parts.clock.now()
        try:
            leaves = await split_into_sessions(screen.comparison, parts.store, parts.new_id, now)
        except GroqchatError as error:
            screen.foot.say(f"{error.message} {error.suggestion}", "$text-error")
            return
        here = screen.here.shown.number if screen.here else 0
        screen.leave(leaves.get(here, next(iter(leaves.values()))))
