"""The catalogue that ships: complete, dated, and true to the published tables."""

import re
from decimal import Decimal

import pytest

from groqchat.domain.limits.quota import LimitKind
from groqchat.domain.models.catalog import Kind, Plan, Status
from groqchat.storage.catalog import load_catalog

CHAT_BUCKETS = (LimitKind.RPM, LimitKind.RPD, LimitKind.TPM, LimitKind.TPD)
JUNE_LIMITS = {
    "llama-3.1-8b-instant": (30, 14_400, 6_000, 500_000),
    "llama-3.3-70b-versatile": (30, 1_000, 12_000, 100_000),
    "openai/gpt-oss-120b": (30, 1_000, 8_000, 200_000),
    "openai/gpt-oss-20b": (30, 1_000, 8_000, 200_000),
    "meta-llama/llama-4-scout-17b-16e-instruct": (30, 1_000, 30_000, 500_000),
    "qwen/qwen3-32b": (60, 1_000, 6_000, 500_000),
    "groq/compound": (30, 250, 70_000, None),
    "whisper-large-v3-turbo": (20, 2_000, None, None),
}
JUNE_PRICES = {
    "openai/gpt-oss-20b": ("0.075", "0.0375", "0.30", 131_072),
    "openai/gpt-oss-120b": ("0.15", "0.075", "0.60", 131_072),
    "llama-3.1-8b-instant": ("0.05", None, "0.08", 131_072),
    "llama-3.3-70b-versatile": ("0.59", None, "0.79", 131_072),
    "meta-llama/llama-4-scout-17b-16e-instruct": ("0.11", None, "0.34", 131_072),
    "qwen/qwen3-32b": ("0.29", None, "0.59", 131_072),
}


@pytest.fixture(scope="module")
def catalog():
    return load_catalog()


@pytest.mark.parametrize("model_id", JUNE_LIMITS)
def test_the_free_limits_of_june_2026(catalog, model_id):
    limits = catalog.get(model_id).limits[Plan.FREE]
    assert tuple(limits.get(kind) for kind in CHAT_BUCKETS) == JUNE_LIMITS[model_id]


@pytest.mark.parametrize("model_id", JUNE_PRICES)
def test_the_prices_of_june_2026(catalog, model_id):
    model, (given, cached, out, window) = catalog.get(model_id), JUNE_PRICES[model_id]
    assert model.price.input == Decimal(given)
    assert model.price.cached_input == (Decimal(cached) if cached else None)
    assert model.price.output == Decimal(out)
    assert model.context_window == window


@pytest.mark.parametrize(
    ("model_id", "per_hour"), [("whisper-large-v3", "0.111"), ("whisper-large-v3-turbo", "0.04")]
)
def test_audio_is_priced_by_the_hour(catalog, model_id, per_hour):
    model = catalog.get(model_id)
    assert (model.kind, model.price.per_hour) == (Kind.AUDIO, Decimal(per_hour))
    assert model.limits[Plan.FREE][LimitKind.ASH] == 7_200
    assert model.limits[Plan.FREE][LimitKind.ASD] == 28_800


def test_built_in_tools(catalog):
    assert catalog.tools["web_search_basic"].per_thousand == 5
    assert catalog.tools["code_interpreter"].per_hour == Decimal("0.18")
    search = catalog.tools["browser_search"]
    assert (search.per_thousand, search.per_hour) == (None, None)


def test_the_models_to_chat_with(catalog):
    assert [model.id for model in catalog.chat_models()] == [
        "openai/gpt-oss-120b",
        "openai/gpt-oss-20b",
        "qwen/qwen3.8-27b",
        "allam-2-7b",
    ]


def test_the_free_output_limit_of_qwen(catalog):
    qwen = catalog.get("qwen/qwen3.8-27b")
    assert qwen.limits[Plan.FREE][LimitKind.OTPM] == 1_000
    assert LimitKind.OTPM not in qwen.limits[Plan.DEVELOPER]
    assert qwen.can("vision")
    assert qwen.reasoning_efforts == ("none", "default", "low", "medium", "high")


@pytest.mark.parametrize(
    ("model_id", "retired_on", "replacement"),
    [
        ("llama-3.3-70b-versatile", "2026-08-16", "openai/gpt-oss-120b"),
        ("llama-3.1-8b-instant", "2026-08-16", "openai/gpt-oss-20b"),
        ("qwen/qwen3.6-27b", "2026-09-14", "qwen/qwen3.8-27b"),
        ("groq/compound", "2026-09-21", "openai/gpt-oss-120b"),
        ("playai-tts-arabic", "2025-12-31", "canopylabs/orpheus-arabic-saudi"),
        ("distil-whisper-large-v3-en", "2025-08", "whisper-large-v3-turbo"),
    ],
)
def test_retired_models_and_what_to_take_instead(catalog, model_id, retired_on, replacement):
    model = catalog.get(model_id)
    assert (model.status, model.retired_on) == (Status.RETIRED, retired_on)
    assert catalog.replacement_for(model_id).id == replacement


def test_a_replacement_is_of_the_same_kind(catalog):
    for model in catalog.models.values():
        if model.is_retired:
            assert catalog.replacement_for(model.id).kind is model.kind


def test_the_headers_of_each_chat_model_tell_the_plan(catalog):
    for model in catalog.chat_models():
        for plan, limits in model.limits.items():
            heard = limits[LimitKind.RPD], limits[LimitKind.TPM]
            assert catalog.infer_plan(model.id, *heard) is plan


def test_every_figure_is_dated_and_every_retirement_too(catalog):
    for model in catalog.models.values():
        sources = [(model.source, model.as_of)]
        sources += [(origin.source, origin.as_of) for origin in model.limits_from.values()]
        if model.price:
            sources.append((model.price.source, model.price.as_of))
        for source, as_of in sources:
            assert source, model.id
            assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", as_of), model.id
        assert model.limits.keys() == model.limits_from.keys()
        assert model.is_retired == (model.retired_on is not None)
