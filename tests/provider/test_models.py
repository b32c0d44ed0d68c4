"""The account's list of models: old entries, new entries, and what is no list."""

from __future__ import annotations

import json
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groqchat.domain.errors.cause import ErrorKind
from groqchat.domain.errors.tree import GroqchatError
from groqchat.domain.models.catalog import LiveModel
from groqchat.domain.money.pricing import Price
from groqchat.provider.models import read_models

NEW = {
    "id": "openai/gpt-oss-20b",
    "object": "model",
    "created": 1754407957,
    "owned_by": "OpenAI",
    "active": True,
    "context_window": 131072,
    "max_completion_tokens": 65536,
    "public_apps": None,
    "input_modalities": ["text"],
    "output_modalities": ["text"],
    "supported_features": ["tools", "json_mode", "reasoning"],
    "pricing": {
        "prompt": "0.000000075",
        "completion": "0.0000003",
        "image": "0",
        "request": "0",
        "input_cache_read": "0.0000000375",
    },
}


def read(*entries, **more):
    return read_models(json.dumps({"object": "list", "data": entries, **more}).encode())


def test_a_new_entry():
    assert read(NEW) == [
        LiveModel(
            id="openai/gpt-oss-20b",
            owned_by="OpenAI",
            active=True,
            context_window=131072,
            max_completion_tokens=65536,
            price=Price(Decimal("0.075"), Decimal("0.0375"), Decimal("0.3")),
            input_modalities=("text",),
            output_modalities=("text",),
            features=("tools", "json_mode", "reasoning"),
        )
    ]


def test_an_old_entry_tells_the_id_and_nothing_else():
    assert read({"id": "old"}) == [LiveModel("old")]


def test_other_names_of_the_windows():
    (model,) = read({"id": "m", "context_length": 10, "max_output_length": 5})
    assert (model.context_window, model.max_completion_tokens) == (10, 5)


@pytest.mark.parametrize(
    "odd",
    ["x", None, [], "", "-1", "NaN", "Infinity", "1e999999", "1e-999999", "5", True, {}, "１,5"],
)
def test_a_price_that_is_none_is_unknown(odd):
    (model,) = read({"id": "m", "pricing": {"prompt": odd, "completion": odd}})
    assert model.price is None
    (model,) = read(NEW | {"pricing": odd})
    assert model.price is None


def test_a_number_instead_of_a_string():
    (model,) = read({"id": "m", "pricing": {"prompt": 1.5e-7, "completion": 0}})
    assert model.price == Price(Decimal("0.15"), None, Decimal(0))


def test_odd_entries_do_not_spoil_the_others():
    odd = [
        None,
        3,
        [],
        {},
        {"id": 7},
        {"id": ""},
        {"id": "a\x1b[2J"},
        {"id": "a\u202eb"},
        {"id": "x" * 999},
    ]
    wrong = {name: {} for name in NEW} | {"id": "wrong"}
    assert [model.id for model in read(*odd, NEW, wrong, NEW)] == [NEW["id"], "wrong"]


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b"{}", b'{"data": {}}', b"\xff", b"[" * 99_999]
)
def test_what_is_no_list_is_not_groq(body):
    with pytest.raises(GroqchatError) as error:
        read_models(body)
    assert error.value.cause.name == "not_groq"


def test_an_error_with_status_200():
    with pytest.raises(GroqchatError) as error:
        read_models(b'{"error": {"message": "m", "code": "invalid_api_key"}}')
    assert error.value.kind is ErrorKind.KEY_REJECTED


@given(st.binary() | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(json.dumps))
def test_nothing_breaks_it(body):
    data = body if isinstance(body, bytes) else f'{{"data": [{{"id": {body}, "pricing": {body}}}]}}'
    with suppress(GroqchatError):
        read_models(data if isinstance(data, bytes) else data.encode())


class TestThroughTheSdk:
    async def test_the_list_of_the_simulator(self, provider):
        models = {model.id: model for model in await provider.models()}
        assert models["openai/gpt-oss-20b"].price.input == Decimal("0.075")
        assert models["qwen/qwen3.8-27b"].context_window

    @pytest.mark.parametrize(
        ("fault", "cause"),
        [
            ("key_rejected@models", "key_rejected"),
            ("server_error@models", "service_error"),
            ("cloudflare_html@models", "cloudflare_blocked"),
            ("rate_limited@models", "rate_limited"),
        ],
    )
    async def test_its_refusals(self, sim, provider, fault, cause):
        sim.arm(fault)
        with pytest.raises(GroqchatError) as error:
            await provider.models()
        assert error.value.cause.name == cause
