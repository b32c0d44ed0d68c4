"""What the panel says of limits, whatever their size, and of what an answer reserves."""

import re
from dataclasses import replace

import pytest

from groqchat.domain.limits.quota import (
    LeakyBucket,
    LimitKind,
    Sharing,
    Source,
    Untimed,
    quota_view,
)
from groqchat.domain.text.humanize import count, countdown
from groqchat.ui.widgets.cost_meter import CostMeter
from groqchat.ui.widgets.quota_panel import QuotaPanel
from groqchat.ui.widgets.side_panel import SidePanel
from tests.ui.stage import seen, until
from tests.ui.test_snapshots import Picture


def viewed():
    return quota_view("mock", (), 0.0, plan=None, plan_inferred=False, tokens_per_turn=400)


async def test_limits_known_before_there_is_a_screen_are_shown_on_it():
    panel = QuotaPanel(lambda: 0.0)
    panel.show(viewed())
    panel.show_asked(["effort high"], "")
    app = Picture(panel)
    async with app.run_test(size=(40, 20)) as pilot:
        await until(pilot, lambda: "mock" in seen(app.screen))
        assert "effort high" in seen(app.screen)


async def test_a_limit_of_an_unknown_window_is_shown_as_such():
    untimed = (Untimed("requests", 5, 2), Untimed("tokens", 1_000, 981))
    panel = QuotaPanel(lambda: 0.0)
    app = Picture(panel)
    async with app.run_test(size=(40, 20)) as pilot:
        panel.show(replace(viewed(), untimed=untimed).at(10.0))
        await until(pilot, lambda: "requests 2/5" in seen(app.screen))
        assert "tokens 981/1,000" in seen(app.screen)
        assert seen(app.screen).count("window unknown") == 2
        assert "RPD  unknown" in seen(app.screen)
        assert "header: your whole organisation" in seen(app.screen)
        assert "ledger:" not in seen(app.screen)


def large():
    """Limits with long figures, each used for a while."""
    buckets = [LeakyBucket(kind, 10_000_000, 123_456.0, 0.0, Source.LEDGER) for kind in LimitKind]
    view = quota_view(
        "a/model", tuple(buckets), 0.0, plan="free", plan_inferred=False, tokens_per_turn=400
    )
    return replace(view, untimed=(Untimed("requests", 500_000, 499_999),))


@pytest.mark.parametrize("height", [20, 60])
@pytest.mark.parametrize("width", [36, 37])
async def test_nothing_is_cut_at_the_width_of_the_panel(width, height):
    side, view = SidePanel(lambda: 0.0), large()
    app = Picture(side)
    async with app.run_test(size=(width, height)) as pilot:
        side.quota.show(view)
        await pilot.pause()
        rows = [row.plain for row in side.quota._whole_rows()]
        assert max(map(len, rows)) <= side.quota.row_width
        text = " ".join(" ".join(rows).split())
        for level in view.levels:
            assert f"{level.kind} " in text
            assert f"{count(level.remaining)}/{count(level.limit)}" in text
            assert countdown(level.resets_in_s) in text
        assert "requests 499,999/500,000 window unknown" in text
        assert "…" not in text


async def test_a_row_that_is_longer_than_the_panel_goes_on_in_the_next():
    panel = QuotaPanel(lambda: 0.0)
    app = Picture(panel)
    async with app.run_test(size=(20, 20)) as pilot:
        panel.show(viewed())
        await until(pilot, lambda: "shown once the" in seen(app.screen))
        assert "server tells" in seen(app.screen)


async def test_what_an_answer_reserves_is_told_from_what_is_used():
    panel, view = QuotaPanel(lambda: 0.0), large()
    app = Picture(panel)
    async with app.run_test(size=(36, 40)) as pilot:
        panel.show(replace(view, reserved={LimitKind.TPM: 123_000}).at(0.0))
        await until(pilot, lambda: "123,000 reserved for answers" in seen(app.screen))
        assert seen(app.screen).count("╍") == 1
        assert " more turns (TPM)" in seen(app.screen)
        panel.show(view)
        await until(pilot, lambda: "reserved" not in seen(app.screen))
        assert "╍" not in seen(app.screen)
        assert "besides" not in seen(app.screen)


@pytest.mark.parametrize(("left", "bar"), [(250, "━━──────"), (0, "────────"), (1_000, "━━━━━━━━")])
async def test_what_is_used_of_a_bar_has_another_line_and_not_only_another_colour(left, bar):
    bucket = LeakyBucket(LimitKind.TPM, 1_000, 1_000.0 - left, 0.0, Source.LEDGER)
    view = quota_view("m", (bucket,), 0.0, plan=None, plan_inferred=False, tokens_per_turn=400)
    panel = QuotaPanel(lambda: 0.0)
    app = Picture(panel)
    async with app.run_test(size=(40, 20)):
        assert panel._bar(view.level(LimitKind.TPM), 0, 8).plain == bar


async def test_the_sums_of_the_session_stand_below_it():
    meter = CostMeter()
    async with Picture(meter).run_test(size=(36, 20)):
        labels = [row.plain[:16].rstrip() for row in meter.made_rows()]
    assert labels[2:] == [
        "this session", "  tokens in", "  of them cached", "  tokens out", "today", "this month"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("sharing", "said"),
    [
        (Sharing(3), "team: 3 clients within a minute"),
        (Sharing(3, 3_600.0), "team away since ..:00: own share"),
        (Sharing(1, 3_600.0, has_share=False), "team away since ..:00: no share"),
    ],
)
async def test_the_panel_says_whether_the_team_is_there(sharing, said):
    panel = QuotaPanel(lambda: 0.0)
    app = Picture(panel)
    async with app.run_test(size=(36, 30)) as pilot:
        panel.show(replace(large(), sharing=sharing).at(10.0))
        await until(pilot, lambda: re.search(said, seen(app.screen)))
        assert "groqchat here alone" not in seen(app.screen)
