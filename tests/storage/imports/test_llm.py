"""llm's log, as llm 0.36 wrote it, alone and into one that 0.31.1 had begun."""

import json
import shutil
import sqlite3
from contextlib import closing

import pytest

from groqchat.domain.money.usage import Timing
from groqchat.storage.imports.sqlite_files import read_database
from tests.images import image
from tests.samples import SAMPLES, tree

NEW, BOTH = "llm-0.36-logs.db", "llm-0.31.1-then-0.36-logs.db"


def prompts(archive):
    return [text for _, role, text in tree(archive) if role == "user"]


def test_every_chat_arrives_with_its_models_times_and_tokens():
    reading = read_database(SAMPLES / NEW, 5.0)
    assert [(each.session.title, len(each.messages)) for each in reading.archives] == [
        ("What is a rate limit?", 6), ("Describe the picture", 2),
        ("fragment text about otters Summ…", 2), ("What time is it?", 2), ("invent a dog", 2),
        ("hello there", 4),
    ]  # fmt: skip
    first = reading.archives[0]
    assert first.session.id == "01m8j8tw29jjj7we689962848f"
    assert first.session.system == "Be short."
    assert prompts(first) == [
        "What is a rate limit?", "write 20 tokens, end with DONE", "And in other words?",
    ]  # fmt: skip
    question, answer = first.messages[:2]
    assert question.created == answer.created == 1795909578.84125
    assert (answer.usage.prompt_tokens, answer.usage.completion_tokens) == (17, 414)
    assert answer.usage.reasoning_tokens == 55
    assert answer.timing == Timing(None, 2.053)
    assert first.messages[3].content.endswith("the last lines until the count fits\n\nDONE")
    assert [each.model for each in first.messages[1::2]] == [
        "openai/gpt-oss-120b", "openai/gpt-oss-120b", "openai/gpt-oss-20b",
    ]  # fmt: skip
    assert dict(+reading.omitted) == {"hidden reasoning text": 9, "image": 1}
    assert {each.reasoning for archive in reading.archives for each in archive.messages} == {""}


@pytest.mark.parametrize("name", ["reasoning", "reasoning_content"])
def test_hidden_reasoning_comes_from_the_response_where_it_came_in_one_piece(tmp_path, name):
    path = tmp_path / "logs.db"
    shutil.copy(SAMPLES / NEW, path)
    response = {"choices": [{"message": {"content": "Done", name: "Two and two."}}], "model": "m"}
    with closing(sqlite3.connect(path)) as log, log:
        log.execute(
            "update turns set response_json = ? where id = (select min(id) from turns)",
            (json.dumps(response),),
        )
    reading = read_database(path, 5.0)
    answers = [each for archive in reading.archives for each in archive.messages]
    assert [each.reasoning for each in answers if each.reasoning] == ["Two and two."]
    assert reading.omitted["hidden reasoning text"] == 8


def test_an_image_whose_bytes_llm_keeps_arrives_in_both_generations(changed):
    kept = f"x'{image().data.hex()}'"
    path = changed(NEW, f"UPDATE attachments SET content = {kept}")
    reading = read_database(path, 5.0)
    archive = reading.archives[1]
    mark = image("image").mark
    assert prompts(archive) == [f"Describe the picture\n\n{mark}"]
    assert archive.images == (image("image"),)
    assert reading.omitted["image"] == 0
    path = changed(
        BOTH,
        "DELETE FROM threads",
        f"INSERT INTO attachments (id, type, content) VALUES ('a', 'image/png', {kept})",
        "INSERT INTO attachments (id, type, content) VALUES ('b', 'audio/wav', x'00')",
        "INSERT INTO prompt_attachments SELECT min(id), 'a', 0 FROM responses",
        "INSERT INTO prompt_attachments SELECT min(id), 'b', 1 FROM responses",
    )
    reading = read_database(path, 5.0)
    assert prompts(reading.archives[0])[0] == f"old question one\n\n{mark}"
    assert dict(+reading.omitted) == {"attached file": 1}


