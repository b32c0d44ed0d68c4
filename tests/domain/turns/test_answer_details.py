"""The details of a message: what it used, cost and took, and what it was asked with."""

from dataclasses import replace
from decimal import Decimal

from groqchat.domain.money.pricing import Cost, Price
from groqchat.domain.money.usage import Timing, Usage
from groqchat.domain.turns.answer_details import asked_with_words, details_of
from groqchat.domain.turns.answer_footer import footer_of
from groqchat.domain.turns.chat import Message, Options, Role
from groqchat.domain.turns.sent_parameters import asked_with, system_digest

ANSWER = Message(
    "a", "s", "p", Role.ASSISTANT, "Two.", 0.0,
    model="m", service_tier="flex", request_id="req_1", finish_reason="stop",
    usage=Usage(1200, 1000, 500, 200), timing=Timing(0.1, 1.0),
    cost=Cost(Decimal("0.0004"), Decimal("0.0001")),
    asked_with={"temperature": 0.2, "stop": ["a, b", "END"], "response_format": {"type": "x"}},
)  # fmt: skip
PRICE = Price(Decimal(1), Decimal(1), Decimal("0.60"))


def test_all_that_is_known_of_an_answer_is_told():
    assert details_of(ANSWER, PRICE) == [
        ("answered by", "m"),
        ("ended", "stop"),
        ("service tier", "flex"),
        ("tokens in", "1,200, 1,000 of them cached"),
        ("tokens out", "500"),
        ("of them reasoning", "200, $0.00012 at today's price"),
        ("cost", "$0.0004"),
        ("saved by the cache", "$0.0001"),
        ("first token", "100ms"),
        ("whole answer", "1.0s"),
        ("speed", "556 tok/s"),
        ("asked with", "temperature 0.2"),
        ("asked with", 'stop "a, b", END'),
        ("asked with", 'response_format {"type": "x"}'),
        ("request", "req_1"),
    ]


def test_what_is_not_known_is_left_out():
    rows = dict(
        details_of(replace(ANSWER, usage=None, timing=None, cost=None, asked_with={}), None)
    )
    assert rows == {
        "answered by": "m", "ended": "stop", "service tier": "flex", "cost": "unknown",
        "request": "req_1",
    }  # fmt: skip
    assert dict(details_of(ANSWER, None))["of them reasoning"] == "200"
    prompt = Message("p", "s", None, Role.USER, "1 + 1?", 0.0)
    assert details_of(prompt, PRICE) == [("length", "6 characters")]


def test_values_of_any_shape_are_told():
    odd = {"a": None, "b": [1, None], "c": {}, "d": True}
    assert asked_with_words(odd) == ["a None", "b 1, None", "c {}", "d true"]


def test_the_footer_counts_reasoning_that_is_not_shown():
    assert "500 out (200 reasoning) · " in footer_of(ANSWER)
    assert "500 out · " in footer_of(replace(ANSWER, reasoning="Hm."))


def test_details_tell_whether_the_system_prompt_has_changed_since():
    asked = replace(ANSWER, asked_with=asked_with(Options("m", system="Be brief.")))
    rows = dict(details_of(asked, None, "Be brief."))
    assert rows["system prompt"] == "the one that the session has now"
    changed = dict(details_of(asked, None, "Be long."))["system prompt"]
    assert (
        changed == f"another one than the session has now (SHA-256 {system_digest('Be brief.')}…)"
    )
    assert "system prompt" not in dict(details_of(ANSWER, None, "Be long."))
    assert not any("sha256" in text for _, text in details_of(asked, None))
