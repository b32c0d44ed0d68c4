"""What asks to be painted is painted, without a message, and with a layout that is due as well."""

import pytest
from textual import messages
from textual.screen import Screen
from textual.widget import Widget

from groqchat.ui.terminal import repainting
from tests.ui.stage import Stage, until


class Row(Widget):
    DEFAULT_CSS = "Row { height: 1; }"
    shown = ""

    def render(self):
        return self.shown


class Rows(Stage):
    def compose(self):
        yield Row(id="first")
        yield Row(id="second")


@pytest.fixture
def frames(monkeypatch):
    """The widgets of each frame, and the widgets that were told of by messages."""
    monkeypatch.setattr(Widget, "check_idle", Widget.check_idle)
    repainting.repaint_without_messages()
    painted, told = [], []
    tick, post = Screen._on_timer_update, Widget.post_message

    def ticked(screen):
        wanted = {widget.id for widget in screen._dirty_widgets if widget.id}
        if wanted or screen._layout_required:
            painted.append((wanted, screen._layout_required))
        tick(screen)

    def posted(widget, message):
        if isinstance(message, messages.Update | messages.Prompt):
            told.append(widget.id)
        return post(widget, message)

    monkeypatch.setattr(Screen, "_on_timer_update", ticked)
    monkeypatch.setattr(Widget, "post_message", posted)
    return painted, told


async def test_widgets_that_change_together_are_one_frame_and_cost_one_message(frames):
    painted, told = frames
    app = Rows()
    async with app.run_test() as pilot:
        await pilot.pause()
        painted.clear()
        told.clear()
        for row in app.query(Row):
            row.refresh()
            row.refresh()
        await until(pilot, lambda: painted)
        await pilot.pause()
        assert painted == [({"first", "second"}, False)]
        assert told == [app.screen.id]  # it wakes the screen


async def test_a_layout_that_is_due_as_well_is_the_same_frame(frames):
    painted, _ = frames
    app = Rows()
    async with app.run_test() as pilot:
        await pilot.pause()
        painted.clear()
        app.query_one("#first", Row).refresh()
        app.query_one("#second", Row).refresh(layout=True)
        await until(pilot, lambda: painted)
        assert painted[0] == ({"first", "second"}, True)


async def test_what_was_asked_for_a_moment_ago_is_painted_now(frames):
    painted, _ = frames
    app = Rows()
    async with app.run_test() as pilot:
        await pilot.pause()
        painted.clear()
        app.query_one("#second", Row).refresh()
        repainting.paint_now(app.query_one("#first", Row))
        assert painted == [({"second"}, False)]
        await pilot.pause()
        assert painted == [({"second"}, False)]


async def test_what_is_not_shown_is_not_painted(frames):
    painted, _ = frames
    app = Rows()
    async with app.run_test() as pilot:
        app.query_one("#first", Row).display = False
        await pilot.pause()
        painted.clear()
        app.query_one("#first", Row).refresh()
        app.query_one("#second", Row).refresh()
        await until(pilot, lambda: painted)
        assert painted == [({"second"}, False)]


async def test_a_callback_that_waits_for_the_next_message_comes_all_the_same(frames):
    app, called = Rows(), []
    async with app.run_test() as pilot:
        row = app.query_one("#first", Row)
        row.call_next(called.append, "next")
        row.refresh()
        await until(pilot, lambda: called)
