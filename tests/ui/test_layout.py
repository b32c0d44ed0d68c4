"""Where things stand on the chat screen: nothing covers what one types, at any size."""

import pytest

from tests.ui.stage import until
from tests.ui.test_chat_screen import chatting

NARROW = [(40, 12), (80, 24), (100, 30)]


@pytest.mark.parametrize("size", NARROW)
@pytest.mark.parametrize(("key", "side"), [("ctrl+t", "#panel"), ("ctrl+s", "#sessions")])
async def test_what_lies_over_the_conversation_leaves_the_composer_and_goes_with_esc(
    groq, size, key, side
):
    async with chatting(size=size) as (pilot, screen):
        await pilot.press(key)
        shown = screen.query_one(side)
        await until(pilot, lambda: shown.region.height)
        assert not shown.region.overlaps(screen.composer.area.region)
        screen.toasts.notice("Something was done.")
        await until(pilot, lambda: screen.toasts.children)
        card = screen.toasts.children[0]
        await until(pilot, lambda: card.region.height)
        assert screen.get_widget_at(*card.region.offset)[0] is card
        await pilot.press("escape")
        await until(pilot, lambda: not shown.display)
        assert screen.focused is screen.composer.area


@pytest.mark.parametrize(("columns", "wanted"), [(110, 26), (150, 30), (200, 40), (300, 40)])
async def test_titles_get_more_room_where_there_is_more(groq, columns, wanted):
    async with chatting(size=(columns, 30)) as (pilot, screen):
        await until(pilot, lambda: screen.session_list.region.width)
        assert screen.session_list.region.width == wanted
        screen.toasts.notice("Something was done.")
        await until(pilot, lambda: screen.toasts.children)
        card = screen.toasts.children[0]
        await until(pilot, lambda: card.region.height)
        assert not card.region.overlaps(screen.panel.region)
