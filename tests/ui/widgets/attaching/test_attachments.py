"""Files named in a prompt."""

import asyncio
import os
from contextlib import contextmanager

import pytest
from textual.worker import WorkerCancelled

from groqchat.domain.errors.tree import StorageError
from groqchat.services.pages.ports import PageError, PrivateAddressError
from groqchat.services.pages.web_pages import WebPage
from groqchat.ui.terminal.files import NOT_REGULAR
from groqchat.ui.widgets.attaching.attachments import CHANGED, Attaching
from groqchat.ui.widgets.attaching.file_ranges import ForeignText
from groqchat.ui.widgets.attaching.named_files import names_in, read_named
from groqchat.ui.widgets.prompt_area import PromptArea
from tests.ui.chat.test_chat_screen import chatting, shows
from tests.ui.stage import Stage, seen, until


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "notes.txt").write_text("Milk, @other.txt")
    (tmp_path / "other.txt").write_text("Never")
    (tmp_path / "fences.md").write_text("```\r\n@other.txt\r\n```\r\n")
    (tmp_path / "two words.md").write_text("# Two")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\xff")
    (tmp_path / "empty.md").touch()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "src").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


class Desk(Stage):
    """A prompt area alone."""

    def compose(self):
        self.area = PromptArea()
        yield self.area


@pytest.fixture
async def area():
    desk = Desk()
    async with desk.run_test():
        yield desk.area


async def attach_named(attaching, area):
    """What Enter leads to: what is said, or the prompt that goes."""
    came = asyncio.get_running_loop().create_future()
    say = lambda said: came.set_result(("said", said))  # noqa: E731
    send = lambda text: came.set_result(("sent", text))  # noqa: E731
    return await came if attaching.holds_up(area.text, say, send) else ("sent", area.text)


@pytest.mark.parametrize(
    "prompt",
    [
        "What is @dataclass?", "me@notes.txt", "@", "@.", "a\0 @\0", "@you, @user!",
        '@app.get("/items/{id}")', "```\n@notes.txt\n```", "~~~py\n@nots.txt",
    ],
)  # fmt: skip
def test_what_names_no_file_stays(folder, prompt):
    found = read_named(names_in(prompt, ForeignText().spans(prompt)))
    assert (found.texts, found.missed) == ({}, {})


@pytest.mark.parametrize(
    ("prompt", "missed"),
    [
        ("Read @nots.txt.", {"nots.txt": "there is no such file"}),
        ("Read @'no such'", {"no such": "there is no such file"}),
        ("Read @~/nowhere/a, please", {"~/nowhere/a": "there is no such file"}),
        ("Read @src", {"src": "it is a folder; @src/ is all in it"}),
        ("@nodir/*.py and @*.nope", dict.fromkeys(["nodir/*.py", "*.nope"], "no file matches")),
        ("@nodir/Makefile", {"nodir/Makefile": "there is no such file"}),
        ("@/ look", {"/": "it is a folder"}),
        ("@~nobody-here/x", {"~nobody-here/x": "there is no such file"}),
        ("@ftp://x/y z", {"ftp://x/y": "only addresses with http and https are fetched"}),
        ("@pipe and @./pipe", dict.fromkeys(["pipe", "./pipe"], NOT_REGULAR)),
        ("@/dev/zero", {"/dev/zero": NOT_REGULAR}),
        ("@empty.md, @empty.md:1", {
            "empty.md": "it is empty", "empty.md:1": "empty.md is empty",
        }),
        ("@notes.txt:3-1", {
            "notes.txt:3-1": "the range 3-1 runs backward; 1-3 is the same forward"
        }),
        ("@picture.png", {"picture.png": "it is no image in PNG, JPEG, GIF or WebP"}),
    ],
)  # fmt: skip
def test_what_is_meant_as_a_file_and_is_none_is_told(folder, prompt, missed):
    assert read_named(names_in(prompt)).missed == missed


async def test_files_stand_below_once_and_by_name(area, folder):
    attaching = Attaching(area)
    area.write(f"Compare @notes.txt, @notes.txt, @{folder}/notes.txt and @'two words.md'.")
    said = await attach_named(attaching, area)
    prompt = area.text
    assert prompt.startswith(
        "Compare notes.txt, notes.txt, notes.txt and two words.md.\n\nnotes.txt:\n```\n"
    )
    assert prompt.count("Milk") == 2  # two ways to write a path are two files
    assert said == (
        "said", "notes.txt, notes.txt, two words.md stand below the prompt now; Enter sends it."
    )  # fmt: skip
    assert await attach_named(attaching, area) == ("sent", prompt)
    area.undo()
    assert area.text.startswith("Compare @notes.txt")


