from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groqchat.domain.images.image import IMAGE_TOKENS
from groqchat.simulator import library
from groqchat.simulator.cache import PromptCache
from groqchat.simulator.tokens import tokenize, tokenize_prompt

from .conftest import SMALL, post


@given(st.text())
def test_tokens_put_together_are_the_text_again(text):
    assert "".join(tokenize(text)) == text


@given(st.text(), st.integers(0, 50))
def test_a_text_cut_after_a_token_has_the_same_tokens(text, number):
    tokens = tokenize(text)
    assert tokenize("".join(tokens[:number])) == tokens[:number]


def test_a_token_is_about_four_characters():
    texts = [article.text for article in library.articles()]
    characters, tokens = sum(map(len, texts)), sum(len(tokenize(text)) for text in texts)
    assert 3.5 < characters / tokens < 4.5


def test_an_image_counts_as_many_tokens():
    image = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}}
    text = {"type": "text", "text": "What is this?"}
    prompt = tokenize_prompt([{"role": "user", "content": [text, image]}])
    assert len(prompt) == 8 + len(tokenize("What is this?")) + IMAGE_TOKENS


@pytest.mark.parametrize(
    ("question", "part"),
    [
        ("Explain rate limits", "Requests and tokens are counted apart"),
        ("How do I retry in asyncio?", "Retrying without making it worse"),
        ("Hello", "I am the simulator"),
        ("an SQL query, please", "ROW_NUMBER"),
    ],
)
def test_the_answer_fits_the_question(question, part):
    assert part in library.find(question, random.Random(1))


async def test_what_nobody_wrote_down_is_said_openly(http):
    said = (await post(http, "Who was Ada Lovelace?")).json()["choices"][0]["message"]["content"]
    assert "**Who was Ada Lovelace?**" in said
    assert "not a language model" in said


@pytest.mark.parametrize("number", [1, 5, 40, 500, 2000])
async def test_as_many_tokens_as_asked_for(http, sim, number):
    reply = await post(http, f"write {number} tokens, end with ZEBRA", SMALL)
    usage = reply.json()["usage"]
    said = reply.json()["choices"][0]["message"]["content"]
    counted = usage["completion_tokens"] - usage["completion_tokens_details"]["reasoning_tokens"]
    assert counted == max(number, len(tokenize("\n\nZEBRA")) + 1)
    assert said.endswith("\n\nZEBRA")


@pytest.mark.parametrize(
    "question", ["Why may I use only 8000 tokens a minute?", "What do 200,000 tokens cost?"]
)
async def test_a_number_of_tokens_in_a_question_is_no_order(http, question):
    usage = (await post(http, question)).json()["usage"]
    assert usage["completion_tokens"] < 1500


async def test_a_long_answer_is_mixed_markdown(http):
    said = (await post(http, "write 4k tokens", SMALL)).json()["choices"][0]["message"]["content"]
    assert all(mark in said for mark in ("\n## ", "\n```", "\n| ", "\n- ", "\n1. ", "\n> "))


def test_the_cache_knows_beginnings_by_whole_blocks():
    cache = PromptCache()
    prompt = [f"t{n}" for n in range(300)]
    assert cache.hit("key", prompt, 0.0) == 0
    assert cache.hit("key", prompt, 1.0) == 256
    assert cache.hit("key", [*prompt[:200], "other", *prompt[201:]], 2.0) == 128
    assert cache.hit("key", ["other", *prompt[1:]], 3.0) == 0
    assert cache.hit("other key", prompt, 4.0) == 0


def test_use_keeps_the_cache_alive():
    cache = PromptCache()
    prompt = [f"t{n}" for n in range(128)]
    cache.hit("key", prompt, 0.0)
    assert cache.hit("key", prompt, 7000.0) == 128
    assert cache.hit("key", prompt, 14_000.0) == 128
    assert cache.hit("key", prompt, 21_300.0) == 0
