"""Prompts with a file that is too long for one request."""

import asyncio
import re
from contextlib import aclosing
from random import Random

import pytest

from groqchat.domain.errors.table import Action
from groqchat.domain.turns.chat import Delta, Role
from groqchat.domain.turns.context import context
from groqchat.domain.turns.message_kind import MessageKind
from groqchat.provider.groq_provider import GroqProvider
from groqchat.services.turns.oversized import Oversized
from groqchat.ui.sessions.oversized import OversizedPrompts
from groqchat.ui.sessions.oversized_picker import LinesDialog, OversizedPicker
from groqchat.ui.widgets.toast_cards import ErrorCard
from tests.ui.chat.test_chat_screen import ask, chatting, shows
from tests.ui.stage import seen, until

WORDS = [
    "harbour",
    "lemon",
    "quiet",
    "bridge",
    "under",
    "carries",
    "window",
    "seldom",
    "paper",
    "amber",
    "stone",
    "never",
]
LINE = "A line of some ordinary words, one like the other.\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "big.txt").write_text(LINE * 6_000)
    (tmp_path / "three.txt").write_text("".join(f"{n}: {LINE}" for n in range(100)))
    monkeypatch.chdir(tmp_path)


async def picker(pilot, screen, prompt):
    """Have a prompt with its file below offered in parts."""
    if prompt:
        screen.composer.text = prompt
        await pilot.press("enter")
        await shows(pilot, screen, "stands below the prompt now")
    await pilot.press("enter")
    await until(pilot, lambda: isinstance(pilot.app.screen, OversizedPicker))
    await until(pilot, lambda: "Part by part" in seen(pilot.app.screen) or "lines 1" in
                seen(pilot.app.screen))  # fmt: skip


async def test_first_lines_or_those_of_ones_choice_take_the_place_of_the_file(groq, folder):
    async with chatting() as (pilot, screen):
        await ask(pilot, screen, "Hi")  # its answer tells the limits
        await picker(pilot, screen, "Sum up @big.txt")
        offer = re.search(
            r"lines 1–(\d+) of 6,000 · ≈ ([\d,]+) tokens · ≈ \$0\.0\d+", seen(pilot.app.screen)
        )
        assert 0.6 * 8_000 < int(offer[2].replace(",", "")) <= 0.8 * 8_000
        await pilot.press("down", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, LinesDialog))
        await until(pilot, lambda: f"≈ {offer[2]} tokens · ≈ $" in seen(pilot.app.screen))
        await pilot.press("home", *["delete"] * 8, "x")
        await until(pilot, lambda: "Write two numbers from 1 to 6,000" in seen(pilot.app.screen))
        await pilot.press("backspace", *"2-5999", "enter")
        await until(pilot, lambda: ", too long: at most" in seen(pilot.app.screen))
        await pilot.press("backspace", "backspace", "backspace", "enter")
        await until(pilot, lambda: pilot.app.screen is screen)
        await until(pilot, lambda: screen.composer.area.shown.count("[big.txt:2-5 · "))
        assert screen.composer.text.count(LINE.strip()) == 4
        await pilot.press("ctrl+z")
        await picker(pilot, screen, "")
        await pilot.press("enter")
        await until(pilot, lambda: screen.composer.text.count(LINE.strip()) == int(offer[1]))
        assert f"[big.txt:1-{offer[1]} · " in screen.composer.area.shown
        assert not screen.conversation.is_busy


async def test_a_long_text_that_is_no_chip_has_the_choices_that_are_promised(groq, folder):
    async with chatting() as (pilot, screen):
        await ask(pilot, screen, "Hi")
        screen.composer.text = f"Sum it up.\n\n{LINE * 6_000}"
        screen.composer.area.focus()
        await shows(pilot, screen, "Enter: choices")
        await picker(pilot, screen, "")
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is screen)
        assert screen.composer.area.shown.startswith("Sum it up.\n\n[pasted text · ")
        await pilot.press("ctrl+z")
        assert screen.composer.area.shown.startswith(f"Sum it up.\n\n{LINE}")
        screen.composer.text = "Sum it up. " * 100
        await pilot.pause()
        assert "Enter: choices" not in seen(screen)


async def test_a_text_that_the_server_refuses_though_it_may_fit_has_the_choices_next(groq):
    async with chatting() as (pilot, screen):
        await ask(pilot, screen, "Hi")
        numbered = "".join(f"{number}: {LINE}" for number in range(1_500))  # repeats itself
        screen.composer.text = f"Sum it up.\n\n{numbered}"
        screen.composer.area.focus()
        await pilot.press("enter")
        await until(pilot, lambda: screen.query(ErrorCard))
        await until(pilot, lambda: screen.composer.text and not screen.conversation.is_busy)
        await shows(pilot, screen, "s shorten")
        screen.composer.area.focus()
        await picker(pilot, screen, "")
        assert "of at most 8,000" in " ".join(seen(pilot.app.screen).replace("│", " ").split())


async def test_a_text_too_long_behind_a_conversation_that_stays_whole_has_the_choices(groq):
    dice = Random(1)  # a test's dice
    words = [" ".join(dice.choices(WORDS, k=12)) for _ in range(1_000)]
    first, second = "\n".join(words[:360]), "\n".join(words[360:])
    async with chatting() as (pilot, screen):
        await ask(pilot, screen, "Hi")
        await ask(pilot, screen, first)
        screen.composer.text = second
        screen.composer.area.focus()
        await shows(pilot, screen, "Enter: choices")
        await picker(pilot, screen, "")
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is screen)
        assert screen.composer.area.shown.startswith("[pasted text · ")
        assert screen.composer.text == second
        assert not screen.conversation.is_busy


