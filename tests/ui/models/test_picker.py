"""The model picker: rows, columns, orders, favourites, uses, and models that are gone."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest

from groqchat.domain.errors.table import failure
from groqchat.domain.limits.quota import Level, LimitKind
from groqchat.domain.models.catalog import Kind, Model, Status
from groqchat.domain.models.choosing import Order, Speed
from groqchat.domain.models.shutdowns import Shutdown
from groqchat.domain.money.pricing import Price
from groqchat.storage.catalog import load_catalog
from groqchat.ui.compare.windows.models import ComparedModels
from groqchat.ui.models.picker import ModelPicker
from groqchat.ui.models.rows import Layout
from groqchat.ui.models.use_cases import UseCasePicker
from tests.ui.dialogs.test_dialogs import Behind, rows
from tests.ui.model_choices import choices_of
from tests.ui.stage import seen, until

MODELS = (
    Model("old-1", Status.RETIRED, retired_on="2026-08-16", replacement="old-2", source="a page"),
    Model("old-2", Status.RETIRED, retired_on="2026-09-01", replacement="big"),
    Model("orphan", Status.RETIRED),
    Model(
        "small",
        Status.PREVIEW,
        abilities=("vision",),
        speed_tps=900,
        context_window=512,
        price=Price(Decimal("0.05"), None, Decimal("0.10"), source="docs"),
    ),
    Model(
        "big",
        Status.PRODUCTION,
        context_window=131_072,
        speed_tps=500,
        price=Price(Decimal("0.15"), Decimal("0.075"), Decimal("0.60"), source="docs"),
    ),
    Model("plain", Status.UNLISTED),
    Model("whisper", Status.PRODUCTION, Kind.AUDIO),
    Model("guard", Status.PRODUCTION, Kind.GUARD),
)
LEFT = (Level(LimitKind.RPD, 1_000, 998), Level(LimitKind.TPD, 200_000, 199_500))
SPEEDS = {"big": Speed(481.7, 12)}


def offered(**known):
    return choices_of(*MODELS, **{"speeds": SPEEDS, "left": LEFT} | known)


def picker(current="small", **known):
    return Behind(ModelPicker(offered(**known), current))


def names(app):
    """The names in the rows, in their order."""
    return [re.sub(r"[●★]", " ", row).split()[0] for row in rows(app)]


async def test_models_show_what_one_chooses_by():
    app = picker()
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: "in / out per M" in seen(app.screen))
        big, small, plain, *gone = rows(app)
        assert big.split() == [
            *("big", "$0.15", "/", "$0.60", "998", "RPD", "·", "199,500", "TPD"),
            *("131K", "482", "500"),
        ]
        assert small.startswith("●  small preview")
        assert "unlisted" in plain
        assert "unknown" in plain
        assert "old-1  retired 2026-08-16 → old-2" in gone[0]
        assert "whisper" not in names(app)
        assert "guard" not in names(app)
        await pilot.press("up")
        await until(pilot, lambda: "482 tok/s (median of your last 12" in seen(app.screen))
        assert "listed     500 tok/s according to Groq" in seen(app.screen)
        assert "left today 998 RPD · 199,500 TPD" in seen(app.screen)


@pytest.mark.parametrize("width", [36, 64, 76, 96, 116, 128, 190])
def test_columns_stand_apart_and_in_line_at_every_width(width):
    models = load_catalog().models.values()
    left = (Level(LimitKind.RPD, 14_400, 14_400), Level(LimitKind.TPD, 500_000, 500_000))
    speeds = {model.id: Speed(9_999, 1) for model in models}
    choices = choices_of(*models, left=left, speeds=speeds).choices
    layout = Layout.of(choices, width, Order.BEST)
    lines = [layout.header().plain]
    lines += [
        layout.row(choice, is_present=True).plain for choice in choices if choice.model.is_usable
    ]
    assert {len(text) for text in lines} == {width}
    edge = width
    for _, column_width in reversed(layout.columns):
        edge -= column_width
        assert {text[edge : edge + 2] for text in lines} == {"  "}
    assert all("…" not in text for text in lines) or width < 40
    assert len(layout.columns) == {36: 0, 64: 2, 76: 3, 96: 3}.get(width, 5)


@pytest.mark.parametrize(("order", "heading"), [(Order.SPEED, "your tok/s"), (Order.PRICE, "in /")])
def test_the_column_of_the_order_is_the_last_to_give_way(order, heading):
    header = Layout.of(offered().choices, 30, order).header().plain
    assert heading in header
    assert "today" not in header


def test_the_heading_of_the_order_is_underlined_so_that_no_colour_has_to_tell():
    header = Layout.of(offered().choices, 120, Order.CONTEXT).header()
    marked = [span for span in header.spans if "underline" in str(span.style)]
    assert [header.plain[span.start : span.end] for span in marked] == ["context"]


def test_a_column_that_says_nothing_is_left_out():
    header = Layout.of(offered(speeds={}, left=()).choices, 120, Order.BEST).header().plain
    assert header.split() == ["in", "/", "out", "per", "M", "context", "listed"]


async def test_the_present_model_is_highlighted_and_enter_takes_the_highlight():
    app = picker()
    async with app.run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: app.dialog.highlighted == "small")
        await pilot.press("up", "enter")
        await until(pilot, lambda: app.is_done)
    assert app.result == "big"


@pytest.mark.parametrize("typed", ["vis prev", "small", "VISION"])
async def test_typing_narrows_by_name_ability_and_status(typed):
    app = picker()
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press(*typed)
        await until(pilot, lambda: len(rows(app)) == 1)
        await pilot.press("enter")
        await until(pilot, lambda: app.is_done)
    assert app.result == "small"


async def test_a_retired_model_explains_itself_and_leads_to_what_replaces_it():
    app = picker()
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press(*"old-1")
        await until(pilot, lambda: "Enter selects big instead." in seen(app.screen))
        assert "says       a page" in seen(app.screen)
        await pilot.press("enter")
        await until(pilot, lambda: "old-1: retired 2026-08-16" in seen(app.screen))
        assert app.dialog.highlighted == "big"
        await pilot.press("enter")
        await until(pilot, lambda: app.is_done)
    assert app.result == "big"


async def test_one_that_nothing_replaces_leads_to_the_best_that_can_be_used():
    app = picker()
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press(*"orphan", "enter", "enter")
        await until(pilot, lambda: app.is_done)
    assert app.result == "big"


async def test_no_match_says_so_and_enter_does_nothing():
    app = picker()
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press(*"zzz", "enter", "ctrl+f")
        await until(pilot, lambda: "No model matches." in seen(app.screen))
        assert not app.is_done
        await pilot.press("escape")
        await until(pilot, lambda: app.is_done)
    assert app.result is None


@pytest.mark.parametrize(
    ("presses", "order", "first"),
    [
        (1, "name", ["big", "plain", "small"]),
        (2, "price", ["small", "big", "plain"]),
        (3, "speed", ["small", "big", "plain"]),
        (4, "context", ["big", "small", "plain"]),
        (5, "best", ["big", "small", "plain"]),
    ],
)
async def test_a_key_changes_the_order_and_the_highlight_stays(presses, order, first):
    app = picker()
    async with app.run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: "sort: best" in seen(app.screen))
        await pilot.press(*["ctrl+s"] * presses)
        await until(pilot, lambda: f"sort: {order}" in seen(app.screen))
        assert names(app)[:3] == first
        assert app.dialog.highlighted == "small"


async def test_favourites_are_kept_marked_and_first():
    kept = []
    app = picker(current="big", keep=kept.append)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("down", "ctrl+f")
        await until(pilot, lambda: rows(app)[0].startswith(" ★ small"))
        assert app.dialog.highlighted == "small"
        assert rows(app)[1].startswith("●  big")
        await pilot.press("ctrl+f")
        await until(pilot, lambda: names(app)[0] == "big")
    assert kept == [("small",), ()]


async def test_a_favourite_that_cannot_be_kept_is_none_and_that_is_said():
    def refuse(ids):
        raise failure("disk", detail="config.toml: no space left")

    app = picker(keep=refuse)
    async with app.run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: app.dialog.highlighted == "small")
        await pilot.press("up")
        await until(pilot, lambda: "482 tok/s" in seen(app.screen))
        await pilot.press("ctrl+f")
        await until(pilot, lambda: "no space left" in seen(app.screen))
        assert "★" not in "".join(rows(app))


async def test_uses_name_the_models_to_begin_with():
    app = picker()
    async with app.run_test(size=(100, 40)) as pilot:
        await pilot.press("ctrl+t")
        await until(pilot, lambda: isinstance(app.screen, UseCasePicker))
        assert "All models" in seen(app.screen)
        await pilot.press(*"helper")
        await until(pilot, lambda: "Advised was old-1 (retired 2026-08-16)." in seen(app.screen))
        assert "Quick. Avoid: bursts." in seen(app.screen)
        await pilot.press("enter")
        await until(pilot, lambda: "Models · Short helper" in seen(app.screen))
        assert names(app) == ["big"]
        assert "Avoid: bursts." in seen(app.screen)
        await pilot.press("ctrl+t")
        await until(pilot, lambda: isinstance(app.screen, UseCasePicker))
        await pilot.press("up", "enter")
        await until(pilot, lambda: len(rows(app)) == len(MODELS) - 2)
        await pilot.press(*"short")
        await until(pilot, lambda: names(app) == ["big"])
        await pilot.press("enter")
        await until(pilot, lambda: app.is_done)
    assert app.result == "big"


async def test_a_way_of_sending_leaves_all_chat_models_and_escape_changes_nothing():
    app = picker()
    async with app.run_test(size=(100, 40)) as pilot:
        await pilot.press("ctrl+t", "escape")
        await until(pilot, lambda: len(rows(app)) == len(MODELS) - 2)
        await pilot.press("ctrl+t", *"night", "enter")
        await until(pilot, lambda: "At night: Use a batch." in seen(app.screen))
        assert names(app) == ["big", "small", "plain"]


async def test_compared_models_can_be_sorted_and_starred_too():
    kept = []
    app = Behind(ComparedModels(offered(keep=kept.append), ["small"]))
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("ctrl+s", "ctrl+f", "tab")
        await until(pilot, lambda: "2 of 8 marked" in seen(app.screen))
        assert names(app) == ["big", "plain", "small"]
        assert kept == [("big",)]
        await pilot.press("enter")
        await until(pilot, lambda: app.is_done)
    assert app.result == "small big"


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (200, 60)])
async def test_the_keys_and_some_rows_are_in_sight_at_every_size(size):
    app = picker()
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: "big" in seen(app.screen))
        for key in ("Enter", "Ctrl+S sort: best", "Ctrl+F", "Ctrl+T", "Esc"):
            assert key in seen(app.screen)
        await until(pilot, lambda: "small preview" in seen(app.screen))
        assert "●  small" in seen(app.screen)


async def test_an_announced_shutdown_is_told_with_the_days_left():
    ending = Shutdown("a", "2026-12-11", 12, "b", "a page", "2026-11-29")
    models = choices_of(Model("a", Status.PRODUCTION), Model("b", Status.PRODUCTION))
    models.choices = tuple(
        replace(choice, shutdown=ending) if choice.model.id == "a" else choice
        for choice in models.choices
    )
    app = Behind(ModelPicker(models, "a"))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "2026-12-11, in 12 days" in seen(pilot.app.screen))
