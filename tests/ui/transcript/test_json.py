"""An answer in JSON is a tree that folds by keys and mouse, with what is wrong below it."""

from dataclasses import replace

import pytest

from groqchat.domain.structured.schema import read_schema
from groqchat.domain.structured.tree import tree_of
from groqchat.domain.structured.validation import Mismatch
from groqchat.domain.turns.chat import Message, Options, Role
from groqchat.domain.turns.sent_parameters import asked_with
from groqchat.services.checking import checker
from groqchat.services.checking.checker import Verdict
from groqchat.ui.transcript.entries import Entry, EntryKind, JsonBody
from groqchat.ui.transcript.json_lines import JsonLines
from groqchat.ui.transcript.messages import entry_of
from groqchat.ui.transcript.view import Transcript
from groqchat.ui.widgets.text import KeyHint
from tests.ui.stage import until
from tests.ui.transcript.test_transcript import Stage, seen

VALUE = {"people": [{"name": "Graz", "age": 3}], "ok": True}
BODY = JsonBody(tree_of(VALUE), ("✓ fits the schema",))
ENTRY = Entry("a", EntryKind.ASSISTANT, "m", "{}", json=BODY)
ANSWER = Message(
    "a", "s", "p", Role.ASSISTANT, '{"name": "x", "age": 3}', 1.0, model="m",
    asked_with=asked_with(Options("m", schema=read_schema("name, age int"))),
)  # fmt: skip


def rows(body, width=40):
    return [line.text for line in JsonLines(body, width).lines]


def test_the_lines_are_indented_and_say_what_folds():
    assert rows(BODY) == [
        "▾ {2}",
        "  ▾ people: [1]",
        "    ▾ 0: {2}",
        '        name: "Graz"',
        "        age: 3",
        "    ok: true",
        "✓ fits the schema",
    ]
    assert rows(BODY.toggled(1))[1:3] == ["  ▸ people: [1]", "    ok: true"]


@pytest.mark.parametrize("width", [1, 5, 12, 20])
def test_whatever_is_long_is_wrapped_to_the_width(width):
    long = JsonBody(tree_of({"k" * 30: "word " * 20, "字" * 9: ["字" * 30]}))
    wide = [line for line in JsonLines(long, width).lines if line.width > max(width, 6)]
    assert wide == []


def test_no_control_character_of_an_answer_is_shown():
    body = JsonBody(tree_of({"\x1b[31mred": "\x1b]0;t\x07"}))
    assert all(row.isprintable() for row in rows(body))


async def test_parts_fold_by_keys_and_by_click():
    app = Stage([ENTRY])
    async with app.run_test(size=(60, 14)) as pilot:
        transcript = app.transcript
        assert any("age: 3" in row for row in seen(transcript))
        transcript.focus()
        await pilot.pause()
        await pilot.press("right", "right", "enter")
        assert not any("age: 3" in row for row in seen(transcript))
        assert any("▸ people: [1]" in row for row in seen(transcript))
        row = next(y for y, text in enumerate(seen(transcript)) if "people" in text)
        await pilot.click(Transcript, offset=(8, row))
        assert any("age: 3" in text for text in seen(transcript))
        await pilot.press("left", "enter")
        assert not any("people" in row for row in seen(transcript))
        assert KeyHint("←→ Enter", "fold parts") in transcript.hints()


async def test_the_keys_of_an_answer_with_reasoning_unfold_that_until_they_are_in_the_tree():
    app = Stage([replace(ENTRY, reasoning="because")])
    async with app.run_test(size=(60, 14)) as pilot:
        app.transcript.focus()
        await pilot.pause()
        await pilot.press("enter")
        assert any("because" in row for row in seen(app.transcript))
        await pilot.press("right", "enter")
        assert any("▸ {2}" in row for row in seen(app.transcript))
        assert any("because" in row for row in seen(app.transcript))


def test_an_answer_that_was_asked_for_in_json_is_shown_with_what_is_wrong():
    assert entry_of(ANSWER).json.remarks == ("✓ fits the schema",)
    wrong = entry_of(replace(ANSWER, content='{"name": "x"}')).json
    assert wrong.is_wrong
    assert wrong.remarks == ("✗ the key “age” is missing",)
    assert entry_of(replace(ANSWER, content="no JSON")).json is None
    assert entry_of(replace(ANSWER, asked_with={})).json is None
    evil = {"schema": {"properties": {"name": {"pattern": "^(a+)+$"}}}}
    slow = replace(ANSWER, content=f'{{"name": "{"a" * 60}b"}}', asked_with=evil)
    assert entry_of(slow).json.remarks == ("✓ fits the schema, patterns not tried yet",)
    plain = {"response_format": {"type": "json_object"}}
    assert entry_of(replace(ANSWER, asked_with=plain)).json.remarks == ()


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        (Verdict((), is_whole=True), "✓ fits the schema"),
        (Verdict((), is_whole=False), "✓ fits the schema; its patterns took too long to be tried"),
        (Verdict((Mismatch("name", "no"),), is_whole=True), "✗ name: no"),
    ],
)
async def test_patterns_are_tried_once_when_the_answer_is_in_sight(monkeypatch, verdict, said):
    asked = []

    async def verdict_on(form, answer):
        asked.append((form, answer))
        return verdict

    monkeypatch.setattr(checker, "verdict_on", verdict_on)
    with_pattern = {"schema": {"properties": {"name": {"pattern": "^x"}}}}
    entry = entry_of(replace(ANSWER, asked_with=with_pattern))
    app = Stage([entry, *(replace(entry, id=f"a{number}") for number in range(40))])
    async with app.run_test(size=(70, 14)) as pilot:
        await until(pilot, lambda: any(row.endswith(said) for row in seen(app.transcript)))
        assert not app.transcript.entry("a39").is_incomplete
        assert app.transcript.entry("a1").is_incomplete, "it is not in sight"
        app.transcript.fold_parts("a39")
        await pilot.pause()
    assert len(asked) == 1, "the answers are the same"


async def test_all_parts_fold_and_unfold_at_once():
    app = Stage([ENTRY, replace(ENTRY, id="b", json=None)])
    async with app.run_test(size=(60, 30)) as pilot:
        await pilot.pause()
        assert app.transcript.fold_parts("a")
        assert any("▸ people: [1]" in row for row in seen(app.transcript))
        assert app.transcript.fold_parts("a")
        assert any("age: 3" in row for row in seen(app.transcript))
        assert not app.transcript.fold_parts("b")
