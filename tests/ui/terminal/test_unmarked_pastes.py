"""Lines that a terminal pastes without marks become a draft; one line and its Enter act."""

import pytest
from textual.events import Key, Paste

from groqchat.ui.terminal.active_screen import is_answering
from groqchat.ui.terminal.paste_filter import END, START, PasteSafeParser
from groqchat.ui.terminal.unmarked_pastes import Lines, TogetherRead
from tests.ui.stage import groqchat, seen, until

CODE = "def f():\r\tx = 1\r    return x"
DRAFT = "def f():\n\tx = 1\n    return x"


def parser_beside_time():
    """A parser for which all reads come at once."""
    parser = PasteSafeParser()
    parser._together = TogetherRead(clock=lambda: 0.0)
    return parser


def events_of(*pieces):
    parser = parser_beside_time()
    return [event for piece in pieces for event in parser.feed(piece)]


def kinds(*pieces):
    return [type(event) for event in events_of(*pieces)]


def test_keys_of_one_read_with_a_line_end_or_a_tab_among_them_may_be_pasted():
    assert kinds("a\r") == kinds("\x1b[Aa\nb")[1:] == kinds("a\tb") == [Lines]
    assert kinds("\r\r") == kinds("ab") == kinds("a", "b") == [Key, Key]
    assert kinds("ab", "\r") == [Key, Key, Lines]  # a paste that is cut before its line end
    assert kinds("x\r", "\r")[1:] == [Lines]
    assert [one for one in kinds(f"{START}a\rb{END}", "c") if one is not Key] == [Paste]


def read(app, *pieces):
    """What arrives at the app when its terminal sends these, one read after another."""
    for event in events_of(*pieces):
        app.post_message(event)


def pieces_of(text, length):
    return [text[start : start + length] for start in range(0, len(text), length)]


@pytest.fixture
async def pilot(groq):
    app = groqchat()
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: app._chat.has_chat and app._chat.connection)
        yield pilot


async def becomes(pilot, wanted, *pieces):
    app = pilot.app
    area = app.screen.prompt
    area.write("")
    read(app, *pieces)
    await until(pilot, lambda: area.text == wanted)
    assert not is_answering(app.screen)


async def test_pasted_lines_are_one_draft(pilot):
    await becomes(pilot, DRAFT, CODE)
    await becomes(pilot, DRAFT + "\n", CODE + "\r")
    await becomes(pilot, DRAFT, CODE.replace("\r", "\n"))
    await becomes(pilot, DRAFT, CODE.replace("\r", "\r\n"))
    await becomes(pilot, "a\n\n\nb", "a\r", "\r", "\rb")
    await becomes(pilot, "two\nlines", "two\rlines")
    await becomes(pilot, "a\tb", "a\tb")
    long = "\r".join(f"\tline {number} of many" for number in range(800))
    await becomes(pilot, long.replace("\r", "\n"), *pieces_of(long, 1_024))
    await becomes(pilot, "/etc/hosts\nis a\nfile", "/etc/hosts\ris a\rfile")
    pilot.app._chat.set_focus(None)
    await becomes(pilot, DRAFT, CODE)


async def test_a_command_in_the_first_line_runs_and_the_next_line_is_sent(pilot):
    chat = pilot.app._chat
    read(pilot.app, "/reasoning\rhello there\r")
    await until(pilot, lambda: chat.conversation.branch.leaf_id and not chat.composer.text)
    await until(pilot, lambda: "hello there" in seen(chat))
    assert "/reasoning" not in seen(chat)


async def test_pasted_lines_are_one_draft_in_a_comparison(pilot):
    read(pilot.app, "/compare gpt-oss-20b gpt-oss-120b\r")
    await until(pilot, lambda: pilot.app.screen is not pilot.app._chat and pilot.app.focused)
    await becomes(pilot, DRAFT, CODE)


async def test_a_field_of_one_line_takes_all_lines_and_does_nothing(pilot):
    await pilot.press("ctrl+l")
    await until(pilot, lambda: pilot.app.screen is not pilot.app._chat and pilot.app.focused)
    read(pilot.app, "one\rtwo\r")
    await until(pilot, lambda: pilot.app.focused.value == "one two")
