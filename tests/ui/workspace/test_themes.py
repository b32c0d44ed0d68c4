from __future__ import annotations

from pathlib import Path

import pytest

import groqchat as groqchat_package
from groqchat.ui.terminal.colour_scheme import BackgroundTold
from groqchat.ui.workspace.theme_picker import ThemePicker
from groqchat.ui.workspace.themes import DEFAULT_THEME, LIGHT_THEME, load_themes, read_theme
from tests.ui.chat.test_chat_screen import chatting
from tests.ui.stage import Stage, groqchat, seen, until

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
    ("toml", "line", "words"),
    [
        ('primary = "nonsense"', 1, "nonsense"),
        ("dark = true\nprimary = 3", 2, "“primary” must be text in quotes"),
        ('primary = "red"\ndark = "yes"', 2, "“dark” must be true or false"),
        ('primary = "red"\nluminosity_spread = true', 2, "“luminosity_spread” must be a number"),
        ('primary = "red"\ncolour = "blue"', 2, "“colour” is no field of a theme"),
        ('secondary = "red"', 0, "“primary” is missing"),
        ('primary = "red"\nname = "[/x]"', 2, "“name” may hold"),
        ('primary = "red"\n[variables]\nborder = "nonsense"', 3, "nonsense"),
        ('primary = "red"\n[variables]\nborder = "red; } * { display: none"', 3, "display"),
        ('primary = "red"\n[variables]\nborder = 3', 3, "“border”"),
        ('primary = "red"\n[variables]\nlink-style = "blinking"', 3, "“link-style” must be words"),
        ('primary = "red"\nvariables = "x"', 2, "“variables” must be a table"),
        ("dark = true\nprimary = ", 2, "Invalid value"),
        ('dark = true\nprimary "red"\naccent = "red"', 2, "Expected '='"),
    ],
)
def test_a_broken_theme_is_told_and_harms_nothing(tmp_path, toml, line, words):
    (tmp_path / "broken.toml").write_text(toml)
    themes, mistakes = load_themes(tmp_path)
    assert {theme.name for theme in themes} == set(SHIPPED)
    assert [(each.theme, each.file, each.line) for each in mistakes] == [
        ("broken", "broken.toml", line)
    ]
    assert words in mistakes[0].words
    assert "\n" not in mistakes[0].words


async def test_all_broken_themes_are_told_in_one_message_with_files_and_lines(tmp_path):
    (tmp_path / "a.toml").write_text('dark = true\nprimary = "nonsense"')
    (tmp_path / "b.toml").write_text("primary = ")
    (tmp_path / "mine.toml").write_bytes(b"\xff\xfe")
    app = groqchat(themes_folder=tmp_path, theme="mine")
    async with app.run_test(size=(100, 30)) as pilot:
        services = lambda: app._chat.chat.services  # noqa: E731
        await until(pilot, lambda: app._chat.has_chat and services().notices)
        [told] = services().notices
        assert told.startswith("3 themes are left out until the file is corrected. a.toml, line 2")
        assert "; b.toml, line 1: " in told
        assert "; mine.toml: " in told
        assert app.theme == DEFAULT_THEME


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


async def test_the_theme_follows_the_terminal_until_one_is_chosen_and_again_with_auto(groq):
    async with chatting(size=(80, 24)) as (pilot, screen):
        app, services = pilot.app, screen.workspace.services
        app.post_message(BackgroundTold(is_light=True, is_change=False))
        await until(pilot, lambda: app.theme == LIGHT_THEME)
        assert services.last_run.known.is_light
        screen.chat.dispatch.run("theme")
        await until(pilot, lambda: isinstance(app.screen, ThemePicker))
        await pilot.pause()
        await until(pilot, lambda: "As the terminal is. In use." in seen(app.screen))
        await pilot.press(*"groq-dark")
        await until(pilot, lambda: app.theme == DEFAULT_THEME)
        await pilot.press("escape")
        await until(pilot, lambda: app.theme == LIGHT_THEME)
        assert not services.settings_path.exists()
        screen.chat.dispatch.run("theme", LIGHT_THEME)  # as it is now, whatever the terminal does
        await until(pilot, lambda: services.settings.theme == LIGHT_THEME)
        app.post_message(BackgroundTold(is_light=False, is_change=False))
        await until(pilot, lambda: not services.last_run.known.is_light)
        assert app.theme == LIGHT_THEME
        screen.chat.dispatch.run("theme", "auto")
        await until(pilot, lambda: app.theme == DEFAULT_THEME)
        await until(pilot, lambda: services.settings.theme == "auto")
        services.settings_path.write_text('theme = "midnight"\n')
        await until(pilot, lambda: app.theme == "midnight")
        assert not app.is_following


@pytest.mark.parametrize(
    ("opening", "name"),
    [
        ({}, DEFAULT_THEME),
        ({"theme": "auto", "is_light": True}, LIGHT_THEME),
        ({"theme": "", "has_few_colours": True, "is_light": True}, "ansi"),
        ({"theme": "midnight", "is_light": True}, "midnight"),
    ],
)
def test_the_theme_of_the_first_frame(opening, name):
    assert groqchat(**opening).theme == name
