"""Messages show when they began where that is set, as they come and as they are read again."""

import re
from datetime import datetime

import pytest

from groqchat.domain.turns.chat import Message, Role, Session
from groqchat.ui.transcript.messages import day_of
from tests.ui.chat.test_chat_screen import PROMPT, ask, chatting
from tests.ui.chat.test_fallback import write_settings
from tests.ui.stage import seen, until

DAY = 1_600_000_000.0
TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d")


@pytest.mark.parametrize("is_set", [True, False])
async def test_messages_show_their_time_if_that_is_set(groq, is_set):
    write_settings(f"show_times = {str(is_set).lower()}\n")
    async with chatting(size=(150, 40)) as (pilot, screen):
        await ask(pilot, screen, PROMPT)
        leaf_id = screen.conversation.branch.leaf_id
        message = (await screen.workspace.services.store.messages([leaf_id]))[leaf_id]
        day = datetime.fromtimestamp(message.created).astimezone().strftime("%Y-%m-%d")
        transcript = screen.conversation.transcript
        for again in (False, True):
            if again:
                await screen.conversation.show_branch(leaf_id)
            await until(pilot, lambda: len(transcript.entries) == 2)
            transcript.action_home()
            await pilot.pause()
            times = TIME.findall(seen(screen))
            assert len(times) == (2 if is_set else 0)
            assert all(time.startswith(day) for time in times)
        screen.composer.text = "/times"
        await pilot.press("enter")
        await until(pilot, lambda: len(TIME.findall(seen(screen))) == (0 if is_set else 2))


async def test_a_line_parts_messages_of_different_days(groq):
    async with chatting(size=(150, 40)) as (pilot, screen):
        store = screen.workspace.services.store
        session = Session("s", "Old", DAY, DAY, leaf_id="3")
        for number, created in enumerate((DAY, DAY + 60, DAY + 86_400, DAY + 86_460)):
            role = Role.ASSISTANT if number % 2 else Role.USER
            parent = str(number - 1) if number else None
            message = Message(str(number), "s", parent, role, "text", created)
            await store.add_message(message, session)
        await screen.conversation.open(session)
        transcript = screen.conversation.transcript
        await until(pilot, lambda: "─ " in seen(screen))
        day = datetime.fromtimestamp(DAY + 86_400).astimezone().strftime("%A, %Y-%m-%d")
        assert [transcript.entry(str(at)).day for at in range(4)] == ["", "", day, ""]
        assert f"─ {day} ─" in seen(screen)


@pytest.mark.parametrize(
    ("created", "before", "day"),
    [
        (1_600_000_000.0, 1_600_000_000.0 + 60, ""),
        (1_600_000_000.0, None, ""),
        (1e18, 0.0, ""),
        (0.0, -1e18, ""),
    ],
)
def test_a_day_is_named_only_where_both_are_known_and_differ(created, before, day):
    assert day_of(created, before) == day
