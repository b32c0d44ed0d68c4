"""The comparison of a session as JSON, for export and import."""

from __future__ import annotations

from dataclasses import asdict, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from groqchat.domain.compare.columns import column_document, column_from
from groqchat.domain.compare.compare import ComparisonRecord, Note, Verdict, Vote
from groqchat.domain.compare.judging import Judgement, Opinion

if TYPE_CHECKING:
    from groqchat.domain.compare.compare import SavedColumn
    from groqchat.domain.sessions.archive import Archive
    from groqchat.services.sessions.json_fields import Fields

E = TypeVar("E", bound=StrEnum)

_TEXTS = ("service_tier", "effort", "provider", "compaction", "schema", "schema_form")
# What an own export holds of a column, and what a file may say.
_KINDS: dict[str, Any] = {
    **dict.fromkeys(("model", "system"), str),
    **dict.fromkeys(_TEXTS, str | None),
    **dict.fromkeys(("max_tokens", "history"), int | None),
    "is_json": bool,
    "include_reasoning": bool | None,
    "prompt_id": str | None,
    "variant": str,
    "failures": int,
}


def comparison_document(archive: Archive) -> dict[str, object]:
    """The field ``comparison`` of an exported session; empty where there is no comparison."""
    if not (archive.record or archive.votes or archive.notes or archive.judgements):
        return {}
    record = archive.record
    columns = record.columns if record else ()
    stands: dict[str, object] = {}
    if record is not None:
        stands = {
            "turn": record.turn,
            "open": record.is_open,
            "blind": record.is_blind,
            "hidden": record.is_hidden,
            "seats": [column_document(column) for column in columns],
        }
    fields = {
        "tag": (record.tag if record else "") or None,
        "models": [column.name for column in columns],
        "failures": {column.name: column.failures for column in columns},
        "votes": [_vote_document(vote) for vote in archive.votes],
        "notes": [
            {"turn": note.turn, "text": note.text, "time": note.time, "tag": note.tag or None}
            for note in archive.notes
        ],
        "verdicts": [_judgement_document(judged) for judged in archive.judgements],
    }
    return {"comparison": {**fields, **stands}}


def with_comparison(archive: Archive, fields: Fields) -> Archive:
    """A session with the comparison of a document, as far as it makes sense."""
    identifier = archive.session.id
    votes = (_vote(vote, identifier) for vote in fields.objects("votes"))
    notes = (_note(note, identifier) for note in fields.objects("notes"))
    judgements = (_judgement(judged, identifier) for judged in fields.objects("verdicts"))
    return replace(
        archive,
        record=_record(fields, archive),
        votes=tuple(vote for vote in votes if vote),
        notes=tuple(note for note in notes if note),
        judgements=tuple(judged for judged in judgements if judged),
    )


def _record(fields: Fields, archive: Archive) -> ComparisonRecord | None:
    """The saved columns of a document; None where they do not belong to these messages."""
    columns = [_column(column) for column in fields.objects("seats")]
    known = [column for column in columns if column is not None]
    prompts = {message.id for message in archive.messages}
    fits = all(each.prompt_id is None or each.prompt_id in prompts for each in known)
    if not known or len(known) < len(columns) or not fits:
        return None
    return ComparisonRecord(
        archive.session.id,
        fields.whole("turn") or 0,
        tuple(known),
        fields.flag("open", otherwise=True),
        fields.text("tag") or "",
        fields.flag("blind"),
        fields.flag("hidden"),
    )


def _column(fields: Fields) -> SavedColumn | None:
    """One saved column; None where it makes no sense."""
    try:
        column = column_from(dict(fields.values))
        str(column.error)  # what its facts do not fit is no error of ours
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
    known: dict[str, Any] = {**asdict(column.options), **asdict(replace(column, error=None))}
    return column if all(isinstance(known[name], kind) for name, kind in _KINDS.items()) else None


def _vote_document(vote: Vote) -> dict[str, object]:
    return {
        "turn": vote.turn,
        "verdict": vote.verdict,
        "winner": vote.winner,
        "models": list(vote.models),
        "blind": vote.is_blind,
        "time": vote.time,
        "tag": vote.tag or None,
    }


def _vote(fields: Fields, session_id: str) -> Vote | None:
    turn, verdict = fields.whole("turn"), _one_of(Verdict, fields.text("verdict"))
    if turn is None or verdict is None:
        return None
    return Vote(
        session_id,
        turn,
        float(fields.number("time") or 0.0),
        fields.texts("models"),
        verdict,
        fields.text("winner"),
        fields.flag("blind"),
        fields.text("tag") or "",
    )


def _note(fields: Fields, session_id: str) -> Note | None:
    turn, text = fields.whole("turn"), fields.text("text")
    if turn is None or not text:
        return None
    return Note(
        session_id, turn, float(fields.number("time") or 0.0), text, fields.text("tag") or ""
    )


def _judgement_document(judged: Judgement) -> dict[str, object]:
    return {
        "turn": judged.turn,
        "judge": judged.judge,
        "verdict": judged.verdict,
        "winner": judged.winner,
        "reasons": {each.model: each.reason for each in judged.opinions},
        "time": judged.time,
        "agreed": judged.agreed,
        "opinions": [
            {"model": each.model, "place": each.place, "reason": each.reason}
            for each in judged.opinions
        ],
    }


def _judgement(fields: Fields, session_id: str) -> Judgement | None:
    turn, judge = fields.whole("turn"), fields.text("judge")
    verdict = _one_of(Verdict, fields.text("verdict"))
    if turn is None or not judge or verdict is None:
        return None
    opinions = (
        Opinion(
            each.text("model") or "", float(each.number("place") or 0), each.text("reason") or ""
        )
        for each in fields.objects("opinions")
    )
    return Judgement(
        session_id,
        turn,
        float(fields.number("time") or 0.0),
        judge,
        verdict,
        fields.text("winner"),
        fields.flag("agreed"),
        tuple(opinions),
    )


def _one_of(kind: type[E], name: str | None) -> E | None:
    return kind(name) if name in tuple(kind) else None
