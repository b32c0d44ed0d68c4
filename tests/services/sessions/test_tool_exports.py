"""Exports of sessions in which tools were called."""

import json
from dataclasses import replace

from groqchat.domain.sessions.archive import Archive
from groqchat.domain.tools.executed import ExecutedTool, Source
from groqchat.domain.tools.outcome import Outcome
from groqchat.domain.tools.tool import ToolCall
from groqchat.domain.turns.answered_calls import NO_RESULT
from groqchat.domain.turns.chat import Message, Role
from groqchat.reports.session_reports import SESSION_REPORTS
from groqchat.services.sessions.exports import openai_line
from tests.fakes import START, session

CALLS = (ToolCall("a", "time_now", '{"zone": "UTC"}'), ToolCall("b", "sum", "{}"))
PAGE = Source("A [b]", "https://e.org/")
MESSAGES = (
    Message("1", "s1", None, Role.USER, "When?", START),
    Message("2", "s1", "1", Role.ASSISTANT, "", START, model="m", calls=CALLS),
    Message("3", "s1", "2", Role.TOOL, "12:00", START, calls=CALLS[:1]),
)


def test_a_line_for_openai_is_a_sequence_that_its_api_takes():
    told = openai_line(Archive(replace(session(), leaf_id="3"), MESSAGES))
    functions = [{"name": call.name, "arguments": call.arguments} for call in CALLS]
    assert json.loads(told)["messages"] == [
        {"role": "user", "content": "When?"},
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [
                {"id": call.id, "type": "function", "function": function}
                for call, function in zip(CALLS, functions, strict=True)
            ],
        },
        {"role": "tool", "content": "12:00", "tool_call_id": "a"},
        {"role": "tool", "content": NO_RESULT, "tool_call_id": "b"},
    ]


STEP = ExecutedTool("browser.search", '{"query": "time `zones`"}', "", (PAGE,))
TOLD = replace(MESSAGES[1], content="It is【0†L1】", executed=(STEP,))
DENIED = replace(MESSAGES[2], content="No **bold** ```", finish_reason=Outcome.DENIED)


def test_readers_see_steps_calls_results_and_links():
    archive = Archive(replace(session(), leaf_id="3"), (MESSAGES[0], TOLD, DENIED))
    text = SESSION_REPORTS["markdown"](archive)
    for part in (
        "Used `browser.search`: `time 'zones'`",
        "* [A \\[b\\]](<https://e.org/>)",
        "It is[【0】](<https://e.org/>)",
        'Called `time_now` `{"zone": "UTC"}`',
        "## Tool (time_now, denied)\n\n````\nNo **bold** ```\n````",
    ):
        assert part in text
    assert text.count(f"*{NO_RESULT}*") == 1
    assert f"Called `sum` `{{}}`\n\n*{NO_RESULT}*" in text
    page = SESSION_REPORTS["html"](archive)
    assert '<a href="https://e.org/">【0】</a>' in page
    assert "No **bold** ```" in page
    assert page.count(f"<em>{NO_RESULT}</em>") == 1
    assert "{&quot;zone&quot;: &quot;UTC&quot;}" in page
