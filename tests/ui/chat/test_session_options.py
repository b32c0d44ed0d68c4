"""What is chosen for a session holds in it, for good, and nowhere else."""

from groqchat.ui.widgets.toast_cards import Notice
from tests.ui.chat.test_chat_screen import ask, chatting
from tests.ui.chat.test_fallback import write_settings
from tests.ui.stage import seen, until

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
        await screen.chat.opening.open(session_id)
        await ask(pilot, screen, "As chosen again")
        assert told(asked[-1]) == as_chosen
    write_settings('service_tier = "on_demand"\n')
    async with chatting(resume=True) as (pilot, screen):
        await until(pilot, lambda: screen.conversation.session.id == session_id)
        await ask(pilot, screen, "As chosen, still")
        assert told(asked[-1]) == as_chosen
        prompt = await screen.conversation.branch.last_prompt()
        await screen.chat.turns.edit(prompt.id)
        await ask(pilot, screen, "As chosen, on a branch", answered=False)
        assert told(asked[-1]) == as_chosen


async def test_what_is_chosen_before_the_first_prompt_is_kept_with_it(groq, asked):
    async with chatting() as (pilot, screen):
        await command(pilot, screen, "/effort high")
        await command(pilot, screen, "/system Rhyme.")
        await ask(pilot, screen, "One")
        session_id = screen.conversation.session.id
        kept = await screen.workspace.services.store.session(session_id)
        assert (kept.system, kept.effort, kept.service_tier) == ("Rhyme.", "high", "")
        await command(pilot, screen, "/new")
        assert screen.conversation.options.effort is None


def shown(screen):
    """What the notices say."""
    return " ".join(notice.text for notice in screen.query(Notice))


SHOWN = (  # what is set, what the command alone says then, what `off` says
    ("/system Rhyme.", "System prompt: “Rhyme.” /system off removes it.", "prompt removed"),
    (
        "/effort HIGH",
        "Reasoning effort: high. openai/gpt-oss-120b takes low, medium, high. /effort off",
        "Reasoning effort reset",
    ),
    (
        "/max-tokens 1,200",
        "Longest answer: 1,200 tokens at most. Sent",
        "answers as long as fits",
    ),
    ("/budget 9", "of $9.00 this month", "Monthly budget removed."),
    ("/budget session 2", "of $2.00 in this session", "Session budget removed."),
)


async def test_a_command_alone_shows_its_value_and_off_clears_it(groq):
    async with chatting() as (pilot, screen):
        before = (screen.conversation.options, screen.workspace.services.settings)
        for chosen, told, cleared in SHOWN:
            *word, _ = chosen.split()
            await command(pilot, screen, chosen)
            set_to = (screen.conversation.options, screen.workspace.services.settings)
            assert set_to != before
            await command(pilot, screen, word[0])
            await until(pilot, lambda told=told: told in shown(screen))
            assert (screen.conversation.options, screen.workspace.services.settings) == set_to
            await command(pilot, screen, " ".join([*word, "off"]))
            await until(pilot, lambda cleared=cleared: cleared in shown(screen))
            assert (screen.conversation.options, screen.workspace.services.settings) == before


async def test_what_a_session_is_asked_with_is_in_sight(groq):
    write_settings("max_tokens = 700\n")
    async with chatting() as (pilot, screen):
        for chosen in ("/system Rhyme always.", "/tier flex", "/effort low"):
            await command(pilot, screen, chosen)
        for size in ((120, 40), (80, 24), (40, 12)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            if size[0] < 110:
                await command(pilot, screen, "/quota")
            await until(pilot, lambda: "system: Rhyme always." in seen(screen))
            head = seen(screen).partition("RPD")[0]
            assert "openai/gpt-oss-120b" in head
            for words in ("tier flex", "effort low", "≤ 700 tokens", "system: Rhyme always."):
                assert words in head, size
            if size[0] < 110:
                await command(pilot, screen, "/quota off")
        await pilot.resize_terminal(80, 24)
        await pilot.press("f1")
        for words in ("Service tier: flex", "effort: low", "System prompt: Rhyme always."):
            await until(pilot, lambda words=words: words in seen(pilot.app.screen))
        await pilot.press("escape")
        for chosen in ("/model qwen3.8-27b", "/effort none", "/model gpt-oss-120b"):
            await command(pilot, screen, chosen)
        await until(pilot, lambda: "effort is not sent: openai/gpt-oss-120b takes" in shown(screen))
        await until(
            pilot, lambda: "effort none, not sent" in screen.chat.panel.quota.render().plain
        )
