"""Keys in the chat: looked at, checked, changed to, renewed; a prompt outlives a rejected key."""

import pytest

from groqchat.domain.errors.table import failure
from groqchat.domain.text.secret import Secret
from groqchat.services.account.keys import MemoryKeyStore
from groqchat.simulator.options import REJECTED_KEY
from groqchat.storage.keys import keyring_dialog
from groqchat.storage.keys.system_keyring import SystemKeyring
from groqchat.ui.keys.entry import KeyScreen
from groqchat.ui.keys.list import KeysScreen
from tests.storage.keys.pretend_secret_service import PretendSecretService, User
from tests.storage.keys.test_secret_service import bus, home
from tests.ui.chat.test_chat_screen import PROMPT, chatting, shows
from tests.ui.stage import groqchat, seen, until

__all__ = ["bus", "home"]  # its fixtures are used here

WORK, HOME, NEW = "gsk_test_key_of_work_0001", "gsk_test_key_of_home_0002", "gsk_test_new_key_0003"
PASTED = "gsk_" + "testOfNobody0123456789"


@pytest.fixture
async def keyring(monkeypatch, groq):
    """Two stored keys, and none in the environment."""
    key_store = MemoryKeyStore()
    monkeypatch.setattr("groqchat.bootstrap.SystemKeyring", lambda: key_store)
    monkeypatch.delenv("GROQ_API_KEY")
    from groqchat.bootstrap import Launch, open_services
    from groqchat.domain.text.secret import Secret

    async with open_services(Launch()) as services:
        await services.keys.add("default", Secret(WORK))
        await services.keys.add("home", Secret(HOME), "ACME")
    return key_store


async def told(pilot, text):
    """Wait until a text stands on whichever screen is the present one."""
    await until(pilot, lambda: text in seen(pilot.app.screen))


async def open_keys(pilot, screen):
    screen.chat.dispatch.run("keys")
    await until(pilot, lambda: isinstance(pilot.app.screen, KeysScreen))


async def enter_key(pilot, key):
    await until(pilot, lambda: isinstance(pilot.app.screen, KeyScreen))
    pilot.app.screen.query_one("Input").value = key
    await pilot.press("enter")
    await until(pilot, lambda: not isinstance(pilot.app.screen, KeyScreen))


async def test_keys_are_shown_checked_and_changed_to(keyring):
    async with chatting() as (pilot, screen):
        await open_keys(pilot, screen)
        await told(pilot, "● default")
        shown = seen(pilot.app.screen)
        assert "gsk_…0001" in shown
        assert "gsk_…0002" in shown
        await pilot.press("down", "c")
        await told(pilot, "The key works.")
        assert "valid, 2" in seen(pilot.app.screen)
        assert "ACME" in seen(pilot.app.screen)
        await told(pilot, "allowed")
        await pilot.press("enter")
        await until(pilot, lambda: screen.connection.key.profile == "home")
        await told(pilot, "● home")
        assert screen.workspace.services.settings.profile == "home"
        await pilot.press("escape")
        assert WORK not in seen(screen)


async def test_keys_are_added_renamed_and_removed(keyring):
    async with chatting() as (pilot, screen):
        await open_keys(pilot, screen)
        await pilot.press("a", *"team", "enter")
        await enter_key(pilot, NEW)
        await told(pilot, "Stored as team in memory")
        assert screen.connection.key.profile == "default"
        await pilot.press("up", "up", "r", *"mine", "enter")
        await told(pilot, "default is called mine now")
        assert screen.connection.key.profile == screen.workspace.services.settings.profile == "mine"
        await pilot.press("up", "d")
        await told(pilot, "Remove the key of home")
        await pilot.press("y")
        await told(pilot, "The key of home is removed.")
        assert [each.name for each in await screen.workspace.services.keys.list()] == [
            "mine",
            "team",
        ]


async def test_enter_uses_the_key_that_was_just_added_and_works_on_the_renamed_one(keyring):
    async with chatting() as (pilot, screen):
        await open_keys(pilot, screen)
        await pilot.press("a", *"team", "enter")
        await enter_key(pilot, NEW)
        await told(pilot, "Enter uses it")
        await pilot.press("enter")
        await told(pilot, "The chat uses team (gsk_…0003) now.")
        await pilot.press("up", "r", *"away", "enter")
        await told(pilot, "home is called away now")
        await pilot.press("enter")
        await told(pilot, "The chat uses away (gsk_…0002) now.")


async def test_a_key_that_was_removed_is_shown_as_kept_for_this_run_while_it_is_used(keyring):
    async with chatting() as (pilot, screen):
        await open_keys(pilot, screen)
        await pilot.press("d", "y")
        await told(pilot, "The key of default is removed. The chat goes on with it until it ends.")
        await told(pilot, "not stored; kept for this run only")
        await pilot.press("escape")
        screen.composer.text = PROMPT
        await pilot.press("enter")
        await until(pilot, lambda: screen.workspace.figures.last_turn is not None)


