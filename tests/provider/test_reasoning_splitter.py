"""Reasoning that stands in the text of an answer is parted from it, however the text is cut."""

import pytest

from groqchat.domain.turns.chat import Delta, TextWasReasoning
from groqchat.domain.turns.thoughts import without_thoughts
from groqchat.provider.answer_reader import AnswerReader
from tests.provider.scripted import compact, delta

DONE = b"data: [DONE]\n\n"
FENCED = "Write it so:\n```xml\n<a>\n</think>\n```\nThat is all."
WITH_THOUGHTS = (
    ("<think>\nHm, 2.\n</think>\n\nTwo.", "Hm, 2.", "Two."),
    (" \n<think>Hm</think>Two < 3.", "Hm", "Two < 3."),
    ("<think>\n\n</think>\n\nTwo.", "", "Two."),
    ("<think>a < b </ c</think>x</think>y", "a < b </ c", "x</think>y"),
    ("<think>\nHm, and then", "Hm, and then", ""),
    ("Hm, 2.\n</think>\n\nTwo.", "Hm, 2.", "Two."),
    ("So it is 2.</think>Two.", "So it is 2.", "Two."),
    ("It is two </think>\nTwo.", "It is two", "Two."),
    ("</think>\n\nTwo.", "", "Two."),
)
ANSWERS_ALONE = (
    "The mark <think>begins</think> it.",
    "`<think>` begins it and `</think>\n` ends it.",
    "One closes it with </think> as always.",
    "A block ends with `</think>`.\nSo it does.",
    f"{FENCED}\n</think>",
    "```\n<think>\nHm\n</think>\n```",
    "Indented:\n\n    </think>\n\nSo.",
    "<thinking>Hm</thinking>",
    "  Two <",
    "<",
)


def heard(pieces):
    """Reasoning and answer, as whoever listens has them in the end."""
    reasoning, answer = [], []
    for piece in pieces:
        if isinstance(piece, TextWasReasoning):
            reasoning, answer = reasoning + answer, []
        else:
            (answer if isinstance(piece, Delta) else reasoning).append(piece.text)
    return "".join(reasoning).strip(), "".join(answer)


def read(*events):
    reader = AnswerReader()
    pieces = [piece for data in events for piece in reader.feed(data)] + reader.finish()
    reasoning, answer = heard(pieces)
    assert reader.text == answer
    return reasoning, answer


def stream(text, size):
    tokens = [text[start : start + size] for start in range(0, len(text), size)]
    return [*(delta(content=token) for token in tokens), delta("stop"), DONE]


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 11, 100])
@pytest.mark.parametrize(
    ("text", "reasoning", "answer"),
    [*WITH_THOUGHTS, *((text, "", text) for text in ANSWERS_ALONE)],
)
def test_a_stream_however_it_is_cut(text, reasoning, answer, size):
    assert read(*stream(text, size)) == (reasoning, answer)


@pytest.mark.parametrize(("text", "reasoning", "answer"), WITH_THOUGHTS)
def test_a_whole_answer_is_parted_alike(text, reasoning, answer):
    choice = {"message": {"content": text}, "finish_reason": "stop"}
    assert read(compact({"choices": [choice]})) == (reasoning, answer)
    assert without_thoughts(text) == answer


@pytest.mark.parametrize("text", ANSWERS_ALONE)
def test_history_keeps_answers_that_are_nothing_else(text):
    assert without_thoughts(text) == text


def test_where_the_server_tells_reasoning_apart_an_end_alone_means_nothing():
    body = [delta(reasoning="Hm."), delta(content="A line.\n</think>\n"), delta("stop"), DONE]
    assert read(*body) == ("Hm.", "A line.\n</think>\n")


def test_what_is_held_back_is_there_when_the_answer_breaks_off():
    assert read(delta(content="It is <"), b'data: {"error": "over"}\n\n') == ("", "It is <")
