"""Twenty prompts of mixed size in one session of the free plan, which takes 8,000 tokens a minute.

Over real HTTP; only the time is virtual, in which client and simulator wait for the limits.
"""

import asyncio
import sqlite3
from contextlib import aclosing, asynccontextmanager, closing
from decimal import Decimal

import pytest

from groqchat.bootstrap import Launch, open_services
from groqchat.domain.models.catalog import Plan
from groqchat.domain.money.pricing import cost_of
from groqchat.domain.sessions.options import keeping
from groqchat.domain.turns.chat import Answered, Compacted, Options, Role, Session, State
from groqchat.domain.turns.message_kind import MessageKind
from groqchat.storage.catalog import load_catalog
from tests.services.prompt_sets.paced import in_virtual_time, server
from tests.virtual_time import watch_threads

MODEL = "openai/gpt-oss-120b"
# The words of each prompt; the longest one takes most of a minute's tokens by itself.
WORDS = (
    5,
    900,
    20,
    300,
    2_500,
    5,
    60,
    1_800,
    10,
    700,
    5,
    4_500,
    30,
    5,
    1_200,
    90,
    2_000,
    5,
    400,
    50,
)
# What is shorter may not be cached; of a longer prompt whole blocks of it are.
CACHED_FROM = 1_024
CATALOG = load_catalog()


@asynccontextmanager
async def talking(monkeypatch, **behaviour):
    """A program and a server in the same virtual time."""
    watch_threads(monkeypatch)
    clock = asyncio.get_running_loop().clock
    async with (
        server(clock, monkeypatch, Plan.FREE, **behaviour) as groq,
        open_services(Launch()) as services,
    ):
        services.clock = clock
        # As long as the limits take: a chat would show the wait, and go on.
        connection = services.connect(await services.find_key(), longest_wait_s=120.0)
        try:
            yield groq, services, connection
        finally:
            await connection.close()


async def said(connection, session, options, leaf_id, text):
    """Ask one prompt as a chat does; returns the leaf behind it and the notes of compactions."""
    compactor, notes = connection.compactor, []
    plan = await compactor.automatic_plan(leaf_id, text, options) if leaf_id else None
    if plan is not None:
        compaction = compactor.compaction(session, plan, leaf_id, is_automatic=True)
        async with aclosing(compactor.carry_out(compaction)) as events:
            notes = [event.message async for event in events if isinstance(event, Compacted)]
        leaf_id = notes[0].id
    asked = connection.turns.ask(session, text, options, parent_id=leaf_id)
    async with aclosing(asked) as events:
        (answer,) = [event.message async for event in events if isinstance(event, Answered)]
    assert answer.state is State.COMPLETE
    return answer.id, notes


def prompt(number, words):
    return f"{'word ' * words}write 400 tokens, end with P{number:02}"


@pytest.mark.parametrize("way", ["oldest", "summary"])
def test_twenty_prompts_meet_no_refusal_and_money_is_exact(groqchat_home, monkeypatch, way):
    in_virtual_time(twenty_prompts(groqchat_home, monkeypatch, way))


async def twenty_prompts(groqchat_home, monkeypatch, way):
    async with talking(monkeypatch) as (groq, services, connection):
        options = Options(MODEL, compaction=way)
        now = services.clock.now()
        session = keeping(Session("long", "Long", now, now), options)
        leaf_id, notes = None, []
        for number, words in enumerate(WORDS):
            leaf_id, added = await said(
                connection, session, options, leaf_id, prompt(number, words)
            )
            notes += added
        messages = await services.store.everything("long")
        await sees_every_compaction(messages, notes, way)
        truth = groq._state.answers.values()
        assert outcomes(groqchat_home) == {(200, "ok")}
        spent = await services.ledger.spent(session_id="long")
        assert spent.requests == len(truth)
        assert spent.cost == sum(
            (cost_of(each.usage, CATALOG.get(each.model).price).total for each in truth), Decimal(0)
        )
        assert (await services.store.session("long")).cost == spent.cost
        begins_like_the_one_before_it(await services.store.path(leaf_id))
        # Each text that was said is there, and the branch leads from the first to the last.
        path = await services.store.path(leaf_id)
        prompts = [m for m in path if m.role is Role.USER and m.kind is MessageKind.SPOKEN]
        assert [m.content for m in prompts] == [prompt(n, words) for n, words in enumerate(WORDS)]


def outcomes(home):
    """What became of the requests in the ledger: the status, and how they ended."""
    (path,) = home.rglob("groqchat.db")
    with closing(sqlite3.connect(path)) as db:
        return set(db.execute("SELECT status, outcome FROM ledger"))


async def sees_every_compaction(messages, notes, way):
    """Each compaction left a note in the branch, and its summaries too."""
    marks = [each for each in messages if each.kind is MessageKind.COMPACTION]
    assert [mark.id for mark in marks] == [note.id for note in notes]
    assert 2 <= len(marks) <= 10
    for mark in marks:
        assert mark.content.startswith("automatic · ")
        assert "tokens freed" in mark.content
    summaries = [m for m in messages if m.kind is MessageKind.SUMMARY and m.role is Role.ASSISTANT]
    assert bool(summaries) is (way == "summary")


def begins_like_the_one_before_it(path):
    """Between two compactions the server finds each request's beginning in its cache."""
    before = 0
    for message in path:
        if message.kind is MessageKind.COMPACTION:
            before = 0
        elif message.usage and message.kind is MessageKind.SPOKEN:
            if before >= CACHED_FROM:
                assert message.usage.cached_tokens >= before - CACHED_FROM // 4
            before = message.usage.prompt_tokens
