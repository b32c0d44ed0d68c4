"""elia's database, as elia 1.10.0 wrote it."""

from groqchat.storage.imports.sqlite_files import read_database
from tests.samples import SAMPLES, tree

NAME = "elia-1.10.0.sqlite"


def test_chats_arrive_with_models_times_and_system_prompts():
    reading = read_database(SAMPLES / NAME, 5.0)
    first, second, third = reading.archives
    assert tree(first) == [(None, "user", "What is a rate limit?")]
    assert [role for _, role, _ in tree(third)] == ["user", "assistant", "user", "assistant"]
    texts = [each.content for each in third.messages]
    assert texts[0::2] == ["What is a token?", "And a bucket?"]
    assert texts[1].startswith("Here is what matters about this.\n\n## What a token is")
    assert [len(text) for text in texts[1::2]] == [1105, 725]
    assert [each.model for each in third.messages] == [None, "allam", None, "allam"]
    assert third.messages[2].created == 1795910248.958616
    sessions = [each.session for each in reading.archives]
    assert [each.title for each in sessions] == [
        "What is a rate limit?", "My tokens", "What is a token?",
    ]  # fmt: skip
    assert {each.system for each in sessions} == {"Be short."}
    assert [each.model for each in sessions] == ["sim", "llama", "allam"]
    assert sessions[0].created == 1795910074.280949
    assert (dict(+reading.omitted), reading.failed) == ({"empty answer": 1}, [])
    assert len({each.id for each in sessions}) == 3
    assert tree(second) == [(None, "user", "What is a token?")]


def test_deleted_chats_stay_away_and_a_question_that_was_asked_again_is_there_twice(changed):
    path = changed(
        NAME,
        "UPDATE chat SET archived = 1 WHERE id = 1",
        "INSERT INTO message SELECT 11, chat_id, role, content, timestamp, meta, parent_id, model "
        "FROM message WHERE id = 5",
    )
    reading = read_database(path, 5.0)
    assert [each.session.title for each in reading.archives] == ["My tokens", "What is a token?"]
    assert tree(reading.archives[0]) == [
        (None, "user", "What is a token?"), (0, "user", "What is a token?"),
    ]  # fmt: skip
    assert dict(+reading.omitted) == {"deleted chat": 1}


def test_what_has_the_wrong_type_costs_no_more_than_itself(changed):
    path = changed(
        NAME,
        "UPDATE chat SET title = x'07', started_at = 'yesterday', model = x'00' WHERE id = 3",
        "UPDATE message SET timestamp = 'noon', content = x'ff00' WHERE id = 9",
        "UPDATE message SET role = 'ghost' WHERE id = 10",
    )
    reading = read_database(path, 5.0)
    third = reading.archives[2]
    assert [role for _, role, _ in tree(third)] == ["user", "assistant"]
    assert third.session.title == "What is a token?"
    assert reading.omitted["message of an unknown role"] == 1
