"""The archive of a session: all that is exported with it and imported again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from groqchat.domain.tools.records import call_with_texts, step_with_texts
from groqchat.domain.turns.chat import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from groqchat.domain.compare.compare import ComparisonRecord, Note, SavedColumn, Vote
    from groqchat.domain.compare.judging import Judgement
    from groqchat.domain.images.image import Image
    from groqchat.domain.turns.chat import Message, Session


@dataclass(frozen=True, slots=True)
class Archive:
    """A whole session. ``messages`` are those of all branches, each behind its parent.

    ``record`` holds the columns of a comparison; None for other sessions. ``images`` are those that
    its messages show.
    """

    session: Session
    messages: tuple[Message, ...]
    record: ComparisonRecord | None = None
    votes: tuple[Vote, ...] = ()
    notes: tuple[Note, ...] = ()
    judgements: tuple[Judgement, ...] = ()
    images: tuple[Image, ...] = ()

    @property
    def branch(self) -> Sequence[Message]:
        """The messages from the first one to the session's leaf."""
        by_id: dict[str | None, Message] = {message.id: message for message in self.messages}
        path = []
        at = by_id.get(self.session.leaf_id)
        while at is not None:
            path.append(at)
            at = by_id.get(at.parent_id)
        return path[::-1]

    @property
    def exported_messages(self) -> Sequence[Message]:
        """The messages of an export: the shown branch, or every column of a comparison."""
        return self.branch if self.record is None else _each_prompt_once(self.messages)

    @property
    def other_messages(self) -> Sequence[Message]:
        """The messages that ``exported_messages`` leaves out, in their order."""
        exported = {message.id for message in self.exported_messages}
        return [message for message in self.messages if message.id not in exported]

    def renamed(self, name: Callable[[str], str]) -> Archive:
        """A copy whose messages have other ids, wherever they are named."""

        def new(old: str | None) -> str | None:
            return None if old is None else name(old)

        def column(old: SavedColumn) -> SavedColumn:
            return replace(old, prompt_id=new(old.prompt_id))

        record = self.record
        return replace(
            self,
            session=replace(self.session, leaf_id=new(self.session.leaf_id)),
            messages=tuple(
                replace(
                    each,
                    id=name(each.id),
                    parent_id=new(each.parent_id),
                    kept_from=new(each.kept_from),
                )
                for each in self.messages
            ),
            record=record and replace(record, columns=tuple(map(column, record.columns))),
        )


def with_texts(archive: Archive, change: Callable[[str], str]) -> Archive:
    """A copy of an archive in which everything that people or models wrote is changed.

    Args:
        archive: The archive.
        change: Makes a new text of each.
    """
    session, record = archive.session, archive.record

    def column(old: SavedColumn) -> SavedColumn:
        options = old.options
        stop = tuple(map(change, options.stop))
        return replace(old, options=replace(options, system=change(options.system), stop=stop))

    def judgement(old: Judgement) -> Judgement:
        opinions = (replace(each, reason=change(each.reason)) for each in old.opinions)
        return replace(old, opinions=tuple(opinions))

    return Archive(
        replace(
            session,
            title=change(session.title),
            system=change(session.system),
            parameters=_changed_object(session.parameters, change),
        ),
        tuple(
            replace(
                each,
                content=change(each.content),
                reasoning=change(each.reasoning),
                asked_with=_changed_object(each.asked_with, change),
                calls=tuple(call_with_texts(call, change) for call in each.calls),
                executed=tuple(step_with_texts(step, change) for step in each.executed),
            )
            for each in archive.messages
        ),
        record and replace(record, columns=tuple(map(column, record.columns))),
        archive.votes,
        tuple(replace(each, text=change(each.text)) for each in archive.notes),
        tuple(map(judgement, archive.judgements)),
        archive.images,
    )


def _changed_object(
    fields: Mapping[str, object], change: Callable[[str], str]
) -> Mapping[str, object]:
    """A JSON object with all texts in it changed, but not its names."""

    def changed(value: object) -> object:
        match value:
            case str():
                return change(value)
            case list():
                return [changed(each) for each in value]
            case dict():
                return {name: changed(each) for name, each in value.items()}
            case _:
                return value

    return {name: changed(value) for name, value in fields.items()}


def _each_prompt_once(messages: Iterable[Message]) -> Sequence[Message]:
    """The messages with text; equal prompts that columns were asked apart appear once."""
    kept: list[Message] = []
    for message in messages:
        last = kept[-1] if kept else None
        is_answer = message.role is Role.ASSISTANT
        is_empty = not (message.content or message.reasoning or message.calls)
        if not is_empty and (is_answer or last is None or not _is_same(last, message)):
            kept.append(message)
    return kept


def _is_same(one: Message, other: Message) -> bool:
    return (one.role, one.content) == (other.role, other.content)


class Added(NamedTuple):
    """The result of an import: whether the session was new, and the number of new messages."""

    is_new: bool
    messages: int
