"""What is deleted with a message, and what the tree is without it."""

from groqchat.domain.sessions.deletion import Deletion, Node, Refusal, planned
from groqchat.domain.turns.chat import Role, State
from groqchat.domain.turns.message_kind import MessageKind

ASSISTANT, TOOL = Role.ASSISTANT, Role.TOOL


def node(name, parent=None, role=Role.USER, **known):
    return Node(name, parent, role, **known)


#   a ─ b ─┬─ c ─ d
#          └─ e ─┬─ f
#                └─ g
TREE = [node(*pair) for pair in ("a", "ba", "cb", "dc", "eb", "fe", "ge")]


def deleted(message_id, leaf_id, nodes=TREE):
    return planned(nodes, message_id, leaf_id, with_branch=False)


def branch_deleted(message_id, leaf_id, nodes=TREE):
    return planned(nodes, message_id, leaf_id, with_branch=True)


def test_what_follows_one_deleted_message_follows_the_one_before_it():
    assert deleted("c", "g") == Deletion(("c",), {"d": "b"}, {}, frozenset("d"), "g")
    assert deleted("e", "g") == Deletion(("e",), {"f": "b", "g": "b"}, {}, frozenset("fg"), "g")
    assert deleted("a", "d") == Deletion(("a",), {"b": None}, {}, frozenset("bcdefg"), "d")


def test_a_branch_is_deleted_with_all_below_it():
    assert branch_deleted("e", "d") == Deletion(tuple("efg"), leaf_id="d")
    assert branch_deleted("e", "f") == Deletion(tuple("efg"), leaf_id="d")


def test_in_place_of_a_deleted_leaf_its_neighbour_is_shown_or_what_stood_before():
    assert deleted("g", "g").leaf_id == "f"
    assert deleted("f", "f").leaf_id == "g"
    assert deleted("d", "d").leaf_id == "c"
    assert branch_deleted("c", "c").leaf_id == "g"
    assert deleted("e", "e").leaf_id == "g"  # what followed it is shown


def test_nothing_is_deleted_that_is_unknown_being_written_or_the_last():
    assert deleted("x", "g") is Refusal.UNKNOWN
    writing = [*TREE, node("h", "g", ASSISTANT, state=State.STREAMING)]
    assert deleted("h", "h", writing) is Refusal.IS_WRITTEN
    assert branch_deleted("e", "h", writing) is Refusal.IS_WRITTEN
    assert deleted("g", "h", writing).parents == {"h": "e"}
    assert branch_deleted("a", "g") is Refusal.NOTHING_LEFT
    assert deleted("a", "a", TREE[:1]) is Refusal.NOTHING_LEFT


def test_an_answer_goes_with_the_results_of_the_tools_it_called():
    #   p ─ call ─ one ─ two ─ answer
    nodes = [
        node("p"),
        node("call", "p", ASSISTANT),
        node("one", "call", TOOL),
        node("two", "one", TOOL),
        node("answer", "two", ASSISTANT),
    ]
    for each in ("call", "one", "two"):
        found = deleted(each, "answer", nodes)
        assert found.ids == ("call", "one", "two")
        assert found.parents == {"answer": "p"}
        assert branch_deleted(each, "answer", nodes).ids == ("call", "one", "two", "answer")
    assert deleted("answer", "answer", nodes).ids == ("answer",)
    assert deleted("p", "answer", nodes).ids == ("p",)


SUMMARY, MARK = MessageKind.SUMMARY, MessageKind.COMPACTION


def compacted(kept_from):
    #   a ─ b ─ c ─ d ─ ask ─ summary ─ mark ─ e
    return [
        *(node(*pair) for pair in ("a", "ba", "cb", "dc")),
        node("ask", "d", kind=SUMMARY, kept_from=kept_from),
        node("summary", "ask", ASSISTANT, kind=SUMMARY, kept_from=kept_from),
        node("mark", "summary", Role.SYSTEM, kind=MARK, kept_from=kept_from),
        node("e", "mark"),
    ]


def test_a_compaction_is_deleted_as_a_whole_and_alone():
    for each in ("ask", "summary", "mark"):
        found = deleted(each, "e", compacted("c"))
        assert found.ids == ("ask", "summary", "mark")
        assert found.parents == {"e": "d"}
    two = [*compacted("c")[:-1], node("again", "mark", kind=SUMMARY), node("s", "again")]
    assert deleted("mark", "s", two).ids == ("ask", "summary", "mark")
    assert deleted("again", "s", two).ids == ("again",)


def test_a_compaction_keeps_from_the_next_message_where_the_first_one_kept_is_deleted():
    notes = ("ask", "summary", "mark")
    assert deleted("c", "e", compacted("c")).kept_from == dict.fromkeys(notes, "d")
    assert deleted("d", "e", compacted("d")).kept_from == dict.fromkeys(notes)
    assert deleted("b", "e", compacted("c")).kept_from == {}
