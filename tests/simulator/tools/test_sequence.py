"""Calls and results among the messages of a request, at the pretend Groq."""

import json

import pytest

from groqchat.simulator.exchange import RefusedError
from groqchat.simulator.tools.sequence import check_sequence

CALL = {"id": "a", "type": "function", "function": {"name": "f", "arguments": "{}"}}
PROMPT, RESULT = {"role": "user", "content": "x"}, {"role": "tool", "content": "r"}
CALLING = {"role": "assistant", "content": None, "tool_calls": [CALL]}


def test_a_call_with_its_result_is_taken():
    check_sequence([PROMPT, CALLING, RESULT | {"tool_call_id": "a"}, PROMPT])


@pytest.mark.parametrize(
    ("messages", "flaw"),
    [
        ([PROMPT, CALLING], "a call has no result: a"),
        ([PROMPT, CALLING, PROMPT], "a call has no result: a"),
        ([PROMPT, RESULT | {"tool_call_id": "a"}], "'tool_call_id' belongs to no call before it"),
        ([PROMPT, CALLING, RESULT], "property 'tool_call_id' is missing"),
        ([PROMPT, {"role": "assistant", "content": None}], "property 'content' is missing"),
        ([PROMPT, CALLING | {"tool_calls": [{"id": "a"}]}], "value must be an array of calls"),
    ],
)
def test_calls_without_results_and_results_without_calls_are_refused(messages, flaw):
    with pytest.raises(RefusedError) as refused:
        check_sequence(messages)
    assert flaw in json.loads(refused.value.reply.body)["error"]["message"]
