"""`/schema` and `/json`: what is asked for is said, sent, kept and checked."""

import json

import pytest

from groqchat.domain.structured.schema import read_schema
from tests.ui.chat.test_chat_screen import ask, chatting
from tests.ui.chat.test_session_options import command, shown
from tests.ui.stage import seen, until


async def test_a_schema_is_asked_for_kept_and_its_answer_is_a_tree(groq, asked):
    async with chatting() as (pilot, screen):
        await command(pilot, screen, "/schema name, age int?")
        await until(
            pilot, lambda: "Answers are JSON with name, age: the model is held" in shown(screen)
        )
        assert "JSON: name, age" in screen.chat.panel.quota.render().plain
        await ask(pilot, screen, "Who?")
        sent = asked[-1]
        assert sent["response_format"]["json_schema"]["strict"] is True
        assert "stream" not in sent
        assert "✓ fits the schema" in seen(screen)
        assert 'name: "example name"' in seen(screen)
        session_id = screen.conversation.session.id
        await command(pilot, screen, "/new")
        await ask(pilot, screen, "Other")
        assert "response_format" not in asked[-1]
        await screen.chat.opening.open(session_id)
        await until(pilot, lambda: "✓ fits the schema" in seen(screen))
        await command(pilot, screen, "/json")
        await ask(pilot, screen, "And?")
        assert asked[-1]["response_format"] == {"type": "json_object"}
        assert "JSON" in asked[-1]["messages"][0]["content"]
        await command(pilot, screen, "/json off")
        await until(pilot, lambda: "plain text again" in shown(screen))
        assert screen.conversation.options.schema is None


async def test_an_answer_that_does_not_fit_says_so_and_offers_another_try(groq):
    async with chatting() as (pilot, screen):
        await command(pilot, screen, "/schema name")
        await ask(pilot, screen, "simulate: off_schema*1")
        await until(pilot, lambda: "Not the JSON asked for" in seen(screen))
        assert "✗ the key “name” is missing" in seen(screen)
        await pilot.press("r")
        await until(pilot, lambda: "✓ fits the schema" in seen(screen))


async def test_json_that_ended_early_is_asked_for_again_instead_of_continued(groq, asked):
    async with chatting() as (pilot, screen):
        await command(pilot, screen, "/json")
        await ask(pilot, screen, "simulate: ends_filtered=5")
        before = len(asked)
        await command(pilot, screen, "/continue")
        await until(pilot, lambda: "JSON cannot be continued: /retry" in shown(screen))
        assert len(asked) == before


async def test_what_groq_refuses_together_is_said_before_it_is_sent(groq, asked):
    async with chatting() as (pilot, screen):
        await screen.conversation.set_options(
            schema=read_schema("a"), tools=("browser_search",), model="openai/gpt-oss-120b"
        )
        before = len(asked)
        screen.composer.text = "Hi"
        await pilot.press("enter")
        await until(pilot, lambda: "Groq does not take an answer by a JSON Schema" in shown(screen))
        assert screen.composer.text == "Hi"
        assert len(asked) == before


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("/schema", "Answers are plain text. /schema name"),
        ("/schema age integr", "did you mean integer?"),
        ("/schema missing.json", "No such file"),
        ('/schema {"$ref": "#/$defs/x"}', "the reference “#/$defs/x” leads nowhere"),
        ("/json maybe", "/json maybe: write /json, or /json off"),
    ],
)
async def test_what_cannot_be_set_is_explained(groq, written, said):
    async with chatting() as (pilot, screen):
        screen.composer.text = written
        await pilot.press("enter")
        await until(pilot, lambda: said in shown(screen))
        assert screen.conversation.options.schema is None


async def test_a_file_is_read_and_what_is_changed_is_said(groq, tmp_path):
    path = tmp_path / "person.json"
    path.write_text(json.dumps({"type": "object", "properties": {"n": {"type": "string"}}}))
    async with chatting() as (pilot, screen):
        await command(pilot, screen, f"/schema {path}")
        await until(pilot, lambda: "Changed for Groq: “n” may be null" in shown(screen))


async def test_secrets_sent_with_every_prompt_are_warned_of(groq):
    key = "gsk_" + "abcdefghijklm" * 4
    async with chatting() as (pilot, screen):
        for written, said in (
            (f"/schema {key} str", "The schema contains an API key; the server will read it."),
            (f"/system Use {key}", "The system prompt contains an API key; the server"),
        ):
            await command(pilot, screen, written)
            await until(pilot, lambda said=said: said in shown(screen))
