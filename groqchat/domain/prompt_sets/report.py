"""The report on a set of prompts, model by model: checks, speed, cost and failures."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from groqchat.domain.compare.compare import figures_of, quantile
from groqchat.domain.money.pricing import FINEST
from groqchat.domain.prompt_sets.checks import NO_EVIDENCE, checked_answer, form_check
from groqchat.domain.prompt_sets.outcomes import Outcome, Passed, is_missing
from groqchat.domain.prompt_sets.prompt_set import NO_VARIANTS, key_of
from groqchat.domain.prompt_sets.runs import number_of_runs, prompt_by_prompt
from groqchat.domain.prompt_sets.statistics import set_statistics
from groqchat.domain.turns.chat import State
from groqchat.domain.turns.thoughts import without_thoughts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from groqchat.domain.prompt_sets.checks import Check, Evidence, Search
    from groqchat.domain.prompt_sets.prompt_set import Pair, Progress, SetPrompt
    from groqchat.domain.statistics.comparison import Statistics
    from groqchat.domain.turns.chat import Message


@dataclass(frozen=True, slots=True)
class ModelReport:
    """One model over a set.

    Times are in seconds since a request was sent, ``rate`` in tokens a second, each as the median
    and, where there are two, the 95th percentile of the whole answers. ``cost`` is all that was
    spent on these prompts in US dollars, broken answers included, and None where a price is not
    known; ``per_thousand`` is what 1,000 answers come to at that. ``wanted`` are the answers to all
    ``prompts`` in all runs; ``missing`` answers are still to be asked for; ``unasked`` are those of
    them that were not refused with the model.
    """

    model: str
    prompts: int
    wanted: int
    answers: int
    missing: int
    unasked: int
    failures: tuple[tuple[str, int], ...]
    checks: Passed
    first_p50: float | None
    first_p95: float | None
    total_p50: float | None
    total_p95: float | None
    rate_p50: float | None
    prompt_tokens: int
    completion_tokens: int
    cost: Decimal | None
    per_thousand: Decimal | None

    @property
    def failed(self) -> int:
        """The number of prompts that ended in an error."""
        return sum(times for _, times in self.failures)


@dataclass(frozen=True, slots=True)
class SetReport:
    """The whole report; ``name`` is the file's, ``session_id`` that of the saved answers.

    ``outcomes`` hold for each prompt, in each of its runs, and the rows of ``tasks`` for each task,
    the models in their order. ``statistics`` say what the outcomes show about the models.
    """

    name: str
    session_id: str
    models: tuple[ModelReport, ...]
    outcomes: tuple[tuple[Outcome, ...], ...]
    tasks: tuple[tuple[str, tuple[Passed, ...]], ...]
    statistics: Statistics

    @property
    def missing(self) -> int:
        """The number of answers that are still to be asked for."""
        return sum(model.missing for model in self.models)

    @property
    def runs(self) -> int:
        """The number of times that each prompt is asked."""
        return number_of_runs(row[0].prompt for row in self.outcomes)

    @property
    def unasked(self) -> int:
        """The number of missing answers that no model was asked for yet."""
        return sum(model.unasked for model in self.models)

    @property
    def undecided(self) -> Mapping[str, int]:
        """The number of checks that are not decided, by the reason."""
        return Counter(
            note
            for row in self.outcomes
            for outcome in row
            for _, passed, note in outcome.checked
            if passed is None
        )


def set_report(
    name: str,
    session_id: str,
    *,
    prompts: Sequence[SetPrompt],
    models: Sequence[str],
    progress: Progress,
    messages: Iterable[Message],
    evidence: Evidence = NO_EVIDENCE,
    shown: Mapping[Pair, Pair] = NO_VARIANTS,
) -> SetReport:
    """Build the report.

    Args:
        name: The name of the set.
        session_id: The session with its answers.
        prompts: The prompts of the set, in all their runs.
        models: The models that were asked, variants by their names.
        progress: Their answers and failures.
        messages: All answers that were begun, for what they cost.
        evidence: What the `searches` came to, and the verdicts of judges.
        shown: What keys and models of variants stand for.
    """
    keys = {prompt.key for prompt in prompts}
    stored = [((key_of(session_id, each.parent_id), each.model or ""), each) for each in messages]
    paired = [(shown.get(pair, pair), each) for pair, each in stored]
    spent = [(model, each) for (key, model), each in paired if key in keys]
    parts = {pair: each for pair, each in paired if each.state in _UNFINISHED}
    outcomes = _outcomes(prompts, models, progress, evidence, parts)
    columns = [[row[place] for row in outcomes] for place in range(len(models))]
    reports = [
        _model_report(model, column, [each for name, each in spent if name == model])
        for model, column in zip(models, columns, strict=True)
    ]
    tasks = tuple((task, tuple(_passed(c, task) for c in columns)) for task in _tasks(prompts))
    return SetReport(
        name,
        session_id,
        tuple(reports),
        tuple(map(tuple, outcomes)),
        tasks,
        set_statistics(columns),
    )


def searches(
    prompts: Sequence[SetPrompt], models: Sequence[str], progress: Progress
) -> list[Search]:
    """The searches in answers that a report needs."""
    forms = _forms(models, progress)
    wanted = (
        check.search(without_thoughts(answer.content))
        for prompt in prompts
        for model in models
        if (answer := progress.answers.get((prompt.key, model)))
        for check in _checks(prompt, forms[model])
    )
    return [search for search in wanted if search]


_UNFINISHED = frozenset({State.STOPPED, State.BROKEN, State.UNANSWERED})


def _forms(models: Sequence[str], progress: Progress) -> dict[str, Check | None]:
    """The check of the form in which each model was asked to answer; None where that is text."""
    forms: dict[str, Check | None] = dict.fromkeys(models)
    for (_, model), answer in progress.answers.items():
        if model in forms and forms[model] is None:
            forms[model] = form_check(answer.asked_with)
    return forms


def _checks(prompt: SetPrompt, form: Check | None) -> tuple[Check, ...]:
    """The checks of a prompt, and that of the form, unless the prompt has the same."""
    return prompt.checks if form is None or form in prompt.checks else (*prompt.checks, form)


def _outcomes(
    prompts: Iterable[SetPrompt],
    models: Sequence[str],
    progress: Progress,
    evidence: Evidence,
    parts: Mapping[Pair, Message],
) -> list[list[Outcome]]:
    """The outcome of each model on each prompt in each run, prompt by prompt."""
    forms = _forms(models, progress)
    return [
        [
            _outcome(
                (prompt, model),
                _checks(prompt, forms[model]),
                progress,
                evidence,
                parts.get((prompt.key, model)),
            )
            for model in models
        ]
        for prompt in prompt_by_prompt(prompts)
    ]


def _outcome(
    asked: tuple[SetPrompt, str],
    checks: tuple[Check, ...],
    progress: Progress,
    evidence: Evidence,
    partial: Message | None,
) -> Outcome:
    prompt, model = asked
    answer = progress.answers.get((prompt.key, model))
    failure = progress.failures.get((prompt.key, model))
    if is_missing(answer, failure):
        return Outcome(prompt, model, None, failure, (), partial)
    if answer is None:
        verdicts = (False,) * len(checks)
        return Outcome(prompt, model, None, failure, verdicts, partial, checks=checks)
    said = checked_answer(answer)
    results = [check.result(said, evidence) for check in checks]
    passed, notes = (each.passed for each in results), (each.note for each in results)
    return Outcome(prompt, model, answer, failure, tuple(passed), None, tuple(notes), checks)


def _tasks(prompts: Iterable[SetPrompt]) -> list[str]:
    """The tasks in the order in which they come; none where there are no tags."""
    tasks = list(dict.fromkeys(prompt.task for prompt in prompts))
    return tasks if any(tasks) else []


def _passed(outcomes: Iterable[Outcome], task: str | None = None) -> Passed:
    verdicts = [
        verdict
        for outcome in outcomes
        if task is None or outcome.prompt.task == task
        for verdict in outcome.passed
    ]
    return Passed(verdicts.count(True), len(verdicts), verdicts.count(None))


def _model_report(
    model: str, outcomes: Sequence[Outcome], messages: Sequence[Message]
) -> ModelReport:
    figures = [figures_of(outcome.answer) for outcome in outcomes if outcome.answer]
    first = [each.first_token_s for each in figures if each.first_token_s is not None]
    total = [each.total_s for each in figures if each.total_s is not None]
    rates = [each.rate for each in figures if each.rate is not None]
    kinds = Counter(str(outcome.failure.kind) for outcome in outcomes if outcome.failure)
    cost = _cost(messages)
    return ModelReport(
        model,
        len({outcome.prompt.id for outcome in outcomes}),
        len(outcomes),
        len(figures),
        sum(outcome.is_missing for outcome in outcomes),
        sum(outcome.is_unasked for outcome in outcomes),
        tuple(kinds.most_common()),
        _passed(outcomes),
        quantile(first, 0.5),
        quantile(first, 0.95),
        quantile(total, 0.5),
        quantile(total, 0.95),
        quantile(rates, 0.5),
        sum(message.usage.prompt_tokens for message in messages if message.usage),
        sum(message.usage.completion_tokens for message in messages if message.usage),
        cost,
        None if cost is None or not figures else (cost * 1000 / len(figures)).quantize(FINEST),
    )


def _cost(messages: Sequence[Message]) -> Decimal | None:
    """The sum of the costs; None if an answer with counted tokens has no price."""
    costs = [message.cost for message in messages if message.usage]
    priced = [cost.total for cost in costs if cost]
    return sum(priced, Decimal(0)) if len(priced) == len(costs) else None
