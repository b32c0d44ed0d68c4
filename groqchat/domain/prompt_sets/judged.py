"""The judges that the checks of a set name, and the verdicts that they have still to give."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from groqchat.domain.prompt_sets.checks import Check
    from groqchat.domain.prompt_sets.prompt_set import Progress, SetPrompt
    from groqchat.domain.prompt_sets.rubrics import Rubric, VerdictKey
    from groqchat.domain.turns.chat import Message


@dataclass(frozen=True, slots=True)
class MissingVerdict:
    """A verdict that is still to be given: on an answer, or on one that is not there yet (None)."""

    prompt: SetPrompt
    model: str
    answer: Message | None
    rubric: Rubric


def judges_named(prompts: Iterable[SetPrompt]) -> list[str]:
    """The judges that rubrics name, each once; an empty name where a rubric names none."""
    rubrics = (check.rubric for prompt in prompts for check in prompt.checks)
    return list(dict.fromkeys(rubric.model for rubric in rubrics if rubric))


def with_judges(prompts: Iterable[SetPrompt], ids: Mapping[str, str]) -> tuple[SetPrompt, ...]:
    """Prompts whose rubrics have ids of models in place of the names that judges have in the file.

    Args:
        prompts: The prompts.
        ids: The ids by names; an empty name stands for rubrics without one.
    """
    return tuple(
        replace(prompt, checks=tuple(_with_judge(check, ids) for check in prompt.checks))
        for prompt in prompts
    )


def _with_judge(check: Check, ids: Mapping[str, str]) -> Check:
    rubric = check.rubric
    if rubric is None:
        return check
    return replace(check, wanted=replace(rubric, model=ids.get(rubric.model, rubric.model)))


def missing_verdicts(
    prompts: Sequence[SetPrompt],
    models: Iterable[str],
    progress: Progress,
    verdicts: Mapping[VerdictKey, object],
) -> list[MissingVerdict]:
    """The verdicts that are still to be given, on answers that are there or may still come.

    Args:
        prompts: The prompts of the set.
        models: The names of the columns.
        progress: Their answers and failures.
        verdicts: The verdicts that were given.
    """
    wanted = (
        MissingVerdict(prompt, model, progress.answers.get((prompt.key, model)), rubric)
        for model in models
        for prompt in prompts
        for check in prompt.checks
        if (rubric := check.rubric)
    )
    return [
        each
        for each in wanted
        if (
            (each.answer.id, each.rubric.digest, each.rubric.model) not in verdicts
            if each.answer
            else not progress.is_settled(each.prompt, each.model)
        )
    ]
