"""A run that can keep nothing says so for as long as it lasts, and once more when it is left."""

import pytest

from groqchat.ui.workspace.unkept import LOSS, SIGN
from tests.ui.stage import groqchat, seen, until


@pytest.fixture
def _no_home(groq, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("GROQCHAT_HOME", str(tmp_path / "file" / "home"))


async def written(pilot, screen, text):
    screen.composer.text = text
    await pilot.pause()  # what the text has led to
    await pilot.press("enter")


@pytest.mark.usefixtures("_no_home")
@pytest.mark.parametrize("size", [(120, 40), (40, 12)], ids=str)
async def test_its_sign_stays_when_the_card_is_gone_and_leaving_asks_once(size):
    app = groqchat()
    async with app.run_test(size=size) as pilot:
        screen = app.screen
        await until(pilot, lambda: screen.has_chat and screen.connection)
        await until(pilot, lambda: screen.toasts.shows("home_unwritable"))
        screen.toasts.clear_errors()
        await written(pilot, screen, "Hi")
        await until(pilot, lambda: screen.workspace.figures.last_turn is not None)
        assert not screen.toasts.shows("home_unwritable")
        assert SIGN in seen(screen)
        await written(pilot, screen, "/rename Mine")
        await until(pilot, lambda: "so this lasts until you quit." in " ".join(said(screen)))
        screen.toasts.clear_notices()
        await pilot.press("ctrl+q")
        await until(pilot, lambda: f"{LOSS}; /export FILE" in " ".join(said(screen)))
        assert app.is_running
        await pilot.press("ctrl+q")
        await until(pilot, lambda: app._exit)


async def test_a_run_that_keeps_everything_has_no_sign_and_no_question(groq):
    app = groqchat()
    async with app.run_test(size=(120, 40)) as pilot:
        screen = app.screen
        await until(pilot, lambda: screen.has_chat and screen.connection)
        await written(pilot, screen, "/rename Mine")
        await until(pilot, lambda: "Mine" in " ".join(said(screen)))
        assert SIGN not in seen(screen)
        assert LOSS not in " ".join(said(screen))
        await pilot.press("ctrl+q")
        await until(pilot, lambda: app._exit)


def said(screen):
    """The texts of the notices on the screen."""
    return [card.text for card in screen.toasts._cards if hasattr(card, "text")]
