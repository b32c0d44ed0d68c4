"""Branches of a session are seen, and become sessions of their own."""

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
