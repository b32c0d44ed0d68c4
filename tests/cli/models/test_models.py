"""``models``: the account's list with prices, limits, what is left, speeds and uses."""

import os
import sys
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from groqchat.cli.models.tables import Column, fitting
from groqchat.storage.catalog import ActiveCatalog, load_catalog, load_use_cases
from groqchat.storage.settings.paths import folders

MODEL = "openai/gpt-oss-120b"
SMALL = "openai/gpt-oss-20b"


def line_of(done, model):
    """What the table says of a model."""
    return next(line for line in done.out.splitlines() if model in line)


def test_models_are_the_accounts_own(simulator, groqchat):
    done = groqchat("models", "--json")
    assert (done.code, done.err) == (0, "")
    models = {model["id"]: model for model in done.json}
    model = models[MODEL]
    assert (model["status"], model["live"], model["kind"]) == ("production", True, "chat")
    assert model["price"]["input"] == "0.15"
    assert model["price"]["source"]
    assert model["limits"]["free"]["TPM"] == 8000
    assert "reasoning" in model["abilities"]
    assert "llama-3.1-8b-instant" not in models


def test_retired_models_name_their_replacement(simulator, groqchat):
    models = {model["id"]: model for model in groqchat("models", "--all", "--json").json}
    retired = models["llama-3.1-8b-instant"]
    assert (retired["status"], retired["live"]) == ("retired", False)
    assert retired["retired_on"]
    assert models[retired["replacement"]]["live"] is True
    assert f"use {retired['replacement']}" in groqchat("models", "--all").out


def test_models_without_a_key_are_the_shipped_ones(groqchat):
    done = groqchat("models", "--json")
    assert done.code == 0
    assert {model["live"] for model in done.json} == {None}
    assert "not your account's" in done.err


def test_the_last_list_serves_when_there_is_no_network(simulator, groqchat, monkeypatch, free_port):
    before = groqchat("models", "--json").json
    monkeypatch.setenv("GROQ_BASE_URL", f"http://127.0.0.1:{free_port}")
    done = groqchat("models", "--json")
    assert done.code == 0
    listed = [model["id"] for model in before if model["live"]]
    assert listed
    assert [model["id"] for model in done.json if model["live"]] == listed
    assert "the last list known" in done.err


def test_the_table_of_models_has_a_line_each(simulator, groqchat):
    lines = groqchat("models").out.splitlines()
    assert lines[0].startswith("model")
    assert any(line.startswith(MODEL) and "$0.15" in line for line in lines)


def test_a_model_shows_the_limits_and_the_price_that_apply_to_it(simulator, groqchat):
    done = groqchat("models", "--all")
    assert "free limits" in done.out.splitlines()[0]
    assert "30 RPM · 1K RPD · 8K TPM · 200K TPD" in line_of(done, MODEL)
    whisper = line_of(done, "whisper-large-v3-turbo")
    assert "20 RPM · 2K RPD · 7.2K ASH · 28.8K ASD" in whisper
    assert "$0.04 an hour" in whisper
    assert "228x" in whisper
    assert "448" not in whisper
    assert "$22.00 per M characters" in line_of(done, "canopylabs/orpheus-v1-english")
    models = {model["id"]: model for model in groqchat("models", "--json").json}
    assert models["whisper-large-v3-turbo"]["context_window"] is None
    assert models[MODEL]["context_window"] == 131_072


def test_what_is_left_and_the_own_speed_come_from_the_ledger(simulator, groqchat):
    before = {model["id"]: model for model in groqchat("models", "--json").json}
    assert before[MODEL]["left_today"] == {}
    assert before[MODEL]["measured_speed"] == {"tokens_per_second": None, "answers": 0}
    assert "your tok/s" not in groqchat("models").out
    for _ in range(2):
        assert groqchat("ask", "write 60 tokens", "-m", MODEL).code == 0
    done = groqchat("models")
    after = {model["id"]: model for model in groqchat("models", "--json").json}
    assert after[MODEL]["left_today"]["RPD"] == 998
    assert after[SMALL]["left_today"] == {"RPD": 1_000, "TPD": 200_000}
    assert after[MODEL]["measured_speed"]["answers"] == 2
    assert after[MODEL]["measured_speed"]["tokens_per_second"] > 0
    assert after[MODEL]["listed_speed"] == {"tokens_per_second": 500, "factor": None}
    assert "998 RPD" in line_of(done, MODEL)
    assert "your tok/s" in done.out


