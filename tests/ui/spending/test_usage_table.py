"""The rows of the usage window at every width."""

from decimal import Decimal

import pytest
from textual.app import App

from groqchat.domain.ledger.sums import Grouping, Sums
from groqchat.ui.spending.usage_table import UsageTable
from tests.ui.stage import seen, until

MODELS = [
    ("openai/gpt-oss-120b", Sums(3, 9_000, 0, 985, Decimal("0.000521"))),
    ("openai/gpt-oss-20b", Sums(1, 80, 0, 5, Decimal("0.000009"))),
    ("meta-llama/llama-prompt-guard-2-22m", Sums(1, 10, 0, 5, Decimal("0.000001"))),
]
TOTAL = Sums(5, 9_090, 0, 995, Decimal("0.000531"))


class Stage(App):
    def compose(self):
        yield UsageTable()


async def shown(pilot, by, shares):
    pilot.app.query_one(UsageTable).show(by, shares, TOTAL)
    await until(pilot, lambda: "all" in seen(pilot.app.screen))
    return [row.rstrip() for row in seen(pilot.app.screen).splitlines() if row.strip()]


@pytest.mark.parametrize("width", [36, 70, 96, 160])
async def test_every_share_has_one_line_with_its_figures(width):
    async with Stage().run_test(size=(width, 10)) as pilot:
        rows = await shown(pilot, Grouping.MODEL, MODELS)
    assert len(rows) == 2 + len(MODELS)
    for figure in ("10,085", "$0.000531", "9,985", "$0.000521", "$0.000009"):
        assert sum(figure in row for row in rows) == 1
    assert all(name in "".join(rows) for name in ("gpt-oss-120b", "gpt-oss-20b", "guard-2-22m"))
    assert ("━" in "".join(rows)) is (width > 36)


async def test_it_is_laid_out_anew_when_the_terminal_changes():
    async with Stage().run_test(size=(120, 10)) as pilot:
        wide = await shown(pilot, Grouping.MODEL, MODELS)
        assert "meta-llama/llama-prompt-guard-2-22m" in "".join(wide)
        await pilot.resize_terminal(36, 10)
        await until(pilot, lambda: "━" not in seen(pilot.app.screen))
        rows = [row for row in seen(pilot.app.screen).splitlines() if row.strip()]
        assert len(rows) == len(wide)


async def test_figures_stand_under_each_other_whatever_a_title_is_written_in():
    shares = [("短い日本語の題名", MODELS[0][1]), ("Plain", MODELS[1][1])]
    async with Stage().run_test(size=(60, 10)) as pilot:
        table = pilot.app.query_one(UsageTable)
        await shown(pilot, Grouping.SESSION, shares)
        lines = table.render().split("\n")
        before = [line[: line.plain.index("$")].cell_length for line in lines[1:]]
    assert len(set(before)) == 1
