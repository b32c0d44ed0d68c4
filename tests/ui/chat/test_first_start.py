"""The first start has a tour, the first one of another version a line about its news."""

import pytest

from groqchat import __version__
from groqchat.catalog.changelog import changelog, news_since, releases
from groqchat.storage.last_run import read_last_run
from groqchat.ui.dialogs.guides import NewsScreen
from groqchat.ui.dialogs.tour import TourScreen
from tests.ui.chat.test_chat_screen import ask, chatting
from tests.ui.stage import groqchat, seen, until

TOUR = (
    "Enter sends what you write",
    "Ctrl+L switches the model",
    "Ctrl+T shows your limits and costs",
    "Ctrl+K asks several models at once",
    "F1 helps, in every window",
)


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (120, 40)])
async def test_five_lines_are_whole_at_any_size_and_gone_for_ever_with_the_first_prompt(
    groq, groqchat_home, size
):
    async with chatting(size=size) as (pilot, screen):
        await until(pilot, lambda: all(line in seen(screen) for line in TOUR))
        await until(pilot, lambda: read_last_run(groqchat_home).has_seen_tour)
        await ask(pilot, screen, "What is a rate limit?")
        await pilot.press("ctrl+n")
        await until(pilot, lambda: "Enter send " in seen(screen))
        assert TOUR[1] not in seen(screen)
        await pilot.press(*"/tour", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, TourScreen))
        await until(pilot, lambda: all(line in seen(pilot.app.screen) for line in TOUR))
    async with chatting(size=size) as (pilot, screen):
        await until(pilot, lambda: "Enter send " in seen(screen))
        assert TOUR[1] not in seen(screen)


async def test_the_tour_names_the_keys_as_they_are_bound(groq, groqchat_home):
    groqchat_home.mkdir()
    (groqchat_home / "config.toml").write_text('send_with_enter = false\n[keys]\nmodel = "f6"\n')
    app = groqchat()
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "F6 switches the model" in seen(app.screen))
        assert "Ctrl+J sends what you write" in seen(app.screen)


async def test_after_an_update_one_line_says_where_the_news_are(groq, groqchat_home):
    groqchat_home.mkdir()
    (groqchat_home / "last-run").write_text("version 0.0.9\ntour seen\n")
    said = f"groqchat {__version__}: /news shows what is new."
    async with chatting(size=(80, 24)) as (pilot, screen):
        await until(pilot, lambda: said in seen(screen))
        await until(pilot, lambda: read_last_run(groqchat_home).version == __version__)
        await pilot.press(*"/news", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, NewsScreen))
        await until(pilot, lambda: __version__ in seen(pilot.app.screen))
        assert "The first version." in seen(pilot.app.screen)
    for _ in range(2):  # the same version, and a later one that was tried before
        async with chatting(size=(80, 24)) as (pilot, screen):
            await until(pilot, lambda: screen.connection)
            assert "/news" not in seen(screen)
        (groqchat_home / "last-run").write_text("version 99.0\ntour seen\n")


async def test_a_first_run_has_no_news(groq, groqchat_home):
    async with chatting(size=(80, 24)) as (pilot, screen):
        await until(pilot, lambda: read_last_run(groqchat_home).version == __version__)
        assert "/news" not in seen(screen)


TWO = "# Changelog\n\n## 0.10.0, of today\n\nNew.\n\n## 0.9.0\n\nOld.\n\n## 0.8.0\n\nOldest.\n"


@pytest.mark.parametrize(
    ("before", "shown"),
    [("0.9.0", ["New."]), ("0.8.0", ["New.", "Old."]), ("", ["New."]), ("0.10.0", ["New."])],
)
def test_the_news_are_what_came_since_the_version_before_in_the_order_of_numbers(before, shown):
    text = news_since(before, TWO)
    assert [word for word in ("New.", "Old.", "Oldest.") if word in text.split()] == shown


def test_the_changelog_begins_with_this_version():
    assert releases(changelog())[0].version == __version__
