"""Texts that come and go in the composer, without a screen."""

from types import SimpleNamespace

import pytest

from groqchat.ui.workspace.editing import PromptEditing
from groqchat.ui.workspace.prompt_text import PromptText
from tests.ui.without_a_screen import Area, Composer, prompt


@pytest.mark.parametrize(("written", "stands"), [("", "/effort loud"), ("a thought", "a thought")])
def test_a_refused_command_comes_back_where_nothing_is_written(written, stands):
    area, notices = Area(written), []
    text = PromptText(area, lambda said, **_: notices.append(said))
    text.refuse("There is no such effort.", "effort", "loud")
    assert (area.text, notices) == (stands, ["There is no such effort."])


def test_a_command_without_an_argument_is_not_given_back():
    area = Area()
    PromptText(area, print).give_command_back("effort", "")
    assert area.text == ""


def editing_of(text="", leaf_id="a1", unanswered=None):
    composer = Composer(text)
    branch = SimpleNamespace(leaf_id=leaf_id, unanswered=unanswered)
    return PromptEditing(composer, branch), composer


def test_editing_that_is_cancelled_brings_back_what_was_written():
    editing, composer = editing_of("a thought")
    editing.begin(prompt("first"))
    editing.begin(prompt("second"))
    assert composer.text == "second"
    editing.cancel()
    assert (composer.text, editing.prompt, editing.parent_id) == ("a thought", None, "a1")


def test_a_prompt_follows_the_leaf_or_takes_the_place_of_another_prompt():
    editing, _ = editing_of()
    assert editing.parent_id == "a1"
    editing.begin(prompt("first", parent_id="a0"))
    assert editing.parent_id == "a0"
    failed, _ = editing_of(unanswered=prompt("failed", parent_id="a2"))
    assert failed.parent_id == "a2"


@pytest.mark.parametrize(("edited", "left"), [("first", "a thought"), ("new", "a thought\n\nnew")])
def test_a_session_that_is_left_keeps_what_was_set_aside_and_what_was_changed(edited, left):
    editing, composer = editing_of("a thought")
    editing.begin(prompt("first"))
    composer.text = edited
    editing.leave()
    assert (composer.text, editing.prompt) == (left, None)
