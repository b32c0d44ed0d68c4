"""Copies of a branch for another session."""

from groqchat.domain.sessions.copies import copied
from groqchat.domain.turns.chat import Message, Role
from groqchat.domain.turns.context import context
from groqchat.domain.turns.message_kind import MessageKind
from tests.fakes import counter


def test_what_is_left_out_of_a_branch_is_left_out_of_its_copy():
    roles = (Role.USER, Role.ASSISTANT, Role.USER, Role.ASSISTANT)
    path = [
        Message(f"m{n}", "old", f"m{n - 1}" if n else None, role, f"text {n}", 1.0)
        for n, role in enumerate(roles)
    ]
    path.append(
        Message(
            "mark", "old", "m3", Role.SYSTEM, "noted", 1.0,
            kind=MessageKind.COMPACTION, kept_from="m2",
        )
    )  # fmt: skip
    copies = copied(path, "new", counter("c"))
    assert len({each.id for each in (*path, *copies)}) == 2 * len(path)
    assert {each.session_id for each in copies} == {"new"}
    assert [each.parent_id for each in copies] == [None, *(each.id for each in copies[:-1])]
    assert [each.content for each in context(copies)] == ["text 2", "text 3"]
    # What is kept of a branch whose beginning is not copied begins with the copies.
    assert copied(path[3:], "new", counter("d"))[-1].kept_from is None
