"""``groqchat batch submit`` and ``resubmit``: the price first, then once."""

import json
import signal
import time
import wave
from dataclasses import replace
from decimal import Decimal

import pytest

from groqchat.storage import catalog
from groqchat.storage.settings.paths import folders

SMALL = "openai/gpt-oss-20b"
TURBO = "whisper-large-v3-turbo"


def lines_of(out):
    return [json.loads(line) for line in out.splitlines()]


def test_a_file_is_submitted_followed_and_priced(developer, groqchat, prompts):
    done = groqchat("batch", "submit", prompts, "-m", "20b", "--wait", "--json")
    assert done.code == 0
    assert "prompts.txt: 3 lines for openai/gpt-oss-20b." in done.err
    assert "Estimated cost at half the list price: $0.0" in done.err
    assert "completed: 3 of 3 answered" in done.err
    told = done.json
    assert told["status"] == "completed"
    assert told["id"] == told["batches"][0]
    assert told["id"].startswith("batch_")
    counts = {"total": 3, "completed": 3, "failed": 0, "expired": 0, "cancelled": 0}
    assert told["request_counts"] == counts
    rows = lines_of(groqchat("batch", "results", told["id"]).out)
    assert [row["custom_id"] for row in rows] == ["1", "2", "3"]
    assert all(row["status"] == "completed" and row["answer"] for row in rows)
    assert sum(Decimal(row["cost_usd"]) for row in rows) == Decimal(told["cost_usd"])
    usage = groqchat("usage", "--json").json
    assert (usage["requests"], usage["cost_usd"]) == (3, told["cost_usd"])
    price = catalog.load_catalog().get(SMALL).price
    tokens = [(row["usage"]["prompt_tokens"], row["usage"]["completion_tokens"]) for row in rows]
    full = sum(i * price.input + o * price.output for i, o in tokens)
    assert Decimal(told["cost_usd"]) == full / 2_000_000


def test_without_waiting_the_id_is_printed(developer, groqchat, prompts):
    done = groqchat("batch", "submit", prompts, "-m", SMALL)
    assert done.code == 0
    assert done.out.strip() == developer.batches[0][0].id
    assert f"groqchat batch show {done.out.strip()} --wait" in done.err


def test_the_same_lines_are_not_submitted_twice(developer, groqchat, prompts):
    first = groqchat("batch", "submit", prompts, "-m", SMALL)
    again = groqchat("batch", "submit", prompts, "-m", SMALL, "--wait")
    assert again.code == 0
    assert "were submitted as" in again.err
    assert first.out.strip() in again.out
    assert len(developer.batches) == 1
    assert groqchat("batch", "submit", prompts, "-m", SMALL, "--again").code == 0
    assert len(developer.batches) == 2


def test_lines_that_a_running_batch_asks_already_are_counted(developer, groqchat, prompts):
    first = groqchat("batch", "submit", prompts, "-m", SMALL)
    assert "asks already" not in first.err
    prompts.write_text("Changed?\n\n" + prompts.read_text())  # other ids
    again = groqchat("batch", "submit", prompts, "-m", SMALL)
    said = "groqchat: 3 of 4 lines ask what a running batch asks already"
    assert (again.code, said in again.err, len(developer.batches)) == (0, True, 2)
    prompts.write_text("What is a limit?\n")
    other = groqchat("batch", "submit", prompts, "-m", SMALL, "-s", "Be brief.")
    assert "asks already" not in other.err
    for name in (first, again, other):
        groqchat("batch", "show", name.out.strip(), "--wait")
    prompts.write_text("What is a batch?\n")
    assert "asks already" not in groqchat("batch", "submit", prompts, "-m", SMALL).err


def test_a_trial_sends_nothing(developer, groqchat, prompts):
    done = groqchat("batch", "submit", prompts, "-m", "20b", "--dry-run", "--json")
    assert done.code == 0
    assert (done.json["id"], done.json["job_id"], done.json["batches"]) == (None, None, [])
    assert (done.json["status"], done.json["cost_usd"]) == ("dry_run", None)
    assert "groqchat: 20b is openai/gpt-oss-20b." in done.err.splitlines()
    assert all(line.startswith("groqchat: ") for line in done.err.splitlines())
    assert Decimal(done.json["estimated_cost_usd"]) > 0
    assert developer.batches == []
    assert groqchat("batch", "list", "--json").json == []


