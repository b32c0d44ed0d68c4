"""``[`` and ``]`` on a message show its versions, and the cursor stays on the one that is shown."""

from groqchat.bootstrap import Launch, LocalServices
from groqchat.domain.turns.chat import Message, Role
from groqchat.ui.conversation.branch import BESIDE
from tests.ui.chat.test_type_ahead import started
from tests.ui.stage import groqchat, seen, until


async def ask(pilot, text):
    chat = pilot.app._chat
    before = chat.conversation.branch.leaf_id
    chat.composer.text = text
    chat.prompt.focus()
    await pilot.press("enter")
    await until(pilot, lambda: chat.conversation.branch.leaf_id != before)
    await until(pilot, lambda: not chat.conversation.is_busy and not chat.composer.text)


async def test_the_cursor_stays_on_the_shown_version_and_the_opposite_key_goes_back(groq):
    app = groqchat()
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        chat = app._chat
        transcript = chat.conversation.transcript
        await ask(pilot, "alpha one")
        old = transcript.entries[0].id
        await ask(pilot, "beta")
        await chat.chat.turns.edit(old)
        await ask(pilot, "alpha two")
        new = transcript.entries[0].id
        assert new != old
        transcript.focus()
        await pilot.press("home", "up", "up")
        assert transcript.current == new
        for key, shown, words in (("[", old, "beta"), ("]", new, "alpha two"), ("[", old, "beta")):
            await pilot.press(key)
            await until(pilot, lambda words=words: words in seen(app.screen))
            await until(pilot, lambda shown=shown: transcript.current == shown)
        await pilot.press("[")  # there is none before
        assert transcript.current == old


async def test_the_keys_of_a_message_name_its_versions_as_soon_as_it_has_some(groq):
    app = groqchat()
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        transcript = app._chat.conversation.transcript
        await ask(pilot, "alpha")
        transcript.focus()
        await until(pilot, lambda: "r regenerate" in seen(app.screen))
        assert "[ ] versions" not in seen(app.screen)
        first = transcript.current
        await pilot.press("r")
        await until(pilot, lambda: transcript.current != first)
        await until(pilot, lambda: "[ ] versions" in seen(app.screen))
        await pilot.press("[")
        await until(pilot, lambda: transcript.current == first)
        await until(pilot, lambda: "[ ] versions" in seen(app.screen))


def told(chat):
    return [card.text for card in chat.toasts._cards if hasattr(card, "text")]


async def test_a_prompt_beside_what_another_program_has_added_says_so_once(groq):
    app = groqchat()
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        chat = app._chat
        await ask(pilot, "alpha")
        branch, other = chat.conversation.branch, LocalServices(Launch())
        await other.start()
        try:
            place = branch.session.id, branch.leaf_id
            added = Message(other.new_id(), *place, Role.USER, "elsewhere", other.clock.now())
            await other.store.add_message(added)
        finally:
            await other.close()
        await ask(pilot, "beta")
        assert BESIDE in told(chat)
        stored = await chat.workspace.services.store.everything(branch.session.id)
        assert {"elsewhere", "beta"} <= {each.content for each in stored}
        chat.toasts.withdraw(BESIDE)
        await ask(pilot, "gamma")  # this branch is the session's now
        assert BESIDE not in told(chat)
