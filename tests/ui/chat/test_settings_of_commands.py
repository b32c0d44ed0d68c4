"""What a command says it did is what is in force afterwards, whatever was set before."""

from contextlib import nullcontext
from types import SimpleNamespace

import pytest

from groqchat.domain.errors.tree import StorageError
from groqchat.ui.keys.entry import KeyScreen
from groqchat.ui.terminal.editor import edit_file
from groqchat.ui.widgets.toast_cards import ErrorCard, Notice
from tests.ui.chat.test_chat_screen import PROMPT, ask, chatting
from tests.ui.chat.test_fallback import write_settings
from tests.ui.stage import PATIENCE_S, groqchat, seen, until

# What is written, what is said, and whether the words come back to be changed.
IN_AN_EMPTY_SESSION = (
    ("/retry", "There is no prompt to answer yet.", False),
    ("/continue", "There is no answer to continue.", False),
    ("/edit", "There is no prompt to edit yet.", False),
    ("/copy", "There is no answer to copy yet.", False),
    ("/export", "There is nothing to export here yet", False),
    ("/delete", "This session is not saved yet", False),
    ("/attach", "Write /attach and a path", True),
    ("/attach no-such-file", "Nothing is attached", True),
    ("/model 0b", "'0b' may be", True),
    ("/model whisper-large-v3", "whisper-large-v3 does not chat", True),
    ("/compare whisper-large-v3 openai/gpt-oss-20b", "whisper-large-v3 does not chat", True),
    ("/effort colossal", "openai/gpt-oss-120b takes low, medium, high", True),
    ("/effort hihg", "did you mean high?", True),
    ("/tier flx", "did you mean flex?", True),
    ("/theme groq-drak", "did you mean groq-dark?", True),
    ("/tier gold", "/tier gold: the tiers are on_demand", True),
    ("/max-tokens few", "/max-tokens few: a whole number of tokens", True),
    ("/max-tokens 9999999", "openai/gpt-oss-120b takes at most 65,536 tokens", True),
    ("/theme nope", "There is no theme nope", True),
    ("/budget lots", "Write /budget 10 for a month", True),
    ("/budget 5", "Monthly budget: $5.00 (list price).", False),
    ("/budget session 1", "Session budget: $1.00 (list price).", False),
    ("/budget off", "Monthly budget removed. Session budget: still $1.00", False),
    ("/budget session off", "Session budget removed.", False),
    ("/budget", "No budget is set.", False),
    ("/cost", "This session: $0", False),
    ("/reasoning", "Reasoning is unfolded now.", False),
    ("/reasoning", "Reasoning is folded now.", False),
    ("/rename Before all", "“Before all” now; it is saved with its first prompt.", False),
)
WITH_AN_ANSWER = (
    ("/copy that", "/copy that: write /copy, /copy 1 for a code block", True),
    ("/copy ²", "/copy ²: write /copy, /copy 1 for a code block", True),
    ("/copy 999", "This message has", False),
    ("/continue", "The last answer is complete", False),
    ("/rename Anew", "The session is called “Anew” now.", False),
)
WHILE_ONE_IS_WRITTEN = ("/retry", "/continue", "/edit")


def told(screen):
    """What the notices say, in a row."""
    return " ".join(notice.text for notice in screen.query(Notice))


async def try_all(pilot, screen, deeds):
    for written, said, comes_back in deeds:
        for notice in screen.query(Notice):
            notice.on_click()
        await until(pilot, lambda: not told(screen))
        screen.composer.text = written
        await pilot.press("enter")
        await until(pilot, lambda said=said: said in told(screen))
        if comes_back:
            await until(pilot, lambda written=written: screen.composer.text.strip() == written)
        assert comes_back or screen.composer.text == "", written
        screen.composer.text = ""


async def test_each_command_says_what_it_did(groq):
    async with chatting() as (pilot, screen):
        await try_all(pilot, screen, IN_AN_EMPTY_SESSION)
        assert screen.conversation.options.effort is None
        await ask(pilot, screen, PROMPT)
        session_id = screen.conversation.session.id
        assert (await screen.workspace.services.store.session(session_id)).title == "Before all"
        await try_all(pilot, screen, WITH_AN_ANSWER)
        assert (await screen.workspace.services.store.session(session_id)).title == "Anew"
        groq.arm("stall=40*1")
        await ask_and_leave(pilot, screen, "More")
        for written in WHILE_ONE_IS_WRITTEN:
            await try_all(
                pilot, screen, [(written, "The last prompt is still being answered", False)]
            )
        await screen.conversation.stop()


async def ask_and_leave(pilot, screen, text):
    screen.composer.text = text
    await pilot.press("enter")
    await until(pilot, lambda: screen.conversation.is_busy and not screen.composer.text)


async def test_an_edited_prompt_stays_with_its_session_when_another_is_opened(groq):
    async with chatting() as (pilot, screen):
        await ask(pilot, screen, "One")
        first = screen.conversation.session.id
        screen.composer.text = "Set aside"
        screen.chat.dispatch.run("edit")
        await until(pilot, lambda: screen.composer.text == "One")
        screen.composer.text = "One, edited"
        await pilot.press("ctrl+n")
        await until(pilot, lambda: screen.conversation.session.id != first)
        await ask(pilot, screen, "Of the new session")
        prompt = await screen.conversation.branch.last_prompt()
        assert (prompt.parent_id, prompt.session_id) == (None, screen.conversation.session.id)
        assert screen.composer.text == ""
        await screen.chat.opening.open(first)
        await until(pilot, lambda: screen.composer.text == "Set aside\n\nOne, edited")


