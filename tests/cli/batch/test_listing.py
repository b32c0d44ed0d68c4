"""``groqchat batch list``, ``show``, ``results`` and ``cancel``."""

import json

from groqchat.cli.completion.values import lines

SMALL = "openai/gpt-oss-20b"


def submitted(groqchat, prompts, *more):
    return groqchat("batch", "submit", prompts, "-m", SMALL, "--json", *more).json["id"]


def test_the_list_shows_how_batches_stand(developer, groqchat, prompts):
    name = submitted(groqchat, prompts)
    assert groqchat("batch", "show", name, "--json").json["cost_usd"] is None
    head, row = groqchat("batch", "list").out.splitlines()
    assert head.split() == [
        "id", "submitted", "status", "answered", "failed", "cost", "model", "file",
    ]  # fmt: skip
    assert row.split()[0] == name
    assert "validating" in row
    assert "≈ $0.0" in row
    developer._state.clock.advance(60)
    (told,) = groqchat("batch", "list", "--json").json
    assert (told["id"], told["status"]) == (name, "completed")


def test_the_list_needs_no_network_for_what_is_over(developer, groqchat, prompts, monkeypatch):
    name = submitted(groqchat, prompts, "--wait")
    monkeypatch.delenv("GROQ_API_KEY")
    monkeypatch.setenv("GROQ_BASE_URL", "http://127.0.0.1:9")
    assert groqchat("batch", "list", "--json").json[0]["id"] == name
    assert groqchat("batch", "show", name).code == 0
    assert len(groqchat("batch", "results", name).out.splitlines()) == 3


def test_the_list_is_shown_as_it_stood_where_the_server_is_not_reached(
    developer, groqchat, prompts
):
    name = submitted(groqchat, prompts)
    developer.arm("server_error@batches")
    listed = groqchat("batch", "list", "--json")
    assert (listed.code, listed.json[0]["id"]) == (0, name)
    assert "are shown as they stood last" in listed.err


def test_a_batch_that_the_server_does_not_know_keeps_no_other_back(
    developer, groqchat, prompts, tmp_path
):
    lost = submitted(groqchat, prompts)
    (tmp_path / "other.txt").write_text("Another?\n")
    other = submitted(groqchat, tmp_path / "other.txt")
    del developer._state.batches[lost]
    developer._state.clock.advance(60)
    listed = groqchat("batch", "list", "--json")
    assert f"batch `{lost}` not found" in listed.err
    told = {submission["id"]: submission["status"] for submission in listed.json}
    assert told == {lost: "validating", other: "completed"}


def test_one_batch_is_shown_in_words(developer, groqchat, prompts):
    name = submitted(groqchat, prompts)
    shown = groqchat("batch", "show", name, "--wait")
    assert shown.code == 0
    told = dict(line.split(maxsplit=1) for line in shown.out.splitlines())
    assert (told["batch"], told["status"]) == (name, "completed")
    assert told["lines"] == "3 of 3 answered"
    assert "prompts.txt" in shown.out


def test_results_go_to_a_file_that_is_not_replaced_by_chance(
    developer, groqchat, prompts, tmp_path
):
    name = submitted(groqchat, prompts, "--wait")
    path = tmp_path / "results.jsonl"
    done = groqchat("batch", "results", name, "-o", path)
    assert (done.code, done.out) == (0, "")
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    assert [row["custom_id"] for row in rows] == ["1", "2", "3"]
    assert set(rows[0]) >= {"custom_id", "status", "answer", "usage", "cost_usd"}
    assert groqchat("batch", "results", name, "-o", path).code == 2
    assert groqchat("batch", "results", name, "-o", path, "--force").code == 0
    missing = groqchat("batch", "results", name, "-o", tmp_path / "no" / "results.jsonl")
    assert (missing.code, missing.err.count("cannot write")) == (2, 1)


def test_results_of_a_batch_under_way_say_what_is_missing(developer, groqchat, prompts):
    name = submitted(groqchat, prompts)
    found = groqchat("batch", "results", name)
    assert "3 lines without a result" in found.err
    assert [json.loads(line)["status"] for line in found.out.splitlines()] == ["pending"] * 3


def test_a_batch_is_cancelled(developer, groqchat, prompts):
    name = submitted(groqchat, prompts)
    assert groqchat("batch", "cancel", name, "--json").json["status"] == "cancelling"
    done = groqchat("batch", "show", name, "--wait", "--json")
    assert done.json["status"] == "cancelled"
    assert done.json["request_counts"]["cancelled"] == 3
    late = groqchat("batch", "cancel", name)
    assert (late.code, late.out) == (0, f"{name}  cancelled\n")
    assert f"groqchat: {name} has ended already (cancelled), so nothing is" in late.err


def test_an_unknown_batch_is_named(developer, groqchat):
    for command in ("show", "results", "cancel", "resubmit"):
        refused = groqchat("batch", command, "batch_x")
        assert (refused.code, "there is no batch 'batch_x'" in refused.err) == (2, True)


def test_a_batch_belongs_to_its_key(developer, groqchat, prompts, monkeypatch):
    name = submitted(groqchat, prompts)
    monkeypatch.setenv("GROQ_API_KEY", "gsk_test_another0123456789abc")
    refused = groqchat("batch", "show", name)
    assert (refused.code, "with the key of the profile" in refused.err) == (2, True)
    assert groqchat("batch", "list", "--json").json[0]["status"] == "validating"


def test_ids_are_completed(developer, groqchat, prompts):
    name = submitted(groqchat, prompts)
    assert lines("batches") == [f"{name}\tprompts.txt"]


def test_results_are_json_lines_with_the_option_too(developer, groqchat, prompts):
    name = submitted(groqchat, prompts, "--wait")
    plain = groqchat("batch", "results", name).out
    assert groqchat("batch", "results", name, "--json").out == plain
    assert "print JSON lines, as without it" in groqchat("batch", "results", "--help").out
    assert "print one JSON document" in groqchat("batch", "show", "--help").out
