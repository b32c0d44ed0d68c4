"""A column is copied with other options, asked, and saved with the others under a name."""

from textual.containers import Horizontal
from textual.widgets import Input, Label

from groqchat.ui.compare.screen import CompareScreen
from tests.ui.compare.driving import A, B, ask, closed, comparing, opened
from tests.ui.stage import seen, until

COPY = f"{B} temperature=0.25"


async def test_a_copy_is_asked_beside_its_column_and_saved_with_it(groq):
    async with comparing(A, B, size=(160, 50)) as (pilot, screen):
        await ask(pilot, screen)
        screen.prompt.write("next")
        await pilot.press("right", "plus")
        form = await opened(pilot, f"Copy of column 2: {B}")
        rows = {str(row.query_one(Label).content): row for row in form.query(Horizontal)}
        rows["temperature"].query_one(Input).value = "0.25"
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.screen not in {screen, form})
        again = pilot.app.screen
        assert isinstance(again, CompareScreen)
        await until(pilot, lambda: f"Column 3 is {COPY}." in seen(again))
        assert again.prompt.text == "next"
        assert [column.column.name for column in again.state.columns] == [A, B, COPY]
        assert [column.is_answered for column in again.state.columns] == [True, True, False]
        await pilot.press("tab", "r")
        await until(pilot, lambda: again.state.columns[2].is_answered and not again.is_busy)
        column = again.state.columns[2].column
        (answer,) = (await again.services.store.messages([column.leaf_id])).values()
        assert dict(answer.asked_with)["temperature"] == 0.25
        await pilot.press("w")
        await opened(pilot, "Name of these columns")
        await pilot.press(*"three", "enter")
        await until(pilot, lambda: "/compare @three opens them" in seen(again))
        await pilot.press("escape")
        chat = await closed(pilot)
        assert chat.workspace.services.settings.presets == {"three": (A, B, COPY)}
