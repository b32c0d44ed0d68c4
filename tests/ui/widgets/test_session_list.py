"""The list of sessions: what each one is can be seen in it."""

import pytest

from groqchat.domain.turns.chat import Session
from groqchat.domain.turns.session_kind import SessionKind
from groqchat.ui.widgets.session_list import SessionList
from tests.ui.chat.test_chat_screen import chatting, shows
from tests.ui.stage import Stage, seen, until


async def test_comparisons_and_sets_are_told_from_chats():
    sessions = [
        Session("a", "Talk", 1, 1),
        Session("b", "Both", 1, 1, kind=SessionKind.COMPARISON),
        Session("c", "File", 1, 1, kind=SessionKind.SET),
    ]
    app = Stage()
    async with app.run_test(size=(26, 8)) as pilot:
        listed = SessionList()
        await app.mount(listed)
        listed.show([("Today", sessions)], "b")
        await pilot.pause()
        rows = [row.rstrip(" ▕│▏") for row in seen(app.screen).splitlines()]
        assert rows[1:5] == [" Today", "  Talk", "● ║ Both", "  ≡ File"]


async def test_sessions_read_while_the_program_ends_are_not_shown():
    app = Stage()
    async with app.run_test(size=(26, 8)):
        listed = SessionList()
        await app.mount(listed)
        await listed.remove()
        listed.show([("Today", [Session("a", "Talk", 1, 1)])], "a")


async def test_the_keys_of_the_list_stand_below_the_composer_while_it_has_the_focus(groq):
    async with chatting(size=(160, 40)) as (pilot, screen):
        await shows(pilot, screen, "Sessions")
        await pilot.press("ctrl+s")
        await shows(pilot, screen, "F2 rename")
        await pilot.press("tab")
        await until(pilot, lambda: "F2 rename" not in seen(screen))


@pytest.mark.parametrize(
    ("size", "first"),
    [((80, 24), "Enter open  Del delete  F2 rename  F7 bin"), ((40, 12), "Enter open  Del delete")],
)
async def test_where_the_keys_do_not_fit_the_first_ones_and_help_do(groq, size, first):
    async with chatting(size=size) as (pilot, screen):
        await pilot.press("ctrl+s")
        await shows(pilot, screen, first)
        (row,) = [row for row in seen(screen).splitlines() if first in row]
        assert row.rstrip(" │▕▏").endswith("  F1 help")
