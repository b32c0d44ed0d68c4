"""Models in the order in which one looks for them."""

from decimal import Decimal

import pytest

from groqchat.domain.limits.quota import LeakyBucket, LimitKind, Source, quota_view
from groqchat.domain.models.catalog import Kind, Model, Status
from groqchat.domain.models.choosing import (
    Choice,
    Order,
    Speed,
    context_of,
    day_levels,
    ordered,
    typical_speed,
)
from groqchat.domain.money.pricing import Price

DEAR = Price(Decimal("0.10"), None, Decimal("4.00"))
CHEAP = Price(Decimal("0.80"), None, Decimal("0.90"))


def choice(name, *, speed=None, favourite=False, **about):
    about = {"status": Status.PRODUCTION} | about
    return Choice(Model(name, **about), speed=speed, is_favourite=favourite)


CHOICES = (
    choice("c", price=DEAR, context_window=100, speed_tps=900),
    choice("a", status=Status.PREVIEW, price=CHEAP, context_window=300, speed_tps=100),
    choice("b", context_window=200, speed=Speed(500.0, 3), speed_tps=2_000),
    choice("old", status=Status.RETIRED, price=Price(Decimal(0), None, Decimal(0))),
    choice("ear", kind=Kind.AUDIO, context_window=448, speed_factor=200),
)


@pytest.mark.parametrize(
    ("order", "ids"),
    [
        (Order.BEST, "c b a ear old"),
        (Order.NAME, "a b c ear old"),
        # Three tokens are read for each one written: $1.075 against $0.825; unknown comes last.
        (Order.PRICE, "a c b ear old"),
        # What was measured counts, not the 2,000 that are listed.
        (Order.SPEED, "c b a ear old"),
        (Order.CONTEXT, "a b c ear old"),
    ],
)
def test_orders(order, ids):
    assert [one.model.id for one in ordered(CHOICES, order)] == ids.split()


@pytest.mark.parametrize("order", Order)
def test_favourites_come_first_in_every_order_but_not_before_what_can_be_used(order):
    favourite, gone = (
        choice("z", favourite=True),
        choice("dead", status=Status.RETIRED, favourite=True),
    )
    ids = [one.model.id for one in ordered((*CHOICES, favourite, gone), order)]
    assert ids[0] == "z"
    assert ids[-2:] == ["dead", "old"]


def test_audio_is_ordered_by_its_price_an_hour_and_speech_by_that_of_characters():
    hours = [choice(n, price=Price(per_hour=Decimal(n)), kind=Kind.AUDIO) for n in ("3", "1")]
    spoken = [
        choice(n, price=Price(per_million_chars=Decimal(n)), kind=Kind.SPEECH) for n in ("22", "2")
    ]
    ids = [one.model.id for one in ordered((*spoken, *hours), Order.PRICE)]
    assert ids == ["1", "3", "2", "22"]


def test_the_orders_follow_each_other_in_a_ring():
    order, seen = Order.BEST, []
    for _ in Order:
        seen.append(order)
        order = order.next
    assert (seen, order) == (list(Order), Order.BEST)


def test_the_typical_speed_is_a_median():
    assert typical_speed([500, 10, 480]) == Speed(480, 3)
    assert typical_speed([500, 400]) == Speed(450, 2)
    assert typical_speed([]) is None


def test_a_piece_of_a_transcript_is_no_context():
    assert context_of(CHOICES[-1].model) is None
    assert context_of(CHOICES[0].model) == 100


def test_left_today_is_what_the_days_buckets_have():
    buckets = [
        LeakyBucket(kind, limit, used, 0.0, Source.LEDGER)
        for kind, limit, used in (
            (LimitKind.RPD, 1_000, 2),
            (LimitKind.TPM, 8_000, 0),
            (LimitKind.TPD, 200_000, 500),
            (LimitKind.ASD, 28_800, 60),
        )
    ]
    view = quota_view("m", tuple(buckets), 0.0, plan=None, plan_inferred=False, tokens_per_turn=1)
    levels = day_levels(view)
    assert [level.kind for level in levels] == [LimitKind.RPD, LimitKind.TPD, LimitKind.ASD]
    said = Choice(Model("m"), levels).left_today
    assert said == "998 RPD · 199,500 TPD · 28,740 ASD"
    nothing = quota_view("m", (), 0.0, plan=None, plan_inferred=False, tokens_per_turn=1)
    assert Choice(Model("m"), day_levels(nothing)).left_today == ""
