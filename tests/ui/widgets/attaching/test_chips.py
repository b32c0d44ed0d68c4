"""Chips: long parts of a prompt, shown as labels."""

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual.events import Paste

from groqchat.domain.images.image import Image
from groqchat.domain.text.fences import attached, attached_blocks
from groqchat.domain.turns.tokens import TokenEstimator
from groqchat.ui.dialogs.chip_viewer import ChipViewer
from groqchat.ui.widgets.attaching.chips import (
    Chip,
    ChipKind,
    Chips,
    file_chip,
    image_chip,
    is_long,
    paste_chip,
)
from groqchat.ui.widgets.prompt_area import PromptArea
from tests.ui.chat.test_chat_screen import chatting
from tests.ui.stage import Stage, seen, until

LONG = "\n".join(f"{number},some words" for number in range(300))
LABEL = "[report.csv · 4.4 kB · ≈ 1,372 tokens]"


class Desk(Stage):
    def compose(self):
        self.area = PromptArea()
        yield self.area


@pytest.fixture
async def writing():
    desk = Desk()
    async with desk.run_test() as pilot:
        desk.area.focus()
        yield pilot, desk.area


def test_a_label_tells_name_size_and_tokens():
    chips, chip = Chips(), file_chip("report.csv", LONG)
    assert chips.label(chip) == LABEL
    assert chips.label(file_chip("report.csv", LONG)) == LABEL
    other = file_chip("report.csv", LONG.replace("299", "298"))
    assert chips.label(other) == LABEL.replace("csv", "csv 2")
    assert chips.whole(f"Sum up {LABEL}, please") == f"Sum up {chip.content}, please"
    assert chips.shown(f"Sum up {chip.content}, please") == f"Sum up {LABEL}, please"


def test_a_label_tells_the_tokens_of_the_model_that_is_asked():
    chips = Chips()
    chips.tokens_of = TokenEstimator(factor=1.5).text_tokens
    assert chips.label(file_chip("report.csv", LONG)) == LABEL.replace("1,372", "2,057")


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        (f"Sum up\n\n{LABEL}\n", "Sum up"),
        (f"Sum up {LABEL} and\n\n{LABEL}\n{LABEL} ", f"Sum up {LABEL} and"),
        (f"{LABEL}\n", ""),
        ("[no chip]\n", "[no chip]"),
    ],
)
def test_what_stands_before_the_last_labels(shown, words):
    chips = Chips()
    chips.label(file_chip("report.csv", LONG))
    assert chips.without_last(shown) == words


def test_long_files_of_an_old_prompt_are_chips_again_and_short_ones_are_text():
    prompt = f"Compare\n\n{attached('a.csv', LONG)}\n\n{attached('b.py', 'x = 1')}"
    chips = Chips()
    shown = chips.shown(prompt)
    assert shown == "Compare\n\n[a.csv · 4.4 kB · ≈ 1,372 tokens]\n\nb.py:\n```\nx = 1\n```"
    assert chips.whole(shown) == prompt


def test_only_blocks_as_they_are_attached_are_taken_for_files():
    ours = attached("a.md", "```\nx\n```")
    texts = f"see:\n```py\nno\n```\n{ours}\nopen:\n```\nno end"
    assert [(texts[s:e], name) for s, e, name, _ in attached_blocks(texts)] == [(ours, "a.md")]


PIECES = st.lists(
    st.one_of(
        st.sampled_from(["ask ", "\n\n", "[", "]", "```", "a:\n", LONG, LONG * 2, "[a · 1]"]),
        st.builds(attached, st.sampled_from(["a", "b c"]), st.sampled_from(["x", LONG, "```"])),
    ),
    max_size=8,
)


@settings(max_examples=25)
@given(PIECES, st.lists(st.sampled_from([LONG, LONG * 2, "y" * 3000]), max_size=3))
def test_whatever_is_shown_stands_for_the_same_text(pieces, pasted):
    chips, text = Chips(), "".join(pieces)
    for each in pasted:
        chips.label(paste_chip(each))
    assert chips.whole(chips.shown(text)) == text


KINDS = (
    paste_chip(LONG), paste_chip("```\nshort"), file_chip("a.txt", "x"), file_chip("b.csv", LONG),
    replace(file_chip("https://example.org/c", LONG), kind=ChipKind.PAGE, name="example.org/c"),
    Chip(ChipKind.FILE, "2 files", *[f"{attached('d', 'x')}\n\n{attached('e', LONG)}"] * 2),
    image_chip(Image("a" * 32, "sign.png", 640, 480, "image/png", b"")),
)  # fmt: skip


