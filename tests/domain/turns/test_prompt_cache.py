"""What keeps the next prompt from the server's cache."""

from dataclasses import replace

import pytest

from groqchat.domain.turns.chat import Options
from groqchat.domain.turns.prompt_cache import (
    COLD,
    EDITED,
    SYSTEM_CHANGED,
    TOOLS_CHANGED,
    SentPrompt,
    cache_note,
    dated,
)

LAST = SentPrompt("m", "Rhyme.", "a1", 1_000.0, 2_000)
SAME = Options("m", "Rhyme.")
LONG = "Answer briefly. " * 40


def test_the_same_beginning_is_expected_in_the_cache_for_two_hours():
    assert cache_note(LAST, SAME, "a1", 1_000.0 + 7_200) == ""
    assert cache_note(LAST, SAME, "a1", 1_000.0 + 7_201) == COLD


def test_another_system_prompt_and_an_edit_break_it():
    assert cache_note(LAST, replace(SAME, system="Sing."), "a1", 1_100.0) == SYSTEM_CHANGED
    assert cache_note(LAST, SAME, "a0", 1_100.0) == EDITED


def test_what_was_never_cached_is_not_spoken_of():
    assert cache_note(None, SAME, "a1", 9_999.0) == ""
    assert cache_note(replace(LAST, tokens=127), SAME, "a1", 9_999.0) == ""
    assert cache_note(LAST, Options("other", "Sing."), "a1", 9_999.0) == ""


@pytest.mark.parametrize(
    "words",
    ["2026-11-29", "29.11.2026", "11/29/26", "It is 17:05", "29 November 2026", "Nov 29, 2026"],
)
def test_a_date_or_time_in_a_long_system_prompt_is_seen(words):
    assert dated(LONG + words)
    assert not dated(words)  # too short to be cached


def test_other_numbers_are_no_dates():
    assert not dated(
        LONG + "Use Python 3.11.7, at most 400 words, in a ratio of 3:1, see RFC 2026."
    )


def test_changed_tools_are_named_since_they_stand_before_all_messages():
    told = f"b changed: {SYSTEM_CHANGED}"
    last = replace(LAST, tools={"a": "1", "b": "2"})
    assert cache_note(last, SAME, "a1", 1_000.0, {"b": "2", "a": "1"}) == ""
    assert cache_note(last, SAME, "a1", 1_000.0) == ""
    assert cache_note(last, SAME, "a1", 1_000.0, {"a": "1", "b": "3"}) == told
    assert cache_note(last, SAME, "a1", 1_000.0, {"a": "1"}) == told
    assert cache_note(last, SAME, "a1", 1_000.0, {}) == TOOLS_CHANGED
