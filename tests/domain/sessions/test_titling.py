"""What a model is asked for a title, and what is taken of its answer."""

import pytest

from groqchat.domain.sessions.summaries import LONGEST_TITLE
from groqchat.domain.sessions.titling import title_in, title_request
from groqchat.domain.turns.chat import Message, Role
from groqchat.domain.turns.message_kind import MessageKind


def message(text, role=Role.USER, kind=MessageKind.SPOKEN):
    return Message(text[:5], "s", None, role, text, 1.0, kind=kind)


@pytest.mark.parametrize(
    ("answer", "title"),
    [
        ("A walk in the rain", "A walk in the rain"),
        ('**"Title: A walk."**\n\nI chose it because…', "A walk"),
        ("<think>Hm, a walk?</think>\n\n# Regen\n", "Regen"),
        ("Titel: „Ein Gang im Regen“", "Ein Gang im Regen"),
        ("", ""),
        ("  \n ** \n", ""),
        ("<think>never ended", ""),
    ],
)
def test_the_title_is_the_first_line_without_what_stands_around_it(answer, title):
    assert title_in(answer) == title


def test_a_long_title_is_cut_and_a_key_in_it_is_left_out():
    assert len(title_in("word " * 100)) <= LONGEST_TITLE
    assert (
        title_in("My key gsk_abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOP")
        == "My key gsk_…"
    )


def test_only_the_beginnings_of_a_few_spoken_messages_are_sent():
    path = [
        message("first " + "x" * 5000),
        message("<think>secret</think>second", Role.ASSISTANT),
        message("an aside", kind=MessageKind.ASIDE),
        message("a note", Role.SYSTEM, MessageKind.COMPACTION),
        message("third"),
        *(message(f"middle {number}") for number in range(9)),
        message("the last"),
    ]
    asked = title_request(path)
    assert "User: first" in asked
    assert "Assistant: second" in asked
    assert "the last" in asked
    assert len(asked) < 1500
    for left_out in ("secret", "aside", "note", "middle 3"):
        assert left_out not in asked
    assert title_request([]) == title_request(path[2:4]) == ""
