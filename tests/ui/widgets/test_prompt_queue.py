"""The queue above the composer: what is said, in how many rows, at which size."""

import pytest

from groqchat.domain.sessions.prompt_queue import Pause
from groqchat.ui.widgets.prompt_queue import Fit, PromptQueueView, QueuedRow
from tests.ui.stage import HOSTILE, Stage, is_clean, seen

TWO = (QueuedRow("Explain it\nto a child", 1_240), QueuedRow("And now in French", 1_260, Fit.LATER))


async def shown(rows, pause=None, room="", *, size=(120, 40)):
    """The rows of a queue on a screen of this size."""
    app = Stage()
    async with app.run_test(size=size) as pilot:
        view = PromptQueueView()
        await app.mount(view)
        view.show(rows, pause, room)
        await pilot.pause()
        assert is_clean(seen(app.screen))
        return [row.rstrip() for row in seen(app.screen).splitlines()[: view.region.height]]


async def test_the_next_prompts_stand_below_the_number_with_their_sizes():
    head, first, second = await shown(TWO, room="TPM 2,000 left")
    assert head == " 2 queued · ↑ takes the last back · Esc stops and pauses · TPM 2,000 left"
    assert (first[:23], first[-14:]) == (" Explain it to a child ", "≈ 1,240 tokens")
    assert second.endswith("≈ 1,260 tokens, waits for TPM")


async def test_nothing_stands_there_while_nothing_is_queued():
    assert await shown(()) == []


@pytest.mark.parametrize(
    ("pause", "head"),
    [
        (Pause.STOPPED, " 2 queued, paused · Enter goes on"),
        (Pause.FAILED, " 2 queued, paused · Enter goes on"),
        (Pause.RESTARTED, " 2 queued, paused · Enter goes on"),
        (Pause.TOO_LONG, " 2 queued, too long · Enter: choices"),
        (Pause.EDITED, " 2 queued, held · Enter queues it again"),
        (None, " 2 queued · ↑ takes the last back"),
    ],
)
async def test_on_few_rows_and_columns_one_line_says_how_to_go_on(pause, head):
    assert await shown(TWO, pause, "TPM 2,000 left", size=(40, 12)) == [head]


async def test_a_wide_line_says_where_enter_goes_on():
    head, *_ = await shown(TWO, Pause.STOPPED)
    assert "2 queued, paused · Enter in the empty composer goes on · ↑ takes" in head


async def test_of_many_prompts_the_next_three_are_listed():
    head, *listed = await shown([QueuedRow(f"prompt {number}") for number in range(9)])
    assert head.startswith(" 9 queued")
    assert listed == [" prompt 0", " prompt 1", " prompt 2"]


async def test_a_prompt_cannot_draw_on_the_screen():
    _, row = await shown([QueuedRow(HOSTILE + "x" * 300, 1_000_000, Fit.NEVER)], size=(80, 24))
    assert row.endswith("≈ 1,000,000 tokens, never fits TPM")


async def test_a_layout_is_asked_for_when_rows_come_or_go_and_not_while_a_limit_refills(
    monkeypatch,
):
    asked, refresh = [], PromptQueueView.refresh

    def noted(view, *regions, layout=False, **options):
        asked.append(layout)
        return refresh(view, *regions, layout=layout, **options)

    app = Stage()
    async with app.run_test() as pilot:
        view = PromptQueueView()
        await app.mount(view)
        await pilot.pause()
        monkeypatch.setattr(PromptQueueView, "refresh", noted)
        steps = [((), "8,000 left"), (TWO, "8,000 left"), (TWO, "9 left"), ((), "9 left")]
        for (rows, room), expected in zip(steps, [[], [True], [False], [True]], strict=True):
            asked.clear()
            view.show(rows, None, room)
            assert sorted(set(asked)) == expected
