"""Open WebUI's export, as far as public descriptions tell it."""

import json
from collections import Counter

import pytest

from groqchat.domain.turns.chat import State
from groqchat.services.sessions.session_imports import read_sessions
from tests.images import image
from tests.samples import leaf, tree

THOUGHT = (
    '<details type="reasoning" done="true" duration="3">\n<summary>Thought for 3 s</summary>\n'
    "&gt; 6 &lt; 7\n&gt; so yes\n</details>\n"
)


def chat(*messages, **known):
    tree = {each["id"]: each for each in messages}
    inner = {"history": {"messages": tree, "currentId": known.pop("shown", None)}}
    return {"id": "c1", "title": "T", "chat": inner | known, "created_at": 10, "updated_at": 99}


def message(name, role, content, parent=None, **known):
    return {"id": name, "role": role, "content": content, "parentId": parent} | known


def read(*chats):
    return read_sessions(json.dumps(chats), 5.0)


def test_versions_of_several_models_stay_and_the_current_one_is_shown():
    (archive,) = read(
        chat(
            message("q", "user", "Hi", timestamp=11),
            message("a", "assistant", "One", "q", model="m/1", timestamp=12),
            message("b", "assistant", "Two", "q", timestamp=13),
            shown="a",
            models=["m/2"],
            params={"system": "Be terse."},
        )
    ).archives
    assert tree(archive) == [(None, "user", "Hi"), (0, "assistant", "One"), (0, "assistant", "Two")]
    assert leaf(archive) == "One"
    assert [each.model for each in archive.messages] == [None, "m/1", "m/2"]
    assert [each.created for each in archive.messages] == [11, 12, 13]
    assert (archive.session.system, archive.session.model) == ("Be terse.", "m/2")
    assert (archive.session.created, archive.session.updated) == (10, 99)


def test_a_pointer_that_leads_nowhere_is_the_newest_leaf():
    (archive,) = read(
        chat(message("q", "user", "Hi"), message("a", "assistant", "Ho", "q"), shown="gone")
    ).archives
    assert leaf(archive) == "Ho"


@pytest.mark.parametrize(
    "told",
    [
        {"content": THOUGHT + "Yes."},
        {"content": "", "output": [
            {"type": "reasoning", "summary": [{"type": "summary_text", "text": "6 < 7\nso yes"}]},
            {"type": "message", "content": [{"type": "output_text", "text": "Yes."}]},
        ]},
        {"content": "Yes.", "output": [
            {"type": "reasoning", "content": [{"text": "6 < 7\nso yes"}]},
        ]},
    ],
)  # fmt: skip
def test_the_answer_and_its_reasoning_are_found_wherever_they_stand(told):
    answer = {"id": "a", "role": "assistant", "parentId": "q"} | told
    said = read(chat(message("q", "user", "Hi"), answer)).archives[0].messages[1]
    assert (said.content, said.reasoning) == ("Yes.", "6 < 7\nso yes")


def test_what_is_no_text_is_counted():
    parts = [{"type": "text", "text": "Look"}, {"type": "image_url", "image_url": {"url": "data:"}}]
    called = '<details type="tool_calls" done="true"><summary>x</summary></details>Found.'
    reading = read(
        chat(
            message("q", "user", parts, files=[{"name": "a.pdf"}]),
            message("a", "assistant", called, "q", output=[{"type": "function_call"}]),
            message("b", "assistant", "", "q", error={"content": "no key"}),
            message("c", "assistant", "Half an", "q", done=False),
        )
    )
    (archive,) = reading.archives
    assert tree(archive) == [
        (None, "user", "Look"), (0, "assistant", "Found."), (0, "assistant", "Half an"),
    ]  # fmt: skip
    assert [each.state for each in archive.messages[1:]] == [State.COMPLETE, State.BROKEN]
    assert +reading.omitted == Counter(
        {"image": 1, "attached file": 1, "tool call": 2, "failed answer": 1}
    )


def test_images_in_a_prompt_and_among_its_files_arrive():
    parts = [{"type": "image_url", "image_url": {"url": image().data_url}}, "Look"]
    files = [{"type": "image", "url": image(colour=1).data_url}, {"type": "image", "url": "/api/1"}]
    drawn = [{"type": "image", "url": image(colour=2).data_url}]
    reading = read(
        chat(
            message("q", "user", parts, files=files),
            message("a", "assistant", "Drawn.", "q", files=drawn),
        )
    )
    (archive,) = reading.archives
    shown = (image("image"), image("image", 1))
    marks = [each.mark for each in shown]
    assert [each.content for each in archive.messages] == ["\n\n".join(["Look", *marks]), "Drawn."]
    assert archive.images == shown
    assert +reading.omitted == {"image": 2}, "one is on a server, and none of an answer is sent"


def test_old_exports_are_the_chat_itself_and_broken_ones_a_flat_list():
    inner = chat(message("q", "user", "Hi"))["chat"] | {"id": "c9", "timestamp": 1_700_000_000_000}
    flat = {"id": "c2", "chat": {"history": {}, "messages": [
        {"role": "user", "content": "Flat"}, {"role": "assistant", "content": "Flatter"},
    ]}}  # fmt: skip
    first, second = read(inner, flat).archives
    assert (first.session.id, first.session.created) == ("c9", 1_700_000_000)
    assert tree(second) == [(None, "user", "Flat"), (0, "assistant", "Flatter")]


def test_broken_messages_cost_no_more_than_themselves():
    talk = chat(message("q", "user", "Hi"))
    talk["chat"]["history"]["messages"] |= {"x": 7, "y": {"role": "ghost", "content": "Boo"}}
    reading = read(talk)
    assert tree(reading.archives[0]) == [(None, "user", "Hi")]
    assert reading.failed == []
