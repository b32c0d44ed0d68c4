"""What becomes of a text on Enter, without a screen."""

import asyncio
from types import SimpleNamespace

import pytest

from groqchat.ui.chat.prompting import EDITED_WAITS, Prompting
from groqchat.ui.widgets.send_warning import WARNING
from groqchat.ui.workspace.editing import PromptEditing
from groqchat.ui.workspace.prompt_text import PromptText
from tests.fakes import session
from tests.ui.without_a_screen import Account, Composer, Conversation, prompt, run, workspace_of


class Queue:
    """A queue that remembers what it is given."""

    def __init__(self):
        self.queued, self.has_prompts, self.goes_on = [], False, 0
        self.is_first_here = False
        self.sending = SimpleNamespace(has_begun=lambda _turn: False)

    def add(self, text):
        self.queued.append(text)

    def go_on(self):
        self.goes_on += 1


CONNECTION = SimpleNamespace(turns=None)
KEY = "gsk_" + "a1B2" * 13


class Compaction:
    """Makes room for a prompt, or not, as it is told."""

    makes_room = True

    async def make_room(self, connection, parent_id, text, begins):
        return self.makes_room


class Oversized:
    """Whether a prompt fits, and the one that is asked part by part."""

    fits, running_here = True, ""

    def has_long_text(self, text):
        return "[" in text

    async def may_go(self, connection, text, parent_id=None):
        return self.fits


class Desk:
    """A composer, what is behind it, and what came of the texts that were sent."""

    def __init__(self, connection=CONNECTION, draft=None):
        self.commands, self.attached, self.work = [], "", []
        self.composer, self.conversation = Composer(), Conversation()
        self.workspace = workspace_of(
            services=SimpleNamespace(settings_to_send_by=lambda: None),
            account=Account(connection),
            composer=self.composer,
            conversation=self.conversation,
            prompt=PromptText(self.composer.area, print),
            draft=draft,
            run=self.run,
            run_alone=lambda make, *, group: self.run(make(), group=group),
        )
        self.compaction = Compaction()
        self.oversized = Oversized()
        self.editing = PromptEditing(self.composer, self.conversation.branch)
        self.queue = Queue()
        self.prompting = Prompting(
            self.workspace,
            self.editing,
            self.queue,
            run_command=lambda name, argument: self.commands.append((name, argument)),
            attach_named=self.attach_named,
            is_held=lambda: False,
            compaction=self.compaction,
            oversized=self.oversized,
        )

    @property
    def notices(self):
        return self.workspace.toasts.notices

    def attach_named(self, text, send):
        if self.attached:
            self.workspace.notify(self.attached)
        return bool(self.attached)

    def run(self, work, *, group):
        self.work.append(run(work, group=group))
        return SimpleNamespace(is_finished=False)

    async def send(self, text):
        self.composer.text = text
        self.prompting.submit(text)
        await asyncio.gather(*self.work)


async def test_what_there_is_no_room_for_stays_in_the_composer():
    desk = Desk()
    desk.compaction.makes_room = False
    await desk.send("Explain rate limits")
    assert (desk.conversation.asked, desk.composer.text) == ([], "Explain rate limits")


async def test_a_prompt_with_a_file_that_never_fits_is_left_to_what_the_user_chooses():
    desk = Desk()
    desk.oversized.fits = False
    await desk.send("Sum up this file")
    assert (desk.conversation.asked, desk.composer.text) == ([], "Sum up this file")


async def test_what_is_written_behind_a_prompt_that_is_asked_part_by_part_is_queued():
    desk = Desk()
    desk.oversized.running_here = "Sum up"
    await desk.send("Sum up")
    assert desk.notices == ["The prompt is being asked part by part; Esc stops that."]
    await desk.send("Sum up And then?")
    assert (desk.queue.queued, desk.composer.text) == (["And then?"], "Sum up")
    assert desk.conversation.asked == []


async def test_a_prompt_is_asked_and_stays_in_the_composer_until_it_is_stored():
    desk = Desk()
    await desk.send("Explain rate limits")
    assert (desk.conversation.asked, desk.composer.text) == (
        ["Explain rate limits"],
        "Explain rate limits",
    )
    desk.prompting.stored(prompt("Explain rate limits", parent_id="a0"))
    assert desk.composer.text == ""


async def test_a_command_is_run_and_leaves_the_composer():
    desk = Desk()
    await desk.send("/rename A title")
    assert (desk.commands, desk.composer.text) == ([("rename", "A title")], "")
    assert desk.conversation.asked == []


async def test_a_text_with_a_key_is_sent_by_a_second_enter():
    desk = Desk()
    await desk.send(f"My key is {KEY}")
    assert (desk.notices, desk.conversation.asked) == ([WARNING], [])
    await desk.send(f"My key is {KEY}")
    assert len(desk.conversation.asked) == 1


async def test_what_other_secret_a_text_holds_is_named_before_it_is_sent():
    desk = Desk()
    token = "gh" + "p_" + "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7" + "b0c1d2e3f"
    await desk.send(f"My token is {token}")
    said = "This text contains a GitHub token. Enter again sends it anyway."
    assert (desk.notices, desk.conversation.asked) == ([said], [])
    await desk.send(f"My token is {token} and my key {KEY}")
    assert desk.notices[1:] == [
        "This text contains an API key and 1 more. Enter again sends it anyway."
    ]