def test_a_large_file_is_split_and_has_an_id_of_ours(developer, groqchat, prompts, monkeypatch):
    few = replace(catalog.load_batch_limits(), lines=2)
    monkeypatch.setattr("groqchat.bootstrap.load_batch_limits", lambda: few)
    done = groqchat("batch", "submit", prompts, "-m", SMALL, "--wait", "--json")
    assert "split into 2 batches" in done.err
    assert done.json["id"].startswith("job_")
    assert len(done.json["batches"]) == len(developer.batches) == 2
    for name in (done.json["id"], done.json["id"][:14], done.json["batches"][1]):
        assert groqchat("batch", "show", name, "--json").json == done.json
    rows = lines_of(groqchat("batch", "results", done.json["id"]).out)
    assert [row["custom_id"] for row in rows] == ["1", "2", "3"]


def test_lines_that_failed_are_sent_again_with_a_longer_window(developer, groqchat, prompts):
    developer.arm("batch_failed=1*1@batches")
    first = groqchat("batch", "submit", prompts, "-m", SMALL, "--wait", "--json")
    assert first.code == 0  # failed lines do not change the exit code
    assert first.json["request_counts"]["failed"] == first.json["to_resubmit"] == 1
    (failed, *_) = lines_of(groqchat("batch", "results", first.json["id"]).out)
    assert (failed["status"], failed["error"]["status"]) == ("failed", 503)
    assert (failed["usage"], failed["cost_usd"]) == (None, None)
    second = groqchat("batch", "resubmit", first.json["id"], "--wait", "--json")
    assert (second.code, second.json["window"]) == (0, "2d")
    assert second.json["resubmits"] == first.json["job_id"]
    assert second.json["request_counts"]["total"] == 1
    rows = lines_of(groqchat("batch", "results", first.json["id"]).out)
    assert {row["status"] for row in rows} == {"completed"}
    repeated = groqchat("batch", "resubmit", first.json["id"], "--wait", "--json")
    assert (repeated.code, repeated.json, len(developer.batches)) == (0, second.json, 2)
    assert f"were sent again as {second.json['id']} (completed)" in repeated.err
    shown = groqchat("batch", "show", first.json["id"])
    assert f"as {second.json['id']}" in shown.out
    assert "2 of 3 answered, 1 failed, sent again" in shown.out
    assert "to resubmit" not in shown.out
    told = {
        submission["id"]: submission["resubmitted_as"]
        for submission in groqchat("batch", "list", "--json").json
    }
    assert told == {first.json["id"]: [second.json["id"]], second.json["id"]: []}
    (row,) = [row for row in groqchat("batch", "list").out.splitlines() if first.json["id"] in row]
    assert "1 (sent again)" in row


def test_nothing_is_sent_again_where_nothing_failed(developer, groqchat, prompts):
    first = groqchat("batch", "submit", prompts, "-m", SMALL, "--wait", "--json").json["id"]
    refused = groqchat("batch", "resubmit", first)
    assert (refused.code, len(developer.batches)) == (2, 1)
    assert f"no line of {first} failed or expired" in refused.err


def test_audio_by_url_whose_length_is_not_known_has_no_known_price(developer, groqchat, tmp_path):
    urls = tmp_path / "urls.txt"
    urls.write_text("https://example.org/a.mp3\nhttps://example.org/b.mp3\n")
    done = groqchat("batch", "submit", urls, "-m", "turbo", "--wait", "--json")
    assert done.code == 0
    assert "Estimated cost at half the list price: unknown." in done.err
    assert "length of 2 lines is not known" in done.err
    assert done.json["estimated_cost_usd"] is None
    assert done.json["cost_usd"] == "0.000666666666"  # two minutes, told with the answers
    (row, _) = lines_of(groqchat("batch", "results", done.json["id"]).out)
    assert (row["duration_s"], row["model"]) == (60.0, TURBO)
    assert "Thank you all" in row["answer"]


def test_the_free_plan_has_no_batches_but_a_price(simulator, groqchat, prompts):
    done = groqchat("batch", "submit", prompts, "-m", SMALL, "--json")
    assert done.code == 5
    error = done.json["error"]
    assert (error["kind"], error["code"]) == ("not_permitted", "not_available_for_plan")
    assert "on the developer plan this one would cost about $0.0" in error["suggestion"]
    assert "half the list price" in error["suggestion"]
    assert groqchat("batch", "list", "--json").json == []


