"""Why an answer ended: the words of Groq and of other servers, and those that nobody knows."""

import pytest

from groqchat.domain.turns.chat import Finished, Message, Role, State
from groqchat.domain.turns.finish_reasons import End, end_of, ending, state_of


@pytest.mark.parametrize(
    ("reason", "end", "state"),
    [
        ("stop", End.WHOLE, State.COMPLETE),
        ("STOP", End.WHOLE, State.COMPLETE),
        ("eos_token", End.WHOLE, State.COMPLETE),
        ("length", End.LENGTH, State.CUT_BY_LIMIT),
        ("MAX_TOKENS", End.LENGTH, State.CUT_BY_LIMIT),
        ("content_filter", End.FILTER, State.ENDED),
        ("tool_calls", End.CALL, State.ENDED),
        ("function_call", End.CALL, State.ENDED),
        ("insufficient_system_resource", End.UNKNOWN, State.ENDED),
    ],
)
def test_reasons(reason, end, state):
    assert (end_of(Finished(reason)), state_of(Finished(reason))) == (end, state)


def test_a_reason_that_nobody_knows_is_told_made_harmless():
    answer = Message("a", "s", None, Role.ASSISTANT, "Well", 0.0, State.ENDED)
    assert ending(answer) == "ended by the server: no reason given"
    odd = Message("a", "s", None, Role.ASSISTANT, "", 0.0, State.ENDED, finish_reason="\x1b[2Jodd")
    assert ending(odd).startswith("ended by the server: ")
    assert "\x1b" not in ending(odd)
