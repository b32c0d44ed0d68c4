"""Messages show when they began where that is set, as they come and as they are read again."""

import re
from datetime import datetime

import pytest

from tests.ui.chat.test_chat_screen import PROMPT, ask, chatting
from tests.ui.chat.test_fallback import write_settings
from tests.ui.stage import seen, until

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
