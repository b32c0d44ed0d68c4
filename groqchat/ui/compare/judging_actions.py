"""What can be done about the answers of a comparison: judge, have judged, look closer, note."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.compare.compare import Verdict
from groqchat.domain.errors.tree import GroqchatError
from groqchat.domain.text.humanize import count
from groqchat.ui.compare.jobs import Hearing

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from groqchat.domain.compare.judging import Judgement
    from groqchat.services.compare.judge import Case, Judge
    from groqchat.ui.compare.screen import CompareScreen
    from groqchat.ui.compare.side import Side

LONGEST_TAG, LONGEST_NOTE = 30, 1_000


class JudgingActions:
    """Acts on the present turn of a comparison.

    Args:
        screen: The comparison.
    """

    def __init__(self, screen: CompareScreen) -> None:
        self._screen = screen
        self._judge_id = ""

    # -- votes --------------------------------------------------------------------------------

    def is_winner(self, side: Side) -> bool:
        """Whether a side was named the best in this turn."""
        return self._screen.ballot.winner == side.column.model

    async def pick(self, side: Side) -> None:
        """Name the best answer."""
        screen = self._screen
        if screen.is_busy or not side.is_answered:
            screen.work.refuse("This column has no complete answer.")
            return
        if await self.judge(Verdict.WINNER, side.column.model):
            if screen.focused is not screen.prompt:  # somebody may be writing already
                side.shown.focus(scroll_visible=False)
            number = side.shown.number + 1
            screen.foot.say(f"{number} again, or Enter, goes on with it in the chat.")

    async def do_tie(self) -> None:
        """Several are the best."""
        if len(self._answered) < 2 and not self._screen.is_busy:
            self._screen.foot.say("A tie needs two complete answers.")
        elif await self.judge(Verdict.TIE):
            self._screen.foot.say("A tie. Enter goes on with the column that has the focus.")

    async def do_all_bad(self) -> None:
        """None is any good."""
        if await self.judge(Verdict.ALL_BAD):
            self._screen.foot.say(
                "All bad. Press Tab to write another prompt, or ask again with r."
            )

    @property
    def _answered(self) -> list[Side]:
        """Who is judged: nobody is the worse for a limit or a broken line."""
        return [side for side in self._screen.sides if side.is_answered]

    async def judge(self, verdict: Verdict, winner: str | None = None) -> bool:
        """Vote on the turn; returns whether that is kept."""
        screen = self._screen
        if screen.is_busy or not self._answered:
            screen.work.refuse("There is no answer to judge yet.")
            return False
        was_hidden = screen.ballot.hides_names
        models = [side.column.model for side in self._answered]
        is_kept = await self._kept(screen.ballot.cast(models, verdict, winner))
        if was_hidden:
            await screen.board.reveal()
        screen.board.show()
        return is_kept

    async def do_blind(self) -> None:
        """Hide and shuffle the names until each vote, or show them again."""
        screen = self._screen
        if screen.is_busy:
            screen.work.refuse("")
            return
        ballot = screen.ballot
        was_hidden = ballot.hides_names
        await ballot.toggle_blind()
        screen.board.match_sides()
        if was_hidden:
            await screen.board.reveal()
        screen.board.show()
        if not screen.comparison.is_blind:
            screen.foot.say("The names are shown.")
        elif ballot.hides_names:
            screen.foot.say("Names are hidden and shuffled at every turn, until you vote.")
        else:
            screen.foot.say("From the next prompt, names are hidden and shuffled until you vote.")

    # -- words --------------------------------------------------------------------------------

    async def do_note(self) -> None:
        """Write something down about the turn."""
        from groqchat.ui.dialogs.ask_words import Words

        screen = self._screen
        if not screen.comparison.turn:
            screen.foot.say("There is no turn yet to add a note to.")
            return
        asks = Words("Note on this turn", screen.ballot.note, LONGEST_NOTE)
        text = await screen.app.push_screen_wait(asks)
        if text is not None:
            if await self._kept(screen.ballot.write_down(text)):
                screen.foot.say(
                    "Note saved; the leaderboard shows it." if text else "Note removed."
                )
            screen.board.show()

    async def do_tag(self) -> None:
        """Name the kind of task."""
        from groqchat.ui.dialogs.ask_words import Words

        screen = self._screen
        said = "The kind of task, such as code, prose or facts. The leaderboard can show each kind."
        asks = Words("Tag of this comparison", screen.comparison.tag, LONGEST_TAG, said)
        tag = await screen.app.push_screen_wait(asks)
        if tag is not None:
            await self._kept(screen.ballot.retag("-".join(tag.lower().split())))
            screen.board.show()

    # -- looking closer -----------------------------------------------------------------------

    async def do_scores(self) -> None:
        """Sum the turns of this comparison up."""
        from groqchat.ui.compare.scoreboard import Scoreboard

        screen = self._screen
        if screen.ballot.hides_names:
            screen.foot.say("Vote first: the scores would reveal the names.")
        else:
            await screen.app.push_screen_wait(Scoreboard(await screen.ballot.scores()))

    async def do_leaderboard(self) -> None:
        """Sum all votes up."""
        from groqchat.ui.compare.leaderboard import LeaderboardScreen

        screen = self._screen
        votes, notes = screen.parts.votes.all, screen.parts.votes.notes
        try:
            board = LeaderboardScreen(await votes(), await notes(), screen.comparison.tag)
        except GroqchatError as error:
            screen.foot.say(f"{error.message} {error.suggestion}", "$text-error")
        else:
            await screen.app.push_screen_wait(board)

    async def do_help(self) -> None:
        """What every key does."""
        from groqchat.ui.compare.commands import CompareHelp

        await self._screen.app.push_screen_wait(CompareHelp())

    async def do_differences(self) -> None:
        """Put two answers side by side, word by word."""
        from groqchat.ui.compare.diff import DiffScreen

        screen = self._screen
        is_still = not screen.work.is_turn
        told = [side for side in screen.sides if side.has_text and (is_still or side.is_over)]
        if len(told) < 2:
            screen.work.refuse("There are no two answers yet.")
            return
        left = told.index(screen.here) if screen.here in told else 0
        texts = [
            (
                f"{side.shown.number + 1} {screen.ballot.name_of(side.column)}",
                side.shown.transcript.source(side.answer_id),
            )
            for side in told
        ]
        await screen.app.push_screen_wait(DiffScreen(texts, left))

    # -- a model as judge ---------------------------------------------------------------------

    async def do_judge(self) -> None:
        """Show the verdict that there is; else have a model judge, the cost being known first."""
        from groqchat.ui.compare.judges import Judges, cost_words
        from groqchat.ui.compare.verdict import VerdictScreen
        from groqchat.ui.dialogs.confirm import Confirm

        screen = self._screen
        judged = None if screen.is_busy else screen.ballot.judgement
        if judged is not None:
            verdict = VerdictScreen(judged, screen.ballot.name_of_model)
            if not await screen.app.push_screen_wait(verdict):
                return
        case = None if screen.is_busy else self._case()
        if case is None:
            screen.work.refuse("A verdict needs two complete answers.")
            return
        judges = self._judges(case)
        estimates = {name: judge.estimate(case) for name, judge in judges.items()}
        chosen: str | None = await screen.app.push_screen_wait(Judges(estimates, case.models))
        if chosen is None:
            return
        self._judge_id = chosen
        estimate = estimates[chosen]
        question = (
            f"{chosen} judges {len(case.answers)} answers, asked twice.\n\n"
            f"≈ {count(estimate.prompt_tokens)} tokens in, up to "
            f"{count(estimate.completion_tokens)} out: {cost_words(estimate)}."
        )
        if await screen.app.push_screen_wait(Confirm(question, "Ask for a verdict")):
            screen.work.set_out(Hearing(screen, judges[chosen], case, self._hear))

    def _judges(self, case: Case) -> dict[str, Judge]:
        """Who could judge: who did before, then those with a price, who did not answer first."""
        from groqchat.services.compare.judge import Judge

        connection, parts = self._screen.connection, self._screen.parts
        models = sorted(
            connection.models.catalog.chat_models(),
            key=lambda model: (
                model.id != self._judge_id,
                model.price is None,
                model.id in case.models,
            ),
        )
        return {
            model.id: Judge(
                model,
                connection.turns,
                store=parts.store,
                accounting=connection.accounting,
                clock=parts.clock,
                new_id=parts.new_id,
            )
            for model in models
        }

    async def _hear(self, judged: Judgement) -> None:
        screen = self._screen
        if await self._kept(screen.ballot.hear(judged)):
            screen.foot.say("The verdict is saved, but does not count as a vote. v shows it.")
        screen.call_after_refresh(self._show)

    def _show(self) -> None:
        """Unless somebody is writing: a window would swallow what they write."""
        screen = self._screen
        screen.board.show()
        if screen.is_active and screen.focused is not screen.prompt:
            screen.action_deed("judge")

    def _case(self) -> Case | None:
        """The turn as a judge sees it; None where there are no two whole answers."""
        from groqchat.services.compare.judge import Case

        screen, sides = self._screen, self._answered
        prompt = next((side.column.prompt for side in sides if side.column.prompt), None)
        if len(sides) < 2 or prompt is None:
            return None
        return Case(
            screen.comparison.session.id,
            screen.comparison.turn,
            prompt.content,
            [side.column.model for side in sides],
            [side.shown.transcript.source(side.answer_id) for side in sides],
        )

    async def _kept(self, keeping: Awaitable[None]) -> bool:
        """Keep something, or say why it cannot be kept."""
        try:
            await keeping
        except GroqchatError as error:
            self._screen.foot.say(f"{error.message} {error.suggestion}", "$text-error")
            return False
        return True
