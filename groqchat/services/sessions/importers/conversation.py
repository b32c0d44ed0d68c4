"""A conversation as another program keeps it, and the session that is made of it."""

from __future__ import annotations

import hashlib
import heapq
import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from groqchat.domain.images.image import without_images
from groqchat.domain.sessions.archive import Archive
from groqchat.domain.sessions.summaries import title_from
from groqchat.domain.turns.chat import Message, Role, Session, State

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from groqchat.domain.images.image import Image
    from groqchat.domain.money.usage import Timing, Usage

_LONGEST_ID = 200


class NothingInItError(ValueError):
    """A conversation without a message that can be kept, as other programs have many of."""


@dataclass(frozen=True, slots=True)
class Node:
    """A node in the tree of a conversation.

    Attributes:
        key: Its name in the source, unique in the conversation.
        parent: The name of the node before it; None for a first one. Unknown names count as None.
        role: None leaves the node out; what follows it goes to its parent. The texts of system
            nodes become the system prompt.
        text: Its words.
        created: Its Unix time; None is that of its parent.
        model: The model that answered.
        reasoning: The reasoning of an answer; without a role, that of the next answer.
        state: Whether an answer is complete.
        usage: The tokens of an answer.
        timing: The times of an answer.
        images: Those that the text has marks of.
    """

    key: str
    parent: str | None
    role: Role | None
    text: str = ""
    created: float | None = None
    model: str | None = None
    reasoning: str = ""
    state: State = State.COMPLETE
    usage: Usage | None = None
    timing: Timing | None = None
    images: tuple[Image, ...] = ()


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation of another program.

    Attributes:
        key: Its name in the source, the same whenever it is read; it becomes the session's id.
        nodes: The nodes in any order.
        title: Its title; empty takes the first prompt.
        leaf: The name of the node that ends the branch on show; None is the newest one.
        system: The system prompt.
        model: The model that it goes on with; None is that of the last answer.
        created: The Unix time of its beginning, or None.
        updated: The Unix time of its last change, or None.
        is_named_by_content: Whether the source has no lasting names of messages, so that they are
            named by their texts: one that was changed there is then another version.
        is_pinned: Whether it is at the top of the list.
        is_archived: Whether it is left out of the list.
        tags: Its tags, as `groqchat.domain.sessions.labels` makes them.
    """

    key: str
    nodes: Sequence[Node]
    title: str = ""
    leaf: str | None = None
    system: str = ""
    model: str | None = None
    created: float | None = None
    updated: float | None = None
    is_named_by_content: bool = False
    is_pinned: bool = False
    is_archived: bool = False
    tags: tuple[str, ...] = ()


def archive_of(talk: Conversation, now: float) -> Archive:
    """The session of a conversation: consecutive answers are one, and empty nodes are left out.

    Args:
        talk: The conversation.
        now: The Unix time that stands in where the source has none.

    Raises:
        NothingInItError: There is no message in it.
    """
    identifier = talk.key if 0 < len(talk.key) <= _LONGEST_ID else digest(talk.key)
    tree = _Tree(talk, now)
    if not tree.kept:
        raise NothingInItError("there are no messages in it")
    names: dict[str | None, str | None] = {None: None}
    messages = []
    for node in tree.kept.values():
        parent_id = names[node.parent]
        name = digest(
            [identifier, parent_id, node.role, without_images(node.text)]
            if talk.is_named_by_content
            else [identifier, node.key]
        )
        names[node.key] = name
        messages.append(_message(node, name, identifier, parent_id, now))
    images = {image.digest: image for node in tree.kept.values() for image in node.images}
    session = _session(talk, identifier, messages, names[tree.leaf], tree)
    return Archive(session, tuple(messages), images=tuple(images.values()))


def chained(nodes: Iterable[Node]) -> Iterator[Node]:
    """Nodes one after another: each one's parent is the one before it."""
    before: str | None = None
    for number, node in enumerate(nodes):
        key = f"{number} {node.key}"
        yield replace(node, key=key, parent=before)
        before = key


def digest(content: object) -> str:
    """A short name made of a JSON value."""
    text = json.dumps(content)
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def _message(node: Node, name: str, session_id: str, parent_id: str | None, now: float) -> Message:
    created = now if node.created is None else node.created
    role = node.role or Role.USER
    message = Message(name, session_id, parent_id, role, node.text, created)
    if role is not Role.ASSISTANT:
        return message
    return replace(
        message,
        state=node.state,
        model=node.model,
        reasoning=node.reasoning,
        usage=node.usage,
        timing=node.timing,
    )


