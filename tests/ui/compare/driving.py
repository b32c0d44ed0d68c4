"""What tests of comparisons do with the real program: open columns, ask, judge, come back."""

from contextlib import asynccontextmanager

from textual.events import Key

from groqchat.ui.compare.screen import CompareScreen
from tests.ui.stage import groqchat, seen, until

A, B, C, D = (
    "openai/gpt-oss-120b",
    "openai/gpt-oss-20b",
    "openai/gpt-oss-safeguard-20b",
    "allam-2-7b",
)


PROMPT = "Explain rate limits"


@asynccontextmanager
async def comparing(*models, size=(120, 40)):
    """The comparison, opened from the chat by its slash command."""
    app = groqchat()
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: app.screen.connection)
        app.screen.composer.text = f"/compare {' '.join(models)}"
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, CompareScreen))
        await until(pilot, lambda: app.screen.focused is not None)
        yield pilot, app.screen


async def ask(pilot, screen, text=PROMPT):
    """Ask all, and go to the answers."""
    turn = screen.comparison.turn
    screen.prompt.text = text
    screen.prompt.focus()
    await pilot.press("enter")
    await over(pilot, screen, turn + 1)
    await pilot.press("tab")


def press(app, *keys):
    """All at once, as a terminal sends what was typed while it was busy."""
    for key in keys:
        app.post_message(Key(key, key if len(key) == 1 else None))


async def over(pilot, screen, turn=1):
    await until(pilot, lambda: screen.comparison.turn == turn and not screen.is_busy)
    await pilot.pause()


def shown(column):
    """The texts in a column's transcript."""
    transcript = column.view.transcript
    return [transcript.source(entry.id) for entry in transcript.entries]


async def begin(pilot, screen, text=PROMPT):
    screen.prompt.write(text)
    screen.prompt.focus()
    await pilot.press("enter")


async def closed(pilot):
    """The chat, once the comparison is closed."""
    chat = pilot.app.screen_stack[0]
    await until(pilot, lambda: pilot.app.screen is chat)
    return chat


async def judged(pilot, screen):
    await pilot.press("v")
    await until(pilot, lambda: "Who judges?" in seen(pilot.app.screen))
    await pilot.press("enter")
    await until(pilot, lambda: "asked twice" in seen(pilot.app.screen))
    await pilot.press("y")
    await until(pilot, lambda: pilot.app.screen is screen)


async def reopened(pilot, chat):
    """The columns of the newest session, chosen in the list."""
    (session, *_) = await chat.workspace.services.store.sessions()
    chat.chat.session_list.post_message(chat.chat.session_list.Chosen(session.id))
    await until(pilot, lambda: isinstance(pilot.app.screen, CompareScreen))
    await until(pilot, lambda: pilot.app.screen.focused is not None)
    return pilot.app.screen


async def opened(pilot, words):
    """The window over the comparison, once it shows some words."""
    await until(pilot, lambda: words in seen(pilot.app.screen))
    return pilot.app.screen
