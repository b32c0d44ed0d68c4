"""A comparison in pictures, pinned at the widths people have, and the ratings that come of it."""

from dataclasses import replace
from decimal import Decimal
from types import SimpleNamespace

import pytest

from groqchat.domain.compare.compare import Note, Verdict, Vote
from groqchat.domain.errors.table import failure
from groqchat.domain.money.pricing import Cost
from groqchat.domain.money.usage import Timing, Usage
from groqchat.domain.settings import Settings
from groqchat.domain.turns.chat import (
    Answered,
    AnswerStarted,
    Delta,
    Message,
    Options,
    PromptStored,
    Role,
    State,
)
from groqchat.services.compare.column import Failed
from groqchat.services.compare.compare import Comparison
from groqchat.ui.compare.screen import CompareScreen
from groqchat.ui.compare.windows.leaderboard import LeaderboardScreen
from tests.fakes import session
from tests.ui.stage import seen, until
from tests.ui.test_snapshots import ANSWER, NOW, Picture

A, B, C, D = "openai/gpt-oss-120b", "qwen/qwen3.8-27b", "openai/gpt-oss-20b", "allam-2-7b"
PROMPT = Message("p", "s1", None, Role.USER, "How do limits work?", NOW)
GONE = failure("model_not_found", status=404, model=C, replacement="openai/gpt-oss-safeguard-20b")


async def nothing(*_):
    """What a store or a quota would do."""


def services():
    """Just what the screen needs to be drawn."""
    return SimpleNamespace(
        clock=SimpleNamespace(now=lambda: NOW, monotonic=lambda: 0.0),
        votes=SimpleNamespace(save=nothing),
        settings=Settings(show_images=False),
        store=None,
        drafts=None,
        new_id=None,
        pages=None,
    )


def comparing():
    columns = [Options(A), Options(B, effort="high", temperature=0.2), Options(C), Options(D)]
    turns = SimpleNamespace(without_fallback=lambda: None)
    comparison = Comparison(turns, session("s1"), columns, None)
    quota = SimpleNamespace(refresh=nothing)
    connection = SimpleNamespace(
        quota=quota,
        turns=SimpleNamespace(plain=None, approvals=None),
        budget=None,
        accounting=None,
        models=SimpleNamespace(model=None),
        judge=None,
    )
    return CompareScreen(services(), connection, comparison)


def answered(number, model, text, seconds, cost):
    empty = Message(f"m{number}", "s1", "p", Role.ASSISTANT, "", NOW, State.STREAMING, model)
    whole = replace(
        empty,
        content=text,
        state=State.COMPLETE,
        usage=Usage(80, 0, 396, 48, completion_time=0.8),
        timing=Timing(0.25, seconds),
        cost=Cost(Decimal(cost)),
    )
    return [PromptStored(PROMPT), AnswerStarted(empty), Delta(text), Answered(whole, None)]


async def play(screen):
    """Two whole answers, a model that is gone, and one that broke off; the first is voted for."""
    cut = answered(3, D, "Requests and tokens are", 1.0, "0")[:3]
    for number, events in enumerate(
        (
            answered(0, A, ANSWER, 1.2, "0.00023955"),
            answered(1, B, "They refill **steadily**.", 2.4, "0.0016"),
            [PromptStored(PROMPT), Failed(GONE)],
            [*cut, Failed(failure("stream_cut", model=D))],
        )
    ):
        column = screen.state.columns[number]
        column.begin(is_again=False)
        column.column.replacement = GONE.facts.replacement if number == 2 else None
        for event in events:
            column.column.note(event)
            column.take(event)
    screen.comparison.tag = "explain"
    await screen.state.ballot.cast([A, B], Verdict.WINNER, A)
    screen.board.show()
    screen.state.columns[0].view.focus()


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50)])
def test_four_columns(snap_compare, size):
    async def show(pilot):
        screen = comparing()
        await pilot.app.push_screen(screen)
        await pilot.pause()
        screen.comparison.turn = 1
        await play(screen)
        await pilot.pause()
        await pilot.pause()

    assert snap_compare(Picture(), terminal_size=size, run_before=show)


@pytest.mark.parametrize("size", [(60, 24), (120, 24)])
def test_the_leaderboard(snap_compare, size):
    votes = [
        Vote("s1", turn, NOW, tuple(met), Verdict.WINNER if winner else Verdict.TIE, winner)
        for turn, (met, winner) in enumerate(
            [*[((A, B, C), A)] * 5, *[((B, C), B)] * 3, ((A, B), B), ((C, B), None)]
        )
    ]
    notes = [Note("s1", 1, NOW - 4 * 3600, "Explains refills with an example", "explain")]

    async def show(pilot):
        await pilot.app.push_screen(LeaderboardScreen(votes, notes))
        await pilot.pause()
        await pilot.pause()

    assert snap_compare(Picture(), terminal_size=size, run_before=show)


async def test_the_figures_of_the_leaderboard_stand_in_one_line_each_at_forty_columns():
    votes = [Vote("s1", turn, NOW, (A, B), Verdict.WINNER, A) for turn in range(3)]
    async with Picture().run_test(size=(40, 12)) as pilot:
        await pilot.app.push_screen(LeaderboardScreen(votes, []))
        await until(pilot, lambda: f"2. {B}" in seen(pilot.app.screen))
        told = [each.strip("│ ▁▂▃▄▅▆▇█") for each in seen(pilot.app.screen).splitlines()]
    head = next(each for each in told if each.startswith("rating"))
    assert head.split() == ["rating", "95", "%", "bounds", "won", "tied", "lost"]
    at = next(number for number, each in enumerate(told) if each.startswith(f"1. {A}"))
    assert told[at + 1].split()[-3:] == ["3", "0", "0"], told


async def test_the_leaderboard_says_how_many_votes_are_all_bad():
    votes = [Vote("s1", 1, NOW, (A, B), Verdict.ALL_BAD)]
    async with Picture().run_test(size=(120, 24)) as pilot:
        await pilot.app.push_screen(LeaderboardScreen(votes, []))
        await until(pilot, lambda: "1 says all bad, and counts as a tie." in seen(pilot.app.screen))


async def test_votes_on_the_answers_of_one_model_alone_rate_none():
    votes = [Vote("s1", 1, NOW, (A,), Verdict.ALL_BAD), Vote("s1", 2, NOW, (A, A), Verdict.TIE)]
    async with Picture().run_test(size=(120, 24)) as pilot:
        await pilot.app.push_screen(LeaderboardScreen(votes, []))
        await until(pilot, lambda: "of two different models" in seen(pilot.app.screen))
