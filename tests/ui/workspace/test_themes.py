from __future__ import annotations

from pathlib import Path

import pytest

import groqchat as groqchat_package
from groqchat.ui.workspace.theme_picker import ThemePicker
from groqchat.ui.workspace.themes import DEFAULT_THEME, load_themes, read_theme
from tests.ui.chat.test_chat_screen import chatting
from tests.ui.stage import Stage, groqchat, until

GUIDE = Path(groqchat_package.__file__).parent / "ui" / "chat.md"
SHIPPED = {theme.name: theme for theme in load_themes()[0]}


def test_ten_themes_are_shipped_without_mistakes():
    themes, mistakes = load_themes()
    assert mistakes == []
    assert {theme.name for theme in themes} == {
        "groq-dark", "groq-light", "midnight", "high-contrast", "high-contrast-light",
        "blue-orange", "lagoon", "sand", "pastel", "ansi",
    }  # fmt: skip
    assert DEFAULT_THEME in SHIPPED


def test_the_guide_names_them_all():
    assert {name for name in SHIPPED if f"`{name}`" not in GUIDE.read_text()} == set()


@pytest.mark.parametrize("name", SHIPPED)
async def test_each_can_be_applied(name):
    app = Stage()
    async with app.run_test(size=(20, 5)):
        app.theme = name


def test_the_users_own_theme_is_read_and_may_replace_a_shipped_one(tmp_path):
    (tmp_path / "mine.toml").write_text('primary = "#112233"\n')
    (tmp_path / "groq-dark.toml").write_text(
        'primary = "red"\n[variables]\ntext-muted = "auto 50%"'
    )
    (tmp_path / "notes.txt").write_text("no theme")
    themes, mistakes = load_themes(tmp_path)
    by_name = {theme.name: theme for theme in themes}
    assert mistakes == []
    assert by_name["mine"].primary == "#112233"
    assert by_name["groq-dark"].primary == "red"


def test_a_folder_that_is_not_there_is_no_mistake(tmp_path):
    assert load_themes(tmp_path / "none")[1] == []


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        ('primary = "nonsense"', "nonsense"),
        ("primary = 3", "“primary” must be text in quotes"),
        ('primary = "red"\ndark = "yes"', "“dark” must be true or false"),
        ('primary = "red"\nluminosity_spread = true', "“luminosity_spread” must be a number"),
        ('primary = "red"\ncolour = "blue"', "“colour” is no field of a theme"),
        ('secondary = "red"', "“primary” is missing"),
        ('primary = "red"\nname = "[/x]"', "“name” may hold"),
        ('primary = "red"\n[variables]\nborder = "nonsense"', "nonsense"),
        ('primary = "red"\n[variables]\nborder = "red; } * { display: none"', "display"),
        ('primary = "red"\n[variables]\nborder = 3', "“border”"),
        ('primary = "red"\n[variables]\nlink-style = "blinking"', "“link-style” must be words"),
        ('primary = "red"\nvariables = "x"', "“variables” must be a table"),
        ("primary = ", "Invalid value"),
    ],
)
def test_a_broken_theme_is_told_and_harms_nothing(tmp_path, toml, words):
    (tmp_path / "broken.toml").write_text(toml)
    themes, mistakes = load_themes(tmp_path)
    assert {theme.name for theme in themes} == set(SHIPPED)
    assert len(mistakes) == 1
    assert mistakes[0].startswith("broken.toml: ")
    assert words in mistakes[0]
    assert "\n" not in mistakes[0]


def test_bytes_that_are_no_text_are_told(tmp_path):
    (tmp_path / "broken.toml").write_bytes(b"\xff\xfe")
    assert len(load_themes(tmp_path)[1]) == 1


async def test_a_theme_of_terminal_colours_lacks_nothing_that_stylesheets_use():
    app = Stage()
    app.register_theme(read_theme('primary = "ansi_blue"\nansi = true', "bare"))
    async with app.run_test(size=(20, 5)):
        app.theme = "bare"


async def test_the_theme_that_was_chosen_last_is_kept():
    app = groqchat()
    async with app.run_test() as pilot:
        await until(pilot, lambda: app._chat.has_chat)
        for name in ("groq-light", "midnight", "groq-light", DEFAULT_THEME, "midnight"):
            app.theme = name
        settings = app._chat.workspace.services.settings_path
        await until(pilot, lambda: settings.exists() and "midnight" in settings.read_text())
        for name in ("groq-light", "midnight"):
            app.theme = name
            await pilot.pause()
        writing = [work for work in app._chat.workers if work.group == "theme"]
        await until(pilot, lambda: all(work.is_finished for work in writing))
        assert app._chat.workspace.services.settings.theme == "midnight"
        assert 'theme = "midnight"' in settings.read_text()


async def test_a_theme_is_worn_while_it_is_highlighted_and_kept_by_enter_alone(groq):
    async with chatting(size=(80, 24)) as (pilot, screen):
        for key, kept in (("escape", DEFAULT_THEME), ("enter", "groq-light")):
            screen.chat.dispatch.run("theme")
            await until(pilot, lambda: isinstance(pilot.app.screen, ThemePicker))
            await pilot.press(*"groq-light")
            await until(pilot, lambda: pilot.app.theme == "groq-light")
            assert screen.workspace.services.settings.theme in {"", DEFAULT_THEME}
            await pilot.press(key)
            await until(pilot, lambda kept=kept: pilot.app.theme == kept)
        await until(pilot, lambda: screen.workspace.services.settings.theme == "groq-light")