async def test_a_key_is_renewed_in_one_go_and_the_old_one_stays_until_then(keyring):
    async with chatting() as (pilot, screen):
        await open_keys(pilot, screen)
        await pilot.press("o")
        await told(pilot, "gsk_…0001 stays until the new one works")
        await pilot.press("escape")
        await told(pilot, "gsk_…0001 is still there")
        await pilot.press("o")
        await enter_key(pilot, NEW)
        await told(pilot, "Delete gsk_…0001 at 127.0.0.1:")
        assert screen.connection.key.secret.reveal() == NEW
        assert (await keyring.key("default")).reveal() == NEW


async def test_a_key_rejected_in_mid_chat_is_replaced_and_the_prompt_kept(keyring, groq):
    async with chatting() as (pilot, screen):
        groq.arm("key_rejected@chat")
        screen.composer.text = PROMPT
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, KeyScreen))
        await told(pilot, "does not know this API key. It is gsk_…0001,")
        groq.disarm()
        await enter_key(pilot, NEW)
        await until(pilot, lambda: screen.connection.key.secret.reveal() == NEW)
        assert screen.composer.text == PROMPT
        await shows(pilot, screen, "Enter sends the prompt again")
        await pilot.press("enter")
        await until(pilot, lambda: screen.workspace.figures.last_turn is not None)
        assert (await keyring.key("default")).reveal() == NEW


async def test_the_environments_key_is_listed_and_cannot_be_removed(keyring, monkeypatch):
    monkeypatch.setenv("GROQ_API_KEY", NEW)
    async with chatting(size=(60, 16)) as (pilot, screen):
        await open_keys(pilot, screen)
        await told(pilot, "GROQ_API_KEY (used instead")
        await pilot.press("d")
        await told(pilot, "nothing to remove")
        await pilot.press("down", "enter")
        await until(pilot, lambda: screen.connection.key.source == "keyring")


async def test_without_any_key_one_is_asked_for(groq, monkeypatch):
    monkeypatch.setenv("GROQ_API_KEY", REJECTED_KEY)
    async with chatting() as (pilot, screen):
        await shows(pilot, screen, "k new key")
        await pilot.press("k")
        await until(pilot, lambda: isinstance(pilot.app.screen, KeyScreen))
        await told(pilot, "does not know this API key")


async def test_a_key_in_the_composer_is_warned_of_and_never_written_down(groq):
    async with chatting() as (pilot, screen):
        screen.composer.text = f"export GROQ_API_KEY={PASTED}"
        await pilot.press("enter")
        await shows(pilot, screen, "contains an API key")
        assert PASTED in screen.composer.text
        await screen.save()
        assert (
            await screen.workspace.services.drafts.draft(screen.conversation.branch.draft_id) == ""
        )
        await pilot.press("enter")
        await until(pilot, lambda: screen.workspace.figures.last_turn is not None)


async def test_what_is_typed_unseen_gets_onto_no_clipboard(keyring):
    async with chatting() as (pilot, screen):
        await open_keys(pilot, screen)
        await pilot.press("o")
        await until(pilot, lambda: isinstance(pilot.app.screen, KeyScreen))
        field = pilot.app.screen.query_one("Input")
        field.value = PASTED
        for key in ("ctrl+c", "ctrl+x"):
            field.select_all()
            await pilot.press(key)
        assert field.value == ""
        assert pilot.app.clipboard == ""
        assert PASTED not in pilot.app.export_screenshot()


async def test_without_a_key_the_composer_says_how_to_enter_one_and_a_prompt_asks_for_it(
    groq, monkeypatch
):
    key_store = MemoryKeyStore()
    monkeypatch.setattr("groqchat.bootstrap.SystemKeyring", lambda: key_store)
    monkeypatch.delenv("GROQ_API_KEY")
    app = groqchat()
    async with app.run_test(size=(40, 12)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, KeyScreen))
        await told(pilot, "There is no key for the profile")
        await pilot.press("escape")
        await told(pilot, "No API key yet · /keys enters one")
        screen = app.screen
        screen.composer.text = PROMPT
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, KeyScreen))
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen)
        assert screen.composer.text == PROMPT
        await pilot.press("enter")
        await enter_key(pilot, NEW)
        await until(pilot, lambda: screen.workspace.figures.last_turn is not None)
        assert screen.composer.text == ""
        await told(pilot, "Ask anything")
        assert (await key_store.key("default")).reveal() == NEW


async def test_all_that_may_be_done_with_keys_is_in_reach_on_a_small_screen(keyring):
    async with chatting(size=(40, 12)) as (pilot, screen):
        await open_keys(pilot, screen)
        await told(pilot, "the keyring (memory)")
        assert all(word in seen(pilot.app.screen) for word in ("● default", "home", "Esc close"))
        await pilot.press("down", "c")
        await told(pilot, "The key works.")
        await told(pilot, "allowed")
        await pilot.press("o")
        await enter_key(pilot, NEW)
        await told(pilot, "home is gsk_…0003 now, in memory.")
        await told(pilot, "takes it.")
        assert "home           gsk_…0003  valid" in seen(pilot.app.screen)


