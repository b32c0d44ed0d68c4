"""What the chat screen does about fallbacks, refused parameters and dead models."""

from groqchat.domain.turns.chat import Session
from groqchat.storage.catalog import load_catalog
from groqchat.storage.settings.paths import folders
from groqchat.ui.widgets.toast_cards import Notice
from tests.ui.chat.test_chat_screen import PROMPT, ask, chatting, shows
from tests.ui.stage import seen, until

MODEL = "openai/gpt-oss-120b"
SMALL = "openai/gpt-oss-20b"
RETIRED = "llama-3.3-70b-versatile"
REPLACEMENT = load_catalog().replacement_for(RETIRED).id


def write_settings(text):
    path = folders().settings_file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def said(screen):
    """What the notices that are on the screen say, however they are wrapped."""
    return " ".join(notice.text for notice in screen.query(Notice))


class TestDetours:
    async def test_a_fallback_model_is_named_where_it_answers(self, groq):
        write_settings(f'fallback = ["{SMALL}"]\n')
        async with chatting() as (pilot, screen):
            groq.arm("rate_limited=61*1")
            screen.composer.text = PROMPT
            await pilot.press("enter")
            await until(pilot, lambda: f"asking {SMALL} instead of {MODEL}" in said(screen))
            await until(pilot, lambda: screen.workspace.figures.last_turn)
            label = screen.conversation.transcript.entries[-1].label
            assert label == f"{SMALL} in place of {MODEL}"
            session_id = screen.conversation.session.id
            await screen.conversation.start_new()
            await screen.chat.opening.open(session_id)
            await until(pilot, lambda: screen.conversation.transcript.entries[-1].text)
            assert screen.conversation.transcript.entries[-1].label == label
            assert screen.conversation.options.model == MODEL
            assert len(screen.chat.reporter.log) == 1

    async def test_a_refused_parameter_is_dropped_with_one_key(self, groq):
        async with chatting() as (pilot, screen):
            await screen.workspace.set_options(effort="low")
            groq.arm("effort_unsupported*1")
            await ask(pilot, screen, PROMPT, answered=False)
            await shows(pilot, screen, "p drop it and resend")
            await pilot.press("f8", "p")
            await until(pilot, lambda: screen.workspace.figures.last_turn)
            assert screen.conversation.options.dropped == {"reasoning_effort"}

    async def test_models_that_are_gone_do_not_send_back_to_each_other(self, groq):
        best, second, third = (model.id for model in load_catalog().chat_models()[:3])
        async with chatting() as (pilot, screen):
            groq.arm("model_not_found*2")
            await ask(pilot, screen, PROMPT, answered=False)
            await shows(pilot, screen, f"m switch model to {second}")
            await pilot.press("f8", "m")
            await shows(pilot, screen, f"m switch model to {third}")
            await pilot.press("f8", "m")
            await until(pilot, lambda: screen.workspace.figures.last_turn)
            assert screen.workspace.figures.last_turn.model == third
            asked = [record.error.facts.model for record in screen.chat.reporter.log]
            assert sorted(asked) == sorted([best, second])


class TestModelReplacement:
    async def test_a_dead_default_is_replaced_in_the_settings_too(self, groq):
        path = write_settings(f'# mine\nmodel = "{RETIRED}"\n')
        async with chatting() as (pilot, screen):
            await until(pilot, lambda: f"it is {REPLACEMENT} from now on" in said(screen))
            assert screen.conversation.options.model == REPLACEMENT
        assert path.read_text() == f'# mine\nmodel = "{REPLACEMENT}"\n'

    async def test_a_session_goes_on_with_the_replacement_of_its_model(self, groq):
        async with chatting() as (pilot, screen):
            store, now = screen.workspace.services.store, screen.workspace.services.clock.now()
            await store.create_session(Session("old", "Old", now, now, RETIRED))
            await screen.chat.opening.open("old")
            await until(pilot, lambda: f"{RETIRED} was shut down" in said(screen))
            await until(pilot, lambda: screen.conversation.options.model == REPLACEMENT)

    async def test_a_model_asked_for_by_name_is_left_to_the_server(self, groq):
        async with chatting(model=RETIRED) as (pilot, screen):
            await until(pilot, lambda: screen.workspace.catalog.get(MODEL).live)
            await pilot.pause()
            assert screen.conversation.options.model == RETIRED


async def test_an_export_that_fails_offers_no_other_request(groq, tmp_path):
    async with chatting() as (pilot, screen):
        await ask(pilot, screen, "Hi")
        screen.composer.text = f"/export {tmp_path / 'nowhere' / 'file.md'}"
        await pilot.press("enter")
        await until(pilot, lambda: "Nothing is exported" in said(screen))
        assert "No such file or directory" in said(screen)
        assert "r retry" not in seen(screen)


async def test_the_last_answer_is_copied_while_a_prompt_has_none(groq):
    async with chatting() as (pilot, screen):
        await ask(pilot, screen, "Hi")
        answer = screen.workspace.figures.last_turn
        groq.arm("unprocessable*1")
        await ask(pilot, screen, PROMPT, answered=False)
        await shows(pilot, screen, "422")
        await pilot.press("ctrl+y")
        await shows(pilot, screen, f"{len(answer.content):,} characters")
