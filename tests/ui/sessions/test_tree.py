"""Branches of a session are seen, and become sessions of their own."""

from contextlib import asynccontextmanager

import pytest

from groqchat.domain.turns.chat import Role
from tests.ui.chat.test_chat_screen import ask, chatting
from tests.ui.stage import seen, until


async def texts(screen, session_id):
    return [each.content for each in await screen.workspace.services.store.everything(session_id)]


async def test_a_message_is_forked_with_all_before_it_and_its_cost_is_counted_once(groq):
    async with chatting() as (pilot, screen):
        screen.composer.text = "/fork"
        await pilot.press("enter")
        await until(pilot, lambda: "There is nothing to fork yet" in seen(screen))
        await ask(pilot, screen, "alpha")
        await ask(pilot, screen, "beta")
        old, store = screen.conversation.session.id, screen.workspace.services.store
        before, written = await store.session(old), await texts(screen, old)
        spent = await screen.workspace.services.ledger.spent(session_id=old)
        first_answer = screen.conversation.transcript.entries[1].id
        screen.conversation.transcript.focus()
        screen.conversation.transcript.current = first_answer
        await pilot.press("f")
        await until(pilot, lambda: screen.conversation.session.id != old)
        await until(pilot, lambda: "the session before is as it was" in seen(screen))
        new = screen.conversation.session
        assert new.title == f"Fork of {before.title}"
        assert await texts(screen, new.id) == written[:2]
        assert await texts(screen, old) == written
        kept = await store.session(old)
        assert (kept.cost, kept.leaf_id) == (before.cost, before.leaf_id)
        assert before.cost
        assert (await store.session(new.id)).cost is None
        assert await screen.workspace.services.ledger.spent(session_id=old) == spent
        assert (await screen.workspace.services.ledger.spent(session_id=new.id)).requests == 0
        screen.composer.text = "/fork"
        screen.set_focus(screen.prompt)
        await pilot.press("enter")
        await until(pilot, lambda: screen.conversation.session.id != new.id)
        assert screen.conversation.session.title == new.title  # no fork of a fork of


@asynccontextmanager
async def branched(size=(120, 40)):
    """A session with the prompt alpha, answered, behind which beta and gamma are versions."""
    async with chatting(size=size) as (pilot, screen):
        await ask(pilot, screen, "alpha")
        above = screen.conversation.branch.leaf_id
        await ask(pilot, screen, "beta")
        beta = screen.conversation.branch.leaf_id
        await screen.conversation.show_branch(above)
        await ask(pilot, screen, "gamma", answered=False)
        await until(pilot, lambda: screen.conversation.branch.leaf_id not in {above, beta})
        await until(pilot, lambda: not screen.conversation.is_busy)
        yield pilot, screen, beta


async def tree_opened(pilot, screen):
    screen.set_focus(screen.prompt)
    screen.composer.text = "/tree"
    await pilot.press("enter")
    await until(pilot, lambda: "Part of a text" in seen(pilot.app.screen))


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (40, 12)], ids=str)
async def test_the_tree_marks_the_shown_branch_and_leads_to_another(groq, size):
    async with branched(size) as (pilot, screen, beta):
        shown = screen.conversation.branch.leaf_id
        await tree_opened(pilot, screen)
        drawn = seen(pilot.app.screen)
        assert "● └─you  gamma" in drawn
        if size[1] > 12:  # else they are reached by the arrows
            assert "├─you  beta" in drawn
            assert "● you  alpha" in drawn
            assert drawn.count("●") == 4
        assert ("$" in drawn.split("└─you")[0]) == (size[0] >= 80)
        await pilot.press(*"beta")
        await until(pilot, lambda: "gamma" not in seen(pilot.app.screen))
        await pilot.press("enter")
        await until(pilot, lambda: screen.conversation.branch.leaf_id == beta)
        store = screen.workspace.services.store
        await until(pilot, lambda: "Part of a text" not in seen(pilot.app.screen))
        assert (await store.session(screen.conversation.session.id)).leaf_id == beta
        assert shown != beta
        assert beta in {entry.id for entry in screen.conversation.transcript.entries}
        # A message that both branches hold does not lead away from the shown one.
        await tree_opened(pilot, screen)
        await pilot.press(*"alpha", "enter")
        await until(pilot, lambda: "Part of a text" not in seen(pilot.app.screen))
        assert screen.conversation.branch.leaf_id == beta


async def test_two_branches_are_compared_from_where_they_part(groq):
    async with branched() as (pilot, screen, _):
        await tree_opened(pilot, screen)
        await pilot.press("f2")
        await until(pilot, lambda: "is on the branch that is shown" in seen(pilot.app.screen))
        await pilot.press(*"beta", "f2")
        await until(pilot, lambda: "[-gamma-]" in seen(pilot.app.screen))
        assert "{+beta+}" in seen(pilot.app.screen)
        assert "alpha" not in seen(pilot.app.screen)
        await pilot.press("escape")
        await until(pilot, lambda: "├─you  beta" in seen(pilot.app.screen))


async def contents(screen):
    store, session = screen.workspace.services.store, screen.conversation.session
    return [each.content for each in await store.everything(session.id) if each.role is Role.USER]


async def command(pilot, screen, text, said):
    screen.set_focus(screen.prompt)
    screen.composer.text = text
    await pilot.press("enter")
    await until(pilot, lambda: said in seen(screen))


