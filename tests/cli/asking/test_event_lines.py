"""`groqchat ask --jsonl`: every line of real runs is valid by the schema that is shipped."""

import json
import signal
from dataclasses import replace

import pytest
from jsonschema import Draft202012Validator

from groqchat.cli.asking.event_lines import VERSION, EventLines, schema_text
from groqchat.domain.errors.table import failure
from groqchat.domain.limits.quota import QuotaView
from groqchat.domain.tools.events import ApprovalAsked, CallStarted, SourceFailed, StepTaken
from groqchat.domain.tools.executed import ExecutedTool
from groqchat.domain.tools.tool import Tool, ToolCall
from groqchat.domain.turns.chat import (
    Answered,
    AnswerStarted,
    Compacted,
    Delta,
    Message,
    Options,
    PromptStored,
    QuotaSeen,
    ReasoningDelta,
    Rerouted,
    Role,
    Sending,
    Skipped,
    TextWasReasoning,
    TurnEvent,
    Waiting,
)
from groqchat.storage.catalog import load_catalog

SMALL = "openai/gpt-oss-20b"
SCHEMA = json.loads(schema_text())
VALIDATOR = Draft202012Validator(SCHEMA)
assert load_catalog().known(SMALL)


def lines(out):
    """The lines of a run, each checked."""
    events = [json.loads(line) for line in out.splitlines()]
    for event in events:
        VALIDATOR.validate(event)
    return events


def run(groqchat, *more, prompt="Hi", code=0):
    told = groqchat("ask", prompt, "-m", SMALL, "--jsonl", *more)
    assert told.code == code, told.err
    events = lines(told.out)
    assert events[0] | {"groqchat": ""} == {
        "event": "start", "version": VERSION, "groqchat": "", "command": "ask",
    }  # fmt: skip
    assert events[-1]["event"] == ("done" if code == 0 else "error")
    assert events[-1]["exit_code"] == code
    return events


def kinds(events):
    """The kinds of events in their order, each run of one kind once."""
    names = [event["event"] for event in events]
    return [name for at, name in enumerate(names) if names[at - 1 : at] != [name]]


def test_an_answer_is_told_from_its_prompt_to_its_end(simulator, groqchat):
    events = run(groqchat)
    assert kinds(events) == [
        "start", "prompt_stored", "sending", "quota", "answer_started", "reasoning", "text",
        "usage", "done",
    ]  # fmt: skip
    done = events[-1]
    assert "".join(e["text"] for e in events if e["event"] == "text") == done["answer"]
    assert events[1]["session_id"] == done["session_id"]
    assert next(e for e in events if e["event"] == "quota")["quota"]["TPM"]["limit"] == 8000
    usage = next(e for e in events if e["event"] == "usage")
    assert (usage["usage"], usage["cost_usd"]) == (done["usage"], done["cost_usd"])


def test_a_wait_and_another_attempt_are_told(developer, groqchat):
    events = run(groqchat, prompt="simulate: rate_limited=2*1")
    assert kinds(events)[:5] == ["start", "prompt_stored", "sending", "waiting", "sending"]
    waiting = next(e for e in events if e["event"] == "waiting")
    assert waiting["error"]["kind"] == "rate_limited"
    assert waiting["seconds"] >= 2


def test_json_by_a_schema_is_in_the_last_line(simulator, groqchat):
    assert run(groqchat, "--schema", "name")[-1]["parsed"] == {"name": "example name"}
    events = run(groqchat, "--schema", "name", prompt="simulate: off_schema", code=9)
    assert kinds(events)[-2:] == ["usage", "error"]
    assert events[-1]["error"]["kind"] == "schema_mismatch"


@pytest.mark.parametrize(
    ("prompt", "code", "kind"),
    [
        ("simulate: key_rejected", 4, "key_rejected"),
        ("simulate: cut", 8, "stream_broken"),
        ("simulate: says_nothing", 13, "no_answer"),
    ],
)
def test_an_error_is_the_last_line(simulator, groqchat, prompt, code, kind):
    assert run(groqchat, prompt=prompt, code=code)[-1]["error"]["kind"] == kind


