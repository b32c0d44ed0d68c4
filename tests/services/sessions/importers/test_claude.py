"""Claude's export, as far as public descriptions tell it."""

import json
from collections import Counter

from groqchat.services.sessions.session_imports import read_sessions
from tests.samples import leaf, tree

ROOT = "00000000-0000-4000-8000-000000000000"


def message(name, sender, text="", parent=ROOT, **known):
    content = [{"type": "text", "text": text}] if text else []
    return {
        "uuid": name, "sender": sender, "text": text, "content": content,
        "parent_message_uuid": parent,
    } | known  # fmt: skip


def chat(*messages, **known):
    return {"uuid": "c1", "name": "T", "chat_messages": list(messages)} | known


def read(*chats):
    return read_sessions(json.dumps(chats), 5.0)


def test_the_newest_leaf_is_shown_and_times_are_utc():
    reading = read(
        chat(
            message("q", "human", "Hi", created_at="2026-05-01T10:00:00.500000Z"),
            message("a", "assistant", "Two", "q", created_at="2026-05-01T10:00:09Z"),
            message("b", "assistant", "One", "q", created_at="2026-05-01T10:00:05Z"),
            created_at="2026-05-01T09:59:00Z",
            updated_at="2026-05-01T11:00:00Z",
        )
    )
    (archive,) = reading.archives
    assert tree(archive) == [(None, "user", "Hi"), (0, "assistant", "One"), (0, "assistant", "Two")]
    assert leaf(archive) == "Two"
    assert archive.messages[0].created == 1777629600.5
    assert (archive.session.created, archive.session.updated) == (1777629540.0, 1777633200.0)
    assert list(reading.remarks) == ["Claude's export names no models."]
    assert archive.session.model is None


def test_texts_of_blocks_are_the_answer_and_thinking_its_reasoning():
    blocks = [
        {"type": "thinking", "thinking": "Hm."},
        {"type": "text", "text": "One"},
        {"type": "tool_use", "name": "search"},
        {"type": "tool_result", "content": []},
        {"type": "token_budget"},
        {"type": "voice_note"},
        {"type": "text", "text": "Two"},
    ]
    told = "Hm. One ``` This block is not supported on your current device yet. ``` Two"
    answer = message("a", "assistant", told, "q") | {"content": blocks}
    reading = read(chat(message("q", "human", "Hi"), answer))
    said = reading.archives[0].messages[1]
    assert (said.content, said.reasoning) == ("One\n\nTwo", "Hm.")
    assert +reading.omitted == Counter(["tool call", "tool result", "voice_note block"])


def test_a_text_that_was_pasted_is_all_there_may_be():
    pasted = [{"file_name": "", "extracted_content": "long words"}]
    named = [{"file_name": "a.txt", "extracted_content": "its words"}, {"file_name": "b.bin"}]
    reading = read(
        chat(
            message("q", "human", attachments=pasted),
            message("p", "human", "Look", "q", attachments=named, files=[{"file_name": "c.png"}]),
        )
    )
    assert tree(reading.archives[0]) == [
        (None, "user", "long words"), (0, "user", "Look\n\na.txt:\n```\nits words\n```"),
    ]  # fmt: skip
    assert +reading.omitted == Counter({"attached file": 2})


def test_old_exports_without_parents_and_blocks_are_read_in_their_order():
    messages = [
        {"uuid": "q", "sender": "human", "text": "Hi"},
        {"uuid": "a", "sender": "assistant", "text": "Ho"},
        {"uuid": "r", "sender": "human", "text": "And?"},
    ]
    (archive,) = read(chat(*messages, name="")).archives
    assert tree(archive) == [(None, "user", "Hi"), (0, "assistant", "Ho"), (1, "user", "And?")]
    assert archive.session.title == "Hi"


def test_empty_shells_are_counted_and_broken_messages_cost_no_more_than_themselves():
    reading = read(chat(), chat(message("q", "human", "Hi"), 7, message("x", "nobody", "Ho")))
    assert tree(reading.archives[0]) == [(None, "user", "Hi")]
    assert +reading.omitted == Counter(
        ["empty chat", "unreadable message", "message of an unknown sender"]
    )
    assert reading.failed == []
