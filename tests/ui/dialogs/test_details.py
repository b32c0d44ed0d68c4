"""The window with the details of a message: long values are read whole at each width."""

import pytest
from textual.containers import VerticalScroll

from groqchat.ui.dialogs.details import MessageDetails, laid_out
from tests.ui.stage import Stage, seen, until

ROWS = [("time", "2026-11-30"), ("answered by", "openai/gpt-oss-120b and then some more words")]


@pytest.mark.parametrize(
    ("width", "expected"),
    [
        (80, ["time                2026-11-30", f"answered by         {ROWS[1][1]}"]),
        (
            46,
            [
                "time                2026-11-30",
                "answered by         openai/gpt-oss-120b and",
                "                    then some more words",
            ],
        ),
        (
            34,
            [
                "time                2026-11-30",
                "answered by",
                "  openai/gpt-oss-120b and then",
                "  some more words",
            ],
        ),
    ],
)
def test_a_long_value_goes_on_where_it_begins_or_stands_below_its_label(width, expected):
    assert [row.rstrip() for row in laid_out(ROWS, width).plain.splitlines()] == expected


async def test_the_last_row_is_read_at_the_end_of_a_small_window():
    app = Stage()
    rows = [*((f"row {n}", str(n)) for n in range(20)), ("request", "req_" + "x" * 26)]
    async with app.run_test(size=(40, 12)) as pilot:
        app.push_screen(MessageDetails("Answer: details", rows))
        await until(
            pilot, lambda: any(s.max_scroll_y > 10 for s in app.screen.query(VerticalScroll))
        )
        await pilot.press("end")
        await until(pilot, lambda: "req_" + "x" * 26 in seen(app.screen))
