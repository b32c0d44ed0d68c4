"""Calls and their results stay together in what is sent."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from groqchat.domain.tools.tool import ToolCall
from groqchat.domain.turns.answered_calls import NO_RESULT, results_behind, with_results
from groqchat.domain.turns.chat import Message, Role
from groqchat.domain.turns.request import RequestMessage

A, B = ToolCall("a", "f", "{}"), ToolCall("b", "g", "{}")


def message(role, content, *calls):
    return Message(content, "s", None, role, content, 0.0, calls=calls)


PROMPT, AGAIN = message(Role.USER, "Do it"), message(Role.USER, "And?")
CALLING = message(Role.ASSISTANT, "", A, B)
DONE_A, DONE_B = message(Role.TOOL, "ra", A), message(Role.TOOL, "rb", B)
PARTS = (PROMPT, AGAIN, CALLING, DONE_A, DONE_B, message(Role.ASSISTANT, "Done"))
ROUND = (PROMPT, CALLING, DONE_A, DONE_B)


def sent(*messages):
    return [RequestMessage.of(each) for each in with_results(messages)]


def test_whole_rounds_stay_as_they_are():
    assert with_results(ROUND) == [*ROUND]


def test_what_a_stopped_turn_lacks_is_filled_in():
    missing = RequestMessage(Role.TOOL, NO_RESULT, call_id="b")
    whole = [RequestMessage.of(each) for each in (PROMPT, CALLING, DONE_A)]
    assert sent(PROMPT, CALLING, DONE_A) == [*whole, missing]
    assert sent(PROMPT, CALLING, DONE_A, AGAIN) == [*whole, missing, RequestMessage.of(AGAIN)]


def test_results_without_their_calls_are_left_out():
    assert sent(DONE_A, DONE_B, AGAIN) == [RequestMessage.of(AGAIN)]
    assert sent(PROMPT, CALLING, DONE_A, DONE_A, DONE_B) == sent(*ROUND)


def test_the_results_behind_each_answer_are_counted():
    tree = [
        replace(CALLING, id="1"),
        replace(DONE_A, id="2", parent_id="1"),
        replace(CALLING, id="3"),
        replace(DONE_A, id="4", parent_id="3"),
        replace(DONE_B, id="5", parent_id="4"),
        replace(CALLING, id="6", parent_id="5"),
    ]
    assert results_behind(tree) == {"1": 1, "3": 2, "6": 0}


@given(st.lists(st.sampled_from(PARTS), max_size=8))
def test_any_part_of_a_branch_is_valid_and_does_not_change_again(parts):
    parts = [replace(each, id=str(at)) for at, each in enumerate(parts)]
    whole = with_results(parts)
    waiting = set()
    for each in whole:
        if each.role is Role.TOOL:
            assert each.calls[0].id in waiting
            waiting.remove(each.calls[0].id)
        else:
            assert not waiting
            waiting = {call.id for call in each.calls}
    assert not waiting
    assert with_results(whole) == whole
