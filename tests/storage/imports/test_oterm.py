"""oterm's database, as oterm 0.26.1 wrote it."""

import base64
import json

from groqchat.storage.imports.sqlite_files import read_database
from tests.images import image
from tests.samples import SAMPLES, tree

NAME = "oterm-0.26.1-store.db"


def test_a_chat_arrives_and_what_oterm_does_not_keep_is_said():
    reading = read_database(SAMPLES / NAME, 5.0)
    (archive,) = reading.archives
    assert [role for _, role, _ in tree(archive)] == ["user", "assistant", "user", "assistant"]
    assert [len(each.content) for each in archive.messages] == [21, 1528, 30, 90]
    assert archive.messages[2].content == "write 20 tokens, end with DONE"
    assert {each.model for each in archive.messages[1::2]} == {"openai/gpt-oss-120b"}
    session = archive.session
    assert (session.title, session.system) == ("Rate limits", "Be short.")
    assert session.model == "openai/gpt-oss-120b"
    assert {session.created, session.updated, archive.messages[0].created} == {5.0}
    assert "no times" in next(iter(reading.remarks))


def test_an_answer_that_was_given_anew_is_a_version_beside_the_other(changed):
    before = read_database(SAMPLES / NAME, 5.0).archives[0]
    path = changed(NAME, "UPDATE message SET text = 'DONE', images = '[\"abc!\"]' WHERE id = 4")
    reading = read_database(path, 6.0)
    (after,) = reading.archives
    assert after.session.id == before.session.id
    assert [each.id for each in after.messages[:3]] == [each.id for each in before.messages[:3]]
    assert after.messages[3].id != before.messages[3].id
    assert after.messages[3].parent_id == before.messages[3].parent_id
    assert dict(+reading.omitted) == {"image": 1}


def test_images_arrive_below_their_prompt_and_broken_ones_are_counted(changed):
    encoded = [base64.b64encode(data).decode() for data in (image().data, image().data[:-9])]
    written = json.dumps([*encoded, 7])
    path = changed(NAME, f"UPDATE message SET images = '{written}' WHERE id = 1")
    reading = read_database(path, 6.0)
    (after,), (before,) = reading.archives, read_database(SAMPLES / NAME, 5.0).archives
    assert after.messages[0].content == f"What is a rate limit?\n\n{image('image').mark}"
    assert after.images == (image("image"),)
    assert dict(+reading.omitted) == {"broken image": 1}
    ids = [[each.id for each in archive.messages] for archive in (before, after)]
    assert ids[0] == ids[1], "who imported the chat before images came has it once"


def test_older_versions_have_other_columns(changed):
    path = changed(
        NAME,
        "ALTER TABLE chat DROP COLUMN provider",
        "ALTER TABLE chat ADD COLUMN keep_alive INTEGER",
        "ALTER TABLE message DROP COLUMN images",
    )
    (archive,) = read_database(path, 5.0).archives
    assert len(archive.messages) == 4
