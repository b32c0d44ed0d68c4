"""A model with room, named with what it has left."""

from groqchat.domain.limits.quota import LimitKind
from groqchat.domain.turns.chat import Message, Role
from groqchat.services.account.alternatives import Offer, model_with_room
from tests.fakes import FakeProvider, accepted, answer
from tests.services.desk import CATALOG, MODEL, Desk

OTHER = "openai/gpt-oss-20b"


async def offered(desk, ids, words):
    prompt = Message("p", "s", None, Role.USER, "word " * words, 0.0)
    return await model_with_room(desk.quota, models(*ids), desk.accounting.sizing, [prompt])


def models(*ids):
    return [CATALOG.get(model_id) for model_id in ids]


async def test_the_plan_that_one_model_tells_says_what_another_has_left():
    desk = Desk(FakeProvider(answer("x", head=accepted())))
    assert await offered(desk, [OTHER], 20) == Offer(OTHER, "")
    await desk.events()
    desk.quota.reserve(OTHER, 50, 50)
    limit = CATALOG.get(OTHER).limits["free"][LimitKind.TPM]
    offer = await offered(desk, [OTHER], 20)
    assert offer == Offer(OTHER, f"{limit - 100:,} TPM left")


async def test_a_model_without_room_is_passed_over():
    desk = Desk(FakeProvider(answer("x", head=accepted())))
    await desk.events()
    desk.quota.reserve(OTHER, 50, 7_900)
    offer = await offered(desk, [OTHER, MODEL], 2_000)
    assert offer.model == MODEL
    assert await offered(desk, [OTHER, MODEL], 60_000) is None
    # Words that repeat themselves may be far fewer tokens, but nobody is sent from limit to limit.
    assert await offered(desk, [OTHER, MODEL], 10_000) is None
    assert await offered(desk, [MODEL], 200_000) is None
