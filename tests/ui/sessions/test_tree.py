"""Branches of a session are seen, and become sessions of their own."""

from contextlib import asynccontextmanager

import pytest

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


async def test_a_session_without_messages_has_no_tree(groq):
    async with chatting() as (pilot, screen):
        screen.composer.text = "/tree"
        await pilot.press("enter")
        await until(pilot, lambda: "There are no branches yet" in seen(screen))
