"""The window with the settings: found by typing, changed in place, safe beside other programs."""

import pytest
from textual.widgets import Input

from groqchat.bootstrap import Launch, LocalServices
from groqchat.ui.settings.choices import ChoicePicker
from groqchat.ui.settings.screen import SettingsScreen
from tests.ui.chat.test_chat_screen import chatting
from tests.ui.settings.conftest import told
from tests.ui.stage import groqchat, is_clean, seen, until

WRITTEN = """\
# mine
attempts = "many"
show_times = true  # I like it

[budget]
monthly_usd = "10.00"  # not too much
"""
KEY = "gsk_" + "a1B2c3D4e5F6g7H8" * 3


@pytest.fixture
def config(groqchat_home):
    groqchat_home.mkdir(exist_ok=True)
    path = groqchat_home / "config.toml"
    path.write_text(WRITTEN, "utf-8")
    return path


async def opened(pilot, screen, words=""):
    screen.chat.dispatch.run("settings", words)
    await until(pilot, lambda: isinstance(pilot.app.screen, SettingsScreen))
    return pilot.app.screen


async def search(pilot, window, words, shown):
    window.line.value = words
    await until(pilot, lambda: shown in told(window))


async def write(pilot, window, text):
    """Write a value into the line that Enter opens."""
    await pilot.press("enter")
    await until(pilot, lambda: window.has_class("-editing"))
    window.query_one("#value", Input).value = text
    await pilot.press("enter")


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_settings_are_found_explained_and_changed(groq, config, size):
    async with chatting(size=size) as (pilot, screen):
        window = await opened(pilot, screen)
        await until(pilot, lambda: "New sessions" in told(window))
        await search(pilot, window, "attempts", "“attempts” must be a whole number.")
        await until(pilot, lambda: "line 2" in told(window))
        # The check is that of the file, and what was typed stays.
        await write(pilot, window, "some")
        await until(pilot, lambda: "Not changed: “attempts” must be" in told(window))
        assert window.query_one("#value", Input).value == "some"
        window.query_one("#value", Input).value = "6"
        await pilot.press("enter")
        await until(pilot, lambda: "attempts is 6. It applies after the next" in told(window))
        # Enter switches, and its comment stays.
        await search(pilot, window, "show_times", "Set in line 3 of config.toml.")
        await pilot.press("enter")
        await until(pilot, lambda: "show_times is false." in told(window))
        assert "show_times = false  # I like it" in config.read_text("utf-8")
        await pilot.press("delete")
        await until(
            pilot, lambda: "show_times is false again, the default; it was false." in told(window)
        )
        assert "show_times" not in config.read_text("utf-8")
        await pilot.press("delete")
        await until(pilot, lambda: "show_times has its default already." in told(window))
        # One of a few is chosen from a list, and is in force at once.
        await search(pilot, window, "plan of your", "inferred from the limits")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ChoicePicker))
        await pilot.press(*"dev", "enter")
        await until(pilot, lambda: "plan is developer." in told(window))
        assert screen.workspace.services.settings.plan == "developer"
        await search(pilot, window, "session_usd", "The most that one session may cost")
        await write(pilot, window, "2.50")
        await until(pilot, lambda: "budget.session_usd is 2.50." in told(window))
        text = config.read_text("utf-8")
        for part in ("# mine\n", '"10.00"  # not too much', 'session_usd = "2.50"', "attempts = 6"):
            assert part in text
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is screen)


async def test_another_program_may_change_the_file_meanwhile(groq, config, monkeypatch):
    monkeypatch.setattr("groqchat.ui.settings.settings_window.LOOKS_S", 0.05)
    config.write_text("attempts = 4\nkey_command = 'echo " + KEY + "'\n", "utf-8")
    async with chatting() as (pilot, screen):
        window = await opened(pilot, screen, "attempts")
        await until(pilot, lambda: "attempts" in told(window) and "line 1" in told(window))
        await pilot.press("enter")
        await until(pilot, lambda: window.has_class("-editing"))
        config.write_text("# new\nattempts = 7\nkey_command = 'echo " + KEY + "'\n", "utf-8")
        await until(pilot, lambda: "line 2" in told(window))
        value = window.query_one("#value", Input)
        value.value = "5"
        await pilot.press("enter")
        await until(pilot, lambda: "changed elsewhere meanwhile, to 7." in told(window))
        assert value.value == "5"
        assert "attempts = 7" in config.read_text("utf-8")
        await pilot.press("enter")
        await until(pilot, lambda: "attempts is 5." in told(window))
        assert config.read_text("utf-8").startswith("# new\nattempts = 5\n")
        # A key in a setting is no sight for others.
        await search(pilot, window, "key_command", "A command that prints the key")
        assert "echo gsk_…" in told(window)
        await pilot.press("enter")
        await until(pilot, lambda: "key_command holds a secret, which is not shown" in told(window))
        assert KEY not in seen(window)
        # Of a broken file nothing is changed, and it says so.
        await search(pilot, window, "show_panel", "where 80 columns stay")
        config.write_text("attempts = \n", "utf-8")
        await until(pilot, lambda: "config.toml (line 1) is not valid TOML" in told(window))
        await pilot.press("enter", "delete")
        await until(pilot, lambda: "Nothing can be changed until that is" in told(window))
        assert config.read_text("utf-8") == "attempts = \n"
        config.write_text("attempts = 3\n", "utf-8")
        await until(pilot, lambda: "config.toml was changed elsewhere." in told(window))
        await pilot.press("enter")
        await until(pilot, lambda: "show_panel is false." in told(window))
        assert config.read_text("utf-8") == "attempts = 3\nshow_panel = false\n"


