"""The log lines of requests."""

import json
import logging

import pytest

from groqchat.domain.errors.table import failure
from groqchat.domain.errors.tree import RateLimitedError
from groqchat.domain.limits.quota import LimitKind
from groqchat.domain.money.usage import Usage
from groqchat.storage.log import start_log, stop_log
from tests.fakes import FakeProvider, answer
from tests.services.desk import MODEL, Desk


@pytest.fixture
def logged(tmp_path):
    """Runs a piece of work; returns the lines that it logged."""

    async def run(work, *, verbose=False):
        path = tmp_path / f"log-{verbose}.jsonl"
        handler = start_log(path, verbose=verbose)
        await work
        stop_log(handler)
        return [json.loads(line) for line in path.read_text().splitlines()]

    return run


async def test_an_answer_leaves_its_figures_and_no_words(logged):
    desk = Desk(FakeProvider(answer("My secret.", usage=Usage(10, 4, 5))))
    [line] = await logged(desk.events("A secret question"))
    assert line["message"] == "answered"
    assert line["model"] == MODEL
    assert (line["prompt_tokens"], line["cached_tokens"], line["completion_tokens"]) == (10, 4, 5)
    assert line["request_id"] == "req_1"
    assert "secret" not in json.dumps(line)


async def test_a_verbose_log_has_each_request_with_its_words(logged):
    desk = Desk(FakeProvider(answer("Because.")))
    leaves, answered = await logged(desk.events("Why?"), verbose=True)
    assert leaves["message"] == "request leaves"
    assert leaves["content"] == ["user: Why?"]
    assert answered["content"] == "Because."


async def test_a_refusal_leaves_its_kind_and_numbers(logged):
    error = failure(
        "rate_limited", status=429, model=MODEL, limit_kind=LimitKind.TPM, limit=8000, used=7900,
        requested=900, detail="you asked for a secret", retry_after_s=600.0,
    )  # fmt: skip

    async def refused():
        with pytest.raises(RateLimitedError):
            await Desk(FakeProvider([error])).events("Why?")

    [line] = await logged(refused())
    assert (line["kind"], line["status"], line["bucket"]) == ("rate_limited", 429, "TPM")
    assert (line["limit"], line["used"], line["requested"]) == (8000, 7900, 900)
    assert "secret" not in json.dumps(line)


async def test_without_a_log_nothing_is_written_over_the_screen(capsys):
    with pytest.raises(RateLimitedError):
        await Desk(FakeProvider([failure("rate_limited", retry_after_s=600.0)])).events("Why?")
    assert logging.getLogger("groqchat.requests").hasHandlers()
    assert capsys.readouterr().err == ""
