"""A document shows the same however it arrived, and never more nor less than its text."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from groqchat.ui.markdown.document import Document
from groqchat.ui.markdown.lines import Line
from tests.ui.markdown.samples import CONSTRUCTS, MARKDOWN, chunked


def rendered(text: str, width: int = 40, *, is_markup: bool = True) -> list[Line]:
    document = Document(width, is_markup=is_markup)
    document.append(text)
    return document.lines()


def painted(text: str, width: int = 40) -> str:
    return "\n".join(line.text for line in rendered(text, width))


@given(MARKDOWN, st.lists(st.integers(0, 2000), max_size=12), st.integers(1, 60))
def test_streamed_and_whole_are_equal(text, cuts, width):
    streamed = Document(width)
    for chunk in chunked(text, cuts):
        streamed.append(chunk)
    assert streamed.lines() == rendered(text, width)


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_every_construct_streams_in_any_chunk_size(size):
    text = "\n".join(CONSTRUCTS)
    streamed = Document(50)
    for start in range(0, len(text), size):
        streamed.append(text[start : start + size])
    assert streamed.lines() == rendered(text, 50)


@given(MARKDOWN, st.integers(1, 60))
def test_each_prefix_shows_what_it_would_show_alone(text, width):
    streamed = Document(width)
    for end in range(1, min(len(text), 60) + 1):
        streamed.append(text[end - 1])
        assert streamed.lines() == rendered(text[:end], width)


@given(MARKDOWN, st.integers(1, 60), st.integers(1, 60))
def test_resizing_is_as_good_as_beginning_anew(text, before, after):
    document = Document(before)
    document.append(text)
    document.lines()
    document.resize(after)
    assert document.lines() == rendered(text, after)


@given(MARKDOWN, st.integers(10, 60))
def test_lines_fit_and_hold_nothing_a_terminal_obeys(text, width):
    for line in rendered(text, width):
        assert cell_len(line.text) <= width
        assert not re.search(
            r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]", line.text
        )


@given(MARKDOWN, st.integers(20, 60))
def test_no_word_is_lost(text, width):
    text = text.replace("`", "").replace("~", "")  # what follows a fence is cut to the width
    shown = "".join(line.copied() for line in rendered(text, width))
    shown = re.sub(r"\s", "", shown)
    for word in ("word", "漢字", "two", "never", "done", "extra"):
        assert shown.count(word) >= text.count(word)


def test_inline_code_that_is_longer_than_a_row_is_marked_where_it_goes_on():
    code = "".join(f"{n:02d}." for n in range(30))
    lines = rendered(f"Run (`{code}`) or `two words` now.", 40)
    assert lines[0].text == "Run"
    assert [line.text[0] for line in lines[2:4]] == ["↪", "↪"]
    assert [line.width for line in lines[1:3]] == [40, 40]
    copied = "".join(line.copied() + line.join for line in lines)
    assert f"({code}) or two words now." in copied
    assert "↪" not in painted("word" * 30)


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_code_of_many_rows_streams_as_it_stands(size):
    assert_code_streams_as_it_stands(60, size)


def assert_code_streams_as_it_stands(repeats, size):
    text = f"`{'a.long-name_' * repeats}` and so on, `{'b' * 90}`."
    streamed = Document(50)
    for start in range(0, len(text), size):
        streamed.append(text[start : start + size])
    assert streamed.lines() == rendered(text, 50)
