"""Converts rows to domain values and back: money as decimal text, small records as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict
from decimal import Decimal
from functools import lru_cache
from secrets import token_hex
from typing import TYPE_CHECKING, Any

from groqchat.domain.ledger.entry import LedgerEntry
from groqchat.domain.limits.bucket_texts import buckets_from, buckets_text
from groqchat.domain.money.pricing import PRICE_FIGURES, Cost, Price
from groqchat.domain.money.usage import Timing, Usage
from groqchat.domain.tools.records import (
    calls_as_json,
    calls_from_json,
    steps_as_json,
    steps_from_json,
)
from groqchat.domain.turns.chat import Message, Role, Session, State
from groqchat.domain.turns.message_kind import MessageKind
from groqchat.domain.turns.session_kind import SessionKind

if TYPE_CHECKING:
    from collections.abc import Mapping

Row = tuple[Any, ...]

ASKED_WITH = (
    "model",
    "system",
    "service_tier",
    "effort",
    "max_tokens",
    "history",
    "compaction",
    "parameters",
)


def kind_column(session_id: str) -> str:
    """The kind of a session as a column; ``session_id`` is the column that holds its id."""
    return (
        f"CASE WHEN EXISTS (SELECT 1 FROM comparisons WHERE session_id = {session_id}) "
        "THEN 'comparison' "
        f"WHEN EXISTS (SELECT 1 FROM prompt_sets WHERE session_id = {session_id}) THEN 'set' "
        "ELSE 'chat' END"
    )


# A prompt to several models is one turn. Where a chat went on from a comparison, the longest
# conversation counts.
_LONGEST = """
    WITH RECURSIVE tree (id, prompts) AS (
        SELECT id, role = 'user' FROM messages
        WHERE session_id = comparisons.session_id AND parent_id IS NULL
        UNION ALL
        SELECT child.id, prompts + (child.role = 'user') FROM tree JOIN messages AS child
            ON child.parent_id = tree.id AND child.session_id = comparisons.session_id
    )
    SELECT coalesce(max(prompts), 0) FROM tree
"""
_TURNS = f"""
    coalesce(
        (SELECT iif(is_open, turn, max(turn, ({_LONGEST})))
            FROM comparisons WHERE session_id = sessions.id),
        (SELECT (SELECT count(DISTINCT parent_id) FROM messages
                WHERE session_id = sessions.id AND role = 'assistant')
            FROM prompt_sets WHERE session_id = sessions.id),
        turns
    )
"""
_TAGS = "(SELECT json_group_array(tag) FROM session_tags WHERE session_id = sessions.id)"
SESSION_COLUMNS = (
    f"id, title, created, updated, model, system, leaf_id, {_TURNS}, cost, "
    f"service_tier, effort, max_tokens, history, compaction, {kind_column('sessions.id')}, "
    f"is_pinned, is_archived, {_TAGS}, deleted, parameters"
)
MESSAGE_COLUMNS = (
    "id, session_id, parent_id, role, content, created, state, model, reasoning, "
    "finish_reason, request_id, service_tier, usage, timing, cost, saved, provider, in_place_of, "
    "kind, kept_from, asked_with, changed_above, calls, executed"
)
LEDGER_COLUMNS = (
    "time, profile, fingerprint, model, outcome, status, service_tier, "
    "prompt_tokens, cached_tokens, completion_tokens, reasoning_tokens, "
    "estimated, cost, saved, price, session_id, message_id, request_id, gauges, audio_s, provider, "
    "retry_at, characters, uid"
)


def session_from(row: Row) -> Session:
    """A session from ``SESSION_COLUMNS``."""
    values = list(row)
    kind, is_pinned, is_archived, tags, _, parameters = row[14:]
    values[8] = money(row[8])
    values[14:18] = SessionKind(kind), bool(is_pinned), bool(is_archived), _tags(tags)
    values[19] = object_from(parameters)
    return Session(*values)


def _tags(text: str) -> tuple[str, ...]:
    return tuple(sorted(json.loads(text)))


def message_from(row: Row) -> Message:
    """A message from ``MESSAGE_COLUMNS``."""
    usage, timing, cost, saved, provider, in_place_of, kind, kept_from = row[12:20]
    asked_with, changed_above, calls, executed = row[20:]
    return Message(
        id=row[0],
        session_id=row[1],
        parent_id=row[2],
        role=Role(row[3]),
        content=row[4],
        created=row[5],
        state=State(row[6]),
        model=row[7],
        reasoning=row[8],
        finish_reason=row[9],
        request_id=row[10],
        service_tier=row[11],
        usage=Usage(**json.loads(usage)) if usage else None,
        timing=Timing(**json.loads(timing)) if timing else None,
        cost=None if cost is None else Cost(Decimal(cost), Decimal(saved)),
        provider=provider,
        in_place_of=in_place_of,
        kind=MessageKind(kind),
        kept_from=kept_from,
        asked_with=object_from(asked_with),
        changed_above=changed_above,
        calls=calls_from_json(json.loads(calls)) if calls else (),
        executed=steps_from_json(json.loads(executed)) if executed else (),
    )


def message_row(message: Message) -> Row:
    """The values of ``MESSAGE_COLUMNS``."""
    cost = message.cost
    return (
        message.id,
        message.session_id,
        message.parent_id,
        message.role.value,
        storable(message.content),
        message.created,
        message.state.value,
        message.model,
        storable(message.reasoning),
        message.finish_reason,
        message.request_id,
        message.service_tier,
        _json(message.usage) if message.usage else None,
        _json(message.timing) if message.timing else None,
        money_text(cost.total if cost else None),
        money_text(cost.saved_by_cache if cost else None),
        message.provider,
        message.in_place_of,
        message.kind.value,
        message.kept_from,
        object_text(message.asked_with),
        message.changed_above,
        json.dumps(calls_as_json(message.calls)) if message.calls else None,
        json.dumps(steps_as_json(message.executed)) if message.executed else None,
    )


def object_from(text: str | None) -> dict[str, Any]:
    """The JSON object in a column; empty for NULL."""
    found: dict[str, Any] = json.loads(text) if text else {}
    return found


def object_text(fields: Mapping[str, object]) -> str | None:
    """The JSON text of an object for its column; NULL for an empty one."""
    return json.dumps(dict(fields)) if fields else None


def stored(value: object) -> object:
    """A value of a session's field as its column takes it."""
    if isinstance(value, dict):
        return object_text(value)
    return storable(value) if isinstance(value, str) else value


