"""Options that are chosen before the start is over hold, and the model used last is kept."""

from groqchat.bootstrap import Launch, LocalServices
from groqchat.domain.errors.table import failure
from groqchat.domain.models.catalog import Model
from groqchat.simulator.background import BackgroundSimulator
from groqchat.simulator.options import Options
from groqchat.storage.catalog import load_catalog
from tests.ui.chat.test_chat_screen import ask, chatting, shows
from tests.ui.chat.test_fallback import write_settings
from tests.ui.chat.test_session_options import command
from tests.ui.stage import groqchat, held, seen, until

SMALL, LARGE = "openai/gpt-oss-20b", "openai/gpt-oss-120b"
EARLY = ("/model 20b", "/effort high", "/tier flex", "/system Rhyme.", "/max-tokens 600")


def told(options):
    return (
        options.model,
        options.effort,
        options.service_tier,
        options.system,
        options.max_tokens,
    )


CHOSEN = (SMALL, "high", "flex", "Rhyme.", 600)


async def choose(pilot, screen):
    """Run the commands while the start is held back, so that none of them comes to its notice."""
    await until(pilot, lambda: screen.has_chat)
    for text in EARLY:
        screen.composer.text = text
        await pilot.press("enter")
        await until(pilot, lambda: not screen.composer.text)
    await until(pilot, lambda: told(screen.conversation.options) == CHOSEN)


def starting_slowly(monkeypatch, **opening):
    """An app that has everything in its place, but whose database is not open yet."""
    opened = held(monkeypatch, LocalServices, "start")
    return groqchat(LocalServices(Launch()), **opening), opened


async def test_what_is_chosen_early_holds_in_a_new_session(groq, monkeypatch):
    for opening in ({}, {"model": "qwen/qwen3.8-27b"}):
        app, opened = starting_slowly(monkeypatch, **opening)
        async with app.run_test(size=(120, 40)) as pilot:
            await choose(pilot, app.screen)
            opened.set()
            await until(pilot, lambda app=app: app.screen.connection)
            await ask(pilot, app.screen, "Hello")
            assert told(app.screen.conversation.options) == CHOSEN
            assert app.screen.workspace.figures.last_turn.model == SMALL


async def test_what_is_chosen_early_holds_in_the_session_that_is_opened(groq, monkeypatch):
    async with chatting() as (pilot, screen):
        await command(pilot, screen, "/effort low")
        await ask(pilot, screen, "Hello")
        session_id = screen.conversation.session.id
    app, opened = starting_slowly(monkeypatch, resume=True)
    async with app.run_test(size=(120, 40)) as pilot:
        await choose(pilot, app.screen)
        opened.set()
        await until(pilot, lambda: app.screen.connection)
        assert app.screen.conversation.session.id == session_id
        assert told(app.screen.conversation.options) == CHOSEN
        saved = await app.screen.workspace.services.store.session(session_id)
        assert (saved.model, saved.effort, saved.service_tier) == CHOSEN[:3]


async def test_a_new_session_begins_with_the_model_used_last(groq):
    async with chatting() as (pilot, screen):
        assert screen.conversation.options.model == LARGE
        await command(pilot, screen, "/model 20b")
        await ask(pilot, screen, "Hello")
    async with chatting() as (_, screen):
        assert screen.conversation.options.model == SMALL
    write_settings(f'model = "{LARGE}"\n')
    async with chatting() as (_, screen):
        assert screen.conversation.options.model == LARGE


async def test_a_model_that_only_the_account_lists_is_waited_for(monkeypatch):
    models = [*load_catalog().models.values(), Model("nobody/knows-it")]
    with BackgroundSimulator(models, Options(rate=0)) as server:
        monkeypatch.setenv("GROQ_BASE_URL", server.url)
        monkeypatch.setenv("GROQ_API_KEY", "gsk_test_0123456789abcdefghij")
        app, opened = starting_slowly(monkeypatch)
        async with app.run_test(size=(120, 40)) as pilot:
            await until(pilot, lambda: app.screen.has_chat)
            screen = app.screen
            screen.composer.text = "/model knows-it"
            await pilot.press("enter")
            await shows(pilot, screen, "the model is chosen in a moment")
            assert screen.conversation.options.model != "nobody/knows-it"
            opened.set()
            await until(pilot, lambda: screen.conversation.options.model == "nobody/knows-it")


async def write_early(pilot, screen, text):
    """Enter a text before the database is open; what it was is on its way then."""
    screen.composer.text = text
    await pilot.press("enter")
    await until(pilot, lambda: not screen.composer.text)


async def test_commands_about_a_session_wait_until_it_is_open(groq, monkeypatch):
    """None of them is about the empty session that is there until then."""
    async with chatting() as (pilot, screen):
        await ask(pilot, screen, "Hello")
    app, opened = starting_slowly(monkeypatch, resume=True)
    async with app.run_test(size=(120, 40)) as pilot:
        screen = app.screen
        await until(pilot, lambda: screen.has_chat)
        for text in ("/rename Early", "/tag work", "/pin", "/info"):
            await write_early(pilot, screen, text)
        opened.set()
        await until(pilot, lambda: "Answer: details" in seen(app.screen))
        store, saved = screen.workspace.services.store, screen.conversation.session
        while not saved.is_pinned:
            saved = await store.session(saved.id)
        assert (saved.title, saved.tags, saved.is_pinned) == ("Early", ("work",), True)


async def test_commands_about_a_session_go_on_where_it_cannot_be_opened(groq, monkeypatch):
    async def fail(*_, **__):
        raise failure("disk", detail="it is locked")

    monkeypatch.setattr("groqchat.ui.chat.startup._wanted_session", fail)
    async with groqchat(resume=True).run_test(size=(120, 40)) as pilot:
        screen = pilot.app.screen
        await until(pilot, lambda: screen.has_chat)
        await write_early(pilot, screen, "/info")
        await shows(pilot, screen, "There is no answer yet.")
