"""A title is asked for through the engine that answers prompts, and leaves no session behind."""

from decimal import Decimal

import pytest

from groqchat.domain.errors.table import failure
from groqchat.domain.errors.tree import GroqchatError
from groqchat.domain.money.pricing import cost_of
from groqchat.domain.turns.chat import Role
from groqchat.domain.turns.retry import RetryPolicy
from groqchat.services.turns.titles import Titles
from tests.fakes import FakeProvider, answer, counter, session
from tests.services.desk import CATALOG, MODEL, Desk

CHEAP = "openai/gpt-oss-20b"


class Models:
    """Two models, the dearer one first."""

    def others(self, model_id):
        return [CATALOG.get(MODEL), CATALOG.get(CHEAP)]

    def model(self, model_id):
        return CATALOG.get(model_id)

    def price_of(self, model_id):
        return CATALOG.get(model_id).price


@pytest.fixture
async def asked():
    """A session that was asked something, and what has titles written."""
    titling = FakeProvider(answer("Because."), answer('"Of blue skies."'))
    desk = Desk(titling, policy=RetryPolicy(1))
    await desk.events("Why is the sky blue?")
    titles = Titles(
        desk.turns, desk.store, Models(), desk.accounting.sizing, clock=desk.clock,
        new_id=counter("title"),
    )  # fmt: skip
    return desk, titles, await desk.store.session(session().id)


async def test_the_cheapest_model_is_asked_and_its_cost_counts_in_the_session(asked):
    desk, titles, named = asked
    plan = await titles.plan(named)
    assert plan.model == CHEAP
    assert Decimal(0) < plan.cost < Decimal("0.0001")
    before = len(desk.ledger.entries)
    title = await titles.write(plan)
    assert title.text == "Of blue skies"
    request = desk.provider.requests[-1]
    assert request.options.effort == "low"
    (message,) = request.messages
    assert message.role is Role.USER
    assert "Why is the sky blue?" in message.content
    (entry,) = desk.ledger.entries[before:]
    assert (entry.model, entry.outcome) == (CHEAP, "ok")
    assert title.cost == cost_of(entry.usage, CATALOG.get(CHEAP).price).total
    assert await desk.store.session("title1") is None
    assert desk.store.charged == {"title1": named.id}


async def test_a_model_that_was_named_is_asked(asked):
    _, titles, named = asked
    assert (await titles.plan(named, MODEL)).model == MODEL


async def test_a_refusal_leaves_no_session(asked):
    desk, titles, named = asked
    desk.provider.scripts[:] = [[failure("key_rejected", status=401)]]
    with pytest.raises(GroqchatError):
        await titles.write(await titles.plan(named))
    assert await desk.store.session("title1") is None


async def test_a_session_without_a_message_gets_no_plan(asked):
    _, titles, _ = asked
    assert await titles.plan(session("other")) is None
