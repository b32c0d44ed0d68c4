"""The account's own list: fetched, kept, and used when it cannot be had."""

from dataclasses import replace
from decimal import Decimal

import pytest

from groqchat.domain.errors.servers import server_called
from groqchat.domain.errors.table import failure
from groqchat.domain.models.catalog import LiveModel
from groqchat.domain.models.names import ResolvedModel, UnknownModelError
from groqchat.domain.money.pricing import Price
from groqchat.services.account.models import Models
from tests.fakes import START, FakeClock, FakeProvider, MemoryModelLists
from tests.services.desk import CATALOG, MODEL

DEAR = LiveModel(MODEL, price=Price(Decimal(1), None, Decimal(2)))


def models(provider, lists=None, fingerprint="f1"):
    return Models(provider, lists or MemoryModelLists(), CATALOG, fingerprint, FakeClock())


async def test_before_any_list_the_shipped_catalogue_speaks():
    service = models(FakeProvider())
    assert service.catalog is CATALOG
    assert service.price_of(MODEL) == CATALOG.get(MODEL).price
    assert service.price_of("nobody/knows-it") is None


async def test_the_list_wins_and_is_dated():
    service = models(FakeProvider(models=[DEAR, LiveModel("brand/new")]))
    catalog = await service.refresh()
    assert service.price_of(MODEL).input == Decimal(1)
    assert service.price_of(MODEL).as_of == "2026-09-21"
    assert catalog.get("brand/new").live is True
    assert catalog.get("openai/gpt-oss-20b").live is False


async def test_the_last_list_serves_without_a_network_and_only_its_own_account():
    lists = MemoryModelLists()
    await models(FakeProvider(models=[DEAR]), lists).refresh()
    lost = failure("dns_failed", detail="api.groq.com")
    offline = models(FakeProvider(models=lost), lists)
    with pytest.raises(type(lost)):
        await offline.refresh()
    assert offline.price_of(MODEL).input == Decimal(1)
    stranger = models(FakeProvider(models=lost), lists, "f2")
    assert await stranger.recall() is CATALOG


async def test_recalling_asks_nobody():
    provider = FakeProvider(models=[DEAR])
    await models(provider).recall()
    assert provider.lists == 0


async def test_the_users_own_price_beats_the_list():
    own = CATALOG.with_prices({MODEL: {"input": Decimal(9), "output": Decimal(9)}})
    provider = FakeProvider(models=[replace(DEAR)])
    service = Models(provider, MemoryModelLists(), own, "f1", FakeClock())
    await service.refresh()
    assert service.price_of(MODEL).input == Decimal(9)


async def test_a_retired_model_names_one_that_is_live():
    service = models(FakeProvider(models=[LiveModel("openai/gpt-oss-20b")]))
    await service.refresh()
    assert service.replacement_for("llama-3.1-8b-instant").id == "openai/gpt-oss-20b"


async def test_a_model_refused_a_moment_ago_is_not_proposed_for_the_next_one():
    first, second, third = (model.id for model in CATALOG.chat_models()[:3])
    service = models(FakeProvider())
    assert service.refused(first).id == second
    assert service.refused(second).id == third
    assert service.refused(first).id == third
    assert [model.id for model in service.others(third)] == [
        model.id for model in CATALOG.chat_models()[3:]
    ]


async def test_where_every_model_was_refused_none_is_proposed():
    service = models(FakeProvider(models=[LiveModel(MODEL)]))
    await service.refresh()
    assert service.refused(MODEL) is None
    assert service.others(MODEL) == ()


NEW = "brand/new-40b"


async def test_a_name_is_looked_for_in_the_list_only_where_nothing_known_bears_it():
    provider = FakeProvider(models=[LiveModel(MODEL), LiveModel(NEW)])
    service = models(provider)
    assert (await service.called("20b")).id == "openai/gpt-oss-20b"
    assert provider.lists == 0
    assert (await service.called("40b")).id == NEW
    assert (await service.called(NEW)).id == NEW
    assert provider.lists == 1
    with pytest.raises(UnknownModelError, match=f"did you mean {NEW}"):
        await service.called("brand/new-40c")


async def test_where_no_list_can_be_had_the_server_is_left_to_decide():
    service = models(FakeProvider(models=failure("dns_failed", detail="x")))
    assert (await service.called("gpt-os-20b")).id == "gpt-os-20b"
    assert (await service.called("20b")).id == "openai/gpt-oss-20b"


async def test_elsewhere_the_servers_own_list_says_what_a_name_means():
    provider = FakeProvider(models=[LiveModel("qwen3"), LiveModel("team/gpt-oss-20b")])
    provider.server = server_called("127.0.0.1:4000")
    service = models(provider)
    assert (await service.called("qwen3")).id == "qwen3"  # no part of the catalogue's model
    assert (await service.called("gpt-oss-20b")).id == "team/gpt-oss-20b"
    unlisted = await service.called("team/gpt-oss-21b")
    assert unlisted.id == "team/gpt-oss-21b"
    assert unlisted.doubt == (
        "127.0.0.1:4000 does not list team/gpt-oss-21b; did you mean team/gpt-oss-20b?"
    )
    provider.listed = failure("dns_failed", detail="x")
    assert (await service.called("whatever")) == ResolvedModel("whatever")


async def test_what_was_refused_as_unknown_is_replaced_by_what_is_near():
    assert models(FakeProvider()).refused("openai/gpt-os-20b").id == "openai/gpt-oss-20b"


async def test_a_list_that_a_clock_that_was_ahead_has_dated_is_of_today_at_the_latest():
    lists = MemoryModelLists()
    await lists.save_models("f1", [DEAR], START + 90 * 86_400)
    service = models(FakeProvider(), lists)
    await service.recall()
    assert service.price_of(MODEL).as_of == "2026-09-21"


async def test_efforts_that_the_server_names_beat_the_catalogue_also_after_the_list_comes():
    service = models(FakeProvider(models=[DEAR]))
    detail = "`reasoning_effort` must be one of `none` or `max`"
    refused = failure("invalid_request", model=MODEL, parameter="reasoning_effort", detail=detail)
    assert service.learn_from(refused) is refused
    assert service.model(MODEL).reasoning_efforts == ("none", "max")
    await service.refresh()
    assert service.model(MODEL).reasoning_efforts == ("none", "max")
    assert service.price_of(MODEL).input == Decimal(1)


async def test_for_a_name_close_to_a_retired_model_its_successor_is_named():
    service = models(FakeProvider())
    assert service.catalog.get("llama-3.3-70b-versatile").is_retired
    replacement = service.refused("llama-3.1-70b-versatile")
    assert replacement == service.replacement_for("llama-3.3-70b-versatile")
    assert replacement.is_usable
