"""What a set came to: what counts as an answer, what is spent, and who is best."""

import json
from dataclasses import replace
from decimal import Decimal
from statistics import median

import pytest

from groqchat.domain.errors.cause import ErrorKind
from groqchat.domain.errors.table import failure
from groqchat.domain.money.pricing import Cost
from groqchat.domain.money.usage import Timing, Usage
from groqchat.domain.prompt_sets.checks import Check, CheckKind
from groqchat.domain.prompt_sets.outcomes import Outcome, Passed
from groqchat.domain.prompt_sets.prompt_set import (
    SetFailure,
    SetPrompt,
    may_be_retried,
    message_id,
    progress,
    refuses_the_model,
)
from groqchat.domain.prompt_sets.report import set_report
from groqchat.domain.prompt_sets.statistics import COST, PASSED, SPEED, set_statistics
from groqchat.domain.turns.chat import State
from groqchat.reports.set_tables import SET_MEASURES, figures_table, short_names
from tests.fakes import START
from tests.storage.conftest import reply

A, B = "maker/a", "maker/b"
CHECKS = (Check(CheckKind.CONTAINS, "yes"), Check(CheckKind.EXACT, "yes"))
SCHEMA = {"type": "object", "required": ["a"]}
PROMPTS = [SetPrompt("k1", "1", "One?", "", "t", CHECKS), SetPrompt("k2", "2", "Two?", "", "", ())]


def said(number, key, model, content="yes", *, cost="0.001", **known):
    """An answer to a prompt of the set."""
    return reply(
        f"m{number}",
        message_id("s1", key),
        content,
        model=model,
        usage=Usage(10, 0, 20),
        timing=Timing(0.1 * number, 1.0 * number),
        cost=Cost(Decimal(cost)) if cost else None,
        **known,
    )


def report_of(*messages, failures=()):
    return set_report(
        "set", "s1", prompts=PROMPTS, models=[A, B],
        progress=progress("s1", messages, failures), messages=messages,
    )  # fmt: skip


def failed(key, model, *, is_retryable):
    kind = ErrorKind.SERVICE_ERROR if is_retryable else ErrorKind.TOO_LARGE
    return SetFailure("s1", key, model, kind, "It failed.", is_retryable, START)


def test_broken_answers_cost_but_do_not_count():
    broken = said(1, "k1", A, state=State.BROKEN)
    report = report_of(broken, said(2, "k1", A), said(3, "k2", A, state=State.CUT_BY_LIMIT))
    first = report.models[0]
    assert (first.answers, first.missing, str(first.checks)) == (2, 0, "2/2")
    assert (first.cost, first.per_thousand) == (Decimal("0.003"), Decimal("1.5"))
    assert (first.first_p50, first.total_p95) == (0.25, 2.95)
    assert report.missing == report.models[1].missing == 2


def test_answers_to_what_is_no_longer_in_the_set_are_left_out():
    (first, _) = report_of(said(1, "k1", A, "no"), said(2, "gone", A)).models
    assert (first.cost, str(first.checks)) == (Decimal("0.001"), "0/2")


def test_an_unknown_price_leaves_the_cost_unknown():
    (first, _) = report_of(said(1, "k1", A), said(2, "k2", A, cost=None)).models
    assert (first.cost, first.per_thousand) == (None, None)


def test_failures_pass_no_check_and_are_named():
    failures = [failed("k1", A, is_retryable=True), failed("k2", A, is_retryable=False)]
    report = report_of(said(1, "k1", B), said(2, "k2", B), failures=failures)
    first = report.models[0]
    assert first.failures == (("service_error", 1), ("too_large", 1))
    assert str(first.checks) == "0/2"
    assert [(task, [str(p) for p in row]) for task, row in report.tasks] == [
        ("t", ["0/2", "2/2"]), ("", ["–", "–"]),
    ]  # fmt: skip
    _, rows = figures_table(report, short_names([A, B]))
    assert rows[0] == ["checks passed", "0/2", "2/2"]
    assert rows[-1] == ["failures", "1 service error, 1 too large", "0"]


def test_an_answer_in_json_is_checked_by_the_schema_that_it_was_asked_for():
    asked = {"asked_with": {"schema": SCHEMA}}
    report = report_of(
        said(1, "k1", A, '{"a": "yes"}', **asked),
        said(2, "k2", A, '{"b": 1}', **asked),
        said(3, "k1", B, "no JSON", asked_with={"response_format": {"type": "json_object"}}),
        failures=[failed("k2", B, is_retryable=False)],
    )
    assert [each.checks for each in report.models] == [Passed(2, 4), Passed(0, 4)]
    (first, _), (second, other) = report.outcomes
    assert str(first.checked[-1][0]).startswith("fits the schema")
    assert [passed for _, passed, _ in first.checked] == [True, False, True]
    assert [passed for _, passed, _ in second.checked] == [False]
    assert [str(check) for check, _, _ in other.checked] == ["is JSON"]
    explicit = SetPrompt("k1", "1", "One?", checks=(Check(CheckKind.SCHEMA, json.dumps(SCHEMA)),))
    answer = said(1, "k1", A, '{"a": 1}', asked_with={"schema": SCHEMA})
    reached = progress("s1", [answer], ())
    once = set_report(
        "set", "s1", prompts=[explicit], models=[A], progress=reached, messages=[answer]
    )
    assert once.models[0].checks == Passed(1, 1)


