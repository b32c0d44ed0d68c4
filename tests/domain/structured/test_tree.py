"""A JSON value as a tree whose parts fold."""

from groqchat.domain.structured import tree
from groqchat.domain.structured.tree import NodeKind, beside, tree_of, visible

VALUE = {"people": [{"name": "x", "age": 3}, {}], "ok": True}


def shown(nodes, folded=()):
    return [(node.name, node.text) for node in visible(nodes, folded)]


def test_every_value_is_a_node_with_its_key_and_kind():
    nodes = tree_of(VALUE)
    assert shown(nodes) == [
        ("", "{2}"), ("people", "[2]"), ("0", "{2}"), ("name", '"x"'), ("age", "3"), ("1", "{0}"),
        ("ok", "true"),
    ]  # fmt: skip
    assert [node.depth for node in nodes] == [0, 1, 2, 3, 3, 2, 1]
    assert nodes[3].kind is NodeKind.STRING
    assert nodes[6].kind is NodeKind.CONSTANT
    assert [node.number for node in nodes if node.can_fold] == [0, 1, 2]


def test_what_is_in_a_folded_node_is_not_visible():
    assert shown(tree_of(VALUE), {1}) == [("", "{2}"), ("people", "[2]"), ("ok", "true")]
    assert shown(tree_of(VALUE), {0, 2}) == [("", "{2}")]


def test_the_cursor_goes_to_what_can_be_folded_and_stays_at_the_ends():
    nodes = tree_of(VALUE)
    assert [beside(nodes, (), at, 1) for at in (None, 0, 1, 2)] == [0, 1, 2, 2]
    assert [beside(nodes, (), at, -1) for at in (None, 2, 1, 0)] == [2, 1, 0, 0]
    assert beside(nodes, {1}, 1, 1) == 1
    assert beside(tree_of([1]), (), None, 1) == 0
    assert beside((), (), None, 1) is None


def test_what_is_no_object_or_list_or_too_long_is_no_tree(monkeypatch):
    assert tree_of("text") == ()
    monkeypatch.setattr(tree, "MOST_ROWS", 3)
    assert tree_of([1, 2]) != ()
    assert tree_of([1, 2, 3]) == ()
