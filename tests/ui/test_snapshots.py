"""A few pictures, pinned: what the panels and a toast look like, to the cell."""

from decimal import Decimal

import pytest
from textual.app import App

from groqchat.domain.errors.table import Action, failure
from groqchat.domain.ledger.sums import Sums
from groqchat.domain.limits.quota import LeakyBucket, LimitKind, Source, quota_view
from groqchat.domain.settings import Budget
from groqchat.ui.transcript.entries import Entry, EntryKind
from groqchat.ui.transcript.view import Transcript
from groqchat.ui.widgets.cost_meter import Costs
from groqchat.ui.widgets.side_panel import SidePanel
from groqchat.ui.widgets.toasts import Toasts
from groqchat.ui.workspace.themes import DEFAULT_THEME, load_themes

NOW = 1_791_300_000.0
ANSWER = """\
## Limits

Groq counts **requests** and *tokens* apart:

| Limits | Counts |
|---|---|
| RPM | requests per minute |
| TPD | tokens per day |

1. Nothing resets at midnight.
2. `max_completion_tokens` counts up front.

```python
def wait(used: int) -> float:
    return used / 8000 * 60  # seconds
```

> Short prompts run out of requests. See https://groq.com."""


class Picture(App):
    """A part of the screen in our colours, at a time that stands still."""

    def __init__(self, *parts):
        super().__init__()
        self._parts = parts
        for theme in load_themes()[0]:
            self.register_theme(theme)
        self.theme = DEFAULT_THEME

    def compose(self):
        yield from self._parts


def panel():
    side = SidePanel(lambda: NOW)
    buckets = (
        LeakyBucket(LimitKind.RPM, 30, 1.0, NOW, Source.LEDGER),
        LeakyBucket(LimitKind.RPD, 1000, 7.0, NOW, Source.HEADER),
        LeakyBucket(LimitKind.TPM, 8000, 7500.0, NOW, Source.HEADER),
        LeakyBucket(LimitKind.TPD, 200_000, 199_680.0, NOW, Source.ERROR),
    )
    view = quota_view(
        "openai/gpt-oss-120b", buckets, NOW, plan="free", plan_inferred=True, tokens_per_turn=400
    )
    sums = Sums(3, 1_536, 1_024, 812, Decimal("0.00064"), Decimal("0.0000768"))
    costs = Costs(
        has_turn=True,
        turn=Decimal("0.00023955"),
        session=sums,
        today=sums,
        month=sums,
        budget=Budget(monthly_usd=Decimal(10)),
        paid_nothing=True,
    )
    return side, view, costs


@pytest.mark.parametrize("size", [(40, 30), (40, 20)])
def test_the_side_panel(snap_compare, size):
    side, view, costs = panel()

    async def show(pilot):
        side.quota.show(view)
        side.meter.show(costs)
        await pilot.pause()

    assert snap_compare(Picture(side), terminal_size=size, run_before=show)


def test_a_toast(snap_compare):
    toasts = Toasts(lambda: NOW)
    error = failure(
        "rate_limited",
        status=429,
        model="openai/gpt-oss-120b",
        limit_kind=LimitKind.TPD,
        limit=200_000,
        used=199_680,
        requested=857,
        retry_after_s=231.984,
    )

    async def show(pilot):
        toasts.show_error(error, [Action.RETRY, Action.WAIT, Action.SWITCH_MODEL], focus=True)
        await pilot.pause()
        await pilot.pause()

    assert snap_compare(Picture(toasts), terminal_size=(80, 12), run_before=show)


def test_an_answer(snap_compare):
    transcript = Transcript()

    async def show(pilot):
        footer = "openai/gpt-oss-120b · on_demand · 13 in · 396 out · 482 tok/s · $0.00023955"
        transcript.show(
            [
                Entry("1", EntryKind.USER, "You", "How do limits work?"),
                Entry("2", EntryKind.ASSISTANT, "openai/gpt-oss-120b", ANSWER, footer=footer),
            ]
        )
        await pilot.pause()
        await pilot.pause()

    assert snap_compare(Picture(transcript), terminal_size=(72, 32), run_before=show)
