"""Sentences on what a set shows, and what it does not; tables of intervals in every form."""

import re
from decimal import Decimal

import pytest

from groqchat.domain.money.pricing import Cost
from groqchat.domain.money.usage import Timing, Usage
from groqchat.domain.prompt_sets.checks import Check, CheckKind
from groqchat.domain.prompt_sets.prompt_set import SetPrompt, message_id, progress
from groqchat.domain.prompt_sets.report import set_report
from groqchat.domain.prompt_sets.runs import repeated
from groqchat.reports.set_conclusions import (
    conclusions,
    intervals_table,
    remarks,
    statistics_document,
)
from groqchat.reports.set_page import set_page
from groqchat.reports.set_tables import figures_table, markdown
from tests.storage.conftest import reply

NAMES = "abcdefgh"


def report_of(*columns, runs=1):
    """A report on columns, each with whether each prompt passes, its seconds and its price."""
    number = max(len(passing) for passing, *_ in columns)
    checks = (Check(CheckKind.EXACT, "yes"),)
    prompts = [SetPrompt(f"k{n:03}", f"p{n}", "Why?", checks=checks) for n in range(number)]
    everything = repeated(prompts, runs)
    messages = [
        reply(
            f"{name}-{prompt.key}",
            message_id("s1", prompt.key),
            "yes" if passing[int(prompt.id[1:])] else "no",
            model=name,
            usage=Usage(10, 0, 20),
            timing=Timing(0.0, seconds * (1 + int(prompt.id[1:]) % 7)),
            cost=Cost(Decimal(price)),
        )
        for name, (passing, seconds, price) in zip(NAMES, columns, strict=False)
        for prompt in everything
        if int(prompt.id[1:]) < len(passing)
    ]
    return set_report(
        "set", "s1", prompts=everything, models=list(NAMES[: len(columns)]),
        progress=progress("s1", messages, ()), messages=messages,
    )  # fmt: skip


def sentences(report):
    return [each.text for each in conclusions(report, list(NAMES))]


def passing(number, failing):
    """So many prompts, of which the first ones fail."""
    return [at >= failing for at in range(number)]


def test_what_is_shown_is_said_with_its_interval_and_marked():
    report = report_of((passing(100, 30), 1.0, "0.02"), (passing(100, 6), 0.5, "0.01"))
    assert sentences(report) == [
        "b passes 24 points more often than a (95 % interval 15 to 32).",
        "b takes 50 % less time than a (95 % interval 50 to 50).",
        "b writes 100 % more tokens a second than a (95 % interval 100 to 100).",
        "b costs 50 % less than a (95 % interval 50 to 50).",
    ]
    assert all(each.is_shown for each in conclusions(report, list(NAMES)))
    _, rows = figures_table(report, list(NAMES))
    marked = {row[0] for row in rows if row[2].startswith("★") and not row[1].startswith("★")}
    assert marked == {"checks passed", "total p50", "speed", "cost", "cost per 1,000"}
    assert sum(cell.startswith("★") for row in rows for cell in row[1:]) == 5


def test_what_is_not_shown_is_said_with_the_prompts_that_are_missing_and_never_with_a_star():
    differ = [at >= 9 for at in range(40)], [at < 33 or at >= 38 for at in range(40)]
    report = report_of((differ[0], 1.0, "0.01"), (differ[1], 1.0, "0.01"))
    first, *others = sentences(report)
    assert first == (
        "No difference in checks is shown: b passes 10 points more often than a here (95 % interval"
        " −9 to 28). About 440 more prompts would be needed to show one of 10 points."
    )
    assert others[-1] == (
        "No difference in cost is shown: b equals a here (95 % interval 0 to 0). One of 10 % would"
        " probably have been shown by these prompts."
    )
    assert not any(each.is_shown for each in conclusions(report, list(NAMES)))
    assert "★" not in str(figures_table(report, list(NAMES)))
    assert 'class="best"' not in set_page(report)


def test_what_one_comparison_would_show_may_not_be_enough_among_many():
    report = report_of((passing(40, 8), 1.0, "0.01"), (passing(40, 2), 1.0, "0.01"))
    assert (
        "(95 % interval 2 to 27, which is not enough among 4 comparisons)" in sentences(report)[0]
    )