async def test_a_file_with_fences_stands_in_a_longer_one(area, folder):
    area.write("@fences.md")
    await attach_named(Attaching(area), area)
    assert area.text == "fences.md\n\nfences.md:\n````\n```\n@other.txt\n```\n````\n"


async def test_no_edit_makes_a_name_within_a_file_one_of_the_users(area, folder):
    attaching = Attaching(area)
    area.write("Buy @notes.txt")
    await attach_named(attaching, area)
    area.replace_chip(area.nearest_chip, area.nearest_chip.content)  # as text, to be changed
    whole = area.text
    for edit in (
        lambda: area.insert("Please. ", (0, 0)),
        lambda: area.insert(" Then?", area.document.end),
        lambda: area.delete((3, 0), (4, 0)),  # the fence above the file
        lambda: area.insert("more ", (3, 5)),  # within it
        lambda: area.delete((2, 0), (3, 2)),
    ):
        edit()
        assert await attach_named(attaching, area) == ("sent", area.text)
        assert "Never" not in area.text
    while area.shown != whole:
        area.undo()
        assert await attach_named(attaching, area) == ("sent", area.text)
    area.undo()
    area.redo()
    assert await attach_named(attaching, area) == ("sent", area.text)
    area.write(area.text + "\n@other.txt")
    assert (await attach_named(attaching, area))[1].startswith("other.txt stands below")
    area.begin_with(whole)
    assert await attach_named(attaching, area) == ("sent", whole)


async def test_what_cannot_be_attached_is_said_once_and_what_can_is(area, folder):
    attaching = Attaching(area)
    area.write("See @picture.png, @nots.txt and @other.txt")
    assert (await attach_named(attaching, area))[1] == (
        "other.txt stands below the prompt now; Enter sends it. Not attached: "
        "@picture.png: it is no image in PNG, JPEG, GIF or WebP; @nots.txt: there is no such file."
    )
    assert await attach_named(attaching, area) == ("sent", area.text)
    with pytest.raises(StorageError, match="is a folder"):
        await attaching.attach(str(folder))


class Pages:
    """Pages of a public and of a private address; any other cannot be had."""

    def __init__(self):
        self.asked = []

    async def read(self, url, *, is_private_allowed):
        self.asked.append(url)
        if "10.0.0.1" in url and not is_private_allowed:
            raise PrivateAddressError("is in its own network")
        if "gone" in url:
            raise PageError("is refused by its server: 404")
        return WebPage(url, "What @other.txt says \x1b[31m")


async def test_a_page_is_fetched_once_enter_is_pressed_and_stands_below_as_a_chip(area, folder):
    pages = Pages()
    attaching = Attaching(area, pages=pages)
    area.write("Read @https://example.org/a_(b), (or @https://example.org/c).")
    assert pages.asked == []
    said = await attach_named(attaching, area)
    assert pages.asked == ["https://example.org/a_(b)", "https://example.org/c"]
    assert said[1].startswith("https://example.org/a_(b), https://example.org/c stand below")
    assert area.shown.splitlines() == [
        "Read https://example.org/a_(b), (or https://example.org/c).",
        "",
        "[example.org/a_(b) · 21 bytes · ≈ 17 tokens]",
        "[example.org/c · 21 bytes · ≈ 16 tokens]",
    ]
    assert "https://example.org/c:\n```\nWhat @other.txt says" in area.text
    assert "\x1b" not in area.text
    assert await attach_named(attaching, area) == ("sent", area.text)
    assert len(pages.asked) == 2


async def test_a_page_in_the_own_network_is_fetched_when_enter_says_so_again(area, folder):
    attaching = Attaching(area, pages=Pages())
    area.write("Read @http://10.0.0.1/x and @https://gone.org/y")
    assert await attach_named(attaching, area) == (
        "said",
        (
            "Not attached: @https://gone.org/y: it is refused by its server: 404. "
            "@http://10.0.0.1/x is in its own network; Enter again fetches it."
        ),
    )
    assert area.text == "Read @http://10.0.0.1/x and @https://gone.org/y"
    assert (await attach_named(attaching, area))[1].startswith("http://10.0.0.1/x stands below")
    assert area.text.startswith("Read http://10.0.0.1/x and @https://gone.org/y\n\nhttp:")


