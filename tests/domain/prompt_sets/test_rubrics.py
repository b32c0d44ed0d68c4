"""What a judge is asked by a rubric, and how its verdict is read."""

import pytest

from groqchat.domain.compare.compare import Verdict as Winner
from groqchat.domain.compare.judging import Judgement, Opinion, task
from groqchat.domain.prompt_sets.check_fields import read_checks
from groqchat.domain.prompt_sets.checks import (
    NO_EVIDENCE,
    NOT_JUDGED,
    CheckedAnswer,
    CheckResult,
    Evidence,
)
from groqchat.domain.prompt_sets.judged import judges_named, missing_verdicts, with_judges
from groqchat.domain.prompt_sets.prompt_set import Progress, SetPrompt
from groqchat.domain.prompt_sets.rubrics import (
    ANSWER,
    REFERENCE,
    Rubric,
    StoredVerdict,
    Verdict,
    against_reference,
    by_key,
    read_verdict,
    rubric_task,
)
from tests.storage.conftest import reply

RUBRIC = Rubric("It names the capital.")


def test_a_judge_sees_the_rubric_the_prompt_and_the_answer_without_its_thoughts():
    asked = rubric_task("Capital?", "<think>Hm.</think>Paris", RUBRIC)
    assert "<rubric>\nIt names the capital.\n</rubric>" in asked
    assert "<prompt>\nCapital?\n</prompt>" in asked
    assert "<answer>\nParis\n</answer>" in asked
    assert read_verdict(asked.rpartition("\n")[2]) == Verdict(True, "…")
    compared = task("Capital?", ["Paris", "Lyon"], RUBRIC.text)
    assert "<rubric>\nIt names the capital.\n</rubric>" in compared
    assert "useful" not in compared


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        ('{"passes": true, "reason": "Clear  and\\nshort."}', Verdict(True, "Clear and short.")),
        ('I think {"a": 1} so: {"passes": false}.', Verdict(False, "")),
        ('{"passes": "yes"}', None),
        ("It passes.", None),
        ('{"passes": false, "reason": "' + "x" * 900 + '"}', Verdict(False, "x" * 600)),
    ],
)
def test_a_verdict_is_read_from_what_a_judge_says(said, verdict):
    assert read_verdict(said) == verdict


@pytest.mark.parametrize(
    ("winner", "agreed", "passed"),
    [(ANSWER, True, True), (None, True, True), (None, False, True), (REFERENCE, True, False)],
)
def test_an_answer_fails_only_if_both_orders_prefer_the_reference(winner, agreed, passed):
    opinions = (Opinion(REFERENCE, 1, "Full."), Opinion(ANSWER, 2, "Vague."))
    won = Winner.WINNER if winner else Winner.TIE
    verdict = against_reference(Judgement("s", 0, 0.0, "m", won, winner, agreed, opinions))
    assert verdict.passed is passed
    assert verdict.reason == ("Vague." if agreed else "as good: the order of the answers decided")


def given(judge, time, passed):
    return StoredVerdict("s", "a1", RUBRIC.digest, judge, passed, f"says {judge}", time)


def test_a_verdict_counts_for_its_judge_and_the_last_one_where_none_is_named():
    evidence = Evidence({}, by_key([given("m/one", 1.0, True), given("m/two", 2.0, False)]))
    (check,) = read_checks({"judge": RUBRIC.text})
    answer = CheckedAnswer("Paris", id="a1")
    assert check.result(answer, evidence) == CheckResult(False, "says m/two")
    (prompt,) = with_judges([SetPrompt("k", "1", "?", checks=(check,))], {"": "m/one"})
    assert judges_named([prompt]) == ["m/one"]
    assert prompt.checks[0].result(answer, evidence) == CheckResult(True, "says m/one")
    assert check.result(answer, NO_EVIDENCE) == CheckResult(None, NOT_JUDGED)


def test_verdicts_are_missing_of_answers_that_are_there_or_may_come():
    checks = read_checks({"judge": ["a", {"rubric": "b", "reference": "r", "model": "m"}]})
    assert [str(check) for check in checks] == ["judge: a", "judge: b (at least as good as: r)"]
    prompt = SetPrompt("k1", "1", "?", checks=checks)
    answer = reply("a1", "s-k1", "yes", model="x")
    progress = Progress({("k1", "x"): answer}, {})
    verdicts = {("a1", checks[0].rubric.digest, ""): Verdict(True, "")}
    missing = missing_verdicts([prompt], ["x", "y"], progress, verdicts)
    assert [(each.model, each.answer, each.rubric.text) for each in missing] == [
        ("x", answer, "b"), ("y", None, "a"), ("y", None, "b"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "wanted", [3, " ", {"rubric": ""}, {"text": "a"}, {"rubric": "a", "model": 1}]
)
def test_what_cannot_be_a_rubric(wanted):
    with pytest.raises(ValueError, match="judge wants a rubric in words"):
        read_checks({"judge": wanted})
