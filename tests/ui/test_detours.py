"""What the chat screen does about detours, refused parameters and dead models."""

import pytest

from groqchat.domain.chat import Session
from groqchat.simulator.background import BackgroundSimulator
from groqchat.simulator.options import Options
from groqchat.storage.catalog import load_catalog
from groqchat.storage.paths import folders
from groqchat.ui.startup import Opening
from tests.ui.stage import until
from tests.ui.test_chat_screen import PROMPT, ask, chatting, shows

MODEL = "openai/gpt-oss-120b"
SMALL = "openai/gpt-oss-20b"
RETIRED = "llama-3.3-70b-versatile"
HEIR = load_catalog().replacement_for(RETIRED).id


@pytest.fixture(scope="module")
def server():
    with BackgroundSimulator(load_catalog(), Options(rate=None)) as background:
        yield background


@pytest.fixture
def groq(server, monkeypatch):
    monkeypatch.setenv("GROQ_BASE_URL", server.url)
    monkeypatch.setenv("GROQ_API_KEY", "gsk_test_key_of_nobody")
    yield server.simulator
    server.simulator.disarm()


def write_settings(text):
    path = folders().settings_file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


class TestDetours:
    async def test_a_fallback_model_is_named_where_it_answers(self, groq):
        write_settings(f'fallback = ["{SMALL}"]\n')
        async with chatting() as (pilot, screen):
            groq.arm("rate_limited=61*1")
            await ask(pilot, screen, PROMPT)
            await until(pilot, lambda: screen.figures.last_turn)
            label = screen.conversation.transcript.entries[-1].label
            assert label == f"{SMALL} in place of {MODEL}"
            assert screen.conversation.options.model == MODEL
            assert len(screen.troubles.log) == 1

    async def test_a_refused_parameter_is_dropped_with_one_key(self, groq):
        async with chatting() as (pilot, screen):
            await screen.set_options(effort="low")
            groq.arm("effort_unsupported*1")
            await ask(pilot, screen, PROMPT, answered=False)
            await shows(pilot, screen, "p drop it and resend")
            await pilot.press("f8", "p")
            await until(pilot, lambda: screen.figures.last_turn)
            assert screen.conversation.options.dropped == {"reasoning_effort"}


class TestHealing:
    async def test_a_dead_default_is_replaced_in_the_settings_too(self, groq):
        path = write_settings(f'# mine\nmodel = "{RETIRED}"\n')
        async with chatting() as (pilot, screen):
            await shows(pilot, screen, f"it is {HEIR} from now on")
            assert screen.conversation.options.model == HEIR
        assert path.read_text() == f'# mine\nmodel = "{HEIR}"\n'

    async def test_a_session_goes_on_with_the_heir_of_its_model(self, groq):
        async with chatting() as (pilot, screen):
            store, now = screen.parts.store, screen.parts.clock.now()
            await store.create_session(Session("old", "Old", now, now, RETIRED))
            await screen.open_session("old")
            await until(pilot, lambda: screen.conversation.options.model == HEIR)

    async def test_a_model_asked_for_by_name_is_left_to_the_server(self, groq):
        async with chatting(opening=Opening(model=RETIRED)) as (pilot, screen):
            await until(pilot, lambda: screen.catalog.get(MODEL).live)
            await pilot.pause()
            assert screen.conversation.options.model == RETIRED
