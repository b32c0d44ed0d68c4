"""Commands of the chat that act where they are written in a comparison."""

import json

from tests.ui.compare.driving import A, B, ask, comparing, opened
from tests.ui.stage import seen, until


async def write(pilot, screen, words):
    """Write words in the prompt, and press Enter."""
    screen.prompt.focus()
    screen.prompt.write(words)
    await pilot.press("enter")


async def test_the_comparison_is_exported_from_its_columns(groq, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    async with comparing(A, B) as (pilot, screen):
        await write(pilot, screen, "/export talk.json")
        await until(pilot, lambda: "nothing to export here yet" in seen(screen))
        assert screen.prompt.text == ""
        await ask(pilot, screen)
        await write(pilot, screen, "/export talk.json")
        await until(pilot, lambda: "Exported to" in seen(screen))
        columns = json.loads((tmp_path / "talk.json").read_text())["comparison"]["seats"]
        assert [column["options"]["model"] for column in columns] == [A, B]
        (tmp_path / "own.md").write_text("Mine.")
        await write(pilot, screen, "/export own.md")
        await until(pilot, lambda: "Nothing is exported" in seen(screen))
        assert screen.prompt.text == "/export own.md"
        assert (tmp_path / "own.md").read_text() == "Mine."


async def test_hidden_names_are_not_exported(groq, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    async with comparing(A, B) as (pilot, screen):
        await pilot.press("tab", "b", "tab")
        await ask(pilot, screen)
        await write(pilot, screen, "/export talk.md")
        await until(pilot, lambda: "the export would reveal the names" in seen(screen))
        assert not list(tmp_path.glob("*.md"))


async def test_what_the_comparison_costs_is_said_and_it_gets_a_title(groq):
    async with comparing(A, B, size=(160, 50)) as (pilot, screen):
        await ask(pilot, screen)
        await write(pilot, screen, "/cost")
        await until(pilot, lambda: "at list price, 2 requests" in seen(screen))
        await write(pilot, screen, "/rename Limits of two")
        await until(pilot, lambda: "is called “Limits of two” now" in seen(screen))
        (session,) = await screen.services.store.sessions()
        assert session.title == "Limits of two"
        await ask(pilot, screen, "And then?")
        (session,) = await screen.services.store.sessions()
        assert session.title == "Limits of two"


async def test_windows_open_over_the_columns(groq):
    async with comparing(A, B, size=(160, 50)) as (pilot, screen):
        for words, heading in (
            ("/usage", "Usage at list price"),
            ("/leaderboard code", "Leaderboard of your votes"),
            ("/help", "Keys of a comparison"),
        ):
            await write(pilot, screen, words)
            window = await opened(pilot, heading)
            assert screen.prompt.text == ""
            await pilot.press("escape")
            await until(pilot, lambda window=window: pilot.app.screen is not window)


async def test_a_kind_of_task_without_votes_is_named_above_the_leaderboard(groq):
    async with comparing(A, B, size=(160, 50)) as (pilot, screen):
        await write(pilot, screen, "/leaderboard chess")
        await opened(pilot, "No vote has the tag 'chess'. No vote has a tag.")


async def test_the_program_is_left_from_the_columns(groq):
    async with comparing(A, B) as (pilot, screen):
        await write(pilot, screen, "/quit")
        await until(pilot, lambda: not pilot.app.is_running or pilot.app._exit)