async def test_lines_of_a_text_are_not_joined(groq, config):
    written = 'system = """\nBe terse.\nAnswer in German.\n"""\n'
    config.write_text(written, "utf-8")
    async with chatting() as (pilot, screen):
        window = await opened(pilot, screen, "system prompt of new")
        await until(pilot, lambda: "line 1" in told(window))
        await pilot.press("enter")
        await until(pilot, lambda: "system has several lines, and one line" in told(window))
        assert not window.has_class("-editing")
        assert config.read_text("utf-8") == written


async def test_what_beats_a_setting_is_named(groq, config, monkeypatch):
    monkeypatch.setenv("GROQCHAT_PROFILE", "work")
    config.write_text('profile = "home"\n', "utf-8")
    async with chatting(model="openai/gpt-oss-20b", size=(100, 30)) as (pilot, screen):
        window = await opened(pilot, screen, "profile whose key")
        await until(pilot, lambda: "Set by GROQCHAT_PROFILE." in told(window))
        assert "work" in told(window)
        await search(pilot, window, "model of new", "Set by --model.")


async def test_the_demo_keeps_its_settings_for_the_run(groqchat_home):
    app = groqchat(LocalServices(Launch(demo=True)))
    async with app.run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: app.screen.connection)
        window = await opened(pilot, app.screen, "show_times")
        await pilot.press("enter")
        await until(pilot, lambda: "show_times is true." in told(window))
        await pilot.press("f4")
        await until(pilot, lambda: "The demo has no settings file" in told(window))
        await search(pilot, window, "day and time", "Set for this run.")
    assert not (groqchat_home / "config.toml").exists()


@pytest.mark.parametrize("size", [(40, 12)])
async def test_the_windows_are_of_use_on_a_small_screen(groq, config, size):
    async with chatting(size=size) as (pilot, screen):
        window = await opened(pilot, screen, "copy_on")
        await until(pilot, lambda: "Text is copied as soon as" in told(window))
        await pilot.press("enter")
        await until(pilot, lambda: "copy_on_select is true." in told(window))
        assert "Esc close" in told(window)
        await pilot.press("f2")
        await until(pilot, lambda: "Enter new key" in seen(pilot.app.screen))


async def test_entries_of_tables_are_added_changed_and_removed(groq, config):
    config.write_text(
        '[prices."openai/gpt-oss-20b"]\n# of May\ninput = "0.10"  # a million\noutput = "0.40"\n'
        '[endpoints.router]\nbase_url = "https://router.example/v1"\nmodel = "m"\n',
        "utf-8",
    )
    async with chatting() as (pilot, screen):
        window = await opened(pilot, screen, "presets")
        await until(pilot, lambda: "Enter adds one." in told(window))
        await write(pilot, window, "nameless")
        await until(pilot, lambda: "Not changed: write a name, =" in told(window))
        window.query_one("#value", Input).value = "two = 120b effort=low, 120b effort=high"
        await pilot.press("enter")
        await until(pilot, lambda: "presets.two is 120b effort=low, 120b" in told(window))
        settings = lambda: screen.workspace.services.settings  # noqa: E731
        assert settings().presets == {"two": ("120b effort=low", "120b effort=high")}
        await pilot.press("down", "delete")
        await until(pilot, lambda: "presets.two is removed; it was 120b" in told(window))
        assert settings().presets == {}
        # What a stranger's file calls things drives no terminal.
        services = screen.workspace.services
        services.change_setting("presets.evil \x1b]52;c;aGk=\x07[b]\u202e", ["m"])
        await search(pilot, window, "evil", "[b]")
        assert is_clean(seen(window))
        await pilot.press("enter")
        await until(pilot, lambda: "an empty line removes it" in told(window))
        assert is_clean(seen(window))
        window.query_one("#value", Input).value = ""
        await pilot.press("enter")
        await until(pilot, lambda: "removed; it was m." in told(window))
        assert is_clean(seen(window))
        # The figures that stay keep their comments.
        await search(pilot, window, "prices.openai", "input=0.10, output=0.40")
        await write(pilot, window, "input=0.10, output=much")
        await until(pilot, lambda: "must be an amount" in told(window))
        window.query_one("#value", Input).value = "input=0.10, output=0.50"
        await pilot.press("enter")
        await until(pilot, lambda: "input=0.10, output=0.50. It applies" in told(window))
        kept = '# of May\ninput = "0.10"  # a million\noutput = "0.50"\n'
        assert kept in config.read_text("utf-8")
        # Tables with tables in them are for the editor.
        await search(pilot, window, "endpoints", "router")
        await until(pilot, lambda: window.highlighted.name == "fallback")
        await pilot.press("down")
        await until(pilot, lambda: "Set in line 5 of config.toml" in told(window))
        await pilot.press("enter")
        await until(pilot, lambda: "[endpoints] is written in the file: F4" in told(window))
