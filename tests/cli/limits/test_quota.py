"""``groqchat quota`` at the ledger of real requests to the simulator."""

import json
from decimal import Decimal

import pytest

from groqchat.bootstrap import Launch, open_services
from groqchat.domain.text.humanize import money
from groqchat.services.clock import SystemClock
from tests.storage.conftest import entry as ledger_entry

MODEL = "openai/gpt-oss-120b"


@pytest.fixture
def asked(groqchat, simulator):
    """The result of one ``ask --json``; after it no key is there and the server refuses all."""
    return groqchat("ask", "Hello", "-m", MODEL, "--json").json


def test_the_document_is_that_of_the_answer(groqchat, asked, monkeypatch):
    monkeypatch.delenv("GROQ_API_KEY")
    told = groqchat("quota", "-m", "120b", "--json")
    assert told.code == 0
    assert told.json.keys() == {"model", "plan", "buckets"}
    assert (told.json["model"], told.json["plan"]) == (MODEL, "free")
    buckets = told.json["buckets"]
    assert list(buckets) == ["RPM", "RPD", "TPM", "TPD"]
    for kind, bucket in buckets.items():
        before = asked["quota"][kind]
        assert (bucket["limit"], bucket["source"]) == (before["limit"], before["source"])
        assert before["remaining"] <= bucket["remaining"] <= bucket["limit"]
        assert bucket["resets_in_s"] <= before["resets_in_s"]
    assert buckets["RPD"]["remaining"] == 999


def test_no_request_is_sent(groqchat, asked, monkeypatch, free_port):
    monkeypatch.setenv("GROQ_BASE_URL", f"http://127.0.0.1:{free_port}")
    assert groqchat("quota").out.startswith(MODEL)


def test_the_table_is_of_the_newest_chats_model(groqchat, asked):
    told = groqchat("quota").out.splitlines()
    assert told[0] == f"{MODEL} · free plan, inferred"
    assert told[1].split() == [
        "bucket",
        "left",
        "limit",
        "left",
        "%",
        "full",
        "again",
        "in",
        "from",
    ]
    assert [row.split()[0] for row in told[2:6]] == ["RPM", "RPD", "TPM", "TPD"]
    assert told[3].split()[1:3] == ["999", "1,000"]
    assert told[6].startswith("≈ ")


def test_nothing_known(groqchat):
    told = groqchat("quota", "-m", MODEL)
    assert told.code == 0
    assert "Nothing is known of its limits yet" in told.out
    assert groqchat("quota", "-m", MODEL, "--json").json["buckets"] == {}
    assert groqchat("quota", "-m", MODEL, "--line", "{TPM.remaining}/{turns}").out == "?/?\n"


def test_a_model_that_nobody_knows_is_said(groqchat):
    told = groqchat("quota", "-m", "nonsense-model")
    assert told.code == 0
    said = " ".join(told.err.split())
    assert "no model is called 'nonsense-model'; `groqchat models` lists those there are." in said
    assert groqchat("quota", "-m", MODEL).err == ""


def test_costs_in_a_line(groqchat, asked):
    cost = money(Decimal(asked["cost_usd"]))
    told = groqchat("quota", "--line", "{cost_today} {cost_month} {RPD.remaining}")
    assert told.out == f"{cost} {cost} 999\n"


@pytest.mark.parametrize(
    ("bounds", "code", "said"),
    [
        (["RPD=999"], 0, ""),
        (["RPD=1K"], 6, f"999 RPD of {MODEL} left, which is below 1,000"),
        (["OTPM=5"], 12, f"what is left of OTPM of {MODEL} is unknown"),
        (["OTPM=5", "rpd=1000"], 6, "below 1,000"),
        (["RPD=1", "TPM=1"], 0, ""),
    ],
)
def test_bounds(groqchat, asked, bounds, code, said):
    told = groqchat("quota", *(word for each in bounds for word in ("--below", each)))
    assert told.code == code
    assert said in told.err
    assert bool(told.err) == bool(said)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--below", "TPD"], "'TPD' is no bucket and number such as TPD=50000"),
        (["--below", "XYZ=5"], "the buckets are RPM, RPD, TPM"),
        (["--below", "TPD=many"], "many"),
        (["--line", "{TPM.left}"], "there is no field {TPM.left}"),
        (["--line", "x", "--json"], "not allowed with"),
        (["-m", "gpt-oss"], "write more of it"),
    ],
)
def test_wrong_usage(groqchat, words, said):
    told = groqchat("quota", *words)
    assert told.code == 2
    assert said in told.err


def test_watching_prints_what_changes_until_a_bound_is_met(groqchat, asked, monkeypatch):
    looks = []

    async def sleep(_, seconds):
        looks.append(seconds)
        if len(looks) == 2:
            async with open_services(Launch()) as another:
                now = another.clock.now()
                await another.ledger.record(ledger_entry(now, model=MODEL, profile="default"))

    monkeypatch.setattr(SystemClock, "sleep", sleep)
    told = groqchat("quota", "--watch", "--json", "--below", "RPD=999")
    left = [json.loads(line)["buckets"]["RPD"]["remaining"] for line in told.out.splitlines()]
    assert told.code == 6
    assert (left[0], left[-1]) == (999, 998)
    assert looks == [1.0, 1.0]


def test_watching_prints_a_line_again_only_where_it_reads_differently(groqchat, asked, monkeypatch):
    looks = []

    async def sleep(_, seconds):
        looks.append(seconds)
        if len(looks) == 3:
            async with open_services(Launch()) as another:
                now = another.clock.now()
                await another.ledger.record(ledger_entry(now, model=MODEL, profile="default"))

    monkeypatch.setattr(SystemClock, "sleep", sleep)
    told = groqchat("quota", "--watch", "--line", "{RPD.remaining}", "--below", "RPD=999")
    assert told.code == 6
    assert told.out.splitlines() == ["999", "998"]
    assert len(looks) == 3