def _session(
    talk: Conversation,
    identifier: str,
    messages: Sequence[Message],
    leaf_id: str | None,
    tree: _Tree,
) -> Session:
    prompts = (each.content for each in messages if each.role is Role.USER)
    models = [each.model for each in messages if each.model]
    created = messages[0].created if talk.created is None else talk.created
    newest = max(each.created for each in messages)
    return Session(
        identifier,
        " ".join(talk.title.split()) or title_from(next(prompts, messages[0].content)),
        created,
        newest if talk.updated is None else talk.updated,
        talk.model or (models[-1] if models else None),
        "\n\n".join(text for text in (talk.system, *tree.system) if text.strip()),
        leaf_id,
        is_pinned=talk.is_pinned,
        is_archived=talk.is_archived,
        tags=talk.tags,
    )


@dataclass(slots=True)
class _Tree:
    """The messages that are kept of a conversation, each behind its parent, by their keys."""

    talk: Conversation
    now: float
    kept: dict[str, Node] = field(default_factory=dict)
    system: list[str] = field(default_factory=list)
    leaf: str | None = None

    def __post_init__(self) -> None:
        above: dict[str, str] = {}  # the nearest message at or above a node that is left out
        pending: dict[str | None, list[str]] = {}  # the reasoning on the way to the next answer
        for node in _parents_first(self.talk, self.now):
            parent = above.get(node.parent or "")
            thoughts = [*pending.get(node.parent, []), *filter(None, [node.reasoning])]
            if node.role is Role.SYSTEM:
                self.system.append(node.text)
            if not _is_kept(node):
                pending[node.key] = thoughts
                if parent is not None:
                    above[node.key] = parent
                continue
            if node.role is not Role.ASSISTANT and parent is not None:
                self._think_late(parent, thoughts)
            reasoning = "\n\n".join(thoughts) if node.role is Role.ASSISTANT else ""
            self.kept[node.key] = replace(node, parent=parent, reasoning=reasoning)
            above[node.key] = node.key
        joined = self._join_answers()
        self.leaf = self._leaf(above.get(self.talk.leaf or ""), joined)

    def _think_late(self, key: str, thoughts: Sequence[str]) -> None:
        """Give an answer the reasoning that stands behind it, if it has none."""
        answer = self.kept[key]
        if answer.role is Role.ASSISTANT and not answer.reasoning:
            self.kept[key] = replace(answer, reasoning="\n\n".join(thoughts))

    def _join_answers(self) -> Mapping[str, str]:
        """Join answers that follow answers; returns what continues each that is gone."""
        children: dict[str | None, list[Node]] = {}
        for node in self.kept.values():
            children.setdefault(node.parent, []).append(node)
        gone: dict[str, str] = {}
        for key, node in list(self.kept.items()):
            before = self.kept[node.parent] if node.parent else None
            if before is None or not node.role is before.role is Role.ASSISTANT:
                continue
            self.kept[key] = _joined(before, node)
            if all(each.role is Role.ASSISTANT for each in children[before.key]):
                gone[before.key] = key
        for key in gone:
            del self.kept[key]
        return gone

    def _leaf(self, wanted: str | None, joined: Mapping[str, str]) -> str | None:
        if wanted is not None:
            while wanted in joined:
                wanted = joined[wanted]
            return wanted
        if not self.kept:
            return None
        parents = {node.parent for node in self.kept.values()}
        leaves = [node for node in reversed(self.kept.values()) if node.key not in parents]
        return max(leaves, key=lambda node: node.created or 0.0).key


def _is_kept(node: Node) -> bool:
    is_message = node.role in {Role.USER, Role.ASSISTANT}
    return is_message and bool(node.text.strip() or node.reasoning.strip())


def _joined(before: Node, node: Node) -> Node:
    """Two answers as one that takes the place of the second."""

    def both(*texts: str) -> str:
        return "\n\n".join(text for text in texts if text)

    return replace(
        node,
        parent=before.parent,
        text=both(before.text, node.text),
        reasoning=both(before.reasoning, node.reasoning),
        created=before.created,
        model=node.model or before.model,
        images=(*before.images, *node.images),
    )


def _parents_first(talk: Conversation, now: float) -> Iterator[Node]:
    """Every node once behind its parent, the older of two first, with a known time and parent.

    Of nodes in a circle the first one has no parent.
    """
    by_key: dict[str, Node] = {}
    for node in talk.nodes:
        by_key.setdefault(node.key, node)
    places = {key: place for place, key in enumerate(by_key)}
    children: dict[str | None, list[str]] = {}
    for node in by_key.values():
        children.setdefault(node.parent if node.parent in by_key else None, []).append(node.key)
    start = now if talk.created is None else talk.created
    waiting: list[tuple[float, int, str, str | None]] = []

    def put(key: str, parent: str | None, earliest: float) -> None:
        created = by_key[key].created
        heapq.heappush(
            waiting, (earliest if created is None else created, places[key], key, parent)
        )

    for key in children.get(None, ()):
        put(key, None, start)
    unseen = dict(places)
    while unseen:
        if not waiting:
            put(next(iter(unseen)), None, start)
        created, _, key, parent = heapq.heappop(waiting)
        if unseen.pop(key, None) is None:
            continue
        yield replace(by_key[key], parent=parent, created=created)
        for child in children.get(key, ()):
            put(child, key, created)