@pytest.mark.parametrize("is_busy", [False, True])
async def test_nothing_is_sent_or_queued_while_a_file_is_in_the_way(is_busy):
    desk = Desk()
    desk.conversation.is_busy, desk.attached = is_busy, "@a.txt is too long"
    await desk.send("And then?")
    assert (desk.conversation.asked, desk.queue.queued) == ([], [])
    assert desk.notices == ["@a.txt is too long"]
    assert desk.composer.text == "And then?"


@pytest.mark.parametrize(("is_busy", "has_prompts"), [(True, False), (False, True)])
async def test_a_prompt_is_queued_behind_an_answer_and_behind_others(is_busy, has_prompts):
    desk = Desk()
    desk.conversation.is_busy, desk.queue.has_prompts = is_busy, has_prompts
    await desk.send("And then?")
    assert (desk.queue.queued, desk.composer.text) == (["And then?"], "")
    assert (desk.conversation.asked, desk.notices) == ([], [])


@pytest.mark.parametrize("fits", [True, False])
async def test_of_a_file_that_never_fits_one_chooses_before_it_is_queued(fits):
    desk = Desk()
    desk.conversation.is_busy, desk.oversized.fits = True, fits
    await desk.send("Sum up [big.txt]")
    queued, left = (["Sum up [big.txt]"], "") if fits else ([], "Sum up [big.txt]")
    assert (desk.queue.queued, desk.composer.text) == (queued, left)


async def test_the_next_prompt_that_was_taken_back_is_sent_before_the_queue():
    desk = Desk()
    desk.queue.has_prompts = desk.queue.is_first_here = True
    assert desk.queue.taken == desk.prompting.submit
    await desk.send("Less of it")
    assert (desk.conversation.asked, desk.queue.queued) == (["Less of it"], [])


async def test_a_saved_session_queues_where_no_other_may_be_answered_now():
    desk = Desk()
    desk.conversation.turns.is_full = True
    await desk.send("And then?")
    assert desk.queue.queued == []
    assert "sessions are being answered already" in desk.notices[0]
    desk.conversation.branch.leaf_id = "a0"
    await desk.send("And then?")
    assert desk.queue.queued == ["And then?"]


async def test_a_prompt_that_failed_is_asked_again_before_those_that_are_queued():
    desk = Desk()
    desk.queue.has_prompts = True
    desk.conversation.branch.unanswered = prompt("Explain limits")
    await desk.send("Explain limits")
    desk.composer.area.given_back.put("Explain limits")
    await desk.send("Explain rate limits")
    assert (desk.conversation.asked, desk.queue.queued) == (
        ["Explain limits", "Explain rate limits"],
        [],
    )


async def test_an_edited_prompt_is_not_queued_but_said_to_wait():
    desk = Desk()
    desk.editing.begin(prompt("Explain limits", parent_id="a0"))
    desk.conversation.is_busy = True
    await desk.send("Explain rate limits")
    assert (desk.queue.queued, desk.composer.text) == ([], "Explain rate limits")
    assert desk.notices == [EDITED_WAITS]


async def test_enter_without_a_text_goes_on_with_the_queue():
    desk = Desk()
    await desk.send(" ")
    assert (desk.queue.goes_on, desk.conversation.asked) == (1, [])


async def test_a_prompt_typed_behind_one_that_is_not_stored_yet_is_queued_alone():
    desk = Desk()
    await desk.send("Explain limits")
    desk.conversation.is_busy = True
    await desk.send("Explain limits")  # Enter twice
    await desk.send("Explain limits\nAnd then?")
    assert (desk.conversation.asked, desk.queue.queued) == (["Explain limits"], [])
    desk.prompting.stored(prompt("Explain limits", parent_id="a0"))
    assert (desk.queue.queued, desk.composer.text) == (["And then?"], "")


async def test_an_edited_prompt_is_asked_beside_the_old_one_and_what_was_set_aside_returns():
    desk = Desk()
    desk.composer.text = "half a thought"
    desk.editing.begin(prompt("Explain limits", parent_id="a0"))
    assert desk.composer.text == "Explain limits"
    assert desk.editing.parent_id == "a0"
    await desk.send("Explain rate limits")
    assert desk.conversation.asked == [("Explain limits", "Explain rate limits")]
    desk.prompting.stored(prompt("Explain rate limits", parent_id="a0"))
    assert desk.composer.text == "half a thought"


async def test_without_a_key_the_draft_is_saved_and_nothing_is_asked():
    saved = []

    async def save():
        saved.append(True)

    desk = Desk(connection=None, draft=SimpleNamespace(save=save))
    await desk.send("Explain rate limits")
    assert (saved, desk.conversation.asked) == ([True], [])


async def test_a_prompt_without_an_answer_comes_back_in_its_own_session_alone():
    kept = []

    async def keep_for(unanswered):
        kept.append(unanswered.content)

    draft = SimpleNamespace(is_for=lambda session_id: session_id == "s1", keep_for=keep_for)
    desk = Desk(draft=draft)
    desk.prompting.give_back(prompt("Explain rate limits"))
    assert desk.composer.text == "Explain rate limits"
    draft.is_for = lambda _: False
    desk.prompting.give_back(prompt("Another"))
    await asyncio.gather(*desk.work)
    assert (desk.composer.text, kept) == ("Explain rate limits", ["Another"])
    assert desk.notices == []  # the list of sessions tells


async def test_a_prompt_is_not_sent_in_another_session_than_it_was_written_in():
    desk = Desk()

    async def ready(_then):
        desk.conversation.session = session("s2")
        return CONNECTION

    desk.workspace.account.ready = ready
    await desk.send("Explain rate limits")
    assert desk.conversation.asked == []
