"""A command that gives the key and takes its time, or gives none: no prompt is lost over it."""

import pytest

from groqchat.ui.keys.entry import KeyScreen
from tests.ui.stage import groqchat, seen, until

KEY = "gsk_test_key_of_the_command"
PROMPT = "write 5 tokens, end with DONE"


@pytest.fixture
def command(groq, groqchat_home, monkeypatch, tmp_path):
    """A shell script that gives the key; it notes each of its starts."""
    monkeypatch.delenv("GROQ_API_KEY")
    script, starts = tmp_path / "give.sh", tmp_path / "starts"

    def write(text):
        script.write_text(f"echo start >> '{starts}'\n{text}\n")
        groqchat_home.mkdir(exist_ok=True)
        (groqchat_home / "config.toml").write_text(f"key_command = \"/bin/sh '{script}'\"\n")
        return starts

    return write


async def send(pilot):
    screen = pilot.app.screen
    screen.composer.text = PROMPT
    await pilot.press("enter")


async def test_a_prompt_waits_for_a_slow_command_and_a_key_can_be_entered_instead(
    command, tmp_path
):
    go = tmp_path / "go"
    starts = command(f"while [ ! -e '{go}' ]; do sleep 0.02; done; echo {KEY}")
    app = groqchat()
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, starts.exists)
        screen = app.screen
        for _ in range(2):
            await send(pilot)
            await until(pilot, lambda: "key from sh (key_command); your prompt" in seen(screen))
            assert screen.composer.text == PROMPT
        screen.chat.dispatch.run("keys")
        await until(pilot, lambda: isinstance(app.screen, KeyScreen))
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen)
        await send(pilot)
        await until(pilot, lambda: screen.chat.prompting.is_sending)
        go.touch()
        await until(pilot, lambda: "DONE" in seen(screen) and "tok/s" in seen(screen))
        assert screen.connection.key.source == "command"
        assert starts.read_text().count("start") == 1


async def test_a_command_that_says_too_much_is_told_and_asked_again(command):
    starts = command("yes | head -c 1000000; sleep 60")
    app = groqchat()
    async with app.run_test(size=(120, 40)) as pilot:
        for number in (1, 2):
            await until(pilot, lambda: "printed more than 16,384 bytes" in words(app.screen))
            assert isinstance(app.screen, KeyScreen)
            assert starts.read_text().count("start") == number
            command(f"echo {KEY}" if number > 1 else "yes")
            await pilot.press("escape")
            await until(pilot, lambda: not isinstance(app.screen, KeyScreen))
            assert app.screen.composer.text == (PROMPT if number > 1 else "")
            await send(pilot)
        await until(pilot, lambda: "DONE" in seen(app.screen) and "tok/s" in seen(app.screen))


def words(screen):
    """What stands on the screen, without the breaks of lines and the frame of a window."""
    return " ".join(seen(screen).replace("│", " ").split())
