"""A conversation that is too long for a minute's tokens, and what the user can do about it."""

import pytest

from groqchat.domain.errors.table import Action
from groqchat.domain.turns.chat import Role
from groqchat.domain.turns.compaction import INSTRUCTION, Plan, Way
from groqchat.domain.turns.message_kind import MessageKind
from groqchat.ui.sessions.compaction.picker import CompactionPicker, SummaryModelPicker
from groqchat.ui.widgets.toast_cards import ErrorCard
from tests.ui.chat.test_chat_screen import MODEL, ask, chatting
from tests.ui.stage import Stage, seen, until

# Both fit the 8,000 tokens of a minute, but not together.
FIRST = "bread " * 2_300 + "write 20 tokens"
LAST = "rye " * 5_640 + "write 20 tokens"
CHEAP = "openai/gpt-oss-20b"


@pytest.fixture(autouse=True)
def _server_of_its_own(groq):
    return groq


async def outgrown(pilot, screen, last=LAST):
    """A first turn, and a prompt in the composer that does not fit behind it."""
    await ask(pilot, screen, FIRST)
    await until(pilot, lambda: screen.workspace.figures.last_turn)
    screen.composer.text = last
    await until(pilot, lambda: "Enter: choices" in seen(screen))


async def offered(pilot, screen, last=LAST):
    """The window with the ways out, before which nothing was sent."""
    await outgrown(pilot, screen, last)
    await pilot.press("enter")
    await until(pilot, lambda: isinstance(pilot.app.screen, CompactionPicker))
    await until(pilot, lambda: pilot.app.screen.highlighted)
    return pilot.app.screen


async def chosen(pilot, picker, words):
    """Choose the row that begins with these words."""
    begins = lambda row: row[0].plain.lower().startswith(words.lower())  # noqa: E731
    await until(pilot, lambda: any(map(begins, picker._rows)))
    picker.rows.highlighted = [begins(row) for row in picker._rows].index(True)
    await pilot.press("enter")


async def answered(pilot, screen, text=LAST):
    """Wait until a prompt is answered; returns all messages of the session on the screen."""

    def is_answered():
        conversation = screen.conversation
        texts = [entry.text for entry in conversation.transcript.entries]
        return not conversation.is_busy and text in texts and texts[-1] != text

    await until(pilot, is_answered)
    return await screen.workspace.services.store.everything(screen.conversation.session.id)


def spoken(body):
    return [message["content"] for message in body["messages"]]


def said_with(asked, text):
    """What a prompt was sent with; another request asks for the rest of an answer that was cut."""
    return next(said for said in map(spoken, reversed(asked)) if said[-1] == text)


async def test_it_is_told_before_enter_and_nothing_is_sent_until_a_way_is_chosen(asked):
    async with chatting() as (pilot, screen):
        picker = await offered(pilot, screen)
        words = seen(picker)
        for title in ("Leave out the oldest turn", "Summary of 1 turn by", "New session from a"):
            assert title in words
        assert "no cost · frees ≈ 2,2" in words
        assert words.count("≈ $0.000") == 2
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is screen)
        assert (len(asked), screen.composer.text) == (1, LAST)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, CompactionPicker))
        await pilot.press("x")  # who writes on does not mean a row
        await until(pilot, lambda: pilot.app.screen is screen)
        assert (len(asked), screen.composer.text) == (1, f"{LAST}x")


async def test_the_oldest_turn_is_left_out_and_undo_goes_back_to_it(asked):
    async with chatting() as (pilot, screen):
        await chosen(pilot, await offered(pilot, screen), "Leave out")
        said = await answered(pilot, screen)
        assert said_with(asked, LAST) == [LAST]
        mark = next(each for each in said if each.kind is MessageKind.COMPACTION)
        assert mark.content.startswith("the oldest turn left out from here on · ≈ 2,2")
        noted = screen.conversation.transcript.entry(mark.id)
        assert (noted.label, noted.footer) == ("Compaction", mark.content)
        before = (await screen.workspace.services.store.messages([mark.parent_id]))[mark.parent_id]
        screen.chat.dispatch.run("compact", "undo")
        await until(pilot, lambda: screen.conversation.branch.leaf_id == before.id)
        session = await screen.workspace.services.store.session(before.session_id)
        assert session.leaf_id == before.id
        await until(
            pilot, lambda: LAST not in [e.text for e in screen.conversation.transcript.entries]
        )
        await ask(pilot, screen, "And now?")
        assert said_with(asked, "And now?") == [FIRST, before.content, "And now?"]
        # The compacted conversation is the other version of what came next.
        versions = await screen.workspace.services.store.siblings(mark.id)
        assert len(versions) == 2
        screen.conversation.transcript.current = versions[1]
        screen.conversation.transcript.focus()
        await pilot.press("[")
        await until(pilot, lambda: LAST in [e.text for e in screen.conversation.transcript.entries])
        screen.chat.dispatch.run("compact", "undo")
        await until(pilot, lambda: screen.conversation.branch.leaf_id == before.id)


