"""Texts that are asked part by part."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groqchat.domain.money.pricing import Price
from groqchat.domain.money.usage import Usage
from groqchat.domain.turns.parts import MOST_PARTS, first_lines, in_parts, price_of


def tokens_of(text):
    """A token for every four characters, and ten for the template."""
    return 10 + len(text) // 4


TEXT = "\n".join(f"{number},a line of some words" for number in range(2_000))


def test_every_part_fits_and_together_they_are_the_text():
    parts = in_parts("What stands out?", "big.csv", TEXT, 4_000, tokens_of)
    assert "".join(parts.texts) == TEXT
    assert len(parts.texts) == 4
    assert all(text.endswith("\n") for text in parts.texts[:-1])
    prompts = [parts.prompt(number) for number in range(4)]
    assert all(tokens_of(prompt) <= 4_000 for prompt in prompts)
    assert "This is part 2 of 4." in prompts[1]
    assert "in at most 280 words" in prompts[1]
    assert "Request: What stands out?\n\nbig.csv, part 2:\n```\n" in prompts[1]
    joined = parts.joined(["one ", "two", "three", "four"])
    assert joined.startswith("What stands out?\n\nbig.csv was too long for one request.")
    assert joined.endswith("Part 1:\none\n\nPart 2:\ntwo\n\nPart 3:\nthree\n\nPart 4:\nfour")


@settings(max_examples=25)
@given(
    st.lists(st.text("ab \n,", max_size=400), max_size=30).map("\n".join), st.integers(200, 2_000)
)
def test_nothing_of_a_text_is_lost_however_it_is_cut(text, room):
    parts = in_parts("Why?", "a", text, room, tokens_of)
    if parts is not None:
        assert "".join(parts.texts).split() == text.split()
        assert all(tokens_of(parts.prompt(at)) <= room for at in range(len(parts.texts)))
        assert tokens_of(parts.joined(["x" * 4 * parts.notes_tokens] * len(parts.texts))) <= (
            room + 10 * len(parts.texts)
        )


def test_a_line_that_is_too_long_is_cut_within():
    parts = in_parts("Why?", "a", "x" * 20_000, 2_000, tokens_of)
    assert "".join(parts.texts) == "x" * 20_000
    assert len(parts.texts) > 2


@pytest.mark.parametrize(("length", "room"), [(100_000, 100), (4 * 1_900 * MOST_PARTS + 1, 2_000)])
def test_what_is_too_long_even_in_parts_is_not_offered(length, room):
    assert in_parts("Why?", "a", "x\n" * (length // 2), room, tokens_of) is None


def test_the_price_counts_all_requests_and_notes():
    parts = in_parts("Why?", "big.csv", TEXT, 4_000, tokens_of)
    usage = parts.usage(tokens_of)
    sent = sum(tokens_of(parts.prompt(number)) for number in range(4))
    joined = tokens_of(parts.joined([""] * 4))
    assert (usage.prompt_tokens, usage.completion_tokens) == (sent + joined + 1_600, 1_600)
    price = Price(Decimal("0.15"), None, Decimal("0.60"))
    assert price_of(Usage(1_000_000, completion_tokens=500_000), price) == Decimal("0.45")
    assert price_of(usage, None) is None


def test_the_first_lines_fill_most_of_the_room():
    lines = TEXT.splitlines()
    last = first_lines(lines, 3_000, tokens_of)
    assert 2_000 < tokens_of("\n".join(lines[:last])) <= 3_000
    assert first_lines(lines[:5], 3_000, tokens_of) == 5
    assert first_lines(["x" * 40_000], 3_000, tokens_of) == 0
    assert first_lines(lines, 0, tokens_of) == first_lines(lines, -3_000, tokens_of) == 0
