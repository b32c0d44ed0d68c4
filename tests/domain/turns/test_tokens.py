"""Estimating prompts, and learning from the server's count."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groqchat.domain.turns.chat import Role
from groqchat.domain.turns.request import RequestMessage
from groqchat.domain.turns.token_estimate import estimate_tokens
from groqchat.domain.turns.tokens import LEAST_FACTOR, MOST_FACTOR, Counted, Length, TokenEstimator
from groqchat.storage.catalog import load_catalog
from tests.domain.turns.token_samples import samples
from tests.fakes import said

CATALOG = load_catalog()
GPT_OSS = TokenEstimator(CATALOG.get("openai/gpt-oss-20b").template)
ENGLISH = "The harbour was quiet when she came down the steps and waited for the boat. "


def prompt(estimator, *texts):
    roles = (Role.USER, Role.ASSISTANT)
    return estimator.prompt([RequestMessage(roles[at % 2], text) for at, text in enumerate(texts)])


def test_gpt_oss_adds_what_recordings_show():
    """Recorded: 71 more than the text for one message, 72 for "hi"."""
    assert prompt(GPT_OSS, "hi").tokens == 72
    assert prompt(GPT_OSS, "hi", "a", "b").known == 67 + 4 + 6 + 4
    system = GPT_OSS.prompt(said((Role.SYSTEM, "x"), (Role.USER, "hi")))
    assert system.known == 71 + 3


def test_another_template_adds_less():
    """Recorded: 21 for this prompt at a Qwen."""
    asked = prompt(TokenEstimator(), "What is 2+2? Reply with just the number.")
    assert asked.known == 8
    assert asked.tokens == pytest.approx(21, rel=0.3)


def test_no_text_is_no_token_and_little_text_is_one():
    assert estimate_tokens("") == 0
    assert estimate_tokens(".") == 1
    assert estimate_tokens(" ") == 1


@pytest.mark.parametrize(
    "text", [ENGLISH, "def f(x):\n    return x + 1\n", "тихая гавань ", "港は静か。"]
)
def test_long_texts_are_judged_by_samples(text):
    some = 60_000 // len(text)
    assert estimate_tokens(text * 5 * some) == pytest.approx(
        5 * estimate_tokens(text * some), rel=0.02
    )


def test_the_template_is_never_multiplied():
    """72 tokens counted for "hi" say nothing about the tokens of a text."""
    learned = GPT_OSS.learned(prompt(GPT_OSS, "hi"), 72)
    assert learned == GPT_OSS


def test_the_vocabulary_of_a_model_is_learnt_from_its_texts():
    estimator = TokenEstimator()
    truth = 8 + 1.3 * estimate_tokens(ENGLISH * 30)
    for _ in range(3):
        estimator = estimator.learned(prompt(estimator, ENGLISH * 30), round(truth))
    assert prompt(estimator, ENGLISH * 30).tokens == pytest.approx(truth, rel=0.02)


def test_what_a_server_adds_unseen_is_learnt_from_short_prompts():
    estimator = TokenEstimator()
    learned = estimator.learned(prompt(estimator, "hi"), 412)
    assert prompt(learned, "hi").tokens == pytest.approx(412, abs=3)
    assert learned.factor == 1


def test_the_difference_to_the_last_count_is_text_alone():
    """A hidden system prompt of 500 tokens stands in both counts."""
    estimator = TokenEstimator()
    first, more = ENGLISH * 10, ENGLISH * 30
    counted = 500 + 8 + round(estimate_tokens(first))
    before = Counted(prompt(estimator, first), counted)
    later = prompt(estimator, first, more)
    learned = estimator.learned(later, counted + 5 + round(1.2 * estimate_tokens(more)), before)
    assert 1.1 < learned.factor < 1.2


def test_a_length_knows_how_far_it_may_be_wrong():
    assert Length(1000.0, 0.0).doubt == 0
    assert Length(0.0, 1000.0).doubt == 429  # 1,429 that are guessed 30 % too short
    assert Length(0.0, 1000.0).excess == 231  # 769 that are guessed 30 % too long
    assert Length(0.0, 1000.0, loose=1000.0).excess == 667


def test_what_repeats_itself_or_is_counted_in_another_vocabulary_may_be_far_less():
    various = "".join(f"Line {n} of {n * 7919 % 977} says {n**3}.\n" for n in range(400))
    for text, estimator, is_loose in (
        (various, GPT_OSS, False),
        (various, TokenEstimator(), True),
        (various, TokenEstimator(factor=1.1), False),
        ("null," * 4_000, GPT_OSS, True),
        ("a" * 20_000, GPT_OSS, True),
    ):
        assert bool(estimator.message(Role.USER, text).loose) == is_loose


def test_nothing_is_longer_beyond_doubt_than_it_was_counted():
    """What is refused unsent has to be too long by its least length."""
    for sample in samples():
        length = GPT_OSS.message(Role.USER, sample.text)
        assert length.guessed - length.excess <= sample.true_tokens, sample.kind


@pytest.mark.parametrize(("part", "a_token"), [("a", 8), ("i", 4), ("A", 8), ("X", 16), ("─", 16)])
def test_rows_of_a_character_are_counted_as_the_vocabulary_does(part, a_token):
    truth = 40_000 / a_token
    assert estimate_tokens(part * 40_000) == pytest.approx(truth, rel=0.05)
    amid = prompt(GPT_OSS, ENGLISH * 10 + part * 40_000 + ENGLISH * 10)
    assert amid.guessed == pytest.approx(truth + 20 * estimate_tokens(ENGLISH), rel=0.1)


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 10**6)), max_size=20))
def test_no_count_makes_it_absurd(samples):
    estimator = GPT_OSS
    for words, counted in samples:
        estimator = estimator.learned(prompt(estimator, "word " * words), counted)
        assert LEAST_FACTOR <= estimator.factor <= MOST_FACTOR
        assert prompt(estimator, "word").tokens >= 0
