"""The chat screen on the real services, the real SDK and the simulator."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from textual.events import Key, Paste

from groqchat.domain.limits.quota import LimitKind
from groqchat.domain.sessions.unsaved import UNSAVED
from groqchat.domain.text.humanize import exact_money
from groqchat.simulator.options import REJECTED_KEY
from groqchat.storage.catalog import load_catalog
from groqchat.ui.chat.error_list import ErrorsScreen
from groqchat.ui.models.picker import ModelPicker
from groqchat.ui.sessions.oversized_picker import OversizedPicker
from groqchat.ui.widgets.cost_meter import CostMeter
from groqchat.ui.workspace.ledger_sums import LedgerSums
from tests.ui.stage import PATIENCE_S, groqchat, held, seen, until

MODEL = "openai/gpt-oss-120b"
PROMPT = "Explain rate limits"


@asynccontextmanager
async def chatting(size=(120, 40), **opening):
    app = groqchat(**opening)
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: app.screen.connection)
        yield pilot, app.screen


async def shows(pilot, screen, text):
    """Wait until a text stands on the screen; what stands there instead is the failure."""
    loop = asyncio.get_running_loop()
    end = loop.time() + PATIENCE_S
    while text not in seen(screen):
        if loop.time() > end:
            raise AssertionError(f"{text!r} is not on the screen:\n{seen(screen)}")
        await pilot.pause(0.02)


def is_over(screen):
    return not screen.conversation.is_busy and screen.workspace.figures.last_turn is not None


async def ask(pilot, screen, text, answered=True):
    before = len(screen.conversation.transcript.entries)
    screen.composer.text = text
    await pilot.press("enter")
    if answered:
        await until(pilot, lambda: len(screen.conversation.transcript.entries) >= before + 2)
    await until(pilot, lambda: not screen.conversation.is_busy)
    await pilot.pause()


async def test_an_answer_moves_the_panel_and_the_meter(groq):
    async with chatting(size=(150, 40)) as (pilot, screen):
        began = screen.workspace.services.clock.now()
        await ask(pilot, screen, PROMPT)
        await until(pilot, lambda: screen.workspace.figures.last_turn)
        lasted = screen.workspace.services.clock.now() - began
        answer = screen.workspace.figures.last_turn
        cost = exact_money(answer.cost.total)
        # Each is shown in its own time.
        for text in (PROMPT, cost, "free plan, inferred", "paid $0 · list"):
            await shows(pilot, screen, text)
        usage = answer.usage
        assert answer.content == groq.answer(answer.request_id).content
        assert answer.cost.total * 1_000_000 == (
            usage.prompt_tokens * load_catalog().get(MODEL).price.input
            + usage.completion_tokens * load_catalog().get(MODEL).price.output
        )
        truth = groq.state(MODEL)
        view = screen.workspace.figures.view.at(screen.workspace.services.clock.now())
        for kind in (LimitKind.RPM, LimitKind.RPD, LimitKind.TPM, LimitKind.TPD):
            # What refills on the way of the headers, and tokens that they cannot have counted.
            refilled = view.level(kind).limit / kind.window_s * lasted
            slack = (60 if kind is LimitKind.TPM else 1) + refilled
            assert abs(view.level(kind).remaining - truth[kind]) <= slack, kind
        await shows(pilot, screen, f"{view.level(LimitKind.RPD).remaining:,}/1,000")


async def test_a_second_that_passes_at_the_end_of_a_turn_brings_no_older_quota_back(groq):
    async with chatting(size=(150, 40)) as (pilot, screen):
        figures = screen.workspace.figures
        await ask(pilot, screen, PROMPT)
        await until(pilot, lambda: figures.view)
        quota = screen.connection.quota
        before, view = figures.view, quota.view
        after = replace(
            before, buckets=tuple(each.charged(each.limit / 2, each.at) for each in before.buckets)
        )
        newer = after.at(screen.workspace.services.clock.now())
        quota.view = lambda model: newer if model == MODEL else view(model)
        figures.panel.quota._tick()  # a second has passed; who hears of it comes after this:
        figures.show_quota()
        await pilot.pause()
        for kind in LimitKind.RPD, LimitKind.TPD:
            level = figures.view.level(kind)
            assert level.remaining < before.level(kind).remaining - level.limit / 4


async def test_costs_that_were_read_before_a_turn_ended_do_not_stay(groq, monkeypatch):
    async with chatting(size=(150, 40)) as (pilot, screen):
        figures = screen.workspace.figures
        with monkeypatch.context() as patched:
            released = held(patched, LedgerSums, "_forecast")
            reading = asyncio.create_task(figures.show_costs())
            await pilot.pause(0.05)
        await ask(pilot, screen, PROMPT)
        await until(pilot, lambda: figures.costs.turn is not None)
        costs = figures.costs
        released.set()
        await reading
        assert figures.costs == costs


async def test_the_cost_of_a_turn_is_not_that_of_the_turn_before(groq):
    def turn():
        row = screen.query_one(CostMeter).made_rows()[1].plain
        return row.removeprefix("this turn").strip()

    async with chatting(size=(150, 40)) as (pilot, screen):
        await ask(pilot, screen, PROMPT)
        cost = exact_money(screen.workspace.figures.last_turn.cost.total)
        await until(pilot, lambda: turn() == cost)
        groq.arm("rate_limited=50*1")
        screen.composer.text = "Which one matters to me?"
        await pilot.press("enter")
        await shows(pilot, screen, "Next try in")
        assert turn() == "not known yet"
        await screen.workspace.figures.refresh()
        assert turn() == "not known yet"
        await pilot.press("escape")
        await until(pilot, lambda: turn() == "–")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_an_error_covers_nothing_that_was_said_last(groq, size):
    async with chatting(size=size) as (pilot, screen):
        await ask(pilot, screen, PROMPT)
        groq.arm("spend_limit*1")
        await ask(pilot, screen, "Which one matters to me?", answered=False)
        await until(pilot, lambda: "Spend limit reached" in seen(screen))
        await until(pilot, lambda: "▎ Which one matters to me?" in seen(screen))
        height = screen.conversation.transcript.size.height
        await pilot.press("f8", "escape")
        await until(pilot, lambda: screen.conversation.transcript.size.height > height)


async def test_the_session_comes_back(groq):
    async with chatting() as (pilot, screen):
        await ask(pilot, screen, PROMPT)
        await until(pilot, lambda: screen.workspace.figures.last_turn)
        content = screen.workspace.figures.last_turn.content
    async with chatting(resume=True) as (pilot, screen):
        await until(pilot, lambda: screen.workspace.figures.last_turn)
        transcript = screen.conversation.transcript
        await until(pilot, lambda: all(not entry.is_stub for entry in transcript.entries))
        assert [transcript.source(entry.id) for entry in transcript.entries] == [PROMPT, content]
        await until(
            pilot,
            lambda: exact_money(screen.workspace.figures.last_turn.cost.total) in seen(screen),
        )


@pytest.mark.parametrize(
    ("fault", "said", "keys"),
    [
        ("model_not_found", "404", "m switch model"),
        ("too_large", "413", "s shorten"),
        ("rate_limited=61", "429", "w wait and send"),
        ("spend_limit", "spend limit", "k new key"),
        ("network_refused", "network settings", "r retry"),
        ("unprocessable", "422", "r retry"),
    ],
)
async def test_a_refusal_says_what_to_do_and_gives_the_prompt_back(groq, fault, said, keys):
    async with chatting() as (pilot, screen):
        # What is too large is sent once more, bounded by the limit that its refusal told.
        groq.arm(f"{fault}*{2 if fault == 'too_large' else 1}")
        await ask(pilot, screen, PROMPT, answered=False)
        await shows(pilot, screen, keys)
        assert said in seen(screen)
        assert screen.composer.text == PROMPT
        assert len(screen.chat.reporter.log) == 1
        groq.disarm()
        screen.composer.area.focus()
        await pilot.press("enter")
        if said == "429":  # nothing is sent before the time that the server told, but on purpose
            await shows(pilot, screen, "Nothing was sent")
            await pilot.press("o")
        await until(pilot, lambda: is_over(screen))
        assert screen.workspace.figures.last_turn.content
        assert screen.composer.text == ""
        stored = await screen.workspace.services.store.path(screen.workspace.figures.last_turn.id)
        assert next(message.content for message in stored) == PROMPT
        assert len(stored) == 2


async def test_a_prompt_stands_in_a_new_session_before_the_answer_begins(groq):
    async with chatting() as (pilot, screen):
        await ask(pilot, screen, "Hi")
        await pilot.press("ctrl+n")
        await shows(pilot, screen, "Ask anything. What")
        groq.arm("rate_limited=50*1")
        screen.composer.text = PROMPT
        await pilot.press("enter")
        await shows(pilot, screen, f"▎ {PROMPT}")


async def test_a_session_is_there_when_it_is_opened_from_the_welcome(groq):
    async with chatting(size=(120, 40)) as (pilot, screen):
        await ask(pilot, screen, PROMPT)
        await pilot.press("ctrl+n")
        await shows(pilot, screen, "Ask anything. What")
        await pilot.press("ctrl+s", "down", "enter")
        await shows(pilot, screen, "on_demand")


async def test_a_short_wait_is_shown_and_ends_by_itself(groq):
    async with chatting() as (pilot, screen):
        groq.arm("rate_limited=2*1")
        screen.composer.text = PROMPT
        await pilot.press("enter")
        await shows(pilot, screen, "Next try in")
        assert "429" in seen(screen)
        await until(pilot, lambda: is_over(screen))
        assert "Next try in" not in seen(screen)


async def test_a_wait_can_be_cut_short(groq):
    async with chatting() as (pilot, screen):
        groq.arm("rate_limited=50*1")
        screen.composer.text = PROMPT
        await pilot.press("enter")
        await shows(pilot, screen, "Next try in")
        await pilot.press("f8", "r")
        await until(pilot, lambda: is_over(screen))


async def test_a_wait_can_be_cancelled_and_the_prompt_comes_back(groq):
    async with chatting() as (pilot, screen):
        groq.arm("rate_limited=50*1")
        screen.composer.text = PROMPT
        await pilot.press("enter")
        await shows(pilot, screen, "Next try in")
        await pilot.press("escape")
        await until(pilot, lambda: not screen.conversation.is_busy)
        await until(pilot, lambda: screen.composer.text == PROMPT)


async def test_another_model_can_be_asked_while_one_waits(groq):
    async with chatting() as (pilot, screen):
        groq.arm("rate_limited=50*1")
        screen.composer.text = PROMPT
        await pilot.press("enter")
        await shows(pilot, screen, "Next try in")
        await pilot.press("f8", "d")
        await until(pilot, lambda: "Rate limit" in seen(pilot.app.screen))
        await until(pilot, lambda: isinstance(pilot.app.screen, ErrorsScreen))
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is screen)
        await pilot.press("f8", "m")
        await until(pilot, lambda: isinstance(pilot.app.screen, ModelPicker))
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is screen)
        assert "Next try in" in seen(screen)  # nothing was chosen
        await pilot.press("f8", "m")
        await until(pilot, lambda: isinstance(pilot.app.screen, ModelPicker))
        await pilot.press(*"gpt-oss-20b")
        await until(pilot, lambda: "gpt-oss-20b" in seen(pilot.app.screen))
        await pilot.pause()
        await pilot.press("enter")
        await until(pilot, lambda: is_over(screen))
        assert screen.workspace.figures.last_turn.model == "openai/gpt-oss-20b"
        assert screen.composer.text == ""
        assert "Next try in" not in seen(screen)


async def test_an_answer_that_was_cut_names_the_ways_on_that_the_chat_has(groq):
    async with chatting() as (pilot, screen):
        await screen.workspace.set_options(max_tokens=100)
        await ask(pilot, screen, PROMPT)
        await shows(pilot, screen, "The answer was cut at 100 tokens, as /max-tokens says.")
        await shows(pilot, screen, "/continue goes on")


async def test_a_cut_answer_is_kept_marked_and_continued(groq):
    async with chatting() as (pilot, screen):
        groq.arm("cut*1")
        await ask(pilot, screen, PROMPT)
        await shows(pilot, screen, "c continue")
        partial = screen.workspace.figures.last_turn
        assert partial.content
        assert "broken off" in seen(screen)
        await pilot.press("c")
        await until(pilot, lambda: screen.workspace.figures.last_turn is not partial)
        whole = screen.workspace.figures.last_turn
        assert whole.content.startswith(partial.content)
        await until(pilot, lambda: "2/2" in seen(screen) or len(seen(screen)) == 0)


async def test_a_gone_model_is_switched_with_one_key(groq):
    async with chatting(model="qwen/qwen3-32b") as (pilot, screen):
        await ask(pilot, screen, PROMPT, answered=False)
        await shows(pilot, screen, "m switch model")
        await pilot.press("m")
        await until(pilot, lambda: is_over(screen))
        assert screen.workspace.figures.last_turn.model == "openai/gpt-oss-120b"


async def test_escape_stops_and_keeps_what_came(groq):
    async with chatting() as (pilot, screen):
        groq.arm("stall=40*1")
        screen.composer.text = "write 500 tokens"
        await pilot.press("enter")
        entries = screen.conversation.transcript.entries
        await until(pilot, lambda: len(screen.conversation.transcript.entries) == 2)
        transcript = screen.conversation.transcript
        await until(pilot, lambda: transcript.source(transcript.entries[-1].id))
        await pilot.press("escape")
        await until(pilot, lambda: is_over(screen))
        assert "stopped" in seen(screen)
        assert screen.workspace.figures.last_turn.content
        assert entries is not None


async def test_versions_of_an_answer_can_be_walked(groq):
    async with chatting() as (pilot, screen):
        await ask(pilot, screen, PROMPT)
        await until(pilot, lambda: screen.workspace.figures.last_turn)
        first = screen.workspace.figures.last_turn
        await pilot.press("tab", "r")
        await until(pilot, lambda: screen.workspace.figures.last_turn is not first)
        await until(pilot, lambda: screen.conversation.transcript.entries[-1].version == "2/2")
        await pilot.press("left_square_bracket")
        await until(pilot, lambda: screen.conversation.transcript.entries[-1].id == first.id)


async def test_an_edited_prompt_begins_a_branch(groq):
    async with chatting() as (pilot, screen):
        await ask(pilot, screen, PROMPT)
        await until(pilot, lambda: screen.workspace.figures.last_turn)
        await pilot.press("tab", "e")
        await until(pilot, lambda: screen.composer.text == PROMPT)
        first = screen.workspace.figures.last_turn
        screen.composer.text = "Write a haiku"
        await pilot.press("enter")
        await until(pilot, lambda: screen.workspace.figures.last_turn is not first)
        entries = screen.conversation.transcript.entries
        assert [entry.role for entry in entries] == ["user", "assistant"]
        await until(pilot, lambda: entries[0].version or True)
        assert "Write a haiku" in seen(screen)


async def test_a_key_in_a_prompt_is_asked_about_first(groq):
    async with chatting() as (pilot, screen):
        screen.composer.text = "is gsk_" + "a" * 52 + " a key?"
        await pilot.press("enter")
        await shows(pilot, screen, "contains an API key")
        assert not screen.conversation.is_busy
        assert screen.composer.text


async def test_commands_are_completed(groq):
    async with chatting() as (pilot, screen):
        await pilot.press("slash", "m", "o", "tab")
        assert screen.composer.text == "/model "


async def test_ctrl_c_clears_and_then_says_how_to_leave(groq):
    async with chatting() as (pilot, screen):
        await pilot.press(*"hello", "ctrl+c")
        await until(pilot, lambda: not screen.composer.text)
        await pilot.press("ctrl+c")
        await shows(pilot, screen, "Ctrl+Q quits")


async def test_a_draft_survives(groq):
    async with chatting() as (pilot, screen):
        await ask(pilot, screen, PROMPT)
        await pilot.press(*"unsent")
        await screen.save()
    async with chatting(resume=True) as (pilot, screen):
        await until(pilot, lambda: screen.composer.text == "unsent")


async def test_whoever_types_on_and_on_finds_most_of_it_after_a_crash(groq):
    async with chatting() as (pilot, screen):
        for letter in "neverpausing" * 2:
            await pilot.press(letter)
            await pilot.pause(0.1)
        kept = await screen.workspace.services.drafts.draft(UNSAVED)
        assert kept
        assert screen.composer.text.startswith(kept)


async def test_what_is_pasted_where_nothing_is_written_is_a_prompt(groq):
    async with chatting() as (pilot, screen):
        await ask(pilot, screen, PROMPT)
        await pilot.press("tab")
        assert screen.focused is screen.conversation.transcript
        pilot.app.post_message(Paste("two\nlines"))
        await until(pilot, lambda: screen.composer.text == "two\nlines")


async def test_what_is_unsent_stays_with_its_session(groq):
    async with chatting() as (pilot, screen):
        await ask(pilot, screen, PROMPT)
        first = screen.conversation.session.id
        await pilot.press(*"old", "ctrl+n", *"new")
        await until(pilot, lambda: screen.composer.text == "new")
        await screen.chat.opening.open(first)
        await until(pilot, lambda: screen.composer.text == "old")
        await pilot.press("ctrl+n")
        await until(pilot, lambda: screen.composer.text == "new")


async def test_a_megabyte_has_choices_before_anything_is_sent(groq):
    async with chatting() as (pilot, screen):
        await ask(pilot, screen, PROMPT)
        sent = len(groq._state.answers)
        text = "word " * 200_000
        screen.composer.text = text
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, OversizedPicker))
        await until(pilot, lambda: "Part by part" in seen(pilot.app.screen))
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is screen)
        await shows(pilot, screen, "never fits TPM 8,000")
        assert screen.composer.text == text
        assert len(groq._state.answers) == sent


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (200, 60)])
async def test_it_is_usable_at_any_size(groq, size):
    async with chatting(size=size) as (pilot, screen):
        await ask(pilot, screen, PROMPT)
        await until(pilot, lambda: screen.workspace.figures.last_turn)
        shown = seen(screen)
        assert "Ask anything" in shown
        assert ("gpt-oss-120b · ≈" in shown) == (size[0] < 110)
        groq.arm("rate_limited=61*1")
        await ask(pilot, screen, PROMPT, answered=False)
        await shows(pilot, screen, "r retry")


async def test_a_rejected_key_asks_for_another(server, monkeypatch):
    monkeypatch.setenv("GROQ_BASE_URL", server.url)
    monkeypatch.setenv("GROQ_API_KEY", REJECTED_KEY)
    async with chatting() as (pilot, screen):
        await shows(pilot, screen, "401")
        assert "k new key" in seen(screen)


async def test_a_prompt_in_a_saved_session_leaves_the_draft_of_the_unsaved_one(groq):
    async with chatting() as (pilot, screen):
        await ask(pilot, screen, "hello")
        drafts = screen.workspace.services.drafts
        await drafts.save_draft(UNSAVED, "half a thought")
        await ask(pilot, screen, "once more")
        await until(pilot, lambda: is_over(screen))
        assert await drafts.draft(UNSAVED) == "half a thought"


async def test_keys_act_in_the_order_in_which_they_were_pressed(groq):
    async with chatting() as (pilot, screen):
        for keys, text in (
            (("a", "b", "backspace", "c"), "ac"),
            (("ctrl+u", "d", "e", "left", "f"), "dfe"),
            (("h", "ctrl+w", "i"), "ie"),
        ):
            for key in keys:
                pilot.app.post_message(Key(key, key if len(key) == 1 else None))
            await until(pilot, lambda text=text: screen.composer.text == text)


async def test_an_end_without_an_answer_says_so_and_can_be_asked_again(groq):
    async with chatting() as (pilot, screen):
        await ask(pilot, screen, "Hi simulate: says_nothing*1", answered=False)
        await shows(pilot, screen, "✗ no answer")
        await shows(pilot, screen, "Empty answer")
        assert screen.composer.text == ""
        await pilot.press("r")
        await until(pilot, lambda: "2/2" in seen(screen) and not screen.conversation.is_busy)
        assert "✗ no answer" not in seen(screen)


async def test_a_part_of_an_answer_tells_why_there_is_no_more(groq):
    async with chatting() as (pilot, screen):
        await ask(pilot, screen, "Hi simulate: ends_refused=9")
        await shows(pilot, screen, "ended in a refusal · ")
        await shows(pilot, screen, "I'm sorry, but I can't help with that.")
        await shows(pilot, screen, "… cut short")


async def test_page_up_and_down_scroll_the_messages_from_the_composer(groq):
    async with chatting() as (pilot, screen):
        await ask(pilot, screen, "write 900 tokens")
        await until(pilot, lambda: screen.workspace.figures.last_turn)
        transcript = screen.conversation.transcript

        def is_at_end():
            return transcript.scroll_offset.y == transcript.max_scroll_y > 0

        await until(pilot, is_at_end)
        assert screen.prompt.has_focus
        await pilot.press("pageup", "pageup")
        await until(pilot, lambda: not is_at_end())
        await pilot.press("pagedown", "pagedown", "pagedown")
        await until(pilot, is_at_end)
        screen.composer.text = "line\n" * 60
        await pilot.press("pageup")
        await until(pilot, lambda: screen.prompt.cursor_location[0] < 59)
        assert is_at_end()
