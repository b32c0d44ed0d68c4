"""Search queries: words and phrases, and operators such as ``model:`` and ``cost>``."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from groqchat.domain.sessions.labels import tag_from
from groqchat.domain.sessions.shelf import Shelf
from groqchat.domain.text.search_terms import Terms
from groqchat.domain.text.spelling import nearest
from groqchat.domain.turns.chat import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    DayStart = Callable[[str], float | None]

_PIECE = re.compile(r"""(?<!\S)["“”„].+?(?:["“”](?!\S)|$)|\S+""", re.DOTALL)
# Colons of addresses, code, times and smileys are text: ``https://``, ``std::map``, ``12:30``.
_OPERATOR = re.compile(r"([a-z]{2,})(:|[<>])(?![/:\\])(.*)", re.DOTALL)
_QUOTES = "\"'“”„"
# Of a longer operator two letters may be wrong.
_SHORT = 4
_ROLES = {
    "user": Role.USER, "you": Role.USER, "prompt": Role.USER,
    "assistant": Role.ASSISTANT, "answer": Role.ASSISTANT,
}  # fmt: skip

OPERATORS = ("model:", "after:", "before:", "role:", "tag:", "cost>", "cost<", "is:")
"""The operators of a query, as they are written."""


class QueryError(ValueError):
    """A query that cannot be understood; the message says in one sentence why, and what to do."""


@dataclass(frozen=True, slots=True)
class Query:
    """The words and conditions of a query.

    Attributes:
        terms: The words and phrases, all of which have to be there.
        model: A part of the id of a model, in small letters; empty is any.
        after: The Unix time from which on messages count; None is no bound.
        before: The Unix time before which messages count; None is no bound.
        role: Whose messages count; None is everybody's.
        tags: The tags that a session has to have, all of them.
        above: The cost in US dollars that a session has to exceed.
        below: The cost in US dollars that a session has to stay under.
        is_pinned: Whether only pinned sessions count.
        shelf: Which sessions count; None where the query does not say.
    """

    terms: Terms = field(default_factory=lambda: Terms(()))
    model: str = ""
    after: float | None = None
    before: float | None = None
    role: Role | None = None
    tags: tuple[str, ...] = ()
    above: Decimal | None = None
    below: Decimal | None = None
    is_pinned: bool = False
    shelf: Shelf | None = None

    def __bool__(self) -> bool:
        return self != Query()

    @property
    def has_conditions(self) -> bool:
        """Whether there is more than words."""
        return Query(self.terms) != self


def read_query(written: str, day_start: DayStart) -> Query:
    """Read a query.

    Args:
        written: What the user wrote. Text in quotes holds no operators.
        day_start: The Unix time at which a day begins that is written like ``2026-11-01``; None
            for what is no day.

    Raises:
        QueryError: It has an operator that is not known, or a value that the operator cannot take.

    >>> read_query('limit role:user tag:work', lambda _: None).tags
    ('work',)
    """
    words: list[str] = []
    query = Query()
    for piece in _PIECE.findall(written):
        match = None if piece[0] in _QUOTES else _OPERATOR.fullmatch(piece)
        operator = f"{match[1]}{match[2]}" if match else ""
        is_text = match is None or (match[2] != ":" and operator not in OPERATORS)
        if match is None or is_text or (operator not in OPERATORS and not match[3]):
            words.append(piece)
        else:
            query = _with(query, operator, match[3].strip(_QUOTES), day_start)
    return replace(query, terms=Terms.of(" ".join(words)))


def _with(query: Query, operator: str, value: str, day_start: DayStart) -> Query:
    """The query with the condition of one more operator."""
    if operator in OPERATORS and not value:
        raise QueryError(f"{operator} needs a value, such as {_EXAMPLES[operator]}")
    if operator not in _READERS:
        raise QueryError(_unknown(operator, value))
    return _READERS[operator](query, value, day_start)


_EXAMPLES = {
    "model:": "model:gpt-oss",
    "after:": "after:2026-11-01, after:yesterday or after:7d",
    "before:": "before:2026-11-01",
    "role:": "role:user or role:assistant",
    "tag:": "tag:work",
    "cost>": "cost>0.01",
    "cost<": "cost<1",
    "is:": "is:pinned or is:archived",
}


def _unknown(operator: str, value: str) -> str:
    meant = nearest(operator, OPERATORS, farthest=2 if len(operator) > _SHORT else 1)
    advice = f"did you mean {meant[0]}?" if meant else f"there are {_listed(OPERATORS)}."
    return (
        f"{operator} is no search operator; {advice} "
        f'In quotes it is searched as text: "{operator}{value}"'
    )


def _listed(names: Iterable[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}"


def _being(query: Query, value: str) -> Query:
    if value == "pinned":
        return replace(query, is_pinned=True)
    if value == "archived":
        return replace(query, shelf=Shelf.ARCHIVED)
    raise QueryError(f"is:{value} is not known; there are is:pinned and is:archived")


def _role(value: str) -> Role:
    role = _ROLES.get(value.lower())
    if role is None:
        raise QueryError(f"role:{value} is not known; there are role:user and role:assistant")
    return role


def _amount(value: str, operator: str) -> Decimal:
    try:
        amount = Decimal(value.removeprefix("$"))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite():
        raise QueryError(
            f"{operator}{value} names no amount in US dollars; write {_EXAMPLES[operator]}"
        )
    return amount


def _day(value: str, day_start: DayStart, operator: str) -> float:
    time = day_start(value)
    if time is None:
        raise QueryError(f"{operator}{value} names no day; write {_EXAMPLES[operator]}")
    return time


_READERS: Mapping[str, Callable[[Query, str, DayStart], Query]] = {
    "model:": lambda query, value, _: replace(query, model=value.lower()),
    "after:": lambda query, value, start: replace(query, after=_day(value, start, "after:")),
    "before:": lambda query, value, start: replace(query, before=_day(value, start, "before:")),
    "role:": lambda query, value, _: replace(query, role=_role(value)),
    "tag:": lambda query, value, _: replace(query, tags=(*query.tags, tag_from(value))),
    "cost>": lambda query, value, _: replace(query, above=_amount(value, "cost>")),
    "cost<": lambda query, value, _: replace(query, below=_amount(value, "cost<")),
    "is:": lambda query, value, _: _being(query, value),
}