def test_a_budget_that_does_not_reach_keeps_it_back(developer, groqchat, prompts):
    folders().settings_file.parent.mkdir(parents=True, exist_ok=True)
    folders().settings_file.write_text('[budget]\nmonthly_usd = "0.00001"\n')
    kept = groqchat("batch", "submit", prompts, "-m", SMALL, "--json")
    assert (kept.code, kept.json["error"]["kind"]) == (6, "over_budget")
    assert "this one may cost $0.0" in kept.json["error"]["message"]
    assert developer.batches == []
    assert groqchat("batch", "submit", prompts, "-m", SMALL, "--over-budget").code == 0


def test_what_a_running_batch_will_cost_keeps_every_request_back(
    developer, groqchat, prompts, tmp_path
):
    folders().settings_file.parent.mkdir(parents=True, exist_ok=True)
    folders().settings_file.write_text('[budget]\nmonthly_usd = "0.00001"\n')
    told = groqchat("batch", "submit", prompts, "-m", SMALL, "--over-budget", "--json").json
    assert Decimal(told["estimated_cost_usd"]) > Decimal("0.00001")
    sound = tmp_path / "a.wav"
    with wave.open(str(sound), "wb") as file:
        file.setparams((1, 2, 16_000, 16_000, "NONE", ""))
        file.writeframes(bytes(32_000))
    for command in (
        ("ask", "Hi", "-m", SMALL),
        ("transcribe", sound),
        ("batch", "submit", prompts, "-m", SMALL, "--again"),
    ):
        kept = groqchat(*command, "--json")
        assert (kept.code, kept.json["error"]["kind"]) == (6, "over_budget")
        assert "running batches will probably cost $0.0" in kept.json["error"]["message"]
    assert len(developer.batches) == 1
    developer._state.clock.advance(60)
    assert groqchat("batch", "show", told["id"], "--json").json["status"] == "completed"
    kept = groqchat("ask", "Hi", "-m", SMALL, "--json").json["error"]["message"]
    assert "running batches" not in kept  # it is booked


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (("a.jsonl", '{"prompt": ""}'), "line 1: the prompt is empty"),
        (("a.csv", "id\n1\n"), "no column 'prompt' or 'url'"),
        (
            ("a.jsonl", '{"prompt": "a"\n[]\n{"prompt": "b"}\n{"prompt": ""}\nno'),
            (
                "column 15); line 2: a JSON object with a prompt or a request is wanted; "
                "line 4: the prompt is empty; line 5: this is no JSON"
            ),
        ),
        (("a.txt", "\n"), "there are no requests in it"),
        (("a.jsonl", '{"prompt": "a", "id": 2}\n{"prompt": "b"}'), "line 2: the id '2' is taken"),
    ],
)
def test_a_mistake_in_the_file_is_named(developer, groqchat, tmp_path, file, said):
    name, text = file
    path = tmp_path / name
    path.write_text(text)
    done = groqchat("batch", "submit", path, "-m", SMALL)
    assert done.code == 2
    assert said in done.err
    assert developer.batches == []


def test_a_submission_that_failed_is_gone_on_with(developer, groqchat, prompts):
    developer.arm("server_error@batches")
    failed = groqchat("batch", "submit", prompts, "-m", SMALL)
    assert failed.code == 8
    assert "Trying again in" in failed.err
    developer.disarm()
    done = groqchat("batch", "submit", prompts, "-m", SMALL, "--json")
    assert done.code == 0
    assert "whose submission was interrupted" in done.err
    assert len(developer.batches) == 1


def test_a_submission_that_failed_is_cancelled_after_a_search_for_its_batch(
    developer, groqchat, prompts
):
    developer.arm("server_error@batches")
    groqchat("batch", "submit", prompts, "-m", SMALL)
    developer.disarm()
    (begun,) = groqchat("batch", "list", "--json").json
    assert begun["status"] == "submitting"
    cancelled = groqchat("batch", "cancel", begun["id"], "--json")
    assert (cancelled.code, cancelled.json["status"]) == (0, "cancelled")
    assert "groqchat: The server is asked for up to a minute" in cancelled.err
    assert developer.batches == []


def test_a_process_that_is_killed_while_it_follows_submits_nothing_again(
    developer, process, groqchat, prompts
):
    running = process("batch", "submit", prompts, "-m", SMALL, "--wait", cold=True)
    while not developer.batches:  # the process submits
        assert running.poll() is None
        time.sleep(0.02)
    running.send_signal(signal.SIGKILL)
    running.wait()
    done = groqchat("batch", "submit", prompts, "-m", SMALL, "--wait", "--json")
    assert (done.code, done.json["status"]) == (0, "completed")
    assert len(developer.batches) == 1


def test_without_a_key_nothing_is_submitted(groqchat, prompts):
    assert groqchat("batch", "submit", prompts, "-m", SMALL).code == 3
