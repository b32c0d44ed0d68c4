"""Images of prompts, shown in a window."""

import re

from rich.color import Color
from textual.screen import Screen

from groqchat.domain.images.image import Image
from groqchat.services.images import clipboard
from groqchat.ui.dialogs.image_viewer import ImageViewer, Picture, show_images, strips_of
from tests.images import image, png
from tests.ui.chat.test_chat_screen import chatting
from tests.ui.stage import HOSTILE, Stage, seen, until


async def copied():
    return image("copied.png", 3)


EYES = "qwen/qwen3.8-27b"
GREY = "#070707"


def tall(pilot):
    """The half blocks on the screen."""
    return seen(pilot.app.screen).count("▀")


def test_two_rows_of_pixels_are_one_of_cells():
    strips = strips_of(image(colour=7), 80, 24)
    assert [strip.text for strip in strips] == ["▀▀▀▀", "▀▀▀▀"]
    first, last = (strip._segments[0].style for strip in strips)
    assert (first.color, first.bgcolor) == (Color.parse(GREY), Color.parse(GREY))
    assert (last.color, last.bgcolor) == (Color.parse(GREY), None)
    assert [strip.cell_length for strip in strips_of(image(), 2, 24)] == [2]


async def test_names_are_harmless_and_what_is_not_kept_is_told():
    stage, kept = Stage(), {image().digest: image()}

    class Store:
        async def images(self, digests):
            return {digest: kept[digest] for digest in digests if digest in kept}

    lost = Image("0" * 32, HOSTILE.replace("[", "").replace("]", ""), 9, 9)
    async with stage.run_test(size=(80, 24)) as pilot:
        shown = show_images([lost, image()], Store(), stage.push_screen_wait)
        stage.run_worker(shown)
        await until(pilot, lambda: "cannot be read: it is not kept here" in seen(stage.screen))
        assert "\x1b" not in seen(stage.screen)
        assert "image 1 of 2" in seen(stage.screen)
        assert tall(pilot) == 0
        await pilot.press("right", "right")
        await until(pilot, lambda: tall(pilot) == 8)
        assert "PNG · 68 bytes · 2,048 tokens · image 2 of 2" in seen(stage.screen)
        assert "cannot be read" not in seen(stage.screen)
        stage.console._color_system = None
        await pilot.resize_terminal(60, 20)
        await until(pilot, lambda: "shows no colours" in seen(stage.screen))


async def test_it_opens_from_the_chip_and_from_the_message(groq, tmp_path, monkeypatch):
    (tmp_path / "sign.png").write_bytes(png(colour=9))
    monkeypatch.chdir(tmp_path)
    async with chatting() as (pilot, screen):

        def is_open():
            return isinstance(pilot.app.screen, ImageViewer)

        async def look_and_close():
            await until(pilot, lambda: is_open() and tall(pilot) == 8)
            await pilot.press("escape")
            await until(pilot, lambda: not is_open())

        screen.composer.text = f"/model {EYES}"
        await pilot.press("enter")
        await until(pilot, lambda: screen.workspace.options.model == EYES)
        screen.composer.text = "What is in @sign.png?"
        await pilot.press("enter")
        await until(pilot, lambda: "stands below the prompt now" in seen(screen))
        await pilot.press("f4")
        await look_and_close()
        await pilot.press("f4")
        await until(pilot, is_open)
        await pilot.press("backspace")
        await until(pilot, lambda: "(image:" not in screen.composer.text)
        await pilot.press("ctrl+z")
        await until(pilot, lambda: "(image:" in screen.composer.text)
        await pilot.press("enter")
        await until(pilot, lambda: screen.workspace.figures.last_turn is not None)
        screen.composer.text = f"And here? {image().mark}"
        await until(pilot, lambda: "images 29% of ITPM" in seen(screen))
        screen.composer.text = ""
        await pilot.press("f4")
        await look_and_close()
        rows = seen(screen).splitlines()
        y = next(y for y, row in enumerate(rows) if "[▣ sign.png 4×3]" in row)
        x = rows[y].index("▣")
        await pilot.click(offset=(x, y))
        await look_and_close()
        transcript = screen.conversation.transcript
        transcript.focus()
        await pilot.press("up")
        assert "v view image" in seen(screen)
        await pilot.press("v")
        await look_and_close()
        await pilot.press("down", "v")
        await until(pilot, lambda: "This message has no image." in seen(screen))
        monkeypatch.setattr(clipboard, "clipboard_image", copied)
        screen.composer.text = "/image"
        await pilot.press("tab", "enter")
        await until(pilot, lambda: "copied.png 4×3 (2,048 tokens) stands below" in seen(screen))
        assert "(image:" in screen.composer.text


async def test_a_terminal_with_pixels_shows_one_image_at_a_time_and_none_in_the_end(monkeypatch):
    told = []
    monkeypatch.setattr(Picture, "_has_pixels", lambda _: True)
    monkeypatch.setattr(Picture, "_write", lambda _, sequence: told.append(sequence))

    def numbers(kind):
        return [number for each in told for number in re.findall(rf"{kind},.*?i=(\d+)", each)]

    def on_screen():
        return set(numbers("a=p")) - set(numbers("a=d"))

    stage = Stage()
    async with stage.run_test(size=(80, 24)) as pilot:
        await stage.push_screen(ImageViewer([image(), image("b.png", 7)]))
        await until(pilot, lambda: len(on_screen()) == 1)
        assert tall(pilot) == 0
        first = on_screen()
        await pilot.press("right")
        await until(pilot, lambda: len(on_screen() - first) == 1)
        assert len(on_screen()) == 1
        await stage.push_screen(Screen())
        await until(pilot, lambda: not on_screen())
        stage.pop_screen()
        await until(pilot, lambda: len(on_screen()) == 1)
        await pilot.resize_terminal(60, 20)
        await pilot.press("escape")
        await until(pilot, lambda: not on_screen())
