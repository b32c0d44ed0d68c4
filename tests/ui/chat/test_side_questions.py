"""Side questions: in sight and in exports, and in no later request."""

from groqchat.domain.turns.message_kind import MessageKind
from groqchat.ui.sessions.compaction.picker import CompactionPicker
from tests.ui.chat.test_chat_screen import ask, chatting, is_over, shows
from tests.ui.chat.test_queueing import Gate, enter, queue, under_way
from tests.ui.chat.test_session_options import command
from tests.ui.stage import seen, until


async def aside(pilot, screen, text):
    before = len(screen.conversation.transcript.entries)
    await command(pilot, screen, f"/btw {text}")
    await until(pilot, lambda: len(screen.conversation.transcript.entries) == before + 2)
    await until(pilot, lambda: not screen.conversation.is_busy)


def read(file):
    return file.read_text("utf-8")


async def test_a_side_question_stands_in_the_transcript_and_in_exports_but_in_no_request(
    groq, tmp_path
):
    async with chatting() as (pilot, screen):
        await ask(pilot, screen, "Explain rate limits")
        await aside(pilot, screen, "Who wrote the RFC?")
        await shows(pilot, screen, "You · side question, not sent again")
        await ask(pilot, screen, "And now in one line")
        store = screen.workspace.services.store
        session = screen.conversation.session
        said = await store.everything(session.id)
        assert [each.kind for each in said] == ["", "", "aside", "aside", "", ""]
        # What the server counted for the last prompt holds two questions and one answer.
        prompts = [each.usage.prompt_tokens for each in said if each.usage]
        answers = [each.usage.completion_tokens for each in said if each.usage]
        assert prompts[2] < prompts[0] + answers[0] + 40 < prompts[1] + answers[1] + answers[0]
        spent = await screen.workspace.services.ledger.spent(session_id=session.id)
        assert spent.cost == sum(each.cost.total for each in said if each.cost)
        for ending, words in (("md", "You (side question, not sent again)"), ("json", '"aside"')):
            await command(pilot, screen, f"/export {tmp_path / 'talk'}.{ending}")
            file = tmp_path / f"talk.{ending}"
            await until(pilot, file.exists)
            assert words in read(file)


async def test_a_side_question_without_an_answer_comes_back_as_the_command(groq):
    async with chatting() as (pilot, screen):
        await ask(pilot, screen, "Explain rate limits")
        groq.arm("too_large*1")
        screen.composer.text = "/btw Who wrote the RFC?"
        await pilot.press("enter")
        branch = screen.conversation.branch
        await until(pilot, lambda: branch.unanswered is not None)
        await until(pilot, lambda: screen.composer.text == "/btw Who wrote the RFC?")
        assert branch.unanswered.kind is MessageKind.ASIDE
        screen.prompt.focus()
        screen.composer.text = ""
        await ask(pilot, screen, "Who wrote the RFC?", answered=False)  # as a prompt of its own
        answer = await branch.last_answer()
        assert answer.kind is MessageKind.SPOKEN


async def test_an_edited_side_question_stays_one(groq):
    async with chatting() as (pilot, screen):
        await aside(pilot, screen, "Who wrote the RFC?")
        question = (await screen.conversation.branch.last_prompt()).id
        await screen.chat.turns.edit(question)
        assert screen.composer.text == "/btw Who wrote the RFC?"


async def test_without_a_question_the_command_is_offered(groq):
    async with chatting() as (pilot, screen):
        screen.composer.text = "/btw"
        await pilot.press("enter")
        await until(pilot, lambda: screen.composer.text == "/btw ")


async def test_a_side_question_during_an_answer_is_queued_and_stays_one(groq, monkeypatch):
    gate = Gate(monkeypatch)
    async with chatting() as (pilot, screen):
        await under_way(pilot, screen)
        await enter(pilot, screen, "/btw Who wrote the RFC?")
        await until(pilot, lambda: queue(screen)[0] == ["/btw Who wrote the RFC?"])
        gate.open()
        await until(pilot, lambda: len(gate.asked) == 2 and is_over(screen))
        assert gate.asked[-1] == "Who wrote the RFC?"
        said = await screen.workspace.services.store.everything(screen.conversation.session.id)
        assert [each.kind for each in said] == ["", "", "aside", "aside"]


async def test_a_side_question_that_is_too_long_is_measured_and_offers_the_choices(groq, asked):
    async with chatting() as (pilot, screen):
        await ask(pilot, screen, "bread " * 2_300 + "write 20 tokens")
        await until(pilot, lambda: screen.workspace.figures.last_turn)
        question = "/btw " + "rye " * 5_640 + "write 20 tokens"
        screen.composer.text = question
        await until(pilot, lambda: "Enter: choices" in seen(screen))
        requests = len(asked)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, CompactionPicker))
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is screen)
        assert (screen.composer.text, len(asked)) == (question, requests)
