"""Going from prompt to prompt: each comes to the top, and below the last one is the end."""

from groqchat.ui.transcript.entries import Entry, EntryKind
from groqchat.ui.transcript.turns import show_turn
from tests.ui.transcript.test_transcript import Stage

LONG = "\n\n".join(f"line {number}" for number in range(40))


def entries(*answers):
    """A prompt and an answer for each text."""
    for number, answer in enumerate(answers):
        yield Entry(f"p{number}", EntryKind.USER, "You", f"prompt {number}")
        yield Entry(f"a{number}", EntryKind.ASSISTANT, "m", answer)


async def walked(app, pilot, *steps):
    """The entries with the cursor after each step, and whether it is at the top."""
    seen = []
    for step in steps:
        show_turn(app.transcript, step)
        await pilot.pause()
        shown = app.transcript.row_at(0)
        top = app.transcript.virtual_list.entries.ids[shown.number]
        seen.append((app.transcript.current, top == app.transcript.current and shown.at == 0))
    return seen


async def test_each_prompt_comes_to_the_top_and_the_end_is_followed_again():
    app = Stage(entries(LONG, LONG, LONG))
    async with app.run_test(size=(80, 20)) as pilot:
        await pilot.pause()
        assert app.transcript.is_following
        assert await walked(app, pilot, -1, -1, -1, -1) == [
            ("p2", True),
            ("p1", True),
            ("p0", True),
            ("p0", True),
        ]
        assert not app.transcript.is_following
        assert await walked(app, pilot, 1, 1, 1) == [("p1", True), ("p2", True), ("a2", False)]
        assert app.transcript.is_following


async def test_in_the_middle_of_an_answer_its_own_prompt_is_above_and_the_next_below():
    app = Stage(entries(LONG, LONG, LONG))
    async with app.run_test(size=(80, 20)) as pilot:
        await pilot.pause()
        middle = app.transcript.virtual_list.top(3) + 30
        app.transcript.scroll_to(y=middle, animate=False)
        await pilot.pause()
        assert await walked(app, pilot, -1) == [("p1", True)]
        app.transcript.scroll_to(y=middle, animate=False)
        await pilot.pause()
        assert await walked(app, pilot, 1) == [("p2", True)]


async def test_the_cursor_walks_where_there_is_nothing_to_scroll():
    app = Stage(entries("one", "two", "three"))
    async with app.run_test(size=(80, 40)) as pilot:
        await pilot.pause()
        steps = await walked(app, pilot, 1, 1, 1, -1)
        assert [current for current, _ in steps][:3] == ["p1", "p2", "a2"]


async def test_without_entries_nothing_happens():
    app = Stage()
    async with app.run_test(size=(80, 20)) as pilot:
        show_turn(app.transcript, 1)
        await pilot.pause()
        assert app.transcript.current is None
