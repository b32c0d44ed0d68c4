"""The position of the conversation in a session's tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.sessions.summaries import Outline
from groqchat.domain.sessions.unsaved import UNSAVED
from groqchat.domain.turns.chat import Role, Session
from groqchat.domain.turns.message_kind import MessageKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from groqchat.domain.turns.chat import Message
    from groqchat.ui.services import Services


BESIDE = (
    "Another groqchat has added turns behind what you see here, so your prompt is a branch beside "
    "them. Nothing is lost: /tree leads to the other branch."
)
# So many messages fill a high terminal, however short they are.
END = 24


class Branch:
    """One session and the leaf that is shown of it.

    ``unanswered`` is the prompt that the branch ends with, when it got no answer; ``compacted_id``
    the note of a compaction that it ends with.

    Args:
        services: The services.
    """

    def __init__(self, services: Services) -> None:
        self._services = services
        self.leaf_id: str | None = None
        self.unanswered: Message | None = None
        self.compacted_id: str | None = None
        self.session = self._unsaved()

    def start_new(self) -> None:
        """An empty session, which is saved with its first prompt."""
        self.session = self._unsaved()
        self.leaf_id = self.unanswered = None

    @property
    def draft_id(self) -> str:
        """Under what name unsent text is kept: all sessions without a message share one."""
        return self.session.id if self.leaf_id else UNSAVED

    async def end_at(self, leaf_id: str | None) -> Sequence[Message]:
        """The last of the messages that lead to a leaf."""
        return await self._services.store.path(leaf_id, limit=END) if leaf_id else ()

    def stand_at(self, leaf_id: str | None, end: Sequence[Message]) -> None:
        """Stand at a leaf, to which these messages lead."""
        self.leaf_id = leaf_id
        self.unanswered = end[-1] if end and end[-1].role is Role.USER else None
        is_compacted = bool(end) and end[-1].kind is MessageKind.COMPACTION
        self.compacted_id = leaf_id if is_compacted else None

    async def is_outgrown(self) -> bool:
        """Whether another process has gone on behind the leaf, which does not show here."""
        store, leaf_id = self._services.store, self.leaf_id
        stored = await store.session(self.session.id) if leaf_id else None
        if stored is None or stored.leaf_id in {None, leaf_id}:
            return False
        ids = (await store.outline(stored.leaf_id)).ids
        if leaf_id not in ids[:-1]:
            return False
        next_id = ids[ids.index(leaf_id) + 1]
        behind = (await store.messages([next_id])).get(next_id)
        # The request for a summary that came to nothing is left out of the branch.
        return behind is not None and behind.kind is not MessageKind.SUMMARY

    async def outline(self) -> Outline:
        """All messages that lead to the leaf, without their texts."""
        return await self._services.store.outline(self.leaf_id) if self.leaf_id else Outline()

    async def occurrences(self, text: str) -> Mapping[str, int]:
        """The number of occurrences of a text in each message on the way to the leaf."""
        if self.leaf_id is None or not text:
            return {}
        return await self._services.store.occurrences(self.leaf_id, text)

    async def version_beside(self, message_id: str, step: int) -> tuple[str, str | None] | None:
        """The next (1) or previous (-1) version of a message and the leaf below it, if any."""
        versions = list(await self._services.store.siblings(message_id))
        place = versions.index(message_id) + step
        if not 0 <= place < len(versions):
            return None
        leaf = await self._services.store.leaf_below(versions[place])
        await self._services.store.update_session(self.session.id, leaf_id=leaf)
        return versions[place], leaf

    async def last_prompt(self) -> Message | None:
        """The newest prompt on the way to the leaf, but none for a summary that is done."""
        leaf = await self.message(self.leaf_id)
        is_compacted = False
        while leaf is not None:
            is_compacted |= leaf.kind is MessageKind.COMPACTION
            is_done = leaf.kind is MessageKind.SUMMARY and is_compacted
            if leaf.role is Role.USER and not is_done:
                return leaf
            leaf = await self.message(leaf.parent_id)
        return None

    async def last_asked(self) -> Message | None:
        """The message that the last request answered: a result of a tool, or else a prompt."""
        leaf = await self.message(self.leaf_id)
        if leaf is not None and leaf.role is Role.ASSISTANT:
            leaf = await self.message(leaf.parent_id)
        return leaf if leaf is not None and leaf.role is Role.TOOL else await self.last_prompt()

    async def to_answer(self) -> Message | None:
        """The message that is to be answered (again), so that no call is made twice.

        A turn that did not get to its answer goes on from the last result of a tool; otherwise it
        is the last prompt.
        """
        leaf = await self.message(self.leaf_id)
        if leaf is not None and leaf.role is Role.ASSISTANT:
            is_over = leaf.state.is_answered and not leaf.calls
            return await (self.last_prompt() if is_over else self.last_asked())
        return await self.last_asked()

    async def last_answer(self) -> Message | None:
        """The answer that stands at the leaf, if one does."""
        leaf = await self.message(self.leaf_id)
        return leaf if leaf is not None and leaf.role is Role.ASSISTANT else None

    async def latest_answer(self) -> Message | None:
        """The answer at the leaf, or above what is no answer there."""
        leaf = await self.message(self.leaf_id)
        while leaf is not None and leaf.role is not Role.ASSISTANT:
            leaf = await self.message(leaf.parent_id)
        return leaf

    async def message(self, message_id: str | None) -> Message | None:
        """One message as it is stored."""
        if message_id is None:
            return None
        return (await self._services.store.messages([message_id])).get(message_id)

    def _unsaved(self) -> Session:
        now = self._services.clock.now()
        return Session(self._services.new_id(), "", now, now)
