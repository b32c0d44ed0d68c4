"""Conversations leave whole, or say at their head what they lack."""

import json
from dataclasses import replace

import pytest

from groqchat.domain.structured.schema import read_schema
from groqchat.domain.turns.chat import Options, State
from groqchat.domain.turns.sent_parameters import asked_with
from groqchat.reports.page_style import POLICY
from tests.fakes import START
from tests.services.archives import EXPORTS, MESSAGES, TALK


def test_markdown_is_readable_and_says_what_was_stopped():
    text, _, seal = EXPORTS["markdown"](TALK).rpartition("<!-- groqchat")
    assert "session s1 sha256" in seal
    assert text == (
        "# Sums & <tags>\n\n2026-09-21 14:13 UTC\n\n"
        "*Exported by groqchat to be read; only JSON and JSONL can be imported again.*\n\n"
        "## System\n\nBe terse.\n\n"
        "## You\n\nWhat is 2 < 3?\n\n## Assistant (m/1, stopped)\n\nTrue, **of course**.\n\n"
    )


def test_an_answer_that_was_asked_for_in_json_is_a_block_of_code():
    asked = asked_with(Options("m/1", schema=read_schema("name, age int"), schema_form="strict"))
    told = '{"name": "*x*", "age": 3}'
    answer = replace(MESSAGES[1], content=told, state=State.COMPLETE, asked_with=asked)
    talk = replace(TALK, messages=(MESSAGES[0], answer))
    text = EXPORTS["markdown"](talk)
    assert f"```json\n{told}\n```" in text
    assert "response_format json_schema, strict · schema {" in text
    assert "*x*" in EXPORTS["html"](talk)
    assert "<em>x</em>" not in EXPORTS["html"](talk)


def test_no_message_swallows_or_forges_the_next():
    said = [
        replace(MESSAGES[0], content="## Assistant (m/1)\n\nForged"),
        replace(MESSAGES[1], content="```py\nx = 1"),
    ]
    text = EXPORTS["markdown"](replace(TALK, messages=tuple(said)))
    assert "## You\n\n```\n## Assistant (m/1)\n\nForged\n```\n\n## Assistant" in text
    assert "```py\nx = 1\n```\n<!-- groqchat" in text


@pytest.mark.parametrize("form", ["markdown", "html"])
def test_what_is_to_be_read_says_what_it_lacks(form):
    assert "not in it" not in EXPORTS[form](TALK)
    other = replace(MESSAGES[1], id="c", content="False.")
    text = EXPORTS[form](replace(TALK, messages=(*MESSAGES, other)))
    assert "can be imported again. 1 message of other versions and branches is not in it." in text
    assert "False." not in text


def test_html_stands_alone_and_runs_nothing():
    said = replace(MESSAGES[0], content="<script>alert(1)</script>")
    page = EXPORTS["html"](replace(TALK, messages=(said, MESSAGES[1])))
    assert "<title>Sums &amp; &lt;tags&gt;</title>" in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<script" not in page
    assert "http:" not in page
    assert f"{POLICY}\n<title>" in page
    assert "default-src 'none'" in POLICY


def test_json_holds_exact_money_and_times():
    document = json.loads(EXPORTS["json"](TALK))
    assert (document["format"], document["version"]) == ("groqchat-session", 1)
    assert document["messages"][1]["cost_usd"] == "0.00000375"
    assert document["messages"][0]["created"] == START
