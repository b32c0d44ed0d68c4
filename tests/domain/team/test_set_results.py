from decimal import Decimal

import pytest

from groqchat.domain.errors.cause import ErrorKind
from groqchat.domain.money.pricing import Cost
from groqchat.domain.money.usage import Timing, Usage
from groqchat.domain.prompt_sets.prompt_set import SetFailure
from groqchat.domain.team.set_results import (
    answer_result,
    failure_result,
    read_result,
    spent_result,
)
from groqchat.domain.turns.chat import Message, Role, State

PAIR = "key", "a/model"
ANSWER = Message(
    "id", "theirs", "theirs-key", Role.ASSISTANT, "Paris\0 \udc80", 12.5,
    state=State.CUT_BY_LIMIT, model="a/model", reasoning="Secret thoughts", finish_reason="length",
    request_id="req_1", service_tier="flex", usage=Usage(3, 1, 4, 1, 0.5), timing=Timing(0.1, 0.9),
    cost=Cost(Decimal("0.00012"), Decimal("0.00001")), asked_with={"seed": 7, "stop": ["END"]},
)  # fmt: skip


def read(text):
    return read_result(text, "mine", "mine-key", PAIR)


def test_an_answer_comes_as_it_was_without_its_reasoning():
    text = answer_result(ANSWER)
    assert text.isascii()  # PostgreSQL takes neither NUL nor half a surrogate
    assert "thoughts" not in text
    answer = read(text)
    told = {name: getattr(answer, name) for name in Message.__slots__}
    own = {"session_id": "mine", "parent_id": "mine-key", "reasoning": ""}
    assert told == {name: getattr(ANSWER, name) for name in Message.__slots__} | own


def test_a_failure_comes_as_it_was():
    failed = SetFailure("mine", *PAIR, ErrorKind.TOO_LARGE, "Too long.", False, 12.5)
    assert read(failure_result(failed)) == failed
    assert spent_result(failure_result(failed)) == failure_result(failed)


def test_of_an_answer_that_came_second_the_cost_alone_counts():
    answer = read(spent_result(answer_result(ANSWER)))
    assert (answer.content, answer.state) == ("", State.STOPPED)
    assert (answer.cost, answer.usage) == (ANSWER.cost, ANSWER.usage)


def test_no_key_leaves_the_machine():
    key = "gsk_" + "a1B2c3D4" * 6 + "wxyz"
    said = Message("id", "s", "p", Role.ASSISTANT, f"Your key is {key}.", 0.0)
    failed = SetFailure("s", *PAIR, ErrorKind.INVALID_REQUEST, f"no {key}", False, 0.0)
    assert key not in answer_result(said) + failure_result(failed)


@pytest.mark.parametrize(
    "text", ["", "[]", "7", "{}", '{"id": 1}', '{"kind": "new", "sentence": "", "time": 0}']
)
def test_what_another_version_wrote_otherwise_is_an_error_of_ours(text):
    with pytest.raises(ValueError, match="no result"):
        read(text)


def test_fields_that_a_later_version_adds_are_left_out():
    text = answer_result(ANSWER).replace('"queue_time"', '"new": 1, "queue_time"')
    assert read(text).usage == ANSWER.usage