def test_a_draft_is_shown_after_a_restart_as_it_was_with_all_its_chips():
    before, after = Chips(), Chips()
    shown = "Why? " + " and\n".join(map(before.label, KINDS)) + "\nor not?"
    draft = before.kept(shown)
    after.remember(draft)
    assert after.shown(draft.text) == shown
    assert [place.chip for place in after.places(shown)] == list(KINDS)
    assert after.kept(shown) == draft


@pytest.mark.parametrize(
    ("text", "expected"),
    [("a" * 2_000, False), ("a" * 2_001, True), ("\n" * 19, False), ("\n" * 20, True)],
)
def test_what_is_long(text, expected):
    assert is_long(text) is expected


async def test_a_chip_is_passed_removed_and_brought_back_as_one_letter(writing):
    pilot, area = writing
    area.write("Why? ")
    pilot.app.post_message(Paste(LONG.replace("\n", "\r\n")))
    await until(pilot, lambda: area.text == f"Why? {LONG}")
    assert area.shown == "Why? [pasted text · 4.4 kB · ≈ 1,364 tokens]"
    end = area.cursor_location
    await pilot.press("left")
    assert (area.selected_chip.content, area.cursor_location) == (LONG, (0, 5))
    await pilot.press("x")  # a letter stands beside it, and replaces nothing
    assert area.text == f"Why? x{LONG}"
    await pilot.press("right", "right")
    assert (area.selected_chip, area.cursor_location) == (None, (0, end[1] + 1))
    await pilot.press("backspace")
    assert area.text == "Why? x"
    await pilot.press("ctrl+z")
    assert area.text == f"Why? x{LONG}"
    area.move_cursor((0, 6))
    await pilot.press("delete")
    assert area.text == "Why? x"
    await pilot.press("ctrl+z", "right", "backspace")
    assert area.text == "Why? x"
    await pilot.press("ctrl+z")
    assert (area.text, area.selected_chip) == (f"Why? x{LONG}", None)
    area.select_all()
    assert area.selected_text == f"Why? x{LONG}"  # what a copy takes


async def test_no_edit_leaves_half_a_chip(writing):
    _, area = writing
    dice, stood = random.Random(1), {""}
    chip = file_chip("report.csv", LONG)
    for _ in range(60):
        place = lambda: (0, dice.randrange(len(area.shown) + 1))  # noqa: E731
        kind = dice.randrange(4)
        if kind == 0:
            area.insert_chip(chip)
        elif kind == 1:
            area.insert(dice.choice(["ab", " "]), place())
        elif kind == 2:
            area.delete(place(), place())
        else:
            area.undo()
        bare = area.text.replace(chip.content, "")
        assert "report" not in bare, area.shown
        assert area.chips.whole(area.shown) == area.text
        stood.add(area.text)
    assert len(stood) > 10


async def test_an_old_prompt_that_is_written_again_has_its_chips(writing):
    _, area = writing
    area.insert_chip(paste_chip(LONG))
    prompt = f"{area.text} explain"
    area.take_out(area.text)
    assert area.text == ""
    area.recall(prompt)
    assert area.shown == "[pasted text · 4.4 kB · ≈ 1,364 tokens] explain"
    area.begin_with(f"{attached('a.csv', LONG)}\nmore")
    assert area.shown == "[a.csv · 4.4 kB · ≈ 1,372 tokens]\nmore"


async def test_the_content_of_a_chip_is_shown_taken_as_text_or_removed(groq, tmp_path, monkeypatch):
    (tmp_path / "report.csv").write_text(LONG)
    monkeypatch.chdir(tmp_path)
    async with chatting() as (pilot, screen):
        # The line below the composer and the chips estimate in the same way.
        await until(pilot, screen.workspace.figures.preview)
        monkeypatch.setattr(TokenEstimator, "text_tokens", lambda _self, text: len(text))
        assert screen.composer.area.chips.tokens_of("four") == 4
        monkeypatch.undo()
        monkeypatch.chdir(tmp_path)
        area, viewer = screen.composer.area, lambda: isinstance(pilot.app.screen, ChipViewer)
        screen.composer.text = "Sum up @report.csv"
        await pilot.press("enter")
        await until(pilot, lambda: area.shown == f"Sum up report.csv\n\n{LABEL}\n")
        await pilot.press("left", "left")
        assert "Enter show it  Backspace remove" in seen(screen)
        await pilot.press("enter")
        await until(pilot, viewer)
        await until(pilot, lambda: "0,some words" in seen(pilot.app.screen))
        assert not screen.conversation.is_busy
        await pilot.press("backspace")
        await until(pilot, lambda: not viewer() and area.text == "Sum up report.csv\n\n\n")
        await pilot.press("ctrl+z", "f4")
        await until(pilot, viewer)
        await pilot.press("t")
        await until(pilot, lambda: not viewer() and area.shown.count("\n") > 300)
        assert area.shown == area.text == f"Sum up report.csv\n\n{attached('report.csv', LONG)}\n"
