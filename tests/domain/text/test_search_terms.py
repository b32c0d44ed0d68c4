"""One rule of what matches: words, phrases, case, accents, punctuation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groqchat.domain.text.search_terms import Terms, folded


@pytest.mark.parametrize(
    ("query", "terms"),
    [
        ('a "b  c" D', ("a", "b c", "d")),
        ("“rate limit” „x y”", ("rate limit", "x y")),
        ('"not closed ye', ("not closed ye",)),
        ('say "hi" "', ("say", "hi", '"')),
        ('a"b', ('a"b',)),
        ("Café CAFE\u0301", ("cafe",)),
        ('"" \0 " "', ('"', "\0")),
        ("", ()),
    ],
)
def test_a_query_is_words_and_phrases(query, terms):
    assert Terms.of(query).terms == tuple(term for term in terms if term != "\0")


@pytest.mark.parametrize(
    ("query", "text", "found"),
    [
        ("CAFE", "Le cafe\u0301 est là", ["cafe\u0301"]),
        ("straße", "Die STRASSE, die Straße", ["Straße"]),
        ('"rate limit"', "A **rate** limit, rate-limit\nand Rate\nLimits; limit rate", [
            "rate** limit", "rate-limit", "Rate\nLimit",
        ]),
        ("rate-limit", "rate limit, rate-limit", ["rate-limit"]),
        ("fox dog", "fox, firefox", []),
        ("fox dog", "fox, firefox, dog", ["fox", "fox", "dog"]),
        ("c++", "c, C++", ["C++"]),
        ("天気", "いい天気です", ["天気"]),
        ("か", "がか", ["か"]),
        ("İstanbul", "istanbul İSTANBUL", ["istanbul", "İSTANBUL"]),
        ("ΟΔΟΣ", "οδος οδός", ["οδος"]),
    ],
)  # fmt: skip
def test_what_is_found_in_an_open_session(query, text, found):
    assert [text[start:end] for start, end in Terms.of(query).spans(text)] == found


@pytest.mark.parametrize(
    ("query", "is_found"),
    [("fox", False), ("fire", True), ("_score", True), ("score", True), ("天", True), ("++", True)],
)
def test_words_begin_as_they_are_asked_for_and_signs_stand_anywhere(query, is_found):
    assert Terms.of(query).are_in("Firefox under_score C++ いい天気") == is_found


@given(st.text(max_size=80))
def test_every_character_keeps_its_place(text):
    assert len(folded(text)) == len(text)


PHRASES = st.text(
    st.characters(exclude_characters='"“”„\0', exclude_categories=["Cs", "Mn"]), min_size=1
)


@given(st.text(max_size=20), PHRASES, st.text(max_size=20))
def test_what_is_looked_for_as_it_stands_is_found(before, phrase, after):
    terms = Terms.of(f'"{phrase}"')
    assert not terms or terms.marks(f"{before} {phrase} {after}")
