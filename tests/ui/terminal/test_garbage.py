"""When garbage is collected, and that streams make none."""

from __future__ import annotations

import gc

import pytest

from groqchat.ui.terminal import garbage
from groqchat.ui.transcript.entries import Entry, EntryKind, EntryState
from tests.ui.transcript.test_transcript import Stage


@pytest.fixture
def left_alone():
    """Nothing is collected but by the test."""
    threshold = gc.get_threshold()
    garbage.leave_out_of_streams()
    gc.collect()
    yield
    gc.set_threshold(*threshold)


def circles(count):
    """Objects that nothing but the collector frees."""
    for _ in range(count):
        one: list[object] = []
        one.append(one)


def test_little_is_left_and_much_is_collected(left_alone):
    circles(garbage.WORTH_IT // 2)
    garbage.tidy_up()
    assert gc.get_count()[0] > garbage.WORTH_IT // 4
    circles(garbage.WORTH_IT)
    garbage.tidy_up()
    assert gc.get_count()[0] < garbage.WORTH_IT // 4


def test_python_collects_nothing_by_itself_meanwhile(left_alone):
    before = [generation["collections"] for generation in gc.get_stats()]
    circles(garbage.WORTH_IT)
    assert [generation["collections"] for generation in gc.get_stats()] == before


async def test_a_stream_leaves_no_garbage(left_alone):
    app = Stage([Entry("a", EntryKind.ASSISTANT, "model", state=EntryState.STREAMING)])
    async with app.run_test(size=(80, 24)) as pilot:
        for number in range(300):
            app.transcript.append("a", f"- item {number} with `code` and **words**\n")
            if number % 30 == 0:
                await pilot.pause()
                if not number:
                    gc.collect()
        assert gc.collect() < 500  # of some 100,000 objects that were made
