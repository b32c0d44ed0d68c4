"""What the panel says of limits whose window nobody knows."""

from dataclasses import replace

from groqchat.domain.limits.quota import Untimed, quota_view
from groqchat.ui.widgets.quota_panel import QuotaPanel
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