async def test_the_environments_key_is_not_forgotten_when_another_takes_its_place(
    keyring, monkeypatch
):
    monkeypatch.setenv("GROQ_API_KEY", HOME)
    async with chatting() as (pilot, screen):
        await open_keys(pilot, screen)
        await told(pilot, "GROQ_API_KEY (used instead")
        await pilot.press("o")
        await enter_key(pilot, NEW)
        await told(pilot, "GROQ_API_KEY still holds gsk_…0002")
        assert screen.connection.key.secret.reveal() == NEW


async def test_a_key_that_can_be_read_again_is_used_for_the_next_prompt(keyring, monkeypatch):
    read = keyring.key

    async def locked(_):
        raise failure("keyring_locked", detail="nobody unlocked it")

    monkeypatch.setattr(keyring, "key", locked)
    app = groqchat()
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, KeyScreen))
        await told(pilot, "nobody unlocked it")
        await pilot.press("escape")
        await told(pilot, "/keys enters one")
        monkeypatch.setattr(keyring, "key", read)
        screen = app.screen
        screen.composer.text = PROMPT
        await pilot.press("enter")
        await until(pilot, lambda: screen.workspace.figures.last_turn is not None)
        assert screen.connection.key.secret.reveal() == WORK


async def test_a_key_that_the_database_does_not_know_is_listed_all_the_same(keyring, groqchat_home):
    (groqchat_home / "groqchat.db").unlink()
    async with chatting() as (pilot, screen):
        await open_keys(pilot, screen)
        await told(pilot, "● default")
        assert "gsk_…0001" in seen(pilot.app.screen)
        await pilot.press("c")
        await told(pilot, "valid, 2")
        await pilot.press("r", *"mine", "enter")
        await told(pilot, "default is called mine now")
        assert (await keyring.key("mine")).reveal() == WORK


@pytest.mark.keyring
async def test_what_the_keyring_asks_is_said_in_the_window_and_over_the_chat(
    groq, bus, monkeypatch
):
    monkeypatch.setattr(keyring_dialog, "SHOWN_AFTER_S", 0)
    monkeypatch.delenv("GROQ_API_KEY")
    user = User()
    with PretendSecretService(user) as service:
        await SystemKeyring().store_key("default", Secret(WORK))
        user.is_there.clear()
        app = groqchat()
        async with app.run_test(size=(80, 24)) as pilot:
            await told(pilot, "Your keyring is asking you")
            user.is_there.set()
            await until(pilot, lambda: app.screen.connection is not None)
            await until(pilot, lambda: "keyring is asking" not in seen(app.screen))
            app.screen.chat.dispatch.run("keys")
            await until(pilot, lambda: isinstance(app.screen, KeysScreen))
            user.is_there.clear()
            await pilot.press("o")
            await until(pilot, lambda: isinstance(app.screen, KeyScreen))
            app.screen.query_one("Input").value = NEW
            await pilot.press("enter")
            await told(pilot, "Your keyring is asking you")
            user.is_there.set()
            await told(pilot, "default is gsk_…0003 now")
        assert service.secrets() == {"default": NEW.encode()}


@pytest.mark.keyring
async def test_esc_ends_the_wait_for_a_keyring_that_asks(groq, bus, monkeypatch):
    monkeypatch.setattr(keyring_dialog, "SHOWN_AFTER_S", 0)
    monkeypatch.delenv("GROQ_API_KEY")
    user = User()
    with PretendSecretService(user) as service:
        await SystemKeyring().store_key("default", Secret(WORK))
        user.answers["access"] = None
        app = groqchat()
        async with app.run_test(size=(80, 24)) as pilot:
            await told(pilot, "Esc cancels.")
            app.screen.composer.text = PROMPT
            await pilot.press("enter")
            await told(pilot, "your prompt stays")
            await pilot.press("escape")
            await told(pilot, "No API key yet; /keys enters one.")
            await until(pilot, lambda: user.dismissed == ["access"])
            assert "keyring is asking" not in seen(app.screen)
            assert app.screen.composer.text == PROMPT
            user.answers["access"] = True
            await pilot.press("enter")
            await until(pilot, lambda: app.screen.workspace.figures.last_turn is not None)
            app.screen.chat.dispatch.run("keys")
            await until(pilot, lambda: isinstance(app.screen, KeysScreen))
            user.answers["delete"] = None
            await pilot.press("d", "y")
            await until(pilot, lambda: "keyring is asking" in seen(app.screen))
            await pilot.press("escape")
            await until(pilot, lambda: isinstance(app.screen, KeysScreen))
        assert service.secrets() == {"default": WORK.encode()}
