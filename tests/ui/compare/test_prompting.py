"""What keeps a prompt from being sent to all columns is said, and the prompt stays."""

from types import SimpleNamespace

import pytest

from groqchat.domain.errors.table import failure
from groqchat.ui.commands import COMMANDS
from groqchat.ui.compare.commands import SLASH_COMMANDS
from groqchat.ui.compare.prompting import ComparePrompting, only_in_chat
from groqchat.ui.widgets.attaching.attachments import Attaching
from groqchat.ui.widgets.prompt_area import PromptArea
from tests.images import image
from tests.ui.compare.desk import A, B, CompareDesk


class Budget:
    """A budget that refuses with an error, if it has one."""

    def __init__(self, error=None):
        self.error, self.allowed = error, 0

    async def check(self, _):
        if self.error is not None:
            raise self.error

    def allow_once(self):
        self.allowed += 1


class Forecast:
    """Knows nothing of what a prompt takes."""

    def keep_words_on(self, text):
        """Say nothing."""

    image_problem = staticmethod(lambda text: "One does not see images." * ("](image:" in text))


def prompting(desk, budget):
    desk.sent, desk.acted = [], []
    area = PromptArea("")
    return ComparePrompting(
        desk.state,
        area,
        Attaching(area),
        forecast=Forecast(),
        budget=budget,
        ask=desk.sent.append,
        act=desk.acted.append,
        confirm=lambda window, decided: desk.opened.append(decided),
        run=lambda work, *, group: None,
    )


async def test_a_column_that_sees_no_images_is_named_before_they_are_sent():
    desk = CompareDesk(A, B)
    actions = prompting(desk, Budget())
    text = f"What is it? {image().mark}"
    await actions.send(text)
    assert desk.sent == []
    assert desk.said[-1].startswith("One does not see images. Enter again sends the prompt;")
    await actions.send(text)
    assert desk.sent == [text]


async def test_a_prompt_is_sent_but_no_white_space():
    desk = CompareDesk(A, B)
    actions = prompting(desk, Budget())
    await actions.send(" \n")
    await actions.send("Why?")
    assert desk.sent == ["Why?"]


async def test_a_prompt_stays_while_answers_are_written_with_a_word_about_it():
    desk = CompareDesk(A, B)
    actions = prompting(desk, Budget())
    desk.state.job = SimpleNamespace(busy="The answers are being written; Esc stops them.")
    await actions.send("Why?")
    assert desk.sent == []
    assert desk.said[-1] == (
        "The answers are being written; Esc stops them. "
        "Your prompt stays here; Enter sends it then."
    )


async def test_a_command_of_the_chat_is_no_prompt():
    desk = CompareDesk(A, B)
    await prompting(desk, Budget()).send("/quota")
    assert desk.sent == []
    assert [slash.command.id for slash in desk.acted] == ["quota"]


@pytest.mark.parametrize("command", [each for each in COMMANDS if each.slash])
def test_each_command_of_the_chat_acts_in_a_comparison_or_says_where_it_works(command):
    if command.id not in SLASH_COMMANDS:
        said = only_in_chat(command)
        assert any(word in said for word in ("Esc", "press Tab", "Write @"))
        assert len(said) <= 76  # one line at 80 columns


async def test_a_spent_budget_is_passed_when_the_same_prompt_is_sent_again():
    desk, budget = CompareDesk(A, B), Budget(failure("over_budget"))
    actions = prompting(desk, budget)
    await actions.send("Why?")
    assert desk.sent == []
    assert desk.said[-1].endswith("Enter again to send it anyway.")
    await actions.send("Why?")
    assert desk.sent == ["Why?"]
    assert budget.allowed == 2  # one request for each column


async def test_where_the_budget_cannot_be_read_a_window_asks_before_anything_is_sent():
    desk, budget = CompareDesk(A, B), Budget(failure("config_unread"))
    actions = prompting(desk, budget)
    await actions.send("Why?")
    (decided,) = desk.opened
    decided(None)
    assert (desk.sent, budget.allowed) == ([], 0)
    decided(True)
    assert (desk.sent, budget.allowed) == (["Why?"], 2)
