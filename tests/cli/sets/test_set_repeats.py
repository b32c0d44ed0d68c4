"""``groqchat compare --file --runs``: every prompt is asked once in each run, by each variant."""

import re
from collections import Counter

import pytest

from tests.cli.sets.test_compare_set import ROWS, B, asked, written

VARIANTS = ["-m", f"{B} effort=low", "-m", f"{B} effort=high"]


@pytest.fixture
def prompts(tmp_path):
    return written(tmp_path, ROWS)


def test_repeats_are_asked_once_by_each_variant_and_told_apart(simulator, groqchat, prompts):
    of_set = ["compare", "--file", prompts, *VARIANTS]
    groqchat(*of_set)
    done = groqchat(*of_set, "--runs", "3", "--json")
    assert "3 prompts × 2 models × 3 runs: 18 answers, 6 of them there already." in done.err
    assert set(asked(simulator).values()) == {6}
    report = done.json
    assert (report["runs"], report["missing"]) == (3, 0)
    assert [(each["id"], each["run"]) for each in report["results"][::2]] == [
        (row["id"], run) for row in ROWS for run in (1, 2, 3)
    ]
    assert Counter((each["variant"], each["run"]) for each in report["results"]) == {
        (variant, run): 3 for variant in ("effort=low", "effort=high") for run in (1, 2, 3)
    }
    assert len({each["message_id"] for each in report["results"]}) == 18
    first = report["models"][0]
    assert (first["prompts"], first["wanted"], first["answers"], first["checks"]) == (3, 9, 9, 6)
    again = groqchat("compare", "--file", prompts, "--report", "--json").json
    assert again["results"] == report["results"]
    fewer = groqchat("compare", "--file", prompts, "--report", "--runs", "2", "--json").json
    assert [each["run"] for each in fewer["results"][::2]] == [1, 2] * 3
    assert sum(asked(simulator).values()) == 18


def test_a_page_names_the_runs(simulator, groqchat, prompts):
    page = groqchat("compare", "--file", prompts, "-m", B, "--runs", "2", "--html", "-").out
    assert "3 prompts · 1 model · 2 runs · 6 answers" in re.sub("<[^>]*>", "", page)
    assert "two, run 2" in page


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--runs", "0"], "no whole number above zero"),
        (["--runs", "101"], "more than 100 runs"),
    ],
)
def test_a_number_of_runs_that_cannot_be_is_exit_2(groqchat, prompts, words, said):
    done = groqchat("compare", "--file", prompts, "-m", B, *words)
    assert done.code == 2
    assert said in done.err
