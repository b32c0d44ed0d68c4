"""``groqchat ask`` where the model asked for is gone, full, or takes other parameters."""

import sqlite3

import pytest

from groqchat.storage.catalog import load_catalog
from groqchat.storage.settings.paths import folders

MODEL = "openai/gpt-oss-120b"
SMALL = "openai/gpt-oss-20b"
RETIRED = "llama-3.3-70b-versatile"
REPLACEMENT = load_catalog().replacement_for(RETIRED).id


@pytest.fixture
def settings():
    """Writes the user's settings file."""

    def write(text):
        path = folders().settings_file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    return write


def test_a_dead_default_heals_with_a_notice(simulator, groqchat, settings):
    path = settings(f'# mine\nmodel = "{RETIRED}"\n')
    done = groqchat("ask", "Hi", "--json")
    assert (done.code, done.json["model"]) == (0, REPLACEMENT)
    assert f"{RETIRED} was shut down; using {REPLACEMENT} from now on." in done.err
    assert path.read_text() == f'# mine\nmodel = "{REPLACEMENT}"\n'
    assert groqchat("ask", "Hi").err == ""


def test_a_model_named_for_this_request_is_not_replaced(simulator, groqchat):
    done = groqchat("ask", "Hi", "-m", RETIRED, "--json")
    assert done.code == 9
    assert (done.json["error"]["kind"], done.json["error"]["replacement"]) == (
        "model_gone",
        REPLACEMENT,
    )
    assert f"Choose {REPLACEMENT} with --model" in done.json["error"]["suggestion"]


def test_a_session_whose_model_died_goes_on_with_the_heir(simulator, groqchat):
    assert groqchat("ask", "Remember me", "-m", MODEL).code == 0
    with sqlite3.connect(folders().database_file) as database:
        database.execute("UPDATE sessions SET model = ?", (RETIRED,))
    done = groqchat("ask", "Hi", "-c", "--json")
    assert (done.code, done.json["model"]) == (0, REPLACEMENT)
    assert "was shut down" in done.err
    assert groqchat("sessions", "list", "--json").json[0]["model"] == REPLACEMENT


def test_fallback_models_answer_for_the_chosen_failures_and_say_so(simulator, groqchat, settings):
    settings(f'fallback = ["{SMALL}"]\nfallback_on = ["rate_limited"]\n')
    simulator.arm("rate_limited=3600*1")
    done = groqchat("ask", "Hi", "-m", MODEL, "--json", "--max-wait", "0")
    assert (done.code, done.json["model"], done.json["attempts"]) == (0, SMALL, 2)
    assert f"429 · Rate limit reached: asking {SMALL} instead of {MODEL}." in done.err
    rows = groqchat("usage", "--by", "model", "--json").json["rows"]
    assert {row["key"] for row in rows} >= {SMALL}


def test_a_full_flex_tier_falls_back_to_on_demand(simulator, groqchat):
    simulator.arm("flex_full*1")
    done = groqchat("ask", "Hi", "-m", MODEL, "--tier", "flex", "--json", "--max-wait", "0")
    assert (done.code, done.json["service_tier"]) == (0, "on_demand")
    assert "asking on the on_demand tier instead" in done.err


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--effort", "foo", "takes low, medium, high"),
        ("--effort", "none", "takes low, medium, high"),
        ("--max-tokens", "999999999", "takes at most 65,536 tokens"),
    ],
)
def test_what_a_model_refuses_is_wrong_usage_that_names_what_it_takes(
    simulator, groqchat, option, value, said
):
    done = groqchat("ask", "Hi", "-m", MODEL, option, value, "--json")
    assert done.code == 2
    assert f"{option} {value}: {MODEL} {said}" in done.err
    assert done.json["error"]["kind"] == "invalid_request"
    assert said in done.json["error"]["message"]
    assert groqchat("usage", "--json").json["requests"] == 0


def test_nobody_knows_what_an_unlisted_model_takes(unlimited, groqchat):
    given = ("--effort", "foo", "--max-tokens", "999999999")
    done = groqchat("ask", "Hi", "-m", "nobody/knows-it", *given)
    assert "takes" not in done.err
    assert done.code != 2


def test_where_the_server_names_what_it_takes_our_catalogue_is_silent(simulator, groqchat):
    simulator.arm("effort_wrong")
    error = groqchat("ask", "Hi", "-m", MODEL, "--effort", "low", "--json").json["error"]
    assert "must be one of" in error["message"]
    assert error["suggestion"] == "Give another with --effort (or off); it takes none, default."
