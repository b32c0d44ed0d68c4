"""``groqchat compare --file --batch``: half the price, submitted once, reported as a live set."""

import json
import re
from collections import Counter
from decimal import Decimal

import pytest

from groqchat.services.prompt_sets import batched
from groqchat.simulator import answers
from groqchat.simulator.tokens import tokenize
from groqchat.storage.catalog import load_catalog
from groqchat.storage.database.batch.batches import BatchRecords
from tests.cli.sets.test_compare_set import MODELS, A, B, written

NUMBER = 10


def rows_of(number):
    """Prompts whose answers end with their number; every second one is expected to."""
    return [
        {
            "id": f"p{n}",
            "task": f"t{n % 3}",
            "prompt": f"write 12 tokens, end with P{n:03}",
            "contains": f"P{n - n % 2:03}",
        }
        for n in range(number)
    ]


@pytest.fixture
def prompts(tmp_path):
    return written(tmp_path, rows_of(NUMBER))


def submitted(simulator):
    """How often each prompt was sent to each model in a batch."""
    bodies = [
        json.loads(line)["body"]
        for _, file in simulator.batches
        for line in file.content.decode().splitlines()
    ]
    return Counter((body["model"], body["messages"][-1]["content"]) for body in bodies)


TIMES = {
    "first_token_p50_s", "first_token_p95_s", "total_p50_s", "total_p95_s",
    "tokens_per_second_p50", "session_id", "message_id", "timing", "batches", "statistics",
}  # fmt: skip
MONEY = {"cost_usd", "cost_per_1000_usd"}


def without(value, names):
    """A document without some keys, however deep they stand."""
    if isinstance(value, list):
        return [without(each, names) for each in value]
    if isinstance(value, dict):
        return {key: without(each, names) for key, each in value.items() if key not in names}
    return value


def priced(report):
    """The tokens of each model at the list price without any cache, added up by hand."""
    catalog = load_catalog()
    full = Counter()
    for result in report["results"]:
        price, used = catalog.get(result["model"]).price, result["usage"]
        tokens = used["prompt_tokens"] * price.input + used["completion_tokens"] * price.output
        full[result["model"]] += tokens / 1_000_000
    return full


def check_equal(by_batch, live):
    """The report of a set by batch is that of the same set asked live, at half the price."""
    assert without(by_batch, TIMES | MONEY | {"cached_tokens"}) == without(
        live, TIMES | MONEY | {"cached_tokens"}
    )
    full = priced(live)  # the tokens are the same
    for model in by_batch["models"]:
        assert Decimal(model["cost_usd"]) == full[model["model"]] / 2


@pytest.fixture
def same_thoughts(monkeypatch):
    """Lets the simulator think in the same words each time, which else are drawn by lot."""
    monkeypatch.setattr(answers, "_reasoning", lambda call, rng: tokenize("Now write it down."))


