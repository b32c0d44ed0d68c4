"""What a gate asks of a report, and what is compared with a baseline."""

import json
from decimal import Decimal

import pytest

from groqchat.domain.prompt_sets.baseline import compared, read_baseline
from groqchat.domain.prompt_sets.gate import MAX_REGRESSION, MIN_PASS, Gate, judged
from groqchat.domain.prompt_sets.prompt_set import SetPrompt, progress
from groqchat.domain.prompt_sets.report import set_report
from groqchat.domain.prompt_sets.runs import repeated
from groqchat.reports.set_tables import report_document
from tests.domain.prompt_sets.test_report import CHECKS, A, B, failed, said


def prompts_of(number):
    return [SetPrompt(f"k{n}", str(n), f"Prompt {n}?", "", "", CHECKS) for n in range(number)]


def report_of(good, bad=0, *, prompts=None, models=(A,), failures=(), runs=1):
    """A report in which the first prompts pass, and the next ones do not."""
    prompts = repeated(prompts or prompts_of(good + bad), runs)
    messages = [
        said(n + 100 * place, prompt.key, model, "yes" if n < good else "no")
        for place, model in enumerate(models)
        for n, prompt in enumerate(prompts)
        if n < good + bad
    ]
    reached = progress("s1", messages, failures)
    return set_report(
        "set", "s1", prompts=prompts, models=models, progress=reached, messages=messages
    )


def baseline_of(report):
    return read_baseline(json.dumps(report_document(report)))


@pytest.mark.parametrize(
    ("good", "bad", "least", "passed"),
    [(9, 1, "0.9", True), (9, 1, "0.91", False), (3, 0, "1", True), (0, 1, "0.01", False)],
)
def test_a_share_of_the_prompts_has_to_pass_exactly(good, bad, least, passed):
    (ruling,) = judged(report_of(good, bad), Gate(Decimal(least))).rulings
    assert (ruling.rule, ruling.model, ruling.passed) == (MIN_PASS, A, passed)


def test_a_prompt_passes_with_all_its_checks_and_counts_once_whatever_its_runs():
    (ruling,) = judged(
        report_of(3, 1, prompts=prompts_of(2), runs=2), Gate(Decimal("0.75"))
    ).rulings
    assert ruling.sentence == "75% of 2 prompts pass; at least 75% are wanted"
    assert ruling.passed
    report = report_of(1, failures=[failed("k1", A, is_retryable=False)], prompts=prompts_of(2))
    (ruling,) = judged(report, Gate(Decimal("0.6"))).rulings
    assert ruling.sentence == "50% of 2 prompts pass; at least 60% are wanted"


def test_what_is_missing_or_was_not_checked_keeps_no_rule():
    result = judged(report_of(1, prompts=prompts_of(2)), Gate(Decimal("0.1")))
    assert result.rulings[0].sentence == "1 answer missing; at least 10% are wanted"
    assert not result.passed
    plain = [SetPrompt("k0", "0", "?")]
    (ruling,) = judged(report_of(1, prompts=plain), Gate(Decimal("0.1"))).rulings
    assert ruling.sentence.startswith("no prompt was checked")


@pytest.mark.parametrize(
    ("now", "allowed", "passed"),
    [(8, "2", False), (8, "10", True), (8, "9.9", False), (10, "0", True)],
)
def test_a_model_may_lose_so_many_percentage_points(now, allowed, passed):
    baseline = baseline_of(report_of(9, 1))
    gate = Gate(None, baseline, Decimal(allowed))
    (ruling,) = judged(report_of(now, 10 - now), gate).rulings
    assert (ruling.rule, ruling.passed) == (MAX_REGRESSION, passed)
    assert f"{now * 10}% of 10 in both pass, 90% in the baseline" in ruling.sentence
    loss = "no loss" if allowed == "0" else f"a loss of up to {allowed} percentage points"
    assert ruling.sentence.endswith(f"; {loss} is allowed")


def test_what_cannot_be_compared_is_left_out_and_said():
    earlier = prompts_of(5)
    baseline = baseline_of(report_of(4, prompts=earlier))
    now = [
        earlier[0],
        SetPrompt("x", "1", "Another text?", "", "", CHECKS),
        SetPrompt("k2", "2", "Prompt 2?", "", "", CHECKS[:1]),
        SetPrompt("k4", "4", "Prompt 4?", "", "", CHECKS),
        SetPrompt("k9", "new", "New?", "", "", CHECKS),
        SetPrompt("k8", "8", "Unchecked?"),
    ]
    both = compared(report_of(6, prompts=now), A, baseline)
    assert (both.before, both.now) == (((True,),), ((True,),))
    assert both.notes == (
        "left out 1 prompt with another text than in the baseline: 1",
        "left out 1 prompt with other checks than in the baseline: 2",
        "left out 1 prompt not checked in the baseline: 4",
        "left out 2 prompts not in the baseline: new, 8",
        "left out 1 prompt not asked any more: 3",
    )


def test_another_model_is_said_and_nothing_is_guessed():
    gate = Gate(None, baseline_of(report_of(2)), Decimal(100))
    result = judged(report_of(2, models=(A, B)), gate)
    assert [ruling.passed for ruling in result.rulings] == [True, False]
    assert result.notes == (f"{B}: the baseline has no such model, but {A}",)
    assert "nothing can be compared" in result.rulings[1].sentence


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"results": [3]}', '{"results": [{"model": "a", "id": 3, "checks": []}]}'],
)
def test_what_is_no_report_is_refused(text):
    with pytest.raises(ValueError, match="no report of groqchat"):
        read_baseline(text)
    with pytest.raises(ValueError, match="no results"):
        read_baseline('{"results": []}')
