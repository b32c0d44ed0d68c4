"""ChatGPT's export, as far as public descriptions tell it."""

import json
from collections import Counter

import pytest

from groqchat.services.sessions.session_imports import read_sessions
from tests.samples import leaf, tree


def message(role, *parts, kind="text", **known):
    metadata = known.pop("metadata", {})
    content = {"content_type": kind, "parts": list(parts)}
    return {"author": {"role": role}, "content": content, "metadata": metadata} | known


def chat(*nodes, **known):
    """A chat of nodes in one branch."""
    mapping = {"root": {"id": "root", "message": None, "parent": None}}
    before = "root"
    for number, node in enumerate(nodes):
        mapping[f"n{number}"] = {"id": f"n{number}", "message": node, "parent": before}
        before = f"n{number}"
    return {"conversation_id": "c1", "title": "T", "mapping": mapping} | known


def read(*chats):
    return read_sessions(json.dumps(chats), 5.0)


def texts(*nodes):
    (archive,) = read(chat(message("user", "Hi"), *nodes)).archives
    return [each.content for each in archive.messages[1:]]


def test_the_branch_on_show_is_the_one_of_the_current_node():
    talk = chat(
        message("user", "Hi", create_time=10.5),
        message("assistant", "One", create_time=11.5, metadata={"model_slug": "gpt-5"}),
        create_time=10.0,
        update_time=99.0,
        default_model_slug="o3",
    )
    talk["mapping"]["other"] = {"message": message("assistant", "Two"), "parent": "n0"}
    talk["current_node"] = "n1"
    (archive,) = read(talk).archives
    assert tree(archive) == [(None, "user", "Hi"), (0, "assistant", "Two"), (0, "assistant", "One")]
    assert leaf(archive) == "One"
    assert [each.model for each in archive.messages] == [None, "o3", "gpt-5"]
    assert [each.created for each in archive.messages] == [10.5, 10.5, 11.5]
    session = archive.session
    assert (session.id, session.created, session.updated, session.model) == ("c1", 10.0, 99.0, "o3")


@pytest.mark.parametrize(
    ("dropped", "name"),
    [
        (message("tool", "found"), "tool result"),
        (message("assistant", "print(1)", kind="code"), "tool call"),
        (message("assistant", "search", recipient="browser"), "tool call"),
        (message("user", kind="user_editable_context"), "custom instruction"),
        (message("assistant", "x", metadata={"is_visually_hidden_from_conversation": True}),
            "hidden message"),
        (message("user", "x", weight=0.0), "hidden message"),
        (message("assistant", "x", kind="new_kind"), "new_kind message"),
    ],
)  # fmt: skip
def test_what_is_no_word_of_the_chat_is_counted(dropped, name):
    reading = read(chat(message("user", "Hi"), dropped, message("assistant", "Ho")))
    (archive,) = reading.archives
    assert tree(archive) == [(None, "user", "Hi"), (0, "assistant", "Ho")]
    assert +reading.omitted == Counter([name])


def test_thoughts_are_the_reasoning_of_the_answer():
    steps = [{"summary": "Plan", "content": "First a, then b."}, {"content": "Done."}]
    thoughts = message("assistant", kind="thoughts")
    thoughts["content"] = {"content_type": "thoughts", "thoughts": steps}
    (archive,) = read(chat(message("user", "Hi"), thoughts, message("assistant", "Ho"))).archives
    assert archive.messages[1].reasoning == "Plan\n\nFirst a, then b.\n\nDone."


def test_images_are_marked_and_counted_and_words_beside_them_stay():
    parts = ({"content_type": "image_asset_pointer"}, "What is it?", {"text": "spoken"})
    files = {"attachments": [{"name": "a.pdf"}, {"name": "b.pdf"}]}
    asked = message("user", *parts, kind="multimodal_text", metadata=files)
    reading = read(chat(asked))
    assert tree(reading.archives[0]) == [(None, "user", "[image]\n\nWhat is it?\n\nspoken")]
    assert +reading.omitted == Counter({"image": 1, "attached file": 2})


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("It rains \ue200cite\ue202turn0search3\ue202turn1news0\ue201.", "It rains."),
        ("Rain \ue200cite\ue202turn0search3\ue201and wind", "Rain and wind"),
        ('\ue200entity\ue202["people","Ada","x"]\ue201 wrote it', "Ada wrote it"),
        ("\ue203marked\ue204 words", "marked words"),
        ("Old【12†source】 and【4:0†file.pdf】.", "Old and."),
        ("A dagger† stays", "A dagger† stays"),
        ("cut off \ue200cite\ue202turn", "cut off citeturn"),
    ],
)
def test_private_characters_of_citations_are_gone(written, shown):
    assert texts(message("assistant", written)) == [shown]


def test_a_citation_with_a_source_is_a_link():
    mark = "\ue200cite\ue202turn0search3\ue201"
    items = [{"title": "The [news]", "url": "https://example.org/a"}, {"url": "javascript:x"}]
    metadata = {"content_references": [{"matched_text": mark, "items": items}]}
    answer = message("assistant", f"It rains{mark}.", metadata=metadata)
    assert texts(answer) == ["It rains [The news](https://example.org/a)."]


def test_a_damaged_chat_refuses_no_other():
    good = chat(message("user", "Hi"))
    reading = read({"title": "Bad", "mapping": {}}, good, chat(title="Empty"), {"title": "None"})
    assert len(reading.archives) == 1
    assert [(each.where, each.title) for each in reading.failed] == [
        ("session 1", "Bad"), ("session 4", "None"),
    ]  # fmt: skip
    assert reading.omitted["empty chat"] == 1


@pytest.mark.parametrize("broken", [None, 7, "x", [], {"message": 3}, {"message": {"content": []}}])
def test_a_broken_node_costs_no_more_than_itself(broken):
    talk = chat(message("user", "Hi"))
    talk["mapping"]["x"] = broken
    (archive,) = read(talk).archives
    assert tree(archive) == [(None, "user", "Hi")]