def test_a_set_by_batch_is_reported_as_one_that_was_asked_live(
    developer, groqchat, prompts, tmp_path, same_thoughts
):
    by_batch, live = asked_both_ways(developer, groqchat, prompts, tmp_path, NUMBER)
    check_equal(by_batch, live)
    assert [model["checks_passed"] for model in by_batch["models"]] == [NUMBER // 2] * 2


def asked_both_ways(developer, groqchat, prompts, folder, number):
    """The reports of a set that was asked by batch and of the same set asked live."""
    done = groqchat("compare", "--file", prompts, *MODELS, "--batch", "--wait", "--json")
    assert done.code == 0
    assert "Estimated cost at half the list price: $0." in done.err
    report = done.json
    assert (report["complete"], report["missing"]) == (True, 0)
    assert set(submitted(developer).values()) == {1}
    assert len(submitted(developer)) == 2 * number
    usage = groqchat("usage", "--json").json
    total = sum(Decimal(model["cost_usd"]) for model in report["models"])
    assert (usage["requests"], Decimal(usage["cost_usd"])) == (2 * number, total)
    (session,) = groqchat("sessions", "list", "--json").json
    assert session["kind"] == "set"
    again = groqchat("compare", "--file", prompts, "--report", "--json").json
    assert again["results"] == report["results"]
    other = folder / "other"
    other.mkdir()
    copy = other / prompts.name
    copy.write_bytes(prompts.read_bytes())
    return report, groqchat("compare", "--file", copy, *MODELS, "--json").json


def test_without_waiting_the_same_command_collects(developer, groqchat, prompts):
    command = ("compare", "--file", prompts, *MODELS, "--batch")
    first = groqchat(*command, "--json")
    assert first.code == 0
    assert first.json["missing"] == 2 * NUMBER
    assert "The same command collects the answers once they are there" in first.err
    assert "goes on from here" not in first.err
    again = groqchat(*command, "--json")
    assert "20 under way in a batch" in again.err
    live = groqchat("compare", "--file", prompts, *MODELS, "--json")
    assert "With --batch, this command collects" in live.err
    assert live.json["missing"] == 2 * NUMBER
    last = groqchat(*command, "--wait", "--json")
    assert last.json["complete"]
    assert len(developer.batches) == 1
    assert groqchat(*command, "--json").json == last.json
    assert len(developer.batches) == 1


def test_the_document_names_the_batches_and_the_window_is_that_of_the_command(
    developer, groqchat, prompts
):
    command = ("compare", "--file", prompts, *MODELS, "--batch", "--json")
    first = groqchat(*command, "--window", "3d").json
    ((batch, _),) = developer.batches
    assert batch.window == "3d"
    (named,) = first["batches"]
    assert named["batches"] == [named["id"]] == [batch.id]
    assert named["job_id"].startswith("job_")
    assert (named["window"], named["request_counts"]["total"]) == ("3d", 2 * NUMBER)
    last = groqchat(*command, "--wait").json
    assert [each["status"] for each in last["batches"]] == ["completed"]
    reported = groqchat("compare", "--file", prompts, "--report", "--json").json
    assert reported["batches"] == last["batches"]
    listed = groqchat("batch", "list", "--json").json
    assert listed == last["batches"]


def test_a_live_set_names_no_batch(developer, groqchat, prompts):
    assert groqchat("compare", "--file", prompts, "-m", A, "--json").json["batches"] == []


def test_what_another_command_collected_is_in_the_report(developer, groqchat, prompts):
    groqchat("compare", "--file", prompts, *MODELS, "--batch")
    (batch,) = groqchat("batch", "list", "--json").json
    assert groqchat("batch", "show", batch["id"], "--wait").code == 0
    assert groqchat("compare", "--file", prompts, "--report", "--json").json["complete"]


def test_what_is_new_in_the_file_is_submitted_beside_a_batch_under_way(
    developer, groqchat, prompts, tmp_path
):
    groqchat("compare", "--file", prompts, "-m", A, "--batch")
    written(tmp_path, rows_of(NUMBER + 1))
    done = groqchat("compare", "--file", prompts, *MODELS, "--batch", "--wait", "--json")
    assert done.json["complete"]
    assert len(developer.batches) == 2
    assert set(submitted(developer).values()) == {1}
    assert len(submitted(developer)) == 2 * NUMBER + 2


def test_failures_are_asked_again_by_the_next_command(developer, groqchat, prompts):
    developer.arm("batch_failed=2@batches")
    command = ("compare", "--file", prompts, *MODELS, "--batch", "--wait", "--json")
    first = groqchat(*command)
    assert first.code == 0
    failed = [result for result in first.json["results"] if result["error"]]
    assert len(failed) == 2
    assert "2 failed, but may succeed" in first.err
    assert len(developer.batches) == 1
    developer.disarm()
    second = groqchat(*command)
    assert second.json["complete"]
    assert len(developer.batches) == 2
    assert sorted(submitted(developer).values())[-3:] == [1, 2, 2]


def test_a_plan_without_batches_says_so_and_leaves_nothing(simulator, groqchat, prompts):
    done = groqchat("compare", "--file", prompts, *MODELS, "--batch", "--json")
    assert done.code != 0
    assert "Batches are for paid plans: on the developer plan this one would cost about" in done.err
    assert {each["error"]["kind"] for each in done.json["stopped"]} == {"not_permitted"}
    assert groqchat("sessions", "list", "--json").json == []
    assert groqchat("batch", "list", "--json").json == []


def test_budgets_keep_the_whole_batch_back(developer, groqchat, prompts):
    done = groqchat("compare", "--file", prompts, *MODELS, "--batch", "--budget", "0")
    assert done.code == 6
    assert "Not submitted" in done.err
    assert developer.batches == []
    assert groqchat("sessions", "list", "--json").json == []


def test_starting_over_is_refused_while_a_batch_is_under_way(developer, groqchat, prompts):
    command = ("compare", "--file", prompts, "-m", B, "--batch")
    groqchat(*command)
    refused = groqchat(*command, "--again")
    assert refused.code == 2
    assert "without --again, the command collects its answers" in refused.err
    assert groqchat(*command, "--wait").code == 0
    assert groqchat(*command, "--again", "--wait").code == 0
    assert set(submitted(developer).values()) == {2}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--report", "--batch"), "either --report or --batch"),
        (("--wait",), "--wait is for --batch"),
        (("--window", "2d"), "--window is for --batch"),
    ],
)
def test_options_that_do_not_go_together_are_refused(groqchat, prompts, options, words):
    done = groqchat("compare", "--file", prompts, *MODELS, *options)
    assert done.code == 2
    assert words in done.err


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("left", range(12))
def test_whenever_the_process_dies_nothing_is_submitted_twice(
    developer, groqchat, prompts, monkeypatch, left
):
    """The process dies before the n-th write of the store of batches, or the n-th answer."""
    calls = [left]
    names = ("add", "save", "collect", "finish")
    kept = {name: getattr(BatchRecords, name) for name in names}

    def dying(inner):
        async def call(*args):
            calls[0] -= 1
            if calls[0] < 0:
                raise Killed
            return await inner(*args)

        return call

    for name in names:
        monkeypatch.setattr(BatchRecords, name, dying(kept[name]))
    answer_of, told = batched.answer_of, []

    def dying_answer(*args):
        told.append(1)
        if left > 8 and len(told) == left:
            raise Killed
        return answer_of(*args)

    monkeypatch.setattr(batched, "answer_of", dying_answer)
    command = ("compare", "--file", prompts, *MODELS, "--batch", "--wait", "--json")
    try:
        groqchat(*command)
        died = False
    except Killed:
        died = True
    assert died
    for name in names:
        monkeypatch.setattr(BatchRecords, name, kept[name])
    monkeypatch.setattr(batched, "answer_of", answer_of)
    done = groqchat(*command)
    assert done.code == 0, done.err
    report = done.json
    assert report["complete"]
    assert len(developer.batches) == 1
    assert groqchat("usage", "--json").json["requests"] == 2 * NUMBER
    spent = sum(Decimal(model["cost_usd"]) for model in report["models"])
    assert spent == sum(priced(report).values()) / 2


