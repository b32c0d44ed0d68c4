"""The request in a long prompt, and what it is about."""

import pytest

from groqchat.domain.prompts.subject import subject_of

BOOK = "Chapter one. " * 50 + "\n\nIt was dark.\nNobody came.\n\nWho was there\nknows it."


@pytest.mark.parametrize(
    "prompt",
    [
        BOOK,
        f"Sum it up.\n\n{BOOK}\n",
        f"Sum it up,\nin two lines.\n\n\n{BOOK}",
        f"{BOOK}\n\nWho came?\n",
        f"What is it about?\n{BOOK}",
        f"Sum up: \n{BOOK}",
    ],
)
def test_the_request_before_or_behind_a_text_is_no_part_of_it(prompt):
    assert subject_of(prompt) == BOOK


@pytest.mark.parametrize("prompt", ["", "  \n", "One line", "Why?", "Sum it up:\n", "\n\nWhy?\n\n"])
def test_a_prompt_of_one_piece_is_its_own_subject(prompt):
    assert subject_of(prompt) == prompt.strip()


def test_a_long_paragraph_is_no_request():
    text = f"{'Word ' * 200}\n\nThe end."
    assert subject_of(text) == text
    assert subject_of(f"The beginning of it.\n\n{'Word ' * 200}?".strip()) == f"{'Word ' * 200}?"