def test_what_is_wrong_with_the_command_line_is_a_line_too(simulator, groqchat):
    told = groqchat("ask", "--jsonl", "Hi", "--max-tokens", "no")
    assert (told.code, kinds(lines(told.out))) == (2, ["start", "error"])
    both = groqchat("ask", "--jsonl", "Hi", "--json")
    assert (both.code, kinds(lines(both.out))) == (2, ["start", "error"])
    events = run(groqchat, "--schema", "a strr", code=2)
    assert kinds(events) == ["start", "error"]


def test_nothing_is_kept_where_nothing_is_to_be(simulator, groqchat):
    events = run(groqchat, "--no-save")
    assert {event["session_id"] for event in events if "session_id" in event} == {None}


def test_ctrl_c_ends_with_a_line(simulator, process):
    simulator.arm("stall")
    child = process("ask", "Tell me", "-m", SMALL, "--jsonl")
    child.stdin.close()
    child.stdin = None
    told = []
    while not told or told[-1]["event"] != "text":
        told += lines(child.stdout.readline().decode())
    child.send_signal(signal.SIGINT)
    rest, _ = child.communicate(timeout=60)
    assert child.returncode == 130
    last = lines(rest.decode())[-1]
    assert last["event"] == "error"
    assert last["error"]["kind"] == "interrupted"
    said = [event["text"] for event in (*told, *lines(rest.decode())) if event["event"] == "text"]
    assert last["error"]["partial"] == "".join(said)


def test_the_schema_is_printed_and_knows_every_event(groqchat):
    told = groqchat("ask", "--jsonl-schema")
    assert json.loads(told.out) == SCHEMA
    Draft202012Validator.check_schema(SCHEMA)
    known = {reference["$ref"].removeprefix("#/$defs/") for reference in SCHEMA["oneOf"]}
    assert known <= SCHEMA["$defs"].keys()


MESSAGE = Message("m1", "s1", None, Role.USER, "text", 1.0)
RESULT = Message("m2", "s1", "m1", Role.TOOL, "12:00", 1.0, finish_reason="done")
TOOL = Tool("time", "now", "time__now", "", {}, "f")
CALL = ToolCall("c1", "time__now", "{}")
ERROR = failure("over_capacity", model="m")
EVENTS = {
    "prompt_stored": PromptStored(MESSAGE),
    "answer_started": AnswerStarted(MESSAGE),
    "waiting": Waiting(1.5, 2.0, 1, ERROR),
    "sending": Sending(1),
    "rerouted": Rerouted(ERROR, Options("m")),
    "skipped": Skipped("m at other", ERROR),
    "quota": QuotaSeen("m", None),
    "text": Delta("text"),
    "reasoning": ReasoningDelta("text"),
    "text_was_reasoning": TextWasReasoning(),
    "step": StepTaken(0, ExecutedTool("python", "1 + 1", "2")),
    "approval_asked": ApprovalAsked(TOOL, CALL),
    "tool_call": CallStarted(TOOL, CALL),
    "tools_failed": SourceFailed("time", ERROR),
    "usage": Answered(MESSAGE, None),
    "compacted": Compacted(MESSAGE),
}


@pytest.mark.parametrize("kind", EVENTS)
def test_every_event_of_a_turn_is_one_line(capsys, kind):
    printed = EventLines(lambda model: QuotaView(model, None, False, (), 0.0, ()), is_kept=True)
    printed.take(EVENTS[kind])
    assert [event["event"] for event in lines(capsys.readouterr().out)] == [kind]


def test_no_event_of_a_turn_is_without_a_line():
    assert {type(event) for event in EVENTS.values()} == set(TurnEvent.__args__)


def test_the_result_of_a_call_is_told_with_its_call(capsys):
    told = EventLines(lambda model: QuotaView(model, None, False, (), 0.0, ()), is_kept=True)
    told.take(PromptStored(replace(RESULT, calls=(CALL,))))
    (line,) = lines(capsys.readouterr().out)
    assert (line["event"], line["id"], line["is_error"]) == ("tool_result", "c1", False)
