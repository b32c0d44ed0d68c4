"""The command that has a model judge the answers of a turn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.compare.rules import FEWEST_JUDGED
from groqchat.domain.text.humanize import count
from groqchat.ui.compare.jobs import JudgeJob

if TYPE_CHECKING:
    from collections.abc import Callable

    from groqchat.domain.compare.judging import Judgement
    from groqchat.services.compare.judge import JudgedTurn, Judges
    from groqchat.ui.compare.state import CompareState, Job
    from groqchat.ui.dialogs.dialog import Ask


class JudgingActions:
    """Has models judge.

    Args:
        state: The comparison on the screen.
        ask: Opens a window and waits for its result.
        start: Starts a job.
        judges: The models that can judge.
        judged: Called once a verdict is there.
    """

    def __init__(
        self,
        state: CompareState,
        ask: Ask,
        start: Callable[[Job], None],
        judges: Judges,
        judged: Callable[[], object],
    ) -> None:
        self._state = state
        self._ask = ask
        self._start = start
        self._judges = judges
        self._judged = judged
        self._last_judge = ""

    async def judge(self) -> None:
        """Show the verdict on this turn; else have a model judge, after its cost is confirmed."""
        from groqchat.ui.compare.windows.judges import JudgePicker, cost_words
        from groqchat.ui.dialogs.confirm import Confirm

        if not await self._is_wanted():
            return
        state = self._state
        turn = None if state.is_busy else self._turn()
        if turn is None:
            state.refuse("A verdict needs two complete answers.")
            return
        judges = self._judges.of(turn, self._last_judge)
        estimates = {name: judge.estimate(turn) for name, judge in judges.items()}
        chosen = await self._ask(JudgePicker(estimates, turn.models))
        if chosen is None:
            return
        self._last_judge = chosen
        estimate = estimates[chosen]
        question = (
            f"{chosen} judges {len(turn.answers)} answers, asked twice.\n\n"
            f"≈ {count(estimate.prompt_tokens)} tokens in, up to "
            f"{count(estimate.completion_tokens)} out: {cost_words(estimate)}."
        )
        if await self._ask(Confirm(question, "Ask for a verdict")):
            job = JudgeJob(judges[chosen], turn, self._save, say=state.say, clock=state.clock)
            self._start(job)

    async def _is_wanted(self) -> bool:
        """Show the verdict that there is; returns whether another one is wanted."""
        from groqchat.ui.compare.windows.verdict import VerdictScreen

        judged = None if self._state.is_busy else self._state.ballot.judgement
        if judged is None:
            return True
        window = VerdictScreen(judged, self._state.comparison.name_of_model)
        is_wanted: bool | None = await self._ask(window)
        return bool(is_wanted)

    async def _save(self, judged: Judgement) -> None:
        if await self._state.is_saved(self._state.ballot.save_judgement(judged)):
            self._state.say("The verdict is saved, but does not count as a vote. v shows it.")
        self._judged()

    def _turn(self) -> JudgedTurn | None:
        """The turn as a judge gets it; None where there are no two complete answers."""
        from groqchat.services.compare.judge import JudgedTurn

        comparison, answered = self._state.comparison, self._state.answered
        prompts = (column.column.prompt for column in answered)
        prompt = next((each for each in prompts if each is not None), None)
        if len(answered) < FEWEST_JUDGED or prompt is None:
            return None
        return JudgedTurn(
            comparison.session.id,
            comparison.turn,
            prompt.content,
            [column.column.name for column in answered],
            [column.text for column in answered],
        )
