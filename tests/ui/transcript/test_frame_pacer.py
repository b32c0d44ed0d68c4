"""Who shares a rhythm grows one after another, in small frames that keep their distance."""

from __future__ import annotations

from itertools import pairwise
from types import SimpleNamespace

import pytest

from groqchat.ui.transcript import frame_pacer as module
from groqchat.ui.transcript.frame_pacer import FramePacer
from groqchat.ui.transcript.stream import FRAME


class Stage:
    """Time that passes only when it is told to, and what was done in it."""

    def __init__(self) -> None:
        self.now = 100.0
        self.due: tuple[float, object] | None = None
        self.frames: list[tuple[str, float]] = []
        self.painted_at_once: list[str] = []

    def run(self, frames: int) -> list[tuple[str, float]]:
        """So many frames: who had each, and how long after the one before."""
        self.frames.clear()
        while self.due and len(self.frames) < frames:
            (self.now, beat), self.due = self.due, None
            beat()
        starts = [at for _, at in self.frames]
        gaps = [later - earlier for earlier, later in pairwise(starts)]
        return [(name, gap) for (name, _), gap in zip(self.frames[1:], gaps, strict=True)]


class Grower:
    """Something to show in every frame, which takes its time."""

    def __init__(self, name: str, stage: Stage, pacer: FramePacer, cost: float) -> None:
        self.name, self.stage, self.pacer, self.cost = name, stage, pacer, cost

    def set_timer(self, delay, callback):
        assert self.stage.due is None
        self.stage.due = self.stage.now + delay, callback
        return SimpleNamespace()

    def call_later(self, callback):
        return bool(self.set_timer(0.0, callback))

    def paint(self) -> None:
        self.stage.painted_at_once.append(self.name)

    def lay_out_news(self) -> None:
        self.stage.frames.append((self.name, self.stage.now))
        self.stage.now += self.cost
        self.pacer.want_frame(self)


@pytest.fixture
def stage(monkeypatch):
    stage = Stage()
    monkeypatch.setattr(module, "perf_counter", lambda: stage.now)
    return stage


def growing(stage, names, cost):
    pacer = FramePacer()
    for name in names:
        pacer.want_frame(Grower(name, stage, pacer, cost))


def test_one_alone_grows_thirty_times_a_second(stage):
    growing(stage, "a", 0.001)
    assert all(gap == pytest.approx(FRAME) for _, gap in stage.run(10))


def test_four_grow_by_turns_each_as_often_as_one_alone(stage):
    growing(stage, "abcd", 0.001)
    found = stage.run(41)[8:]
    assert "".join(name for name, _ in found)[:8] in "abcd" * 5
    assert all(gap == pytest.approx(FRAME / 4, rel=0.05) for _, gap in found)


def test_frames_that_cost_much_come_less_often(stage):
    growing(stage, "abcd", 0.02)
    # A quarter of the time, and no more, goes into frames.
    assert all(gap >= 0.06 - 1e-9 for _, gap in stage.run(20))


def test_the_first_frame_after_a_silence_is_painted_at_once(stage):
    growing(stage, "a", 0.001)
    before = stage.now
    stage.run(1)
    assert (stage.frames, stage.painted_at_once) == ([("a", before)], ["a"])
    stage.run(5)
    assert stage.painted_at_once == ["a"]


def test_nobody_who_has_nothing_to_show_is_asked(stage):
    pacer = FramePacer()
    grower = Grower("a", stage, pacer, 0.001)
    pacer.want_frame(grower)
    grower.pacer = FramePacer()  # from now on it wants its frames elsewhere
    stage.run(1)
    assert not pacer.is_awaited
