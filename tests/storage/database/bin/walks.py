"""Random walks through sessions: asked, edited, forked, deleted, brought back, and opened again.

What was written is remembered beside the database, and compared with it.
"""

from dataclasses import replace

from hypothesis import strategies as st

from groqchat.domain.sessions.deletion import Refusal
from groqchat.domain.sessions.tree import leaf_through, path_to, tree_rows
from groqchat.domain.turns.chat import Message, Role, Session
from groqchat.services.sessions.duplicates import fork
from groqchat.storage.database.bin.bin import Bin
from groqchat.storage.database.database import Database
from groqchat.storage.database.sessions import Sessions
from tests.fakes import START, counter

DOES = (
    "ask",
    "ask",
    "edit",
    "fork",
    "jump",
    "delete",
    "delete",
    "branch",
    "undo",
    "undo",
    "reopen",
)


def steps(most):
    """So many steps at most; the number chooses among the sessions and messages there are."""
    return st.lists(st.tuples(st.sampled_from(DOES), st.integers(0, 10_000)), max_size=most)


class Walk:
    """The sessions of a database, and what should be in them.

    ``written`` holds each message as it was stored, ``gone`` the deletions of each session that can
    be undone, the last one at the end.
    """

    def __init__(self, path):
        self.path = path
        self.new_id = counter("m")
        self.sessions = ["s"]
        self.written = {}
        self.gone = {"s": []}

    async def run(self, steps):
        """Take the steps, look after each, and undo every deletion in the end."""
        self._open()
        try:
            await self.store.create_session(Session("s", "A title", START, START))
            for does, number in steps:
                session_id = self.sessions[number % len(self.sessions)]
                await self._take(does, number, session_id)
                await self._look(session_id)
            for session_id in self.sessions:
                while self.gone[session_id]:
                    await self._undo(session_id)
                    await self._look(session_id)
                assert await self.bin.restore_messages(session_id) is None
                for each in await self.store.everything(session_id):
                    assert each.parent_id == self.written[each.id].parent_id
        finally:
            await self.database.close()

    def _open(self):
        self.database = Database(self.path, print)
        self.store, self.bin = Sessions(self.database), Bin(self.database)

    async def _take(self, does, number, session_id):
        session = await self.store.session(session_id)
        messages = await self.store.everything(session_id)
        chosen = messages[number % len(messages)] if messages else None
        if does == "reopen":
            await self.database.close()
            self._open()
        elif does == "undo":
            await self._undo(session_id)
        elif does == "ask" or chosen is None:
            await self._write(session_id, session.leaf_id)
        elif does == "edit":
            await self._write(session_id, chosen.parent_id)
        elif does == "jump":
            leaf_id = leaf_through(messages, chosen.id, session.leaf_id)
            await self.store.update_session(session_id, leaf_id=leaf_id)
        elif does == "fork":
            await self._fork(messages, chosen)
        else:
            await self._delete(messages, chosen, with_branch=does == "branch")

    async def _write(self, session_id, parent_id):
        for role in (Role.USER, Role.ASSISTANT):
            name = self.new_id()
            message = Message(name, session_id, parent_id, role, f"word{name}", START)
            await self.store.add_message(message)
            self.written[name] = message
            parent_id = name

    async def _fork(self, messages, chosen):
        new = (await fork(self.store, chosen.id, self.new_id, START)).id
        self.sessions.append(new)
        self.gone[new] = []
        by_id = {each.id: each for each in messages}
        path = [by_id[each].content for each in path_to(messages, chosen.id)]
        copies = await self.store.everything(new)
        assert [each.content for each in copies] == path
        self.written |= {each.id: replace(each, changed_above=0) for each in copies}

    async def _delete(self, messages, chosen, *, with_branch):
        found = await self.bin.put_messages(chosen.id, with_branch=with_branch)
        below = {chosen.id}
        for each in messages if with_branch else ():
            below |= {each.id} if each.parent_id in below else set()
        if len(below) == len(messages):
            assert found is Refusal.NOTHING_LEFT
        else:
            assert set(found.ids) == below
            self.gone[chosen.session_id].append(found.ids)

    async def _undo(self, session_id):
        found = await self.bin.restore_messages(session_id)
        stack = self.gone[session_id]
        assert (found and found.ids) == (stack.pop() if stack else None)

    def _expected(self, session_id):
        gone = {each for ids in self.gone[session_id] for each in ids}
        return {
            each.id: each.content
            for each in self.written.values()
            if each.session_id == session_id and each.id not in gone
        }

    async def _look(self, session_id):
        """One active path, no orphan, and every text where it should be."""
        session = await self.store.session(session_id)
        messages = await self.store.everything(session_id)
        places = {each.id: place for place, each in enumerate(messages)}
        assert {each.id: each.content for each in messages} == self._expected(session_id)
        for each in messages:
            assert each.parent_id is None or places[each.parent_id] < places[each.id]
            known = self.written[each.id]
            assert replace(each, parent_id=known.parent_id, changed_above=0) == known
        active = [row.message.id for row in tree_rows(messages, session.leaf_id) if row.is_active]
        path = [each.id for each in await self.store.path(session.leaf_id)] if messages else []
        assert active == path
        assert path[-1:] == ([session.leaf_id] if messages else [])
        assert session.leaf_id not in {each.parent_id for each in messages if messages}
        assert session.turns == sum(each.role is Role.ASSISTANT for each in messages)
        hits = await self.store.search("word", limit=-1)
        assert {hit.message_id for hit in hits if hit.session_id == session_id} == {*places}