def _json(record: Usage | Timing) -> str:
    """The fields of a flat record as JSON; ``asdict`` would copy each value first."""
    return json.dumps({name: getattr(record, name) for name in record.__slots__})


def entry_from(row: Row, number: int = 0) -> LedgerEntry:
    """A ledger entry from ``LEDGER_COLUMNS``; its usage has only token counts."""
    return LedgerEntry(
        time=row[0],
        profile=row[1],
        fingerprint=row[2],
        model=row[3],
        outcome=row[4],
        status=row[5],
        service_tier=row[6],
        usage=Usage(*row[7:11]),
        estimated=bool(row[11]),
        cost=money(row[12]),
        saved=money(row[13]),
        price=price_from(row[14]),
        session_id=row[15],
        message_id=row[16],
        request_id=row[17],
        buckets=buckets_from(row[18]),
        audio_s=row[19],
        provider=row[20],
        retry_at=row[21],
        characters=row[22],
        uid=row[23],
        number=number,
    )


def entry_row(entry: LedgerEntry) -> Row:
    """The values of ``LEDGER_COLUMNS``."""
    usage = entry.usage
    return (
        entry.time,
        entry.profile,
        entry.fingerprint,
        entry.model,
        entry.outcome,
        entry.status,
        entry.service_tier,
        usage.prompt_tokens,
        usage.cached_tokens,
        usage.completion_tokens,
        usage.reasoning_tokens,
        entry.estimated,
        money_text(entry.cost),
        money_text(entry.saved),
        price_json(entry.price),
        entry.session_id,
        entry.message_id,
        entry.request_id,
        buckets_text(entry.buckets),
        entry.audio_s,
        entry.provider,
        entry.retry_at,
        entry.characters,
        entry.uid or token_hex(16),
    )


def money(text: str | None) -> Decimal | None:
    """The exact amount of a decimal text."""
    return None if text is None else Decimal(text)


def money_text(amount: Decimal | None) -> str | None:
    """The decimal text of an exact amount."""
    return None if amount is None else str(amount)


def price_json(price: Price | None) -> str | None:
    """A price as JSON text."""
    return None if price is None else json.dumps(asdict(price), default=str)


@lru_cache(maxsize=256)  # thousands of entries share a few prices
def price_from(text: str | None) -> Price | None:
    """A price from its JSON text."""
    if text is None:
        return None
    known = json.loads(text)
    return Price(**known | {figure: money(known.get(figure)) for figure in PRICE_FIGURES})


def storable(text: str) -> str:
    """The text without lone surrogates, which SQLite does not accept."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
    return text
