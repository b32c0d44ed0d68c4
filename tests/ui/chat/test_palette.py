from __future__ import annotations

import pytest
from textual.command import CommandPalette as PaletteScreen
from textual.containers import Vertical
from textual.screen import Screen
from textual.widgets import Input

from groqchat.ui.chat.palette import CommandPalette
from groqchat.ui.commands import COMMANDS
from groqchat.ui.widgets.composer import Composer
from groqchat.ui.widgets.toasts import Toasts
from tests.ui.stage import Stage, seen, until


class Desk(Screen[None]):
    def __init__(self) -> None:
        super().__init__()
        self.ran = []

    def compose(self):
        with Vertical():
            yield Toasts()
        yield Composer()

    def action_run(self, command_id: str) -> None:
        self.ran.append(command_id)


class PaletteStage(Stage):
    COMMANDS = {CommandPalette}  # noqa: RUF012  # as Textual declares it

    def get_default_screen(self):
        return Desk()

    @property
    def desk(self) -> Desk:
        return self.screen_stack[0]


async def choose(pilot, app, words: str) -> None:
    await pilot.press("ctrl+p")
    await until(pilot, lambda: isinstance(app.screen, PaletteScreen))
    app.screen.query_one(Input).value = words
    await until(pilot, lambda: words.strip("/") in seen(app.screen).lower())
    await pilot.pause(0.1)
    await pilot.press("enter", "enter")
    await until(pilot, lambda: app.screen is app.desk)


@pytest.mark.parametrize(("words", "command"), [("switch model", "model"), ("/quota", "quota")])
async def test_a_command_is_found_by_title_or_slash_word_and_run(words, command):
    app = PaletteStage()
    async with app.run_test(size=(100, 40)) as pilot:
        await choose(pilot, app, words)
        await until(pilot, lambda: app.desk.ran)
        assert app.desk.ran == [command]


async def test_a_command_that_needs_words_waits_for_them():
    app = PaletteStage()
    async with app.run_test(size=(100, 40)) as pilot:
        await choose(pilot, app, "system prompt")
        await until(pilot, lambda: app.desk.query_one(Composer).text == "/system ")
        app.desk.query_one(Composer).text = "my draft"
        await choose(pilot, app, "attach a file")
        await until(pilot, lambda: "/attach PATH" in seen(app.screen))
        assert app.desk.query_one(Composer).text == "my draft"
        assert app.desk.ran == []


async def test_everything_but_itself_is_offered_and_nothing_where_nothing_can_run():
    app = PaletteStage()
    async with app.run_test(size=(100, 40)):
        offered = [hit.text async for hit in CommandPalette(app.desk).discover()]
        assert offered == [command.title for command in COMMANDS if command.id != "palette"]
        assert [hit async for hit in CommandPalette(Screen()).discover()] == []
