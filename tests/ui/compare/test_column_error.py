"""The error of a column keeps its keys at every size."""

import pytest

from groqchat.domain.errors.table import failure
from groqchat.ui.compare.column_error import error_words
from tests.ui.compare.driving import A, B, ask, closed, comparing, reopened
from tests.ui.stage import seen, until


@pytest.mark.parametrize("width", [20, 34, 80])
@pytest.mark.parametrize("room", [1, 2, 3, 4, 9])
def test_the_keys_are_never_cut(width, room):
    error = failure("over_budget", detail="$1.00 of $1.00 this month")
    words = error_words(error, "Raise the budget. Ask again.", replacement="a/b", hides_names=False)
    lines = [row.plain for row in words.lines(width, room)]
    assert len(lines) <= max(room, 1)
    assert lines[-1].strip().endswith("m take a/b")
    if room >= 3:
        assert any(line.startswith("r retry") for line in lines)
        assert lines[0].startswith("Budget")
    if room == 9:
        assert "Ask again." in " ".join(" ".join(lines).split())


def test_hidden_names_are_not_told():
    error = failure("model_not_found", model="a/b")
    words = error_words(error, "", replacement="c/d", hides_names=True)
    shown = "\n".join(row.plain for row in words.lines(60, 20))
    assert "a/b" not in shown
    assert "c/d" not in shown
    assert "Vote first" in shown


async def test_the_keys_of_an_error_stay_when_the_screen_becomes_small(groq, injected):
    injected("unprocessable", "unprocessable")
    async with comparing(A, B) as (pilot, screen):
        await ask(pilot, screen)
        await until(pilot, lambda: seen(screen).count("r retry") >= 2)
        for size in ((40, 12), (80, 24), (40, 12)):
            await pilot.resize_terminal(*size)
            await until(pilot, lambda: "r retry" in column_text(screen))
            assert "422" in seen(screen)


async def test_the_keys_and_the_server_of_an_error_are_there_when_it_is_opened_again(
    groq, injected
):
    injected("unprocessable", "unprocessable")
    async with comparing(A, B) as (pilot, screen):
        await ask(pilot, screen)
        before = [column.column.error for column in screen.state.columns]
        assert not any(error.facts.asked.is_groq or "Groq" in error.message for error in before)
        await pilot.press("escape")
        again = await reopened(pilot, await closed(pilot))
        await until(pilot, lambda: "r retry" in seen(again))
        assert "…" not in column_text(again)
        errors = [column.column.error for column in again.state.columns]
        assert [error.message for error in errors] == [error.message for error in before]


def column_text(screen):
    """What the error of the first column that failed shows."""
    failed = next(column for column in screen.state.columns if column.column.error)
    return failed.view.query_one("#error").render().plain
