"""What is chosen for a session holds in it, for good, and nowhere else."""

from tests.ui.stage import until
from tests.ui.test_chat_screen import ask, chatting
from tests.ui.test_detours import write_settings

SETTINGS = 'system = "Answer briefly."\nservice_tier = "auto"\nmax_tokens = 700\n'


def told(body):
    """The system prompt, tier, effort and bound of a request."""
    first = body["messages"][0]
    system = first["content"] if first["role"] == "system" else None
    names = ("service_tier", "reasoning_effort", "max_completion_tokens")
    return system, *(body.get(name) for name in names)


async def command(pilot, screen, text):
    screen.composer.text = text
    await pilot.press("enter")
    await until(pilot, lambda: not screen.composer.text)
    await screen.workers.wait_for_complete(
        [worker for worker in screen.workers if worker.group == "command"]
    )


async def test_a_session_keeps_what_was_chosen_for_it_and_the_next_begins_with_the_settings(
    groq, asked
):
    write_settings(SETTINGS)
    as_set, as_chosen = ("Answer briefly.", "auto", None, 700), ("Rhyme.", "flex", "low", 700)
    async with chatting() as (pilot, screen):
        await ask(pilot, screen, "As set")
        assert told(asked[-1]) == as_set
        for chosen in ("/system Rhyme.", "/tier flex", "/effort low"):
            await command(pilot, screen, chosen)
        await ask(pilot, screen, "As chosen")
        assert told(asked[-1]) == as_chosen
        session_id = screen.conversation.session.id
        await command(pilot, screen, "/new")
        await ask(pilot, screen, "As set again")
        assert told(asked[-1]) == as_set
        await screen.open_session(session_id)
        await ask(pilot, screen, "As chosen again")
        assert told(asked[-1]) == as_chosen
    write_settings('service_tier = "on_demand"\n')
    async with chatting(resume=True) as (pilot, screen):
        await until(pilot, lambda: screen.conversation.session.id == session_id)
        await ask(pilot, screen, "As chosen, still")
        assert told(asked[-1]) == as_chosen
        prompt = await screen.conversation.branch.last_prompt()
        await screen.actions.turns.edit(prompt.id)
        await ask(pilot, screen, "As chosen, on a branch", answered=False)
        assert told(asked[-1]) == as_chosen


async def test_what_is_chosen_before_the_first_prompt_is_kept_with_it(groq, asked):
    async with chatting() as (pilot, screen):
        await command(pilot, screen, "/effort high")
        await command(pilot, screen, "/system Rhyme.")
        await ask(pilot, screen, "One")
        session_id = screen.conversation.session.id
        kept = await screen.parts.store.session(session_id)
        assert (kept.system, kept.effort, kept.service_tier) == ("Rhyme.", "high", "")
        await command(pilot, screen, "/new")
        assert screen.conversation.options.effort is None
