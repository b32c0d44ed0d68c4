"""What is said of limits and budgets is how they really stand, not the mark that was passed."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from textwrap import wrap

import pytest

from groqchat.domain.limits.quota import LeakyBucket, LimitKind, Source, quota_view
from groqchat.services.quota.alarms import Alarms
from groqchat.services.quota.budget import BudgetStatus

FRESH = BudgetStatus("this month", Decimal("0.10"), Decimal(1), Decimal(0))


@pytest.mark.parametrize(
    ("spent", "words"),
    [("0.57", "57% of"), ("0.999", "99% of"), ("1", "100% of"), ("5.72", "572% of")],
)
def test_a_budget_is_told_as_it_stands(spent, words):
    said = []
    alarms = Alarms(said.append)
    alarms.check_budgets([FRESH])
    alarms.check_budgets([replace(FRESH, spent=Decimal(spent))])
    assert [sentence.startswith(words) for sentence in said] == [True]


@pytest.mark.parametrize(("left", "words"), [(0, "100% of RPD"), (1, "99% of RPD")])
def test_a_limit_is_told_as_it_stands(left, words):
    said = []
    alarms = Alarms(said.append)
    for remaining in (999, left):
        bucket = LeakyBucket(LimitKind.RPD, 1_000, 1_000 - remaining, 0.0, Source.HEADER)
        view = quota_view("m", (bucket,), 0.0, plan=None, plan_inferred=False, tokens_per_turn=1.0)
        alarms.check_limits(view)
    assert [sentence.startswith(words) for sentence in said] == [True]


def tpm(used, reserved=0):
    """A view of 8,000 tokens a minute, some used or reserved."""
    bucket = LeakyBucket(LimitKind.TPM, 8_000, used + reserved, 0.0, Source.HEADER)
    view = quota_view("m", (bucket,), 0.0, plan=None, plan_inferred=False, tokens_per_turn=1.0)
    return replace(view, reserved={LimitKind.TPM: reserved} if reserved else {})


def test_what_an_answer_reserves_is_not_used():
    said = []
    alarms = Alarms(said.append)
    for view in (tpm(0), tpm(100, 7_798), tpm(150)):
        alarms.check_limits(view)
    assert said == []


def test_of_a_level_that_may_count_a_reservation_nothing_is_told():
    said = []
    alarms = Alarms(said.append)
    for view in (tpm(0), replace(tpm(5_000), guessed=frozenset({LimitKind.TPM})), tpm(100)):
        alarms.check_limits(view)
    assert said == []


def test_beside_a_reserve_what_is_really_used_is_told():
    said = []
    now = datetime(2026, 11, 30, 23, 59, 30).astimezone().timestamp()
    alarms = Alarms(said.append, lambda: now)
    for view in (tpm(0), tpm(4_800, 3_000)):
        alarms.check_limits(view)
    # A countdown would stand still: the sentence is read for some seconds, or later as a line.
    assert said == ["60% of TPM is used: 3,200 of 8,000 tokens left, back at 00:00:06 (m)."]


@pytest.mark.parametrize(
    "model", ["openai/gpt-oss-120b", "meta-llama/llama-4-maverick-17b-128e-instruct"]
)
@pytest.mark.parametrize("kind", [LimitKind.RPD, LimitKind.TPM, LimitKind.ITPM, LimitKind.TPD])
def test_a_limit_is_told_on_three_rows_of_forty_columns(model, kind):
    said = []
    alarms = Alarms(said.append)
    for used in (0, 199_000):
        bucket = LeakyBucket(kind, 200_000, used, 0.0, Source.HEADER)
        view = quota_view(model, (bucket,), 0.0, plan=None, plan_inferred=False, tokens_per_turn=1)
        alarms.check_limits(view)
    assert [len(wrap(words, 38)) <= 3 for words in said] == [True]
