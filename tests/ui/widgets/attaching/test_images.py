"""Images in the text area: named, dropped, and read back from a draft."""

import re

import pytest

from groqchat.services.pages.web_pages import WebPage
from groqchat.ui.widgets.attaching.attachments import Attaching
from groqchat.ui.widgets.attaching.dropped import dropped_images
from tests.images import image, png
from tests.ui.widgets.attaching.test_attachments import Desk, attach_named


class Kept:
    """A store that remembers what it was given."""

    def __init__(self):
        self.images = []

    async def keep_images(self, images):
        self.images += images


class Pages:
    """A web of one image."""

    async def read(self, url, *, is_private_allowed):
        return WebPage(url, "", image("web.png", 7))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "sign (1).png").write_bytes(png())
    (tmp_path / "b.jpg").write_bytes(png(colour=1))
    (tmp_path / "notes.txt").write_text("Milk")
    monkeypatch.chdir(tmp_path)
    return tmp_path


async def test_images_stand_below_as_chips_and_are_kept(folder):
    desk, kept = Desk(), Kept()
    async with desk.run_test():
        area, attaching = desk.area, Attaching(desk.area, pages=Pages(), images=kept)
        area.write("What are @'sign (1).png', @https://example.org/web.png and @notes.txt?")
        said = await attach_named(attaching, area)
        assert said[1] == (
            "notes.txt, sign 1.png 4×3 (2,048 tokens), web.png 4×3 (2,048 tokens) stand below the "
            "prompt now; Enter sends it."
        )
        one, web = image("sign (1).png"), image("web.png", 7)
        assert area.shown.splitlines()[0] == "What are sign 1.png, web.png and notes.txt?"
        assert area.shown.endswith(
            "[sign 1.png · 4×3 · 2,048 tokens]\n[web.png · 4×3 · 2,048 tokens]\n"
        )
        assert area.text.endswith(f"{one.mark}\n{web.mark}\n")
        assert kept.images == [one, web]
        assert await attach_named(attaching, area) == ("sent", area.text)
        await attaching.attach("b.jpg")
        assert kept.images[-1].data == png(colour=1)


async def test_a_draft_with_an_image_shows_its_chip(folder):
    desk = Desk()
    async with desk.run_test():
        desk.area.text = f"Look {image().mark}"
        assert desk.area.shown == "Look [a.png · 4×3 · 2,048 tokens]"
        assert desk.area.text == f"Look {image().mark}"


async def test_an_image_that_cannot_be_read_is_told(folder, monkeypatch):
    monkeypatch.setattr("groqchat.services.images.loading.MOST_BYTES_READ", 9)
    desk = Desk()
    async with desk.run_test():
        desk.area.write("@b.jpg")
        said = await attach_named(Attaching(desk.area), desk.area)
        assert said[1].startswith("Not attached: @b.jpg: it is larger than 9 bytes.")


def test_what_a_terminal_pastes_for_dropped_images_names_them(folder):
    there = folder / "sign (1).png"
    escaped = re.sub(r"([ ()])", r"\\\1", str(there))
    for pasted in (f"'{there}'", escaped, f'"{there}" ', there.as_uri()):
        assert dropped_images(pasted) == f'@"{there}"'
    assert dropped_images(f"{folder}/b.jpg '{there}'") == f'@{folder}/b.jpg @"{there}"'
    for text in ("b.png", "notes.txt", f"see {folder}/b.jpg", "it's a.png", "a.png " * 2_000):
        assert dropped_images(text) == ""
