"""Models by the names that people write: found where one alone is meant, else told what is near."""

import pytest

from groqchat.domain.models.names import UnclearModelError, UnknownModelError, resolved_model
from groqchat.domain.settings import read_settings
from groqchat.domain.settings_models import with_ids
from groqchat.storage.catalog import load_catalog

CATALOG = load_catalog()


@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("openai/gpt-oss-20b", "openai/gpt-oss-20b"),
        ("gpt-oss-20b", "openai/gpt-oss-20b"),
        ("GPT-OSS-20B", "openai/gpt-oss-20b"),
        ("20b", "openai/gpt-oss-20b"),
        ("qwen", "qwen/qwen3.8-27b"),
    ],
)
def test_a_name_that_means_one_model_is_enough(name, model):
    assert resolved_model(name, CATALOG) == model


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("gpt", "'gpt' may be openai/gpt-oss-120b, openai/gpt-oss-20b: write more of it"),
        ("whisper-large-v3", "whisper-large-v3 does not chat: it writes down what is said"),
        ("whisper", "does not chat"),
        ("orpheus-v1-english", "does not chat: it reads aloud"),
        ("gpt-os-20b", "no model is called 'gpt-os-20b'; did you mean openai/gpt-oss-20b?"),
        ("opnai/gpt-oss-20b", "did you mean openai/gpt-oss-20b?"),
        ("qwen3.7-27b", "did you mean qwen/qwen3.8-27b?"),
        ("xyz", "no model is called 'xyz'"),
        ("", "no model is called ''"),
        ("\x1b[31mred", "no model is called"),
    ],
)
def test_what_is_not_clear_is_told(name, said):
    with pytest.raises(UnclearModelError) as error:
        resolved_model(name, CATALOG)
    assert said in str(error.value)
    assert "\x1b" not in str(error.value)


def test_a_speech_model_can_be_named_where_nobody_has_to_chat():
    assert resolved_model("v3-turbo", CATALOG, for_chat=False) == "whisper-large-v3-turbo"
    with pytest.raises(UnknownModelError, match="did you mean whisper-large-v3-turbo"):
        resolved_model("whisper-large-v3-trubo", CATALOG, for_chat=False)


def test_models_of_the_settings_are_called_by_their_ids():
    told = {
        "model": "20b",
        "fallback": ["router", "120b", "gpt", "brand/new"],
        "endpoints": {
            "router": {"base_url": "https://router.example/v1", "model": "20b"},
        },
    }
    settings, mistakes = with_ids(read_settings(told)[0], CATALOG)
    assert settings.model == "openai/gpt-oss-20b"
    assert settings.fallback == ("router", "openai/gpt-oss-120b", "gpt", "brand/new")
    assert len(mistakes) == 1
    assert "“fallback”: 'gpt' may be openai/gpt-oss-120b" in mistakes[0]
    assert "does not chat" in with_ids(read_settings({"model": "whisper"})[0], CATALOG)[1][0]