async def test_parts_that_are_too_many_are_told_and_letters_go_on_in_the_prompt(
    groq, folder, tmp_path
):
    (tmp_path / "huge.txt").write_text(LINE * 60_000)
    async with chatting() as (pilot, screen):
        await ask(pilot, screen, "Hi")
        await picker(pilot, screen, "Sum up @huge.txt")
        assert "Part by part · not possible" in seen(pilot.app.screen)
        await pilot.press("up")
        said = lambda: " ".join(seen(pilot.app.screen).replace("│", " ").split())  # noqa: E731
        await until(pilot, lambda: "too long for that: at most 60 parts of ≈ 6,400" in said())
        await pilot.press("enter")
        assert isinstance(pilot.app.screen, OversizedPicker)
        await pilot.press("x")
        await until(pilot, lambda: pilot.app.screen is screen and screen.composer.text[-1] == "x")


class Gate:
    """Holds the second request back in its middle, once."""

    def __init__(self):
        self.asked, self.held = 0, asyncio.Event()


@pytest.fixture
def gate(monkeypatch):
    gate, stream = Gate(), GroqProvider.stream

    async def paused(self, request):
        gate.asked += 1
        is_held = gate.asked == 2
        async with aclosing(stream(self, request)) as events:
            async for event in events:
                yield event
                if is_held and isinstance(event, Delta):
                    gate.held.set()
                    await asyncio.Event().wait()

    monkeypatch.setattr(GroqProvider, "stream", paused)
    return gate


async def test_a_prompt_is_asked_part_by_part_and_what_was_paid_is_kept(
    groq, folder, gate, monkeypatch
):
    async def found(self, connection, text, parent_id=None):
        area = screen.composer.area
        if not (places := area.chips.places(area.shown)):
            return None
        preview = await connection.turns.preview(None, screen.workspace.options)
        price = connection.models.price_of(preview.options.model)
        return Oversized(text, places[0].chip, preview, 1_000, 800, price, 8_000)

    monkeypatch.setattr(OversizedPrompts, "_found", found)
    monkeypatch.setattr(Oversized, "wait_s", lambda found, tokens: 150.0)
    async with chatting() as (pilot, screen):
        await picker(pilot, screen, "What stands out in @three.txt")
        prompt = screen.composer.text
        offered = r"Part by part: (\d+) requests · ≈ [\d,]+ tokens · ≈ \$0\.00\d+ · ≈ 2m 30s"
        offer = re.search(offered, seen(pilot.app.screen))
        count = int(offer[1]) - 1
        await pilot.press("up", "enter")
        await until(pilot, gate.held.is_set)
        await shows(pilot, screen, f"Part 2 of {count}.")
        await pilot.press("enter")
        await shows(pilot, screen, "is being asked part by part; Esc stops that")
        await pilot.press("escape")
        await shows(pilot, screen, f"Stopped: notes on 1 part of {count} are kept.")
        assert screen.composer.text == prompt
        await picker(pilot, screen, "")
        await pilot.press("up", "enter")
        await until(pilot, lambda: not screen.composer.text and not screen.conversation.is_busy)
        assert gate.asked == count + 2  # none twice, but the one that was stopped
        path = await screen.workspace.services.store.path(screen.conversation.branch.leaf_id)
        assert [each.kind for each in path] == [MessageKind.ASIDE] * 2 * (count + 1) + [
            MessageKind.SPOKEN
        ] * 2
        answers = [m for m in path if m.kind and m.role is Role.ASSISTANT]
        notes = [m.content for m in answers if m.state.is_answered]
        assert len(notes) == count
        assert path[-2].content.startswith("What stands out in three.txt\n\nthree.txt was too long")
        assert all(each.strip() in path[-2].content for each in notes)
        assert context(path) == path[-2:]  # later prompts hold neither parts nor notes
        spent = await screen.workspace.services.ledger.spent(
            session_id=screen.conversation.session.id
        )
        assert spent.requests == count + 2
        session = await screen.workspace.services.store.session(screen.conversation.session.id)
        assert session.title.startswith("What stands out in three.txt")
        await pilot.press("ctrl+n")
        await until(pilot, lambda: screen.conversation.branch.leaf_id is None)
        await pilot.pause()
        assert screen.composer.text == ""  # no draft of it stays behind


async def test_a_refusal_that_tells_the_limit_offers_the_parts_and_a_low_screen_shows_the_prompt(
    groq, folder
):
    async with chatting(size=(40, 12)) as (pilot, screen):
        screen.composer.text = "Sum up @big.txt"
        await pilot.press("enter")
        await shows(pilot, screen, "big.txt stands below")
        assert "│ Sum up big.txt" in seen(screen)
        await pilot.press("enter")
        await until(pilot, lambda: screen.query(ErrorCard))
        error = screen.query(ErrorCard).last().error
        await shows(pilot, screen, "s shorten")
        assert "│ Sum up big.txt" in seen(screen)
        screen.run_work(screen.chat.remedies.carry_out(Action.SHORTEN, error), group="command")
        await until(pilot, lambda: isinstance(pilot.app.screen, OversizedPicker))
        assert "Sum up big.txt" in screen.composer.text
