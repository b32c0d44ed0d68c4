from __future__ import annotations

from decimal import Decimal

import pytest
from groq import NotFoundError

from .conftest import BIG, SMALL


async def test_the_list_as_the_sdk_reads_it(groq):
    models = {model.id: model for model in (await groq.models.list()).data}
    assert {BIG, SMALL, "whisper-large-v3"} <= models.keys()
    assert models[SMALL].created == 1754407957
    assert models[SMALL].owned_by == "OpenAI"
    assert models[SMALL].model_extra["context_window"] == 131072


async def test_retired_and_enterprise_models_are_not_listed(http):
    listed = {model["id"] for model in (await http.get("/openai/v1/models")).json()["data"]}
    assert not {"groq/compound", "llama-3.3-70b-versatile", "minimaxai/minimax-m2.7"} & listed


async def test_prices_are_strings_in_dollars_for_one_token(http):
    entry = (await http.get(f"/openai/v1/models/{SMALL}")).json()
    assert entry["pricing"] == {
        "prompt": "0.000000075",
        "completion": "0.0000003",
        "image": "0",
        "request": "0",
        "input_cache_read": "0.0000000375",
    }
    speech = (await http.get("/openai/v1/models/canopylabs/orpheus-v1-english")).json()
    assert Decimal(speech["pricing"]["prompt"]) * 1_000_000 == 22
    assert (await http.get("/openai/v1/models/whisper-large-v3")).json()["pricing"] is None


async def test_old_entries_lack_what_new_ones_have(http):
    entries = {model["id"]: model for model in (await http.get("/openai/v1/models")).json()["data"]}
    assert "pricing" not in entries["allam-2-7b"]
    assert entries["qwen/qwen3.8-27b"]["input_modalities"] == ["text", "image"]
    assert entries["whisper-large-v3"]["output_modalities"] == ["transcription"]
    assert "reasoning" in entries[BIG]["supported_features"]


async def test_the_list_is_free_and_shows_no_limits(http, sim):
    before = sim.state(BIG)
    reply = await http.get("/openai/v1/models")
    assert not [name for name in reply.headers if name.startswith("x-ratelimit")]
    assert sim.state(BIG) == before


async def test_an_unknown_entry_is_404(groq):
    with pytest.raises(NotFoundError, match="model_not_found"):
        await groq.models.retrieve("no/such-model")
