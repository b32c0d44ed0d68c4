"""A tree of another program becomes a session: what stays, in which order, and where it ends."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groqchat.domain.turns.chat import Role
from groqchat.services.sessions.importers.conversation import (
    Conversation,
    Node,
    NothingInItError,
    archive_of,
    chained,
)
from tests.samples import leaf, tree

NOW = 1_790_000_000.0
U, A, S = Role.USER, Role.ASSISTANT, Role.SYSTEM


def made(*nodes, **known):
    return archive_of(Conversation("c1", nodes, **known), NOW)


def test_branches_stay_and_the_newest_leaf_is_shown_where_none_is_named():
    nodes = (
        Node("a2", "q", A, "second", 30.0),
        Node("q", None, U, "why?", 10.0),
        Node("a1", "q", A, "first", 20.0),
    )
    archive = made(*nodes)
    assert tree(archive) == [
        (None, "user", "why?"), (0, "assistant", "first"), (0, "assistant", "second"),
    ]  # fmt: skip
    assert leaf(archive) == "second"
    assert leaf(made(*nodes, leaf="a1")) == "first"
    assert (archive.session.title, archive.session.created, archive.session.updated) == (
        "why?", 10.0, 30.0,
    )  # fmt: skip


def test_what_is_left_out_hands_its_place_its_time_and_its_reasoning_on():
    archive = made(
        Node("root", None, None),
        Node("q", "root", U, "why?", 10.0),
        Node("t", "q", None, reasoning="Let me think.", created=11.0),
        Node("s", "t", S, "Be kind."),
        Node("a", "s", A, "because", reasoning="And more."),
        leaf="a",
    )
    assert tree(archive) == [(None, "user", "why?"), (0, "assistant", "because")]
    answer = archive.messages[1]
    assert (answer.created, answer.reasoning) == (11.0, "Let me think.\n\nAnd more.")
    assert archive.session.system == "Be kind."


def test_reasoning_that_stands_behind_its_answer_is_that_of_the_answer():
    archive = made(
        Node("q", None, U, "why?"),
        Node("a", "q", A, "because"),
        Node("t", "a", None, reasoning="A late thought."),
        Node("q2", "t", U, "really?"),
    )
    assert [each.reasoning for each in archive.messages] == ["", "A late thought.", ""]


def test_answers_one_after_another_are_one():
    archive = made(
        Node("q", None, U, "why?", 1.0),
        Node("a", "q", A, "Let me look.", 2.0, "m/1"),
        Node("tool", "a", None, created=3.0),
        Node("b", "tool", A, "Because.", 4.0),
        leaf="a",
    )
    assert tree(archive) == [(None, "user", "why?"), (0, "assistant", "Let me look.\n\nBecause.")]
    assert (archive.messages[1].created, archive.messages[1].model) == (2.0, "m/1")
    assert leaf(archive) == "Let me look.\n\nBecause."


def test_an_answer_that_a_question_follows_too_stays_beside_its_continuation():
    archive = made(
        Node("q", None, U, "why?", 1.0),
        Node("a", "q", A, "one", 2.0),
        Node("b", "a", A, "two", 3.0),
        Node("q2", "a", U, "and?", 4.0),
    )
    assert tree(archive) == [
        (None, "user", "why?"), (0, "assistant", "one"), (0, "assistant", "one\n\ntwo"),
        (1, "user", "and?"),
    ]  # fmt: skip


def test_a_circle_and_a_missing_parent_lose_no_message():
    archive = made(
        Node("a", "b", U, "one", 1.0), Node("b", "a", A, "two", 2.0), Node("c", "gone", U, "three")
    )
    assert sorted(text for _, _, text in tree(archive)) == ["one", "three", "two"]


def test_without_a_message_there_is_no_session():
    with pytest.raises(NothingInItError):
        made(Node("s", None, S, "Be kind."), Node("a", "s", A, "  "))


def test_messages_without_names_are_known_by_their_texts():
    said = [Node("", None, U, "why?"), Node("", None, A, "because")]

    def named(*nodes):
        talk = Conversation("c1", list(chained(nodes)), is_named_by_content=True)
        return [each.id for each in archive_of(talk, NOW).messages]

    first = named(*said)
    assert named(*said, Node("", None, U, "and?"))[:2] == first
    changed = named(said[0], Node("", None, A, "otherwise"))
    assert changed[0] == first[0]
    assert changed[1] != first[1]


keys = st.sampled_from("abcdefgh")
trees = st.lists(
    st.builds(
        Node, keys, st.none() | keys, st.none() | st.sampled_from(Role),
        st.sampled_from(["", "x", "y"]), st.none() | st.floats(0, 100), st.none(),
        st.sampled_from(["", "r"]),
    ),
    max_size=12,
)  # fmt: skip


@given(trees, st.none() | keys)
def test_of_any_tree_every_text_stays_once_at_least_behind_its_parent(nodes, shown):
    by_key = {}
    for node in nodes:
        by_key.setdefault(node.key, node)
    spoken = [n for n in by_key.values() if n.role in {U, A} and (n.text or n.reasoning)]
    if not spoken:
        with pytest.raises(NothingInItError):
            made(*nodes, leaf=shown)
        return
    archive = made(*nodes, leaf=shown)
    for role in (U, A):
        texts = "".join(m.content for m in archive.messages if m.role is role)
        for letter in "xy":
            assert texts.count(letter) >= sum(n.text == letter for n in spoken if n.role is role)
    seen = set()
    for message in archive.messages:
        assert message.parent_id is None or message.parent_id in seen
        seen.add(message.id)
    assert len(seen) == len(archive.messages)
    assert archive.session.leaf_id in seen
    assert archive.branch
