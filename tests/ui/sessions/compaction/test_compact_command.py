"""The command ``/compact``: what its words do, and what it says to words that it cannot take."""

from dataclasses import replace

import pytest

from groqchat.domain.money.usage import Usage
from groqchat.domain.turns.compaction import INSTRUCTION
from groqchat.ui.sessions.compaction.picker import CompactionPicker
from groqchat.ui.widgets.toast_cards import Notice
from tests.ui.chat.test_chat_screen import ask, chatting, shows
from tests.ui.chat.test_queueing import Gate, under_way
from tests.ui.sessions.compaction.test_compaction import CHEAP, FIRST, spoken
from tests.ui.stage import seen, until


@pytest.fixture(autouse=True)
def _server_of_its_own(groq):
    return groq


def said_last(screen):
    notices = list(screen.query(Notice))
    return notices[-1].text if notices else ""


async def said_to(pilot, screen, argument, words):
    """Run the command, and wait for what it says."""
    screen.chat.dispatch.run("compact", argument)
    await until(pilot, lambda: words in said_last(screen))
    return said_last(screen)


async def three_turns(pilot, screen):
    for text in ("One", "Two", "Three"):
        await ask(pilot, screen, text)


async def compacted(pilot, screen, argument, number):
    """Run the command, and wait until the branch stands at so many notes."""
    screen.chat.dispatch.run("compact", argument)
    await until(pilot, lambda: len(marks(screen)) == number)
    await until(pilot, lambda: not screen.conversation.is_busy)


def marks(screen):
    """The notes of compactions that are shown."""
    entries = screen.conversation.transcript.entries
    return [each.footer for each in entries if each.label == "Compaction"]


async def test_it_leaves_out_as_many_turns_as_are_named(asked):
    async with chatting() as (pilot, screen):
        for text in ("One", "Two", "Three"):
            await ask(pilot, screen, text)
        screen.chat.dispatch.run("compact", "oldest 2")
        await shows(pilot, screen, "the oldest 2 turns left out")
        await until(pilot, lambda: not screen.conversation.is_busy)
        figures = screen.workspace.figures
        figures.last_turn = replace(figures.last_turn, usage=Usage(5_000))
        assert figures.cache_note() == "cache starts anew"
        await ask(pilot, screen, "Four")
        assert spoken(asked[-1])[::2] == ["Three", "Four"]


async def test_it_says_what_it_does_not_know_and_what_there_is_nothing_of():
    async with chatting() as (pilot, screen):
        for argument, words in (
            ("", "nothing to leave out"),
            ("undo", "Nothing is compacted"),
            ("older", "the words are oldest, summary, new, auto, undo"),
            ("auto always", "oldest, summary or off"),
            ("auto", "you are asked what to leave out"),
            ("auto summary", "has the oldest turns summarised"),
            ("auto off", "you are asked what to leave out"),
        ):
            screen.chat.dispatch.run("compact", argument)
            await until(pilot, lambda words=words: words in said_last(screen))
        assert screen.conversation.options.compaction is None


async def test_it_offers_the_ways_also_where_nothing_is_too_long():
    async with chatting((40, 12)) as (pilot, screen):
        await ask(pilot, screen, FIRST)
        screen.chat.dispatch.run("compact", "")
        await until(pilot, lambda: isinstance(pilot.app.screen, CompactionPicker))
        await until(pilot, lambda: "no cost · frees" in seen(pilot.app.screen))


_TAKES = "3 turns are sent, so {} takes a whole number from 1 to {}."
# No two that follow each other are told the same.
REFUSED = {
    "oldest -1": _TAKES.format("oldest", 2),
    "summary -1": _TAKES.format("summary", 3),
    "oldest 0": _TAKES.format("oldest", 2),
    "summary 1.5": _TAKES.format("summary", 3),
    "oldest x": _TAKES.format("oldest", 2),
    "summary 4": _TAKES.format("summary", 3),
    "oldest 3": _TAKES.format("oldest", 2),
    "summary nosuchmodel": "does not list nosuchmodel",
    "oldest 999": _TAKES.format("oldest", 2),
    "summary gpt-os-20b": f"did you mean {CHEAP}?",
    "oldest 1 2": _TAKES.format("oldest", 2),
    "new whisper-large-v3": "whisper-large-v3 does not chat",
    "summary 1": "a summary would not be shorter than the turns",
}


