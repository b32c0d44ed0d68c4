"""Models with what the account's records add to them."""

from datetime import date
from functools import partial

from groqchat.domain.limits.quota import LimitKind
from groqchat.domain.models.catalog import LiveModel
from groqchat.domain.models.choosing import Speed
from groqchat.domain.money.usage import Usage
from groqchat.services.account.model_overview import look_over
from groqchat.storage.catalog import load_use_cases
from tests.fakes import FakeProvider, accepted, answer
from tests.services.desk import CATALOG, MODEL, Desk

OTHER = "openai/gpt-oss-20b"


async def seen(desk, quota=True, favourites=(), catalog=CATALOG):
    found = await look_over(
        catalog,
        desk.ledger,
        desk.quota if quota else None,
        favourites=favourites,
        use_cases=load_use_cases(),
        today=date(2026, 11, 29),
    )
    return {choice.model.id: choice for choice in found}


async def test_what_is_left_is_read_from_the_ledger_after_a_restart_too():
    desk = Desk(FakeProvider(answer("x", head=accepted())))
    assert (await seen(desk))[MODEL].left == ()
    await desk.events()
    desk.restart()
    choices = await seen(desk)
    told = {level.kind: level.remaining for level in choices[MODEL].left}
    assert told[LimitKind.RPD] == 999
    assert told[LimitKind.TPD] < 200_000
    # The plan that the one tells says what another has.
    assert choices[OTHER].left_today == "1,000 RPD · 200,000 TPD"
    assert choices["whisper-large-v3"].left_today == "2,000 RPD · 28,800 ASD"


async def test_speeds_favourites_and_uses():
    desk = Desk(FakeProvider())
    for seconds in (2.0, 0.5, 1.0):
        *pieces, end = answer("x", usage=Usage(10, 0, 400), head=accepted())
        desk.provider.scripts.append([*pieces, partial(desk.clock.advance, seconds), end])
        await desk.events()
    choices = await seen(desk, favourites={OTHER})
    assert choices[MODEL].speed == Speed(400.0, 3)
    assert choices[OTHER].speed is None
    assert [id_ for id_, choice in choices.items() if choice.is_favourite] == [OTHER]
    assert [case.id for case in choices[OTHER].uses] == ["extraction", "reasoning"]


async def test_without_an_account_nothing_is_known_to_be_left():
    desk = Desk(FakeProvider(answer("x", head=accepted())))
    await desk.events()
    assert not any(choice.left for choice in (await seen(desk, quota=False)).values())


async def test_what_the_account_cannot_call_has_nothing_left():
    desk = Desk(FakeProvider(answer("x", head=accepted())))
    await desk.events()
    choices = await seen(desk, catalog=CATALOG.merged([LiveModel(OTHER)]))
    assert choices[OTHER].left
    assert choices[MODEL].left == ()
