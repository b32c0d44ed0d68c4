"""Titles and snippets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groqchat.domain.sessions.summaries import LONGEST_TITLE, snippet, title_from
from groqchat.domain.text.search_terms import Terms


@pytest.mark.parametrize(
    ("prompt", "title"),
    [
        ("How do I sort a list?\nIn Python.", "How do I sort a list?"),
        ("\n\n  spaced \t out  \n", "spaced out"),
        ("", "New session"),
        (" \n\t", "New session"),
        ("word " * 30, "word word word word word word word word word word word…"),
        ("x" * 200, "x" * (LONGEST_TITLE - 1) + "…"),
    ],
)
def test_a_title_is_the_first_line_cut_at_a_word(prompt, title):
    assert title_from(prompt) == title
    assert len(title) <= LONGEST_TITLE


def terms(words):
    """Each of some words as it is."""
    return Terms.of(" ".join(f'"{word}"' for word in words))


def joined(pieces):
    return "".join(text for text, _ in pieces)


@pytest.mark.parametrize(
    ("text", "words", "pieces"),
    [
        ("Le café est là", ["CAFE"], (("Le ", False), ("café", True), (" est là", False))),
        ("foxes and a fox", ["fox"], (("fox", True), ("es and a ", False), ("fox", True))),
        ("a+b", ["+"], (("a", False), ("+", True), ("b", False))),
        ("category cat", ["at"], (("c", False), ("at", True), ("egory c", False), ("at", True))),
        ("one\n\n  two", ["two"], (("one ", False), ("two", True))),
        ("İstanbul", ["istanbul"], (("İstanbul", True),)),
        ("nothing here", ["absent"], (("nothing here", False),)),
        ("longer long", ["long", "longer"], (("longer", True), (" ", False), ("long", True))),
    ],
)
def test_a_snippet_marks_what_matched(text, words, pieces):
    assert snippet(text, terms(words)) == pieces


def test_a_snippet_is_cut_out_around_the_first_match():
    pieces = snippet("before " * 100 + "needle" + " after" * 100, terms(["needle"]))
    assert pieces[0] == ("…", False)
    assert pieces[-1] == ("…", False)
    assert ("needle", True) in pieces
    assert len(joined(pieces)) <= 165


def test_the_beginning_of_a_word_is_preferred():
    text = "concatenate " * 30 + "a cat sat"
    assert joined(snippet(text, terms(["cat"]))).endswith("a cat sat")


@given(st.text(max_size=300), st.lists(st.text(min_size=1, max_size=5), min_size=1, max_size=3))
def test_a_snippet_holds_nothing_but_the_text(text, words):
    shown = joined(snippet(text, terms(words))).removeprefix("…").removesuffix("…")
    assert "".join(shown.split()) in "".join(text.split())
