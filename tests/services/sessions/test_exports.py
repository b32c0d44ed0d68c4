"""Options of exports: front matter, redaction, OpenAI's shape."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given

from groqchat.domain.sessions.archive import with_texts
from groqchat.domain.turns.message_kind import MessageKind
from groqchat.reports.session_reports import SESSION_REPORTS
from groqchat.services.sessions.export_files import ENDINGS, is_own_export
from groqchat.services.sessions.exports import ExportOptions, exported
from groqchat.services.sessions.session_imports import read_sessions
from tests.fakes import START
from tests.services.archives import MESSAGES, TALK, archives

KEY = "gsk_" + "a1b2" * 8


def made(archive, form, **options):
    return exported(archive, form, SESSION_REPORTS, ExportOptions(**options))


def test_front_matter_is_yaml_before_the_text():
    talk = replace(TALK, session=replace(TALK.session, title='A "b": c', cost=Decimal("0.0100")))
    text = made(talk, "markdown", has_front_matter=True)
    head, _, rest = text.partition("---\n\n")
    assert head == (
        '---\ntitle: "A \\"b\\": c"\nid: "s1"\ncreated: "2026-09-21T14:13:20Z"\n'
        'updated: "2026-09-21T14:13:20Z"\nmodel: "m/1"\nmessages: 2\ncost_usd: "0.01"\n'
    )
    assert rest.startswith('# A "b": c\n')
    assert is_own_export(text, "s1")
    assert made(talk, "html", has_front_matter=True) == made(talk, "html")


def test_markdown_tells_what_each_answer_was_asked_with():
    asked_with = {"temperature": 0.2, "stop": ["``", "\n"]}
    asked = replace(MESSAGES[1], asked_with=asked_with)
    text = made(replace(TALK, messages=(MESSAGES[0], asked)), "markdown")
    assert '\n\nAsked with ``` temperature 0.2 · stop ``, "\\n" ```\n' in text
    assert "Asked with" not in made(TALK, "markdown")


@pytest.mark.parametrize("form", ENDINGS)
def test_secrets_are_replaced_in_every_form_and_place(form):
    secret = f"use {KEY} with Authorization: Bearer abc.def"
    said = [replace(MESSAGES[0], content=secret)]
    said += [replace(MESSAGES[1], content=secret, reasoning=secret)]
    session = replace(TALK.session, title=f"Key {KEY}", system=secret)
    talk = replace(TALK, session=session, messages=tuple(said))
    assert KEY in made(talk, form)
    text = made(talk, form, is_redacted=True)
    assert KEY not in text
    assert "abc.def" not in text
    assert "gsk_…" in text
    if form in {"json", "jsonl"}:
        (archive,) = read_sessions(text, START).archives
        assert archive.messages[1].reasoning == "use gsk_… with Authorization: Bearer …"
        assert is_own_export(text, "s1")


@given(archives())
def test_redaction_reaches_every_text_and_nothing_else(archive):
    assert with_texts(archive, str) == archive
    changed = with_texts(archive, lambda text: text + "\x00")
    assert with_texts(changed, lambda text: text.removesuffix("\x00")) == archive
    texts = [changed.session.title, changed.session.system]
    texts += [text for each in changed.messages for text in (each.content, each.reasoning)]
    texts += [each.text for each in changed.notes]
    texts += [each.reason for judged in changed.judgements for each in judged.opinions]
    assert all(text.endswith("\x00") for text in texts)


def test_a_line_in_the_shape_of_openai_has_the_shown_branch_alone():
    other = replace(MESSAGES[1], id="c", content="False.")
    aside = replace(
        MESSAGES[0], id="d", parent_id="b", content="By the way", kind=MessageKind.ASIDE
    )
    talk = replace(TALK, messages=(*MESSAGES, other, aside))
    talk = replace(talk, session=replace(talk.session, leaf_id="d"))
    line = made(talk, "jsonl", is_for_openai=True)
    assert line.count("\n") == 1
    assert json.loads(line) == {
        "messages": [
            {"role": "system", "content": "Be terse."},
            {"role": "user", "content": "What is 2 < 3?"},
            {"role": "assistant", "content": "True, **of course**.\n"},
        ]
    }
    (archive,) = read_sessions(line, START).archives
    assert archive.session.system == "Be terse."
    assert [each.content for each in archive.messages] == [each.content for each in MESSAGES]
