"""Results of lines as answers and failures of a set."""

from dataclasses import replace
from decimal import Decimal

import pytest

from groqchat.domain.batch.results import LineError, LineResult, StoredResult
from groqchat.domain.batch.submission import LineStatus
from groqchat.domain.errors.cause import ErrorKind
from groqchat.domain.money.usage import Usage
from groqchat.domain.prompt_sets.batch_lines import answer_of, failure_of, pair_of, set_line
from groqchat.domain.prompt_sets.prompt_set import SetPrompt
from groqchat.domain.turns.chat import Options, State
from groqchat.storage.catalog import load_catalog

MODEL = "openai/gpt-oss-20b"
CATALOG = load_catalog()
ID = f"session-key:{MODEL}"


def stored(status, **told):
    result = LineResult(ID, status, **told) if told else None
    return StoredResult(ID, status, MODEL, result, Decimal("0.01") if told else None)


@pytest.mark.parametrize(
    ("reason", "state"),
    [("stop", State.COMPLETE), ("length", State.CUT_BY_LIMIT), (None, State.COMPLETE)],
)
def test_a_completed_line_is_an_answer(reason, state):
    line = stored(LineStatus.COMPLETED, answer="Yes.", usage=Usage(3, 2), finish_reason=reason)
    answer = answer_of("session", line, "submission-0", 5.0)
    assert (answer.id, answer.parent_id, answer.model) == ("submission-0", "session-key", MODEL)
    assert (answer.content, answer.state, answer.cost.total) == ("Yes.", state, Decimal("0.01"))
    assert failure_of("session", line, 5.0) is None
    assert pair_of("session", line) == ("key", MODEL)


def test_a_line_is_sent_with_the_parameters_of_its_run_and_its_answer_keeps_them():
    options = Options(MODEL, "", "flex", "low", 90, 0.2, seed=7, stop=("END",))
    line = set_line("session", SetPrompt("key", "1", "Why?", "Be brief."), options, CATALOG.get)
    asked_with = {name: line.body()[name] for name in line.body().keys() - {"model", "messages"}}
    assert asked_with == {
        "max_completion_tokens": 90, "temperature": 0.2, "seed": 7, "stop": ["END"],
        "reasoning_effort": "low",
    }  # fmt: skip
    ended = replace(stored(LineStatus.COMPLETED, answer="Yes."), asked_with=asked_with)
    assert answer_of("session", ended, "submission-0", 5.0).asked_with == asked_with


def test_an_empty_answer_is_kept_and_is_a_failure():
    line = stored(LineStatus.COMPLETED, answer=" ", usage=Usage(3, 2), finish_reason="stop")
    assert answer_of("session", line, "submission-0", 5.0).state is State.UNANSWERED
    failed = failure_of("session", line, 5.0)
    assert (failed.kind, failed.is_retryable) == (ErrorKind.NO_ANSWER, True)


@pytest.mark.parametrize(
    ("line", "kind", "is_retryable"),
    [
        (stored(LineStatus.EXPIRED), ErrorKind.SERVICE_ERROR, True),
        (stored(LineStatus.FAILED), ErrorKind.SERVICE_ERROR, True),
        (
            stored(LineStatus.FAILED, error=LineError("over", "internal", 503)),
            ErrorKind.SERVICE_ERROR,
            True,
        ),
        (
            stored(LineStatus.FAILED, error=LineError("no such field", "", 400)),
            ErrorKind.INVALID_REQUEST,
            False,
        ),
    ],
)
def test_an_ended_line_without_an_answer_is_a_failure(line, kind, is_retryable):
    failed = failure_of("session", line, 5.0)
    assert (failed.key, failed.model, failed.time) == ("key", MODEL, 5.0)
    assert (failed.kind, failed.is_retryable) == (kind, is_retryable)
    assert answer_of("session", line, "submission-0", 5.0) is None


@pytest.mark.parametrize("status", [LineStatus.PENDING, LineStatus.CANCELLED])
def test_a_line_that_was_not_answered_is_neither(status):
    assert answer_of("session", stored(status), "submission-0", 5.0) is None
    assert failure_of("session", stored(status), 5.0) is None
