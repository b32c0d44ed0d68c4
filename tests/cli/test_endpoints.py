"""``groqchat ask`` where another vendor's endpoint stands in: a second server plays that vendor."""

import builtins
import subprocess
import sys
from decimal import Decimal

import pytest

from groqchat.services.account.keys import MemoryKeyStore
from groqchat.simulator.background import BackgroundSimulator
from groqchat.simulator.options import Options
from groqchat.storage.catalog import load_catalog
from groqchat.storage.settings.paths import folders

MODEL = "openai/gpt-oss-120b"
SMALL = "openai/gpt-oss-20b"
THEIR_KEY = "gsk_test_of_another_vendor"
PRICE = 'price = { input = "1.00", output = "2.00" }'


@pytest.fixture
def key_store(monkeypatch):
    """A keyring in memory that outlives single commands."""
    made = MemoryKeyStore()
    monkeypatch.setattr("groqchat.bootstrap.SystemKeyring", lambda: made)
    return made


@pytest.fixture
def vendor():
    """The other vendor's server."""
    with BackgroundSimulator(load_catalog(), Options(rate=0)) as running:
        yield running


@pytest.fixture
def settings(vendor):
    """Writes settings whose fallback is the other vendor's endpoint."""

    def write(route=("router",), price="", model=MODEL):
        path = folders().settings_file
        path.parent.mkdir(parents=True, exist_ok=True)
        names = ", ".join(f'"{name}"' for name in route)
        path.write_text(
            f"attempts = 1\nfallback = [{names}]\n[endpoints.router]\n"
            f'base_url = "{vendor.url}/openai/v1"\nmodel = "{model}"\n{price}\n'
        )

    return write


@pytest.fixture
def stored(key_store, groqchat, settings):
    """The endpoint's key is in the keyring, under the endpoint's name."""
    settings()
    added = groqchat("key", "add", "--stdin", "--profile", "router", piped=THEIR_KEY.encode())
    assert added.code == 0


def ask(groqchat, *more):
    return groqchat("ask", "Hi", "-m", MODEL, "--json", "--max-wait", "0", *more)


def test_it_answers_and_that_is_said_kept_and_never_counted_as_groqs(
    simulator, vendor, groqchat, settings, stored
):
    settings(price=PRICE)
    simulator.arm("over_capacity*1")
    done = ask(groqchat)
    told = done.json
    assert (done.code, told["provider"], told["in_place_of"]) == (0, "router", MODEL)
    assert f"asking {MODEL} at router instead of {MODEL}." in done.err
    answer = vendor.simulator.answer(told["request_id"])
    assert told["answer"] == answer.content
    usage = told["usage"]
    cost = (usage["prompt_tokens"] + 2 * usage["completion_tokens"]) / Decimal(10**6)
    assert Decimal(told["cost_usd"]) == cost
    assert told["price"]["source"] == "config.toml"
    assert told["quota"] == {}
    shown = groqchat("sessions", "show", told["session_id"]).out
    assert f"## Assistant ({MODEL} at router in place of {MODEL})" in shown
    rows = {row["key"]: row for row in groqchat("usage", "--json").json["rows"]}
    assert rows[f"{MODEL} at router"]["requests"] == 1
    assert Decimal(rows[f"{MODEL} at router"]["cost_usd"]) == cost
    after = ask(groqchat).json
    left = {kind.value: count for kind, count in simulator.state(MODEL).items()}
    for kind in ("RPD", "TPD"):
        assert after["quota"][kind]["remaining"] == left[kind]


def test_a_price_that_nobody_gave_is_unknown(simulator, groqchat, stored):
    simulator.arm("over_capacity*1")
    told = ask(groqchat).json
    assert told["provider"] == "router"
    assert (told["cost_usd"], told["price"]) == (None, None)


def test_its_key_is_checked_with_it_and_not_with_groq(simulator, vendor, groqchat, stored):
    groqchat_key = "gsk_test_rejected_by_all"
    refused = groqchat("key", "add", "--stdin", "--profile", "router", piped=groqchat_key.encode())
    assert refused.code == 4
    assert "router does not know this API key" in refused.out
    simulator.arm("key_rejected@models")
    assert groqchat("key", "add", "--stdin", "--profile", "router", piped=b"gsk_test_b").code == 0
    checked = groqchat("key", "check", "--profile", "router", "--json")
    assert (checked.code, checked.json["status"], checked.json["source"]) == (0, "valid", "keyring")


def test_without_its_key_it_is_passed_over(simulator, groqchat, settings, key_store):
    settings(("router", SMALL))
    simulator.arm("rate_limited=3600*1")
    done = ask(groqchat)
    assert (done.code, done.json["model"], done.json["provider"]) == (0, SMALL, None)
    assert done.json["in_place_of"] == MODEL
    assert "router cannot stand in: There is no API key for router in the keyring." in done.err
    assert "`groqchat key add --profile router`" in done.err
    rows = {row["key"] for row in groqchat("usage", "--json").json["rows"]}
    assert rows == {MODEL, SMALL}


def test_without_the_package_it_is_passed_over(simulator, groqchat, stored, monkeypatch):
    real = builtins.__import__

    def without(name, *rest):
        if name == "openai":
            raise ModuleNotFoundError("No module named 'openai'")
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    simulator.arm("rate_limited=3600*1")
    done = ask(groqchat)
    assert (done.code, done.json["error"]["kind"]) == (6, "rate_limited")
    assert "pip install 'openai>=3,<4'" in done.err


def test_where_it_fails_too_both_are_told_and_the_first_counts(simulator, vendor, groqchat, stored):
    simulator.arm("rate_limited=3600*1")
    vendor.simulator.arm("key_rejected")
    done = ask(groqchat)
    assert (done.code, done.json["error"]["kind"]) == (6, "rate_limited")
    assert "router cannot stand in: router does not know this API key." in done.err


def test_a_broken_answer_of_its_own_is_kept_and_named(simulator, vendor, groqchat, stored):
    simulator.arm("over_capacity*1")
    vendor.simulator.arm("error_event=5")
    done = ask(groqchat)
    error = done.json["error"]
    assert (done.code, error["kind"], error["provider"]) == (8, "stream_broken", "router")
    assert error["partial"]


def test_nothing_is_loaded_for_it_unless_it_is_needed(simulator, stored):
    code = (
        "import sys; from groqchat.cli.main import main; main(['ask', 'Hi', '--no-save']);"
        "sys.exit('openai' in sys.modules)"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, input=b"", capture_output=True, timeout=50, check=False)
    assert done.returncode == 0
