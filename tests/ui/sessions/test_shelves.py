"""Sessions are put in order by keys in the list and by commands, and nothing of it is final."""

from contextlib import asynccontextmanager

import pytest

from groqchat.domain.sessions.shelf import Shelf
from groqchat.domain.turns.chat import Message, Role, Session
from tests.ui.chat.test_chat_screen import ask, chatting
from tests.ui.stage import seen, until

SIZE = (160, 40)
DAY_S = 86_400


@asynccontextmanager
async def listed(size=SIZE):
    """The chat with the sessions One (a day ago), Two and Three (now); the list has the keys."""
    async with chatting(size=size) as (pilot, screen):
        services = screen.workspace.services
        now = services.clock.now()
        for number, title in enumerate(("One", "Two", "Three")):
            at = now - DAY_S * (number == 0) - 10 + number
            await services.store.create_session(Session(f"s{number}", title, at, at, "m/a"))
            prompt = Message(f"q{number}", f"s{number}", None, Role.USER, f"about {title}", at)
            await services.store.add_message(prompt)
        await screen.chat.listing.refresh()
        await pilot.press("ctrl+s")
        await until(pilot, lambda: screen.focused is screen.chat.session_list.filter)
        yield pilot, screen


def rows(screen):
    """What stands in the list, without marks."""
    options = screen.chat.session_list._options
    return [str(option.prompt).strip() for option in options.options]


async def shown(pilot, screen, wanted):
    await until(pilot, lambda: rows(screen) == wanted)


async def run(pilot, screen, written):
    screen.set_focus(screen.prompt)
    screen.composer.text = written
    await pilot.press("enter")


async def test_sessions_are_grouped_by_day_and_pinned_ones_come_first(groq):
    async with listed() as (pilot, screen):
        await shown(pilot, screen, ["Today", "Three", "Two", "Yesterday", "One"])
        await pilot.press("down", "down", "f3")
        await shown(pilot, screen, ["Pinned", "One", "Today", "Three", "Two"])
        await until(pilot, lambda: "“One” is pinned above the others" in seen(screen))
        await pilot.press("f3")
        await shown(pilot, screen, ["Today", "Three", "Two", "Yesterday", "One"])


async def test_a_session_is_deleted_and_brought_back_by_one_key_each(groq):
    async with listed() as (pilot, screen):
        await pilot.press("down", "delete")
        await shown(pilot, screen, ["Today", "Three", "Yesterday", "One"])
        await until(pilot, lambda: "“Two” is in the bin for 30 days" in seen(screen))
        await pilot.press("delete")  # the one that took its place
        await shown(pilot, screen, ["Today", "Three"])
        await pilot.press("ctrl+z")
        await shown(pilot, screen, ["Today", "Three", "Yesterday", "One"])
        await pilot.press("ctrl+z")
        await shown(pilot, screen, ["Today", "Three", "Two", "Yesterday", "One"])
        await pilot.press("ctrl+z")
        await until(pilot, lambda: "The bin is empty" in seen(screen))


async def test_an_archived_session_is_listed_where_that_is_asked_for(groq):
    async with listed() as (pilot, screen):
        await pilot.press("f4")
        await shown(pilot, screen, ["Today", "Two", "Yesterday", "One"])
        await run(pilot, screen, "/sessions is:archived")
        await shown(pilot, screen, ["Today", "Three"])
        await pilot.press("f4")
        await until(pilot, lambda: rows(screen) == ["Nothing matches"])
        await pilot.press("escape")
        await shown(pilot, screen, ["Today", "Three", "Two", "Yesterday", "One"])


async def test_tags_are_written_and_filter_the_list(groq):
    async with listed() as (pilot, screen):
        await pilot.press("f5")
        await until(pilot, lambda: "the list finds them as tag:WORD" in seen(pilot.app.screen))
        await pilot.press(*"Work tax", "enter")
        await until(pilot, lambda: "Three #tax #work" in rows(screen))
        await pilot.press(*"tag:tax")
        await shown(pilot, screen, ["Today", "Three #tax #work"])
        store = screen.workspace.services.store
        assert (await store.session("s2")).tags == ("tax", "work")