def test_the_table_says_what_a_batch_under_way_has_not_answered(developer, groqchat, prompts):
    done = groqchat("compare", "--file", prompts, *MODELS, "--batch")
    assert re.search(rf"^not answered yet +{NUMBER} +{NUMBER}$", done.out, re.MULTILINE)
    assert "is validating: 0 of 20 answered." in done.err


def test_lines_that_were_sent_again_as_a_batch_are_answers_of_the_set(developer, groqchat, prompts):
    developer.arm("batch_failed=2@batches")
    groqchat("compare", "--file", prompts, *MODELS, "--batch", "--wait")
    developer.disarm()
    (batch,) = groqchat("batch", "list", "--json").json
    assert groqchat("batch", "resubmit", batch["id"]).code == 0
    done = groqchat("compare", "--file", prompts, *MODELS, "--batch", "--wait", "--json")
    assert "2 under way in a batch" in done.err
    assert done.json["complete"]
    assert len(developer.batches) == 2
    spent = sum(Decimal(model["cost_usd"]) for model in done.json["models"])
    assert spent == sum(priced(done.json).values()) / 2


def test_what_was_cancelled_is_sent_again(developer, groqchat, prompts):
    command = ("compare", "--file", prompts, "-m", B, "--batch")
    groqchat(*command)
    (batch,) = groqchat("batch", "list", "--json").json
    assert groqchat("batch", "cancel", batch["id"]).code == 0
    groqchat(*command, "--wait")
    assert groqchat(*command, "--wait", "--json").json["complete"]
    assert len(developer.batches) == 2


def test_variants_of_a_model_are_lines_of_their_own(developer, groqchat, prompts):
    variants = ["-m", B, "-m", f"{B} effort=low", "-m", f"{B} effort=high system='Be brief.'"]
    command = ["compare", "--file", prompts, *variants]
    done = groqchat(*command, "--batch", "--wait", "--json")
    assert done.code == 0
    assert [model["answers"] for model in done.json["models"]] == [NUMBER] * 3
    assert set(submitted(developer).values()) == {3}
    assert groqchat(*command, "--json").json["models"] == done.json["models"]
    assert set(submitted(developer).values()) == {3}