async def test_words_that_it_cannot_take_are_refused_and_change_nothing(asked):
    async with chatting() as (pilot, screen):
        await three_turns(pilot, screen)
        leaf_id, requests = screen.conversation.branch.leaf_id, len(asked)
        for argument, takes in REFUSED.items():
            screen.composer.text, back = "", f"/compact {argument}"
            screen.chat.dispatch.run("compact", argument)
            await until(pilot, lambda back=back: screen.composer.text == back)
            await until(pilot, lambda takes=takes: takes in said_last(screen))
            assert screen.conversation.branch.leaf_id == leaf_id
            assert len(asked) == requests
            assert marks(screen) == []


async def test_undo_takes_back_the_last_compaction_alone(asked):
    async with chatting() as (pilot, screen):
        await three_turns(pilot, screen)
        for number in (1, 2):
            await compacted(pilot, screen, "oldest 1", number)
        await ask(pilot, screen, "Four")
        assert spoken(asked[-1])[::2] == ["Three", "Four"]
        said = await said_to(pilot, screen, "undo", "Undone: the oldest turn left out")
        assert "1 earlier compaction remains; /compact undo undoes the next." in said
        await until(pilot, lambda: len(marks(screen)) == 1)
        await ask(pilot, screen, "Five")
        assert spoken(asked[-1])[::2] == ["Two", "Three", "Five"]
        await said_to(pilot, screen, "undo", "All turns are sent again.")
        await ask(pilot, screen, "Six")
        assert spoken(asked[-1])[::2] == ["One", "Two", "Three", "Six"]
        await said_to(pilot, screen, "undo", "Nothing is compacted")


async def test_undo_says_where_a_session_begins_with_its_summary(asked):
    async with chatting() as (pilot, screen):
        await ask(pilot, screen, FIRST)
        await compacted(pilot, screen, "new", 1)
        assert spoken(asked[-1])[-1] == INSTRUCTION
        said = await said_to(pilot, screen, "undo", "begins with its summary")
        assert "is as it was" in said


async def test_as_many_turns_as_are_named_go_even_where_that_is_not_enough(asked):
    async with chatting() as (pilot, screen):
        await three_turns(pilot, screen)
        screen.composer.text = "rye " * 14_000
        screen.chat.dispatch.run("compact", "oldest 1")
        await until(pilot, lambda: len(marks(screen)) == 1)
        await until(pilot, lambda: "tokens over the " in said_last(screen))
        assert "Your prompt alone is too long" in said_last(screen)


async def test_how_many_turns_would_be_enough_is_said(asked):
    async with chatting() as (pilot, screen):
        for text in ("One", "bread " * 2_300 + "write 20 tokens", "Three"):
            await ask(pilot, screen, text)
        screen.composer.text = "rye " * 7_500
        screen.chat.dispatch.run("compact", "oldest 1")
        await until(pilot, lambda: "tokens over the " in said_last(screen))
        assert said_last(screen).endswith("/compact oldest 1 leaves out enough.")


async def test_where_the_prompt_alone_is_too_long_that_is_the_reason(asked):
    async with chatting() as (pilot, screen):
        await three_turns(pilot, screen)
        screen.composer.text = "rye " * 14_000
        await said_to(pilot, screen, "oldest", "Your prompt alone is too long")
        assert marks(screen) == []


async def test_while_an_answer_is_written_it_says_when_it_works_and_keeps_its_words(monkeypatch):
    gate = Gate(monkeypatch)
    async with chatting() as (pilot, screen):
        await under_way(pilot, screen)
        screen.composer.text = "/compact oldest 1"
        await pilot.press("enter")
        await until(pilot, lambda: "/compact works once the answer has" in said_last(screen))
        assert screen.composer.text == "/compact oldest 1"
        gate.open()


async def test_the_wait_of_a_summary_names_the_model_that_writes_it(groq):
    async with chatting() as (pilot, screen):
        await ask(pilot, screen, FIRST)
        groq.arm("rate_limited=50*1")
        screen.chat.dispatch.run("compact", "summary")
        await shows(pilot, screen, "Next try in")
        assert f"Summary by {CHEAP}" in seen(screen)
        await pilot.press("escape")
        await until(pilot, lambda: not screen.conversation.is_busy)
