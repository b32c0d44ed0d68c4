"""The window of batches: it follows them, and saves, cancels and sends again."""

import json
from contextlib import aclosing
from dataclasses import replace
from decimal import Decimal

import pytest

from groqchat.domain.batch.submission import BatchStatus, Part, Step, Submission, Tally
from groqchat.domain.models.catalog import Plan
from groqchat.services.batch.batch_files import Defaults, read_lines
from groqchat.simulator.background import BackgroundSimulator
from groqchat.simulator.options import Options
from groqchat.storage.catalog import load_catalog
from groqchat.ui.batches import screen as batch_screen
from groqchat.ui.batches.rows import facts, submission_rows
from groqchat.ui.widgets.prompt_area import PromptArea
from tests.ui.chat.test_chat_screen import chatting
from tests.ui.compare.driving import press
from tests.ui.stage import seen, until

SMALL = "openai/gpt-oss-20b"


@pytest.fixture
def developer(monkeypatch):
    """A simulator that has batches; the window asks it all the time."""
    with BackgroundSimulator(load_catalog(), Options(Plan.DEVELOPER, rate=None)) as running:
        monkeypatch.setenv("GROQ_BASE_URL", running.url)
        monkeypatch.setenv("GROQ_API_KEY", "gsk_test_key_of_nobody")
        monkeypatch.setattr(batch_screen, "REFRESH_S", 0.05)
        yield running.simulator


async def submitted(screen, number):
    """Submit a batch of so many prompts, as the command line does."""
    batches = screen.workspace.services.batches(screen.connection)
    text = "\n".join(f"Question {n}?" for n in range(number))
    lines = read_lines(text, "txt", Defaults(SMALL), load_catalog().get)
    submission, _ = batches.plan("prompts.txt", lines, "24h")
    async with aclosing(batches.submit(submission, lines)) as steps:
        async for _ in steps:
            pass
    return submission.id


async def test_the_window_follows_batches_and_saves_results(developer, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    async with chatting() as (pilot, screen):
        await submitted(screen, 400)
        screen.chat.dispatch.run("batches")
        await until(pilot, lambda: "/400" in seen(pilot.app.screen))
        developer._state.clock.advance(32)  # more than a third of them; its clock goes on itself
        await until(pilot, lambda: "━━━━━" in seen(pilot.app.screen))
        assert "in progress" in seen(pilot.app.screen)
        assert "╌" in seen(pilot.app.screen)
        developer._state.clock.advance(120)
        await until(pilot, lambda: "400 of 400 answered" in seen(pilot.app.screen))
        await pilot.press("s")
        await until(pilot, lambda: "Saved as" in seen(pilot.app.screen))
        (path,) = tmp_path.glob("groqchat-batch_*.jsonl")
        rows = [json.loads(line) for line in path.read_text().splitlines()]
        assert [row["custom_id"] for row in rows] == [str(n) for n in range(1, 401)]
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is screen)


async def test_failed_lines_are_sent_again_after_the_price_was_agreed_to(developer):
    async with chatting() as (pilot, screen):
        developer.arm("batch_failed=5*1@batches")
        await submitted(screen, 20)
        developer._state.clock.advance(60)
        screen.chat.dispatch.run("batches")
        await until(pilot, lambda: "5 failed" in seen(pilot.app.screen))
        await pilot.press("r")
        await until(pilot, lambda: "Send 5 lines again" in seen(pilot.app.screen))
        words = " ".join(seen(pilot.app.screen).replace("│", " ").split())
        assert "within 2d, for about $0.0" in words
        assert len(developer.batches) == 1
        await pilot.press("y")
        await until(pilot, lambda: "5 lines sent again" in seen(pilot.app.screen))
        assert len(developer.batches) == 2


async def test_a_batch_is_cancelled_after_a_question(developer):
    async with chatting() as (pilot, screen):
        await submitted(screen, 3_000)  # which takes longer than this test
        screen.chat.dispatch.run("batches")
        await until(pilot, lambda: "/3,000" in seen(pilot.app.screen))
        await pilot.press("x")
        await until(pilot, lambda: "Cancel prompts.txt?" in seen(pilot.app.screen))
        await pilot.press("escape")
        await until(pilot, lambda: "/3,000" in seen(pilot.app.screen))
        assert "cancel" not in developer.batches[0][0].status(developer._state.clock.now())
        await pilot.press("x")
        await until(pilot, lambda: "Cancel prompts.txt?" in seen(pilot.app.screen))
        await pilot.press("y")
        await until(pilot, lambda: "It is cancelling" in seen(pilot.app.screen))


async def test_a_text_that_is_typed_goes_to_the_chat_and_writes_no_file(
    developer, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    async with chatting() as (pilot, screen):
        await submitted(screen, 2)
        screen.chat.dispatch.run("batches")
        await until(pilot, lambda: "prompts.txt" in seen(pilot.app.screen))
        press(pilot.app, "s", "x", "y")
        await until(pilot, lambda: pilot.app.screen is screen)
        await until(pilot, lambda: screen.query_one(PromptArea).text == "sxy")
    assert list(tmp_path.glob("*.jsonl")) == []


async def test_trouble_is_said_and_what_is_known_stays(developer):
    async with chatting() as (pilot, screen):
        await submitted(screen, 3)
        developer.arm("server_error@batches")
        screen.chat.dispatch.run("batches")
        await until(pilot, lambda: "The service failed" in seen(pilot.app.screen))
        assert "0/3" in seen(pilot.app.screen)


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (40, 12)])
async def test_an_empty_window_says_how_to_submit(developer, size):
    async with chatting(size=size) as (pilot, screen):
        screen.chat.dispatch.run("batches")
        await until(pilot, lambda: "batch submit" in " ".join(seen(pilot.app.screen).split()))


def submission(**changes):
    part = Part("job_1", 1, 2_000, 100, Step.CREATED, batch_id="batch_1",
                status=BatchStatus.IN_PROGRESS, completed=900, failed=100)  # fmt: skip
    return replace(
        Submission("job_1", "prompts.jsonl", 1_790_000_000.0, "24h", "d", "default", "f", "x",
            (SMALL,), (part,), Decimal("0.5"), Decimal("0.25"), tally=Tally(0, 0)),
        **changes,
    )  # fmt: skip


@pytest.mark.parametrize("width", [114, 74, 36])
def test_a_row_fits_its_width_and_keeps_the_figures(width):
    heads, row = submission_rows([submission()], width)
    assert max(heads.cell_length, row.cell_length) <= width
    assert heads.plain.split()[0] == "status"
    assert "in progress" in row.plain
    assert "900/2,000" in row.plain
    assert "prompts.js" in row.plain
    assert (" 100 " in row.plain) == ("≈ $0.50" in row.plain) == (width > 36)
    assert ("━" in row.plain) == (width > 36)


def test_heads_stand_above_what_they_name():
    heads, row = submission_rows([submission()], 114)
    assert heads.plain.split() == ["status", "answered", "failed", "cost", "file"]
    assert heads.plain.index("file") == row.plain.index("prompts.jsonl")
    assert heads.plain.index("failed") + len("failed") == row.plain.index(" 100 ") + len(" 100")


def test_the_facts_tell_what_is_known():
    told = dict(facts(submission()))
    assert told["lines"] == "900 of 2,000 answered, 100 failed"
    assert told["cost"] == "$0.25 so far, $0.50 expected"
    assert told["batch"] == "batch_1"