async def test_the_list_is_narrowed_as_one_types_by_titles_and_texts(groq):
    async with listed() as (pilot, screen):
        await pilot.press(*"about tw")
        await shown(pilot, screen, ["Today", "Two"])
        await pilot.press("enter")
        await until(pilot, lambda: screen.conversation.session.id == "s1")
        await shown(pilot, screen, ["Today", "Three", "● Two", "Yesterday", "One"])


async def test_enter_right_behind_the_filter_opens_what_it_finds(groq):
    async with listed() as (pilot, screen):
        await pilot.press(*"one", "enter")
        await until(pilot, lambda: screen.conversation.session.id == "s0")


async def test_a_mistake_in_the_filter_is_told_in_the_list(groq):
    async with listed() as (pilot, screen):
        await pilot.press(*"modle:x")
        await until(pilot, lambda: "did you mean" in " ".join(rows(screen)))
        await pilot.press("delete", "f2", "f3", "enter")  # nothing is there to act on
        await pilot.press("escape")
        await shown(pilot, screen, ["Today", "Three", "Two", "Yesterday", "One"])


async def test_a_session_is_renamed_where_it_stands(groq):
    async with listed() as (pilot, screen):
        await pilot.press("down", "f2")
        await until(pilot, lambda: "Rename the session" in seen(pilot.app.screen))
        await pilot.press(*"New name", "enter")
        await shown(pilot, screen, ["Today", "Three", "New name", "Yesterday", "One"])
        assert screen.conversation.session.title == ""


async def test_a_copy_is_opened_and_has_all_of_it(groq):
    async with listed() as (pilot, screen):
        await pilot.press("f6")
        await until(pilot, lambda: "Copy of Three" in " ".join(rows(screen)))
        await until(pilot, lambda: screen.conversation.session.title == "Copy of Three")
        services = screen.workspace.services
        copy = screen.conversation.session
        (message,) = await services.store.everything(copy.id)
        assert (message.content, message.id) != ("about Three", "q2")
        assert message.content == "about Three"
        assert (await services.store.messages(["q2"]))["q2"].session_id == "s2"


async def test_commands_act_on_the_open_session(groq):
    async with chatting(size=SIZE) as (pilot, screen):
        store = screen.workspace.services.store
        for command in ("/pin", "/archive", "/tag x", "/duplicate", "/delete"):
            await run(pilot, screen, command)
            await until(pilot, lambda: "This session is not saved yet" in seen(screen))
            screen.toasts.clear_notices()
        await ask(pilot, screen, "Hello")
        own = screen.conversation.session.id
        await run(pilot, screen, "/pin")
        await until(pilot, lambda: "is pinned above" in seen(screen))
        await run(pilot, screen, "/tag +work")
        await until(pilot, lambda: "has the tags #work" in seen(screen))
        await run(pilot, screen, "/tag off")
        await until(pilot, lambda: "has no tags" in seen(screen))
        await run(pilot, screen, "/rename A title")
        await until(pilot, lambda: "is called “A title” now" in seen(screen))
        await run(pilot, screen, "/archive")
        await until(pilot, lambda: "is in the archive" in seen(screen))
        found = await store.session(own)
        assert (found.is_pinned, found.is_archived, found.tags) == (True, True, ())
        await run(pilot, screen, "/delete")
        await until(pilot, lambda: "is in the bin for 30 days" in seen(screen))
        await until(pilot, lambda: screen.conversation.session.id != own)
        assert await store.session(own) is None
        await run(pilot, screen, "/restore")
        await until(pilot, lambda: "“A title” is restored" in seen(screen))
        assert "is in the bin" not in seen(screen)
        assert (await store.session(own)).is_archived