def test_whoever_answered_nothing_is_not_the_cheapest():
    report = report_of(said(1, "k1", B), said(2, "k2", B))
    _, rows = figures_table(report, short_names([A, B]))
    shown = {label: cells for label, *cells in rows}
    assert shown["cost"] == ["$0.00", "$0.002"]
    assert shown["cost per 1,000"] == ["unknown", "$1.00"]
    assert shown["failures"] == ["0", "0"]
    assert [measure.best(report) for measure in SET_MEASURES] == [frozenset()] * 13


def test_a_model_that_was_refused_is_told_and_still_missing():
    refused = replace(failed("k1", A, is_retryable=True), kind=ErrorKind.MODEL_GONE)
    report = report_of(said(1, "k1", B), said(2, "k2", B), failures=[refused])
    first = report.models[0]
    assert (first.failures, first.missing, first.unasked) == ((("model_gone", 1),), 2, 1)
    assert str(first.checks) == "–"  # no prompt of it was judged
    _, rows = figures_table(report, short_names([A, B]))
    assert rows[-2:] == [["failures", "1 model gone", "0"], ["not answered yet", "1", "0"]]


def test_all_asked_and_one_refused_leaves_no_row_of_what_was_not_asked():
    refused = replace(failed("k1", A, is_retryable=True), kind=ErrorKind.NOT_PERMITTED)
    report = report_of(said(1, "k2", A), failures=[refused])
    assert (report.models[0].missing, report.models[0].unasked) == (1, 0)


@pytest.mark.parametrize(
    ("error", "is_of_the_model"),
    [
        (failure("model_not_found", status=404), True),
        (failure("model_decommissioned", status=400), True),
        (failure("model_blocked_project", status=403), True),
        (failure("terms_required", status=400), True),
        (failure("forbidden", status=403), True),
        (failure("spend_blocked", status=400), False),
        (failure("organization_restricted", status=400), False),
        (failure("key_rejected", status=401), False),
        (failure("rate_limited", status=429), False),
        (failure("over_budget"), False),
        (failure("network_refused", status=403), False),
        (failure("model_not_found"), False),  # nobody was asked
    ],
)
def test_what_the_server_refuses_of_a_model_is_asked_again(error, is_of_the_model):
    assert refuses_the_model(error) is is_of_the_model
    assert may_be_retried(error) is (is_of_the_model or error.kind is ErrorKind.RATE_LIMITED)


def test_what_may_succeed_is_pending_again():
    failures = [failed("k1", A, is_retryable=True), failed("k2", A, is_retryable=False)]
    done = progress("s1", [said(1, "k1", B)], failures)
    assert [prompt.id for prompt in done.pending(PROMPTS, A)] == ["1"]
    assert [prompt.id for prompt in done.pending(PROMPTS, B)] == ["2"]
    assert progress("s1", [said(1, "k1", A)], failures).pending(PROMPTS, A) == []


def test_short_names_stay_distinct():
    assert short_names(["x/a", "y/b"]) == ["a", "b"]
    assert short_names(["x/a", "y/a"]) == ["x/a", "y/a"]


def test_reasoning_in_an_answer_that_was_kept_so_is_not_checked():
    def passed(content):
        return report_of(said(1, "k1", A, content)).outcomes[0][0].passed

    assert passed("<think>\nno\n</think>\n\nyes") == passed("yes")
    assert passed("<think>\nyes\n</think>\n\nno") == passed("no") != passed("yes")


def starred(report):
    """The cells that are marked as the best, row by row."""
    _, rows = figures_table(report, short_names([A, B]))
    return {row[0]: [cell.startswith("★") for cell in row[1:]] for row in rows}


def test_what_a_few_prompts_came_to_has_no_best_model():
    """A model that answered less cost less, and passed all of what it was asked."""
    less = said(1, "k1", A, cost="0.001")
    report = report_of(less, said(2, "k1", B, cost="0.002"), said(3, "k2", B, cost="0.002"))
    assert not any(any(cells) for cells in starred(report).values())


def test_the_statistics_of_a_report_are_about_answers_whose_checks_are_decided():
    report = report_of(said(1, "k1", A, "no"), said(2, "k1", B), said(3, "k2", A), said(4, "k2", B))
    passed = [report.statistics.summary(PASSED, column) for column in (0, 1)]
    assert [(each.interval.value, each.prompts) for each in passed] == [(0.0, 1), (1.0, 1)]
    cost = report.statistics.summary(COST, 0)
    assert (cost.interval.value, cost.prompts) == (0.001, 2)
    speeds = report.statistics.summary(SPEED, 0)
    assert speeds.interval.value == pytest.approx(median([20 / 0.9, 20 / 2.7]))
    open_check = outcome_of(passed=(True, None))
    assert open_check.passes is False
    (known,) = set_statistics([[open_check, outcome_of(passed=(None, False))]]).summaries
    assert (known.prompts, known.interval.value) == (1, 0.0)


def outcome_of(passed):
    return Outcome(replace(PROMPTS[0], id=str(passed)), A, None, None, passed)
