"""The tree of a session: every text is drawn once, on one active path, whatever was done before."""

from hypothesis import given
from hypothesis import strategies as st

from groqchat.domain.sessions.copies import copied
from groqchat.domain.sessions.tree import leaf_through, parted, path_to, tree_rows
from groqchat.domain.turns.chat import Message, Role
from tests.fakes import counter


def message(name, parent=None, role=Role.USER):
    return Message(name, "s", parent, role, f"text {name}", 1.0)


#   a ─ b ─┬─ c ─ d
#          └─ e ─┬─ f
#                └─ g
TREE = [message(*pair) for pair in ("a", "ba", "cb", "dc", "eb", "fe", "ge")]


def drawn(rows):
    return [(row.message.id, row.forks, row.is_version, row.is_active) for row in rows]


def test_versions_stand_below_each_other_each_with_what_follows_it():
    assert drawn(tree_rows(TREE, "f")) == [
        ("a", (), False, True),
        ("b", (), False, True),
        ("c", (True,), True, False),
        ("d", (True,), False, False),
        ("e", (False,), True, True),
        ("f", (False, True), True, True),
        ("g", (False, False), True, False),
    ]


def test_a_message_without_its_parent_is_drawn_as_a_first_one():
    rows = tree_rows([*TREE, message("y", "gone"), message("z", "y")], "z")
    assert [(row.message.id, row.forks) for row in rows[-2:]] == [("y", (False,)), ("z", (False,))]
    assert [row.message.id for row in rows if row.is_active] == ["y", "z"]
    assert tree_rows([], None) == ()


def test_the_shown_branch_stays_where_it_holds_the_message_and_else_the_newest_is_shown():
    assert leaf_through(TREE, "b", "d") == "d"
    assert leaf_through(TREE, "e", "d") == "g"
    assert leaf_through(TREE, "f", "d") == "f"
    assert leaf_through(TREE, "a", None) == "g"


def test_two_branches_part_behind_what_both_hold():
    one, other = parted(TREE, "d", "g")
    assert [each.id for each in one] == ["c", "d"]
    assert [each.id for each in other] == ["e", "g"]
    assert parted(TREE, "d", "d") == ((), ())


STEPS = st.lists(
    st.tuples(st.sampled_from(["ask", "edit", "fork", "jump"]), st.integers(0, 10_000)),
    max_size=40,
)


@given(STEPS)
def test_any_sequence_of_edits_forks_and_jumps_keeps_every_text_on_one_active_path(steps):
    new_id = counter("m")
    sessions, written = [([], None)], {}

    def added(messages, parent_id):
        text = f"text {len(written)}"
        written[text] = written.get(text, 0) + 1
        each = Message(new_id(), "s", parent_id, Role.USER, text, 1.0)
        return [*messages, each], each.id

    for step, number in steps:
        at = number % len(sessions)
        messages, leaf = sessions[at]
        chosen = messages[number % len(messages)] if messages else None
        if step == "ask" or chosen is None:
            sessions[at] = added(messages, leaf)
        elif step == "edit":
            sessions[at] = added(messages, chosen.parent_id)
        elif step == "jump":
            sessions[at] = messages, leaf_through(messages, chosen.id, leaf)
        else:
            by_id = {each.id: each for each in messages}
            path = [by_id[id_] for id_ in path_to(messages, chosen.id)]
            copies = copied(path, f"s{len(sessions)}", new_id)
            for each in copies:
                written[each.content] += 1
            sessions.append((copies, copies[-1].id))
    seen = []
    for messages, leaf in sessions:
        rows = tree_rows(messages, leaf)
        seen += [row.message.content for row in rows]
        assert all(each.parent_id is None or each.parent_id in {m.id for m in messages}
                   for each in messages)  # fmt: skip
        active = [row.message for row in rows if row.is_active]
        parents = [each.parent_id for each in active]
        assert parents == [None, *(each.id for each in active[:-1])][: len(active)]
        assert [each.id for each in active[-1:]] == ([leaf] if leaf else [])
        assert leaf is None or leaf not in {each.parent_id for each in messages}
    assert sorted(seen) == sorted(text for text, times in written.items() for _ in range(times))