async def test_what_is_written_stays_when_the_open_session_is_deleted(groq):
    async with chatting(size=SIZE) as (pilot, screen):
        await ask(pilot, screen, "Hello")
        own = screen.conversation.session.id
        await pilot.press(*"half a thought")
        screen.chat.dispatch.run("delete")
        await until(pilot, lambda: screen.conversation.session.id != own)
        await until(pilot, lambda: screen.composer.text == "half a thought")


async def test_the_bin_restores_and_deletes_for_good_when_that_is_confirmed(groq):
    async with listed(size=(80, 24)) as (pilot, screen):
        services = screen.workspace.services
        await services.bin.put(["s0", "s1", "s2"])
        await run(pilot, screen, "/bin")
        await until(pilot, lambda: "kept for 30 days more" in seen(pilot.app.screen))
        await pilot.press(*"one")
        await until(pilot, lambda: "Three" not in seen(pilot.app.screen))
        await pilot.press("enter")
        await until(pilot, lambda: "“One” is restored" in seen(screen))
        await pilot.press(*"/bin", "enter")
        await until(pilot, lambda: "kept for 30 days more" in seen(pilot.app.screen))
        await pilot.press("f6")
        await until(pilot, lambda: "for good? Nothing brings it back" in seen(pilot.app.screen))
        await pilot.press("escape")
        await until(pilot, lambda: "Nothing brings it back" not in seen(pilot.app.screen))
        assert len(await services.bin.sessions()) == 2
        await pilot.press("f6")
        await until(pilot, lambda: "for good? Nothing brings it back" in seen(pilot.app.screen))
        await pilot.pause()
        await pilot.press("y")
        await until(pilot, lambda: "Nothing brings it back" not in seen(pilot.app.screen))
        while len(await services.bin.sessions()) != 1:
            await pilot.pause(0.02)
        await pilot.press("f8")
        await until(pilot, lambda: "Delete 1 session in the bin" in seen(pilot.app.screen))
        await pilot.pause()
        await pilot.press("y")
        await until(pilot, lambda: "No deleted session" in seen(pilot.app.screen))
        assert await services.bin.sessions() == []
        assert [each.id for each in await services.store.sessions(shelf=Shelf.KEPT)] == ["s0"]


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (40, 12)], ids=str)
async def test_the_list_can_be_read_at_every_size(groq, size):
    async with listed(size=size) as (pilot, screen):
        await until(pilot, lambda: all(word in seen(screen) for word in ("Today", "Three")))
        assert "Filter titles and texts" in seen(screen)
        assert "Enter open  Del delete" in seen(screen)
        await pilot.press("escape")
        await until(pilot, lambda: screen.focused is screen.prompt)


async def test_a_model_writes_a_title_only_after_its_price_was_agreed_to(groq):
    async with chatting(size=SIZE) as (pilot, screen):
        services = screen.workspace.services
        await run(pilot, screen, "/rename auto")
        await until(pilot, lambda: "There is nothing to name yet" in seen(screen))
        await ask(pilot, screen, "how tall do larches grow in winter")
        session_id = screen.conversation.session.id
        cost = (await services.store.session(session_id)).cost
        before = (await services.ledger.spent()).requests
        await run(pilot, screen, "/rename auto nonsense")
        await until(pilot, lambda: "/model lists the models" in seen(screen))
        screen.composer.text = ""
        for key in ("escape", "y"):
            await run(pilot, screen, "/rename auto")
            await until(pilot, lambda: "for a title? It gets" in seen(pilot.app.screen))
            assert "cost ≈ $0.0000" in seen(pilot.app.screen)
            assert (await services.ledger.spent()).requests == before
            await pilot.press(key)
            await until(pilot, lambda: pilot.app.screen is screen)
        await until(pilot, lambda: "called “How tall do larches grow in” now" in seen(screen))
        named = await services.store.session(session_id)
        assert named.title == "How tall do larches grow in"
        spent = await services.ledger.spent()
        assert spent.requests == before + 1
        assert named.cost == spent.cost > cost
        assert [each.id for each in await services.store.sessions(shelf=Shelf.KEPT)] == [session_id]