def test_few_prompts_show_nothing_and_one_model_is_compared_with_none():
    few = report_of((passing(5, 5), 1.0, "0.01"), (passing(5, 0), 2.0, "0.02"))
    assert sentences(few) == ["Fewer than 6 prompts show no difference between models."]
    assert intervals_table(few, list(NAMES)) is None
    alone = report_of((passing(40, 8), 1.0, "0.01"))
    assert sentences(alone) == remarks(alone) == []
    assert intervals_table(alone, ["a"])[1][0] == ["passed", "80 % (65–90 %)"]


def test_intervals_stand_behind_their_values():
    report = report_of((passing(20, 4), 1.0, "0.01"), (passing(20, 0), 2.0, "0.02"))
    slow = "2.5 tok/s (2.0–5.0 tok/s)"
    assert intervals_table(report, ["a", "b"]) == (
        ["by prompt (95 %)", "a", "b"],
        [
            ["passed", "80 % (58–92 %)", "100 % (84–100 %)"],
            ["median total", "4.0s (2.0–5.0s)", "8.0s (4.0–10s)"],
            ["median speed", "5.0 tok/s (4.0–10 tok/s)", slow],
            ["median cost", "$0.01 ($0.01–0.01)", "$0.02 ($0.02–0.02)"],
        ],
    )  # fmt: skip


def test_many_comparisons_are_told_together():
    columns = [(passing(60, 6 * at), 1.0 + at, "0.01") for at in range(4)]
    said = sentences(report_of(*columns))
    assert "a passes more often than c (20 points) and d (30 points)." in said
    assert "a takes less time than b (50 %), c (67 %) and d (75 %)." in said
    assert (
        "No difference in cost is shown for 6 pairs of models. One of 10 % would probably have"
        " been shown by these prompts."
    ) in said
    (checks,) = [each for each in said if "in checks is shown" in each]
    assert checks.startswith("No difference in checks is shown for 3 pairs of models. Up to about ")
    assert [each for each in said if each.startswith("No ")] == said[-2:]


def test_repeats_are_one_prompt():
    columns = (passing(30, 12), 1.0, "0.01"), (passing(30, 2), 1.0, "0.01")
    once, thrice = report_of(*columns), report_of(*columns, runs=3)
    assert sentences(once) == sentences(thrice)
    assert remarks(thrice)[1] == "The 3 runs of a prompt count as one prompt."
    assert len(thrice.outcomes) == 90


@pytest.mark.parametrize("form", [markdown, set_page])
def test_every_form_has_the_sentences_and_the_intervals(form):
    report = report_of((passing(100, 30), 1.0, "0.02"), (passing(100, 6), 0.5, "0.01"))
    shown = form(report)
    assert "b passes 24 points more often than a (95 % interval 15 to 32)." in shown
    assert "94 % (88–97 %)" in shown
    assert "all 4 comparisons together" in shown


def test_the_document_has_every_number_of_the_sentences():
    report = report_of((passing(100, 30), 1.0, "0.02"), (passing(100, 6), 0.5, "0.01"))
    document = statistics_document(report)
    assert (document["level"], document["alpha"], document["power"]) == (0.95, 0.05, 0.8)
    (_, second) = document["columns"]
    assert (second["model"], second["variant"]) == ("b", None)
    assert second["measures"]["passed"]["value"] == 0.94
    assert set(second["measures"]) == {"passed", "total_s", "tokens_per_second", "cost_usd"}
    checks, time, *_ = document["differences"]
    assert (checks["measure"], checks["scale"], checks["shown"]) == ("passed", "difference", True)
    assert checks["value"] == pytest.approx(0.24)
    assert checks["adjusted_p"] >= checks["p"] > 0
    assert (time["scale"], time["value"]) == ("ratio", pytest.approx(0.5))


def test_the_charts_of_a_page_draw_the_intervals():
    page = set_page(report_of((passing(20, 4), 1.0, "0.01"), (passing(20, 0), 2.0, "0.02")))
    checks = page[page.index("<h3>Passed</h3>") : page.index("<h3>Median total</h3>")]
    assert checks.count('class="whisker"') == 2
    # 16 of 20, 58 to 92 %, in a bar of 360
    assert 'width="288.0"' in checks
    assert re.search(r"M210\.\d [\d.]+H331\.\d", checks)
    few = set_page(report_of((passing(3, 1), 1.0, "0.01"), (passing(3, 0), 2.0, "0.02")))
    assert "<h3>Median total</h3>" in few
    assert few.count('class="whisker"') == 2  # shares have an interval from the first prompt on
