"""The benchmarks run and tell what they found; how fast this machine is, is nobody's claim."""

import re

import pytest

from tests.benchmarks.quick_run import benchmarks, quick

pytestmark = [pytest.mark.pty, pytest.mark.slow]

_NUMBER = re.compile(r"\d+\.\d+")


def test_table_of_a_quick_run(tmp_path):
    file = tmp_path / "table.md"
    table = quick("search", "listing", "ask", "--markdown", str(file), seconds=55)
    assert file.read_text(encoding="utf-8") == table
    heads, _, *lines = [line for line in table.splitlines() if line.startswith("|")]
    assert heads == "| figure | floor | groqchat | ratio | to reach |"
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    assert [row[0] for row in rows] == [
        "search 2,000 messages",
        "the slowest of these searches",
        "list the last 200 of 500 sessions",
        "list those with a word of 500 sessions",
        "list messages with a word, best first, of 500 sessions",
        "`ask`, an answer of 60 tokens, processor time of the process",
    ]
    for _, floor, ours, ratio, _ in (rows[0], *rows[2:]):
        values = [float(_NUMBER.search(cell)[0]) for cell in (floor, ours, ratio)]
        assert values[1] > 0
        assert values[2] == pytest.approx(values[1] / values[0], rel=0.2)


def test_the_estimate_of_tokens_is_told_kind_by_kind():
    table = quick("tokens", seconds=55)
    rows = [line for line in table.splitlines() if line.startswith("| tokens of ")]
    assert len(rows) >= 40
    assert all(0.7 <= float(row.split("|")[4]) <= 1.3 for row in rows)
    error = re.search(r"\| tokens, error over \d+ kinds \| – \| ([\d.]+)% ", table)
    assert float(error[1]) <= 10


def test_an_import_and_a_grown_database_are_measured_beside_their_floors():
    table = quick("importing", "growth", seconds=120)
    lines = [line for line in table.splitlines() if line.startswith("| ")][2:]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    assert [row[4] for row in rows] == ["≤ 4", *["≤ 1.5"] * (len(rows) - 1)]
    assert len(rows) == 5
    assert all(float(ratio) > 0 for _, _, _, ratio, _ in rows)


def test_unknown_figures_are_refused():
    said = benchmarks("nonsense", seconds=30, code=2)
    assert "no such figure: nonsense" in said