@pytest.mark.parametrize(
    ("order", "ids"),
    [
        ("best", [MODEL, SMALL, "qwen/qwen3.8-27b"]),
        ("name", ["allam-2-7b", MODEL, SMALL]),
        ("price", [SMALL, MODEL, "qwen/qwen3.8-27b"]),
        ("speed", [SMALL, MODEL, "qwen/qwen3.8-27b"]),
        ("context", [MODEL, SMALL, "qwen/qwen3.8-27b"]),
    ],
)
def test_sorted(simulator, groqchat, order, ids):
    models = groqchat("models", "--sort", order, "--json").json
    assert [model["id"] for model in models][:3] == ids
    kinds = list(dict.fromkeys(model["kind"] for model in models))
    assert kinds == ["chat", "audio", "speech", "guard"]


def test_favourites_come_first_with_a_mark(simulator, groqchat):
    settings = folders().settings_file
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(f'favourites = ["{SMALL}"]\n')
    assert groqchat("models").out.splitlines()[1].startswith(f"★  {SMALL}")
    models = groqchat("models", "--json").json
    assert [model["id"] for model in models if model["favourite"]] == [SMALL]
    assert models[0]["id"] == SMALL


def test_a_use_names_the_live_model_and_the_one_it_stands_for(simulator, groqchat):
    done = groqchat("models", "--for", "coding")
    assert done.code == 0
    assert [line.split()[0] for line in done.out.splitlines()] == ["model", MODEL]
    assert "Advised was qwen/qwen3-32b (retired 2026-07-17)." in done.err
    assert "2026-06-04" in done.err
    (model,) = groqchat("models", "--for", "extract", "--json").json
    assert (model["id"], model["live"]) == (SMALL, True)
    assert "extraction" in model["uses"]


def test_a_way_of_sending_suits_every_chat_model(simulator, groqchat):
    done = groqchat("models", "--for", "bursts", "--json")
    assert "/tier flex" in done.err
    assert {model["kind"] for model in done.json} == {"chat"}
    assert len(done.json) > 2


def test_all_uses(groqchat):
    done = groqchat("models", "--for")
    assert [line.split()[0] for line in done.out.splitlines()[1:]] == [
        case.id for case in load_use_cases()
    ]
    uses = {use["id"]: use for use in groqchat("models", "--for", "--json").json}
    assert uses["coding"]["models"] == [{"id": MODEL, "instead_of": "qwen/qwen3-32b"}]
    assert uses["evaluation"]["way"] == "the Batch API"


@pytest.mark.parametrize("use", ["gardening", "c"])
def test_a_use_that_there_is_not_or_that_is_several(groqchat, use):
    done = groqchat("models", "--for", use)
    assert (done.code, done.out) == (2, "")
    assert "first-test, extraction" in done.err


COLUMNS = [
    Column("", ("", ""), 0),
    Column("model", ("a", "bb"), 0),
    Column("price", ("$0.10 / $0.20", "-"), 2),
    Column("nobody knows", ("-", "-"), 1),
    Column("left>", ("1,000", "2"), 1),
]


def test_a_pipe_gets_every_column_that_says_something():
    fitted = fitting(COLUMNS)
    assert fitted.head == ["model", "price", "left>"]
    assert fitted.left_out == []
    assert fitted.rows == [("a", "$0.10 / $0.20", "1,000"), ("bb", "-", "2")]


@pytest.mark.parametrize(
    ("width", "head"),
    [
        (40, ["model", "price", "left>"]),
        (28, ["model", "left>"]),
        (3, ["model"]),
    ],
)
def test_on_a_terminal_columns_give_way(monkeypatch, width, head):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setattr("shutil.get_terminal_size", lambda: os.terminal_size((width, 24)))
    fitted = fitting(COLUMNS)
    assert fitted.head == head
    assert fitted.left_out == [
        name for name in ("price", "left") if not {name, f"{name}>"} & set(head)
    ]


def test_columns_that_find_no_room_are_named_with_the_way_to_see_them(
    simulator, groqchat, monkeypatch
):
    assert groqchat("models").err == ""
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setattr("shutil.get_terminal_size", lambda: os.terminal_size((40, 24)))
    done = groqchat("models")
    for word in ("status", "context", "free limits", "--json"):
        assert word in done.err


def test_an_announced_shutdown_stands_beside_its_model(simulator, groqchat, monkeypatch):
    name = "openai/gpt-oss-20b"
    day = (datetime.now().astimezone().date() + timedelta(days=1)).isoformat()
    catalog = load_catalog()
    model = replace(catalog.get(name), retired_on=day, replacement="openai/gpt-oss-120b")
    changed = replace(catalog, models={**catalog.models, name: model})
    monkeypatch.setattr(ActiveCatalog, "by", lambda *_: changed)
    (row,) = [line for line in groqchat("models").out.splitlines() if name in line.split()[:2]]
    assert row.endswith(f"shutdown {day}, in 1 day, use openai/gpt-oss-120b")