async def test_a_private_page_that_cannot_be_had_is_told_before_the_prompt_goes_without_it(area):
    attaching = Attaching(area, pages=Pages())
    area.write("@http://10.0.0.1/gone x")
    assert "Enter again fetches it" in (await attach_named(attaching, area))[1]
    assert await attach_named(attaching, area) == ("said", (
        "Not attached: @http://10.0.0.1/gone: it is refused by its server: 404. "
        "Enter again sends the prompt as it is."
    ))  # fmt: skip
    assert await attach_named(attaching, area) == ("sent", area.text)
    area.write("@http://10.0.0.1/gone y")  # another prompt asks anew
    assert "Enter again fetches it" in (await attach_named(attaching, area))[1]
    area.insert(" and @nots.txt", area.document.end)
    said = (await attach_named(attaching, area))[1]
    assert said.startswith("Not attached: @nots.txt: there is no such file. @http://10.0.0.1/gone")
    assert (await attach_named(attaching, area))[1].startswith(
        "Not attached: @http://10.0.0.1/gone"
    )
    assert await attach_named(attaching, area) == ("sent", area.text)


class SlowPages:
    """Pages that arrive when they are let go."""

    def __init__(self):
        self.arrived = asyncio.Event()

    async def read(self, url, *, is_private_allowed):
        await self.arrived.wait()
        return WebPage(url, "text")


async def test_one_writes_on_while_files_are_read_and_a_second_enter_sends(area, folder):
    pages, came, is_told = SlowPages(), asyncio.Queue(), asyncio.Event()

    @contextmanager
    def telling():
        is_told.set()
        yield
        is_told.clear()

    attaching, hear = Attaching(area, telling, pages), came.put_nowait
    area.write("Read @https://a.org/ and")
    assert attaching.holds_up(area.text, hear, hear)
    await is_told.wait()
    area.insert(" sum it up", area.document.end)
    assert attaching.holds_up(area.text, hear, hear)  # Enter once more
    area.insert("Next", area.document.end)
    pages.arrived.set()
    prompt = "Read https://a.org/ and sum it up\n\nhttps://a.org/:\n```\ntext\n```\n"
    assert await came.get() == prompt
    assert area.text == f"{prompt}Next"
    assert not is_told.is_set()
    assert not attaching.is_reading


async def test_reading_that_was_stopped_or_whose_session_was_left_writes_nothing(area, folder):
    came = []
    attaching = Attaching(area, pages=SlowPages())
    for leave in (attaching.stop, lambda: area.begin_with("Another session")):
        area.write("Read @https://a.org/")
        attaching.holds_up(area.text, came.append, came.append)
        reading = attaching._worker
        leave()
        with pytest.raises(WorkerCancelled):
            await reading.wait()
        assert not attaching.is_reading
        assert came == []
    assert area.text == "Another session"


async def test_a_prompt_that_names_no_file_goes_with_what_it_was_as_enter_was_pressed(area, folder):
    attaching, came = Attaching(area), asyncio.Queue()
    hear = came.put_nowait
    area.write("What is @dataclass?")
    attaching.holds_up(area.text, hear, hear)
    area.insert(" More", area.document.end)
    assert await came.get() == "What is @dataclass?"
    assert not attaching.holds_up("What is @dataclass?", hear, hear)
    attaching.holds_up(area.text, hear, hear)
    area.write("Something else")
    assert await came.get() == CHANGED


def test_a_file_is_followed_through_any_edit():
    foreign = ForeignText()
    foreign.add("ask\nFILE", 4, 4)
    for text, file in (
        ("ask me\nFILE", "FILE"), ("ask me\nFILE!", "FILE"), ("ask me\nFIxLE!", "FIxLE"),
        ("ask meLE!", "LE"), ("ask meL", "L"), ("ask", None),
    ):  # fmt: skip
        foreign.follow(text)
        assert [text[span.start : span.end] for span in foreign._spans] == ([file] if file else [])


async def test_files_are_seen_before_they_are_sent_and_name_no_more_of_them(groq, folder):
    async with chatting() as (pilot, screen):
        screen.composer.text = "Look at @picture.png"
        await pilot.press("enter")
        await shows(pilot, screen, "Not attached: @picture.png")
        assert screen.composer.text == "Look at @picture.png"
        screen.composer.text = "Buy @notes.txt"
        await pilot.press("enter")
        await shows(pilot, screen, "notes.txt stands below the prompt now")
        assert not screen.conversation.is_busy
        screen.composer.area.insert("Please. ", (0, 0))
        await pilot.press("enter")
        await until(pilot, lambda: screen.workspace.figures.last_turn)
        path = await screen.workspace.services.store.path(screen.conversation.branch.leaf_id)
        assert path[0].content.startswith(
            "Please. Buy notes.txt\n\nnotes.txt:\n```\nMilk, @other.txt\n```"
        )
        assert "Never" not in seen(screen)
