"""Search queries: words stay words, operators become conditions, mistakes are told."""

from decimal import Decimal

import pytest

from groqchat.domain.sessions.queries import Query, QueryError, read_query
from groqchat.domain.sessions.shelf import Shelf
from groqchat.domain.turns.chat import Role

DAYS = {"2026-11-01": 100.0, "yesterday": 200.0}


def read(written):
    return read_query(written, DAYS.get)


def test_operators_become_conditions_and_the_rest_is_searched_for():
    query = read(
        "rate model:GPT-oss after:2026-11-01 before:yesterday role:answer tag:Work "
        'cost>$0.01 cost<1 is:pinned is:archived tag:tax "per day"'
    )
    assert query.terms.terms == ("rate", "per day")
    assert (query.model, query.after, query.before) == ("gpt-oss", 100.0, 200.0)
    assert (query.role, query.tags) == (Role.ASSISTANT, ("work", "tax"))
    assert (query.above, query.below) == (Decimal("0.01"), Decimal(1))
    assert (query.is_pinned, query.shelf) == (True, Shelf.ARCHIVED)


@pytest.mark.parametrize(
    "text",
    [
        "https://groq.com/x", "std::map", "12:30", "error:", '"modle:x"', "“tag:x y”", "a<b",
        "C:\\\\Users", "x=1", "size>3", "it's: so",
    ],
)  # fmt: skip
def test_what_only_looks_like_an_operator_is_text(text):
    query = read(text)
    assert query.terms
    assert query == Query(query.terms)


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("modle:x", "did you mean model:?"),
        ("zebra:x", "there are model:, after:, before:, role:, tag:, cost>, cost< and is:."),
        ("zebra:x", 'In quotes it is searched as text: "zebra:x"'),
        ("tag:", "tag: needs a value, such as tag:work"),
        ("role:judge", "there are role:user and role:assistant"),
        ("is:open", "there are is:pinned and is:archived"),
        ("after:soon", "names no day"),
        ("before:2026-13-01", "names no day"),
        ("cost>much", "names no amount in US dollars"),
        ("cost<NaN", "names no amount in US dollars"),
        ("cost>=1", "write cost>0.01"),
    ],
)
def test_a_mistake_is_told_in_a_sentence(written, sentence):
    with pytest.raises(QueryError) as caught:
        read(f"words {written} more")
    assert sentence in str(caught.value)


def test_a_query_without_anything_is_none():
    assert not read("  ")
    assert read("x")
    assert read("tag:x")