async def test_a_summary_by_a_named_model_is_seen_paid_for_and_sent_in_their_place(asked):
    async with chatting() as (pilot, screen):
        picker = await offered(pilot, screen)
        assert "Summary of 1 turn by gpt-oss-20b" in seen(picker)
        await chosen(pilot, picker, "Summary of")
        said = await answered(pilot, screen)
        assert [body["model"] for body in asked[:3]] == [MODEL, CHEAP, MODEL]
        assert spoken(asked[1])[-1] == INSTRUCTION
        assert spoken(asked[1])[0] == FIRST
        summary = next(
            m for m in said if m.kind is MessageKind.SUMMARY and m.role is Role.ASSISTANT
        )
        assert spoken(asked[2]) == [INSTRUCTION, summary.content, LAST]
        mark = next(each for each in said if each.kind is MessageKind.COMPACTION)
        assert f"summary by {CHEAP} sent in place of the oldest turn" in mark.content
        assert str(summary.cost.total).rstrip("0") in mark.content
        spent = await screen.workspace.services.ledger.spent(session_id=summary.session_id)
        assert spent.cost == sum(each.cost.total for each in said if each.cost)


async def test_a_new_session_goes_on_from_the_summary_and_the_old_one_stays(asked):
    async with chatting() as (pilot, screen):
        picker = await offered(pilot, screen)
        old = screen.conversation.session.id
        leaf = screen.conversation.branch.leaf_id
        await chosen(pilot, picker, "New session")
        await until(pilot, lambda: screen.conversation.session.id != old)
        said = await answered(pilot, screen)
        kinds = ["summary", "summary", "compaction", "", ""]
        assert [each.kind for each in said] == kinds
        assert said_with(asked, LAST) == [INSTRUCTION, said[1].content, LAST]
        store = screen.workspace.services.store
        assert (await store.session(old)).leaf_id == leaf
        # Its cost counts where it was asked for, once.
        assert (await store.session(said[0].session_id)).cost == said[-1].cost.total


async def test_always_compacts_later_prompts_unasked_and_notes_each(asked):
    async with chatting() as (pilot, screen):
        await chosen(pilot, await offered(pilot, screen), "Always leave")
        await answered(pilot, screen)
        last = LAST.replace("rye", "oat")
        screen.composer.text = last
        await until(pilot, lambda: "Enter compacts (oldest)" in seen(screen))
        await pilot.press("enter")
        entries = screen.conversation.transcript.entries
        await until(pilot, lambda: [e.label for e in entries].count("Compaction") == 2)
        said = await screen.workspace.services.store.everything(screen.conversation.session.id)
        marks = [each.content for each in said if each.kind is MessageKind.COMPACTION]
        assert [mark.startswith("automatic · ") for mark in marks] == [False, True]
        session = await screen.workspace.services.store.session(said[0].session_id)
        assert session.compaction == "oldest"
        await screen.conversation.stop()


async def test_another_model_can_be_chosen_for_the_summary(asked):
    async with chatting() as (pilot, screen):
        await chosen(pilot, await offered(pilot, screen), "Another model")
        await until(pilot, lambda: isinstance(pilot.app.screen, SummaryModelPicker))
        picker = pilot.app.screen
        models = [plan.model for _, plan in picker._rows]
        assert models[0] == CHEAP
        other = next(each for each in models if each.startswith(MODEL))
        await chosen(pilot, picker, other)
        await until(pilot, lambda: len(asked) >= 2)
        assert (asked[1]["model"], spoken(asked[1])[-1]) == (other, INSTRUCTION)
        await screen.conversation.stop()


async def test_a_summary_that_fails_leaves_all_as_it_was(groq, asked):
    async with chatting() as (pilot, screen):
        picker = await offered(pilot, screen)
        groq.arm("model_not_found*1")
        await chosen(pilot, picker, "Summary of")
        await until(pilot, lambda: screen.conversation.turn and screen.conversation.turn.error)
        await until(pilot, lambda: not screen.conversation.is_busy)
        await until(pilot, lambda: screen.composer.text == LAST)
        said = await screen.workspace.services.store.everything(screen.conversation.session.id)
        assert not any(each.kind is MessageKind.COMPACTION for each in said)
        screen.composer.text = "And now?"
        await ask(pilot, screen, "And now?", answered=False)
        assert spoken(asked[-1])[0] == FIRST


@pytest.mark.parametrize("text", ["Two", "/btw Two"])
async def test_what_the_server_refused_as_too_large_is_sent_once_there_is_room(groq, asked, text):
    async with chatting() as (pilot, screen):
        await ask(pilot, screen, "One")
        groq.arm("too_large*1")
        screen.composer.text = text
        await pilot.press("enter")
        await until(pilot, lambda: screen.query(ErrorCard))
        error = screen.query(ErrorCard).last().error
        assert Action.SHORTEN in screen.query(ErrorCard).last().actions
        screen.run_work(screen.chat.remedies.carry_out(Action.SHORTEN, error), group="command")
        await until(pilot, lambda: isinstance(pilot.app.screen, CompactionPicker))
        await chosen(pilot, pilot.app.screen, "Leave out")
        await answered(pilot, screen, "Two")
        assert said_with(asked, "Two") == ["Two"]
        said = await screen.workspace.services.store.messages([screen.conversation.branch.leaf_id])
        (answer,) = said.values()
        assert answer.kind is (MessageKind.ASIDE if text != "Two" else MessageKind.SPOKEN)


async def test_where_no_model_can_summarise_the_window_says_so_and_the_other_ways_are_left():
    app = Stage()
    async with app.run_test(size=(80, 24)) as pilot:
        chosen = []
        await app.push_screen(
            CompactionPicker([Plan(Way.OLDEST, 1, "m3", 500)], None), chosen.append
        )
        picker = app.screen
        await until(pilot, lambda: "Summary · not possible" in seen(picker))
        picker.rows.highlighted = len(picker._rows) - 1
        await until(pilot, lambda: "No model takes the longest" in seen(picker))
        await pilot.press("enter")
        await pilot.pause()
        assert (app.screen, chosen) == (picker, [])
