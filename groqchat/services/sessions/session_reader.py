"""Reads one session of an imported file, with its messages as a tree or a chain."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from groqchat.domain.sessions.archive import Archive
from groqchat.domain.sessions.labels import tags_from
from groqchat.domain.sessions.summaries import title_from
from groqchat.domain.turns.chat import Message, Role, Session
from groqchat.services.sessions.comparison_documents import with_comparison
from groqchat.services.sessions.image_documents import images_from
from groqchat.services.sessions.json_fields import Fields
from groqchat.services.sessions.message_imports import ImportedMessage, read_message, time_of
from groqchat.services.sessions.session_documents import FORMAT, VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_LONGEST_ID = 200
# One for all, since ``json.dumps`` makes a new one for each text that it sorts.
_ENCODER = json.JSONEncoder(sort_keys=True)

Notes = list[tuple[int, str]]


class _Tree(NamedTuple):
    """The messages of a session, and the last one of the branch that is shown."""

    messages: Sequence[Message]
    leaf_id: str


def read_session(document: object, now: float) -> tuple[Archive, Notes]:
    """Read a session from an object with ``messages``, or a list of messages.

    Args:
        document: As JSON had it.
        now: The Unix time that stands in where none is told.

    Returns:
        The session, and by their numbers what is left out of its messages.

    Raises:
        ValueError: There is no session in it; the message says why.
    """
    fields = Fields.of({"messages": document} if isinstance(document, list) else document)
    is_ours = fields.text("format") == FORMAT
    if is_ours and fields.values.get("version") != VERSION:
        raise ValueError("a newer groqchat wrote it; update groqchat")
    said = [read_message(entry) for name in _LISTS for entry in _list(fields, name)]
    if not said:
        raise ValueError("there are no messages in it")
    notes = [(number, note) for number, each in enumerate(said, 1) for note in each.notes]
    spoken = [each for each in said if each.role not in {None, Role.SYSTEM}]
    if not spoken:
        raise ValueError(_why_nothing(said, notes))
    name = fields.text("id")
    identifier = name if name and len(name) <= _LONGEST_ID else _digest(dict(fields.values))
    tree = _tree(said, fields, identifier, now) if is_ours else _chain(spoken, identifier, now)
    session = (
        _ours(fields, identifier, tree) if is_ours else _foreign(fields, identifier, tree, said)
    )
    own = images_from(fields.values.get("images"))
    images = (*own, *(image for each in said for image in each.images))
    archive = Archive(session, tuple(tree.messages), images=images)
    return with_comparison(archive, fields.inner("comparison")), notes


_LISTS = ("messages", "other_messages")


def _why_nothing(said: Iterable[ImportedMessage], notes: Notes) -> str:
    """The reason why nothing of a session can be kept."""
    if not notes:
        return "there are no messages but the system's"
    system = " but the system's" if any(each.role is Role.SYSTEM for each in said) else ""
    number, why = notes[0]
    return f"there are no messages{system} that can be kept; message {number}: {why}"


def _list(fields: Fields, name: str) -> list[object]:
    entries = fields.values.get(name)
    return entries if isinstance(entries, list) else []


def _chain(spoken: Iterable[ImportedMessage], session_id: str, now: float) -> _Tree:
    """Messages one after another; answers of several models to a prompt become versions."""
    messages: list[Message] = []
    tip: Message | None = None
    for said in spoken:
        name = _digest(f"{session_id}/{len(messages)}")
        before = messages[-1].created if messages else now
        created = before if said.created is None else said.created
        message = said.message(name, session_id, tip.id if tip else None, created)
        if tip is not None and _is_version(message, of=tip):
            message = said.message(name, session_id, tip.parent_id, created)
        else:
            tip = message
        messages.append(message)
    return _Tree(messages, tip.id if tip else "")


def _is_version(message: Message, *, of: Message) -> bool:
    """True where two models have answered the same prompt."""
    are_answers = message.role is of.role is Role.ASSISTANT
    return are_answers and message.model != of.model and bool(message.model and of.model)


def _tree(said: Sequence[ImportedMessage], fields: Fields, session_id: str, now: float) -> _Tree:
    """The tree of our own export; children of a message that is left out go to its parent."""
    ordered = sorted(said, key=lambda each: each.fields.number("number") or 0)
    names: dict[str | None, str | None] = {None: None}
    messages: list[Message] = []
    for each in ordered:
        own, parent_id = each.fields.text("id"), names.get(each.fields.text("parent"))
        if each.role is None or own is None:
            names.setdefault(own, parent_id)
            continue
        name = own if own and own not in names else _digest(f"{session_id}/{len(messages)}")
        names.setdefault(own, name)
        created = now if each.created is None else each.created
        message = each.message(name, session_id, parent_id, created)
        kept_from = names.get(each.fields.text("kept_from"))
        changed_above = each.fields.whole("changed_above") or 0
        messages.append(
            replace(message, kind=each.kind, kept_from=kept_from, changed_above=changed_above)
        )
    leaf_id = names.get(fields.text("leaf"))
    return _Tree(messages, leaf_id or messages[-1].id)


def _ours(fields: Fields, session_id: str, tree: _Tree) -> Session:
    """The session of our own export, with all its options."""
    first, last = tree.messages[0], tree.messages[-1]
    return Session(
        session_id,
        fields.text("title") or title_from(first.content),
        _time(fields, "created", first.created, is_ours=True),
        _time(fields, "updated", last.created, is_ours=True),
        fields.text("model"),
        fields.text("system") or "",
        tree.leaf_id,
        0,
        fields.money("cost_usd"),
        fields.text("service_tier"),
        fields.text("effort"),
        fields.whole("max_tokens"),
        fields.whole("history"),
        fields.text("compaction"),
        is_pinned=fields.flag("pinned"),
        is_archived=fields.flag("archived"),
        tags=tags_from(" ".join(fields.texts("tags"))),
        parameters=fields.inner("parameters").plain,
    )


def _foreign(
    fields: Fields, session_id: str, tree: _Tree, said: Iterable[ImportedMessage]
) -> Session:
    """The session of messages that another program wrote."""
    first, last = tree.messages[0], tree.messages[-1]
    prompt = next((m.content for m in tree.messages if m.role is Role.USER), first.content)
    models = [message.model for message in tree.messages if message.model]
    system = "\n\n".join(each.content for each in said if each.role is Role.SYSTEM)
    costs = [message.cost.total for message in tree.messages if message.cost]
    stated = fields.text("system")
    return Session(
        session_id,
        fields.text("title") or title_from(prompt),
        _time(fields, "created", first.created),
        _time(fields, "updated", last.created),
        models[-1] if models else fields.text("model"),
        system if stated is None else stated,
        tree.leaf_id,
        cost=sum(costs, Decimal(0)) if costs else None,
    )


def _time(fields: Fields, name: str, otherwise: float, *, is_ours: bool = False) -> float:
    time = time_of(fields.values.get(name), is_ours=is_ours)
    return otherwise if time is None else time


def _digest(content: object) -> str:
    text = _ENCODER.encode(content)
    return hashlib.sha256(text.encode()).hexdigest()[:20]