async def test_the_tree_deletes_a_message_or_a_branch_and_brings_it_back(groq):
    async with branched() as (pilot, screen, beta):
        shown = screen.conversation.branch.leaf_id
        await tree_opened(pilot, screen)
        await pilot.press(*"beta")
        await until(pilot, lambda: "gamma" not in seen(pilot.app.screen))
        await pilot.press("f4")
        await until(pilot, lambda: "Deleted: 1 message. /undo" in seen(pilot.app.screen))
        assert await contents(screen) == ["alpha", "gamma"]
        await pilot.press("ctrl+z")
        await until(pilot, lambda: "Restored: 1 message" in seen(pilot.app.screen))
        assert "├─you  beta" in seen(pilot.app.screen)
        await pilot.press(*["backspace"] * 4, *"gamma")
        await until(pilot, lambda: "you  beta" not in seen(pilot.app.screen))
        await pilot.press("up", "f6")  # the answer repeats the prompt, and is found too
        await until(pilot, lambda: "Deleted: 2 messages. /undo" in seen(pilot.app.screen))
        assert screen.conversation.branch.leaf_id == beta
        await pilot.press(*["backspace"] * 5)
        await until(pilot, lambda: "beta" in seen(pilot.app.screen))
        assert "gamma" not in seen(pilot.app.screen)
        assert seen(pilot.app.screen).count("●") == 4
        await pilot.press("escape")
        await until(pilot, lambda: "Part of a text" not in seen(pilot.app.screen))
        await command(pilot, screen, "/undo", "Restored: 2 messages")
        assert screen.conversation.branch.leaf_id == shown
        assert await contents(screen) == ["alpha", "beta", "gamma"]
        await command(pilot, screen, "/undo", "No deleted message is left here")
        await command(pilot, screen, "/delete branch", "Deleted: 2 messages")
        assert screen.conversation.branch.leaf_id == beta
        await command(pilot, screen, "/delete branch", "This session has one branch")
        await command(pilot, screen, "/delete nonsense", "Write /delete for the session")
        assert await contents(screen) == ["alpha", "beta"]


async def test_a_message_is_deleted_on_the_screen_and_no_later_request_holds_it(groq):
    async with chatting() as (pilot, screen):
        await command(pilot, screen, "/delete message", "this session has no message")
        await ask(pilot, screen, "alpha")
        await ask(pilot, screen, "beta")
        transcript = screen.conversation.transcript
        first, answer, second, _ = [each.id for each in transcript.entries]
        transcript.focus()
        transcript.current = first
        await pilot.press("d")
        await until(pilot, lambda: not transcript.holds(first))
        await until(pilot, lambda: "Deleted: 1 message" in seen(screen))
        screen.set_focus(screen.prompt)
        await ask(pilot, screen, "gamma")
        sent = await screen.workspace.services.store.path(screen.conversation.branch.leaf_id)
        assert [each.content for each in sent if each.role is Role.USER] == ["beta", "gamma"]
        assert sent[0].id == answer
        answered = screen.conversation.transcript.entries[-1].id
        await command(pilot, screen, "/delete message", "Deleted: 1 message")
        assert not transcript.holds(answered)
        # Nothing of the turn that is over brings its answer back.
        session = screen.conversation.session
        await screen.conversation.start_new()
        await screen.conversation.open(session)
        assert not transcript.holds(answered)
        for _ in range(2):
            await command(pilot, screen, "/undo", "Restored: 1 message")
        ids = [each.id for each in transcript.entries]
        assert [ids[0], ids[2], ids[-1]] == [first, second, answered]


async def test_nothing_is_deleted_while_an_answer_is_written(groq, monkeypatch):
    async with chatting() as (pilot, screen):
        await ask(pilot, screen, "alpha")
        before = await contents(screen)
        with screen.conversation.turns.reserved(screen.conversation.session.id):
            await command(pilot, screen, "/delete message", "An answer is being written here")
            await command(pilot, screen, "/undo", "An answer is being written here")
        assert await contents(screen) == before


async def test_a_jump_and_a_hit_show_the_message_itself(groq):
    async with chatting(size=(120, 24)) as (pilot, screen):
        for word in ("alpha", "beta", "gamma"):
            await ask(pilot, screen, f"{word}\n" + "more\n" * 30)
        transcript, session = screen.conversation.transcript, screen.conversation.session

        def is_seen():
            return "beta" in seen(screen) and "gamma" not in seen(screen)

        assert not is_seen()
        beta = transcript.entries[3].id  # the answer, which repeats the prompt
        await tree_opened(pilot, screen)
        await pilot.press(*"beta", "enter")
        await until(pilot, lambda: pilot.app.screen is screen)
        await until(pilot, lambda: is_seen() and transcript.current == beta)
        transcript.follow()
        await until(pilot, lambda: not is_seen())
        hit = (await screen.workspace.services.store.search("beta"))[-1]
        await screen.conversation.start_new()
        await screen.conversation.open(
            await screen.workspace.services.store.session(session.id), hit.message_id
        )
        await until(pilot, lambda: is_seen() and transcript.current == hit.message_id)


async def test_a_session_without_messages_has_no_tree(groq):
    async with chatting() as (pilot, screen):
        screen.composer.text = "/tree"
        await pilot.press("enter")
        await until(pilot, lambda: "There are no branches yet" in seen(screen))