def test_prompts_of_fragments_are_put_together():
    archive = read_database(SAMPLES / NEW, 5.0).archives[2]
    assert prompts(archive) == ["fragment text about otters\n\nSummarise the fragment"]
    assert archive.session.system == "system fragment: be kind"


def test_a_chat_of_both_generations_is_one_with_the_times_of_its_first_answers():
    (archive,) = read_database(SAMPLES / BOTH, 5.0).archives
    assert archive.session.title == "old question one"
    assert prompts(archive) == [
        "old question one", "old question two", "new question three, same chat",
    ]  # fmt: skip
    assert [each.created for each in archive.messages] == [
        1795910020.528364, 1795910020.528364, 1795910033.687912, 1795910033.687912,
        1795910045.885787, 1795910045.885787,
    ]  # fmt: skip
    assert {each.model for each in archive.messages[1::2]} == {"openai/gpt-oss-120b"}
    assert archive.messages[3].usage.completion_tokens == 232


def test_a_chat_that_was_imported_before_it_was_continued_only_grows(changed):
    tables = ("threads", "turns", "messages", "parts")
    path = changed(BOTH, "PRAGMA foreign_keys = OFF", *(f"DELETE FROM {name}" for name in tables))
    (before,) = read_database(path, 5.0).archives
    (after,) = read_database(SAMPLES / BOTH, 6.0).archives
    assert before.session.id == after.session.id
    assert before.session.system == after.session.system == "Be short."
    assert before.messages == after.messages[:4]


def test_tools_are_counted_and_what_is_said_around_them_is_one_answer(changed):
    tip = "b2:04ad1914b04b84ba3b0b7bb2b5f35531"
    path = changed(
        NEW,
        "INSERT INTO messages VALUES ('t', 'b2:04ad1914b04b84ba3b0b7bb2b5f35531', 'tool', NULL)",
        "INSERT INTO messages VALUES ('u', 't', 'assistant', NULL)",
        "INSERT INTO parts VALUES (91, 't', 0, 'tool_result', 'llm_time', NULL, '{}')",
        "INSERT INTO parts VALUES (92, 'u', 1, 'text', NULL, 'It is noon.', NULL)",
        "INSERT INTO parts VALUES (93, 'u', 0, 'reasoning', NULL, 'Look at the clock.', NULL)",
        f"INSERT INTO parts VALUES (94, '{tip}', 2, 'tool_call', 'llm_time', NULL, '{{}}')",
        f"UPDATE threads SET tip_message_hash = 'u' WHERE tip_message_hash = '{tip}'",
    )
    reading = read_database(path, 5.0)
    question, answer = reading.archives[3].messages
    assert answer.content.endswith("\n\nIt is noon.")
    assert answer.reasoning == "Look at the clock."
    assert answer.parent_id == question.id
    assert (reading.omitted["tool call"], reading.omitted["tool result"]) == (1, 1)


def test_a_chain_that_is_broken_or_goes_round_ends_there(changed):
    path = changed(
        NEW,
        "UPDATE messages SET parent_hash = 'b2:76c1ba9561e2cd704b69ff6828bad084' "
        "WHERE hash = 'b2:4b0b40685620d810c38a20472b7b9729'",
        "DELETE FROM messages WHERE hash = 'b2:721711e4960cbd25fc03583872e90d17'",
        "UPDATE turns SET input_tokens = 'many', response_json = '[', datetime_utc = 'now' "
        "WHERE id = '01m8j8wc58bfgftjj3y4b3zhgh'",
    )
    reading = read_database(path, 5.0)
    assert len(reading.archives[5].messages) == 4
    assert [role for _, role, _ in tree(reading.archives[1])] == ["assistant"]
    assert reading.archives[4].messages[1].model == "sim"
    assert reading.failed == []
