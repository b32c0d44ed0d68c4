"""Where motion is reduced, what counts, blinks and grows does so seldom."""

import pytest

from groqchat.ui.terminal.motion import COUNTS_S, GROWS_S, set_motion, tick_s
from groqchat.ui.transcript.stream import FRAME, Pace
from tests.ui.chat.test_chat_screen import chatting
from tests.ui.stage import until


@pytest.fixture(autouse=True)
def _moves_again():
    yield
    set_motion("full")


def test_frames_and_countdowns_are_seldom_only_where_that_is_set():
    pace = Pace()
    pace.begin(100.0)
    assert pace.due(100.0) == pytest.approx(FRAME)
    assert tick_s(1.0) == 1.0
    set_motion("reduced")
    assert pace.due(100.0) == pytest.approx(GROWS_S)
    assert tick_s(1.0) == COUNTS_S


async def test_nothing_slides_blinks_or_ticks_each_second_on_the_screen(groq):
    async with chatting(motion="reduced") as (pilot, screen):
        assert pilot.app.animation_level == "none"
        panel = screen.chat.panel.quota
        await until(pilot, lambda: panel._timer is not None)
        assert panel._timer._interval == COUNTS_S
        screen.chat.dispatch.run("history")
        await until(pilot, lambda: pilot.app.screen is not screen)
        await until(pilot, lambda: getattr(pilot.app.focused, "cursor_blink", True) is False)