async def test_what_is_written_outlives_the_session_that_is_deleted(groq):
    async with chatting() as (pilot, screen):
        await ask(pilot, screen, PROMPT)
        screen.composer.text = "Not sent yet"
        screen.chat.dispatch.run("delete")
        await until(pilot, lambda: f"“{PROMPT}” is in the bin" in told(screen))
        assert screen.composer.text == "Not sent yet"


async def test_without_a_key_each_command_says_so_or_does_without(groq, monkeypatch):
    monkeypatch.delenv("GROQ_API_KEY")
    app = groqchat()
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, KeyScreen))
        await pilot.press("escape")
        screen = app._chat
        await until(pilot, lambda: app.screen is screen)
        await try_all(pilot, screen, [("/budget", "No budget is set.", False)])
        for written, comes_back in (("/plan", False), ("/compare 120b 20b", True)):
            screen.composer.text = written
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(app.screen, KeyScreen))
            await pilot.press("escape")
            await until(pilot, lambda: "No API key yet; /keys enters one." in told(screen))
            await until(pilot, lambda w=written, b=comes_back: screen.composer.text == w * b)


@pytest.mark.parametrize("size", [(80, 24), (40, 12)])
async def test_a_notice_is_seen_beside_an_error(groq, size):
    async with chatting(size=size) as (pilot, screen):
        groq.arm("blocked_org*1")
        await ask(pilot, screen, PROMPT, answered=False)
        await until(pilot, lambda: "m switch model" in seen(screen))
        screen.chat.dispatch.run("tier", "flex")
        await until(pilot, lambda: "Service tier: flex, in this session." in seen(screen))
        assert "m switch model" in seen(screen)
        for notice in screen.query(Notice):
            notice.on_click()
        await until(pilot, lambda: "Service tier" not in seen(screen))


async def test_what_is_told_below_the_text_keeps_its_last_sentence(groq):
    async with chatting(size=(40, 12)) as (pilot, screen):
        screen.composer.tell("Many words about what happened, and more. " * 4 + "Press F9 now.")
        await until(pilot, lambda: "Press F9 now." in seen(screen))
        assert "…" in seen(screen)


async def test_changed_settings_are_in_force_or_said_to_come_later(groq, monkeypatch):
    # Only the command looks at the file.
    monkeypatch.setattr("groqchat.ui.chat.settings_watch.LOOKS_S", 1_000_000)
    monkeypatch.setattr("groqchat.ui.widgets.toast_cards.NOTICE_S", PATIENCE_S)
    write_settings('system = "Of old."\n')
    async with chatting() as (pilot, screen):
        # The editor is the test itself, which no terminal has to be given to.
        monkeypatch.setattr(pilot.app, "suspend", nullcontext)
        monkeypatch.setenv("EDITOR", "true")
        for written, said in (
            ('system = "New."\ntheme = "midnight"\n', "The settings now apply."),
            ('system = "New."\nattempts = 2\n', "These apply after the next start: attempts."),
        ):
            write_settings(written)
            screen.chat.dispatch.run("settings", "file")
            await until(pilot, lambda said=said: said in told(screen))
            assert screen.conversation.options.system == "New."
            assert pilot.app.theme == ("midnight" if "theme" in written else "groq-dark")


async def test_what_waits_for_the_next_start_is_what_differs_from_this_one(groq, monkeypatch):
    monkeypatch.setattr("groqchat.ui.chat.settings_watch.LOOKS_S", 1_000_000)
    monkeypatch.setattr("groqchat.ui.widgets.toast_cards.NOTICE_S", PATIENCE_S)
    monkeypatch.setenv("EDITOR", "true")
    of_old = 'plan = "developer"\n[prices."openai/gpt-oss-20b"]\ninput = "1"\noutput = "2"\n'
    write_settings(of_old)
    async with chatting() as (pilot, screen):
        monkeypatch.setattr(pilot.app, "suspend", nullcontext)
        for written, said in (
            ('theme = "midnight\n' + of_old, "is not valid TOML"),
            ('theme = "midnight"\n' + of_old, "The settings now apply."),
            ('theme = "midnight"\nattempts = 2\n' + of_old, "the next start: attempts."),
            ("attempts = 2\nsystem = 'New.'\n" + of_old, "The settings now apply."),
            ("attempts = 3\n" + of_old, "the next start: attempts. The others now apply."),
            (of_old, "The settings now apply."),
        ):
            for notice in screen.query(Notice):
                notice.on_click()
            await until(pilot, lambda: not screen.query(Notice))
            write_settings(written)
            screen.chat.dispatch.run("settings", "file")
            await until(pilot, lambda said=said: said in f"{told(screen)} {seen(screen)}")
            assert "plan" not in told(screen)
            assert "prices" not in told(screen)


def test_an_editor_can_save_the_first_settings_into_a_folder_that_was_missing(
    monkeypatch, tmp_path
):
    written, path = tmp_path / "written.toml", tmp_path / "new" / "groqchat" / "config.toml"
    written.write_text('system = "New."\n', "utf-8")
    monkeypatch.setenv("VISUAL", f"cp {written}")
    app = SimpleNamespace(suspend=nullcontext)
    edit_file(app, path)
    assert path.read_text("utf-8") == 'system = "New."\n'
    with pytest.raises(StorageError, match=r"written\.toml: File exists"):
        edit_file(app, written / "config.toml")


async def test_a_file_that_cannot_be_read_has_one_card_however_often_it_is_met(groq):
    write_settings("[budget\n")
    async with chatting() as (pilot, screen):
        await until(pilot, lambda: screen.query(ErrorCard))
        screen.composer.text = "hello"
        await pilot.press("enter")
        await until(pilot, lambda: "×2" in seen(screen))
        (card,) = screen.query(ErrorCard)
        assert card.error.facts.detail.startswith("config.toml (line 1) is not valid TOML")
        assert screen.composer.text == "hello"
