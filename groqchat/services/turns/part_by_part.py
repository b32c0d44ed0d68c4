"""One prompt that is asked part by part: a side question about each part, then the prompt.

The side questions and the notes on them stay in the branch, so that what was paid is kept: parts
that were answered before are not asked again.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from groqchat.domain.sessions.summaries import title_from
from groqchat.domain.turns.chat import Message, Options, Role
from groqchat.domain.turns.message_kind import MessageKind
from groqchat.domain.turns.parts import LONGEST_NOTES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from groqchat.domain.turns.chat import Session
    from groqchat.domain.turns.parts import Parts
    from groqchat.services.ports import Clock, SessionStore

# The efforts of reasoning with which notes are asked for, the first that a model takes.
_EFFORTS = ("none", "low")


@dataclass(slots=True)
class PartByPart:
    """The requests of a prompt in parts, one after another; the last one joins the notes.

    Whoever carries it out answers each request with ``options``, which change before the last.
    ``leaf_id`` is the message at which the conversation stands.
    """

    _store: SessionStore
    _clock: Clock
    _new_id: Callable[[], str]
    session: Session
    parts: Parts
    leaf_id: str | None
    own_options: Options
    efforts: Sequence[str] = ()
    _notes: list[str] = field(default_factory=list)
    _is_joining: bool = False

    @property
    def options(self) -> Options:
        """The options of the request that is asked now."""
        if self._is_joining:
            return self.own_options
        own = self.own_options
        return Options(
            own.model,
            service_tier=own.service_tier,
            effort=next((each for each in _EFFORTS if each in self.efforts), None),
            max_tokens=LONGEST_NOTES,
            history=1,
            provider=own.provider,
        )

    @property
    def done(self) -> int:
        """The number of parts that there are notes on."""
        return len(self._notes)

    @property
    def is_joined(self) -> bool:
        """Whether the last request was stored."""
        return self._is_joining

    async def recall(self) -> None:
        """Take up the notes of parts that were answered before, at the end of this branch.

        Raises:
            StorageError: The branch cannot be read.
        """
        path = await self._store.path(self.leaf_id) if self.leaf_id else []
        known = {
            prompt.content: answer.content
            for prompt, answer in pairwise(path)
            if prompt.kind is MessageKind.ASIDE and answer.state.is_answered
        }
        while self.done < len(self.parts.texts):
            notes = known.get(self.parts.prompt(self.done))
            if not notes:
                return
            self._notes.append(notes)

    async def next_request(self) -> Message | None:
        """Store the next prompt; None where all are answered.

        Raises:
            StorageError: It cannot be stored.
        """
        if self._is_joining:
            return None
        self._is_joining = self.done == len(self.parts.texts)
        if self._is_joining:
            text, kind = self.parts.joined(self._notes), MessageKind.SPOKEN
        else:
            text, kind = self.parts.prompt(self.done), MessageKind.ASIDE
        now, session = self._clock.now(), self.session
        prompt = Message(self._new_id(), session.id, self.leaf_id, Role.USER, text, now)
        titled = replace(session, title=session.title or title_from(self.parts.question))
        await self._store.add_message(replace(prompt, kind=kind), titled)
        return replace(prompt, kind=kind)

    def take(self, answer: Message) -> None:
        """Go on from the answer to the last request."""
        self.leaf_id = answer.id
        if not self._is_joining:
            self._notes.append(answer.content)
