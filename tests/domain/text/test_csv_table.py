"""Tables as CSV: what is read back is what was there, and no text becomes a formula."""

import csv
import io
from decimal import Decimal

import pytest

from groqchat.domain.text.csv_table import csv_table


def read_back(text):
    return list(csv.reader(io.StringIO(text, newline="")))


def test_it_is_read_back_as_it_was():
    rows = [["a, b", 'say "x"'], ["two\nlines", ""], [None, "é"]]
    assert read_back(csv_table(["one", "two"], rows)) == [
        ["one", "two"], ["a, b", 'say "x"'], ["two\nlines", ""], ["", "é"],
    ]  # fmt: skip
    assert csv_table(["one", "two"], []) == "one,two\n"


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", "\n", "＝"])
def test_a_text_that_looks_like_a_formula_stays_text(begin):
    for text in (f"{begin}1+1", f"{begin}HYPERLINK(1,2)", begin):
        assert read_back(csv_table(["x"], [[text]])) == [["x"], [f"'{text}"]]


@pytest.mark.parametrize("number", [-1, -0.5, Decimal("-0.000123"), "-1.50", "+3", "1e-7"])
def test_numbers_stay_numbers(number):
    assert csv_table(["x"], [[number]]) == f"x\n{number}\n"


def test_what_only_begins_like_a_number_is_text():
    assert csv_table(["x"], [["-1+cmd|calc"]]) == "x\n'-1+cmd|calc\n"
