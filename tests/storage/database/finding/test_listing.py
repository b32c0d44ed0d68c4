"""Lists of sessions: pinned first, shelves, tags; and what matches a query."""

from decimal import Decimal

import pytest

from groqchat.domain.money.pricing import Cost
from groqchat.domain.sessions.queries import QueryError, read_query
from groqchat.domain.sessions.shelf import Shelf
from groqchat.domain.text.search_terms import Terms
from groqchat.services.sessions.dates import day_start
from tests.fakes import START
from tests.storage.conftest import prompt, reply, session

DAY_S = 86_400


@pytest.fixture
async def shelf(store):
    """Four sessions, a day apart: a (gpt, pinned, 0.5 $), b (qwen), c (archived), d (#work)."""
    for number, name in enumerate("abcd"):
        at = START + number * DAY_S
        labels = {"is_pinned": name == "a", "is_archived": name == "c"}
        tags = ("home", "work") if name == "d" else ()
        title = {"b": "Zebras & co"}.get(name, f"Title {name}")
        await store.create_session(session(name, at, title=title, tags=tags, **labels))
        await store.add_message(
            prompt(f"q{name}", None, f"question limit {name}", session_id=name, at=at)
        )
        await store.add_message(
            reply(
                f"a{name}", f"q{name}", f"answer {name}", session_id=name, at=at + 1,
                model="openai/gpt-oss-20b" if name in "ac" else "qwen/qwen3-32b",
                cost=Cost(Decimal("0.5"), Decimal(0)) if name == "a" else None,
            )
        )  # fmt: skip
    return store


async def ids(store, **wanted):
    return "".join(each.id for each in await store.sessions(**wanted))


async def matching(store, written, **wanted):
    query = read_query(written, lambda day: day_start(day, now=START))
    return "".join(each.id for each in await store.matching(query, **wanted))


async def found(store, query):
    return [hit.message_id for hit in await store.search(query)]


async def test_archived_sessions_are_left_out_and_pinned_ones_may_come_first(shelf):
    assert await ids(shelf) == "dba"
    assert await ids(shelf, pinned_first=True) == "adb"
    assert await ids(shelf, pinned_first=True, limit=2) == "ad"
    assert await ids(shelf, pinned_first=True, limit=2, offset=1) == "db"
    assert await ids(shelf, shelf=Shelf.ARCHIVED) == "c"
    assert await ids(shelf, shelf=Shelf.KEPT) == "dcba"
    assert await ids(shelf, limit=-1) == "dba"


async def test_labels_are_changed_and_come_back(shelf):
    await shelf.update_session("b", tags=("x", "a"), is_pinned=True)
    changed = await shelf.session("b")
    assert (changed.tags, changed.is_pinned, changed.is_archived) == (("a", "x"), True, False)
    await shelf.update_session("b", tags=(), is_archived=True)
    changed = await shelf.session("b")
    assert (changed.tags, changed.is_archived) == ((), True)
    await shelf.update_session("nobody", tags=("x",))


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("zebra", "b"),  # in the title
        ("question", "adb"),  # in a message
        ("limit d", "d"),
        ("tag:work", "d"),
        ("tag:work tag:home", "d"),
        ("tag:work tag:none", ""),
        ("model:gpt-oss", "a"),
        ("model:qwen question", "db"),
        ("is:pinned", "a"),
        ("is:archived", "c"),
        ("is:archived question", "c"),
        ("cost>0.4", "a"),
        ("cost<0.4", ""),
        ("role:assistant", "adb"),
        ("nowhere", ""),
        ("", "adb"),
    ],
)
async def test_a_list_is_filtered_by_titles_texts_and_operators(shelf, written, names):
    assert await matching(shelf, written, pinned_first=True) == names


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("limit role:assistant", []),
        ("answer role:user", []),
        ("limit tag:work", ["qd"]),
        ("limit model:gpt-oss", ["qc", "qa"]),
        ("answer model:gpt-oss", ["ac", "aa"]),
        ("limit is:archived", ["qc"]),
        ("limit is:pinned", ["qa"]),
        ("limit cost>0.4", ["qa"]),
        ("cost>0.5", []),
        ("cost<1", ["aa"]),
        ("tag:work", ["ad"]),
        ("role:user model:gpt-oss", ["qc", "qa"]),
    ],
)
async def test_a_search_takes_operators(shelf, query, ids):
    assert await found(shelf, query) == ids


async def test_days_of_messages_bound_a_search(shelf, monkeypatch):
    from datetime import datetime

    monkeypatch.setattr("time.time", lambda: START + 10 * DAY_S)
    second = datetime.fromtimestamp(START + DAY_S).astimezone()
    day, following = f"{second:%Y-%m-%d}", f"{second.replace(day=second.day + 1):%Y-%m-%d}"
    assert await found(shelf, f"limit after:{day} before:{following}") == ["qb"]
    assert await found(shelf, f"limit before:{day}") == ["qa"]
    assert await found(shelf, f"limit after:{following}") == ["qd", "qc"]


async def test_the_best_match_comes_first(store):
    await store.create_session(session())
    texts = {
        "long": "rate " + "and other words " * 40,
        "best": "rate rate rate",
        "new": "the rate of " + "many things " * 30,
    }
    for name, text in texts.items():
        await store.add_message(prompt(name, content=text))
    assert (await found(store, "rate"))[0] == "best"


async def test_an_unknown_operator_is_told(shelf):
    with pytest.raises(QueryError, match="did you mean model"):
        await shelf.search("modle:x")


async def test_titles_are_matched_as_texts_are_whatever_they_are_written_in(store):
    titles = ("Café noir", "CAFE 50%", "decaf", "my_cafe", "a\ncafe", "Ça, fe", "Cafés & thé", "")
    for number, title in enumerate(titles):
        await store.create_session(session(f"{number}", START + number, title=title))
    for written in ("cafe", "CAFÉ", "50%", "the cafes", '"ca fe"', "c", "&", "_", "noir café"):
        terms = Terms.of(written)
        wanted = [str(at) for at, title in enumerate(titles) if terms.are_in(title)]
        assert await matching(store, written) == "".join(reversed(wanted)), written
