"""The transcript in an app: it streams, follows, scrolls, selects and asks."""

import subprocess
import sys

import pytest
from rich.cells import cell_len
from textual.app import App
from textual.geometry import Offset, Region
from textual.selection import Selection

from groqchat.ui.transcript.entries import Entry, EntryKind, EntryState
from groqchat.ui.transcript.view import Transcript

ANSWER = """\
Some **bold** words and a [link](https://example.org/x).

```python
def f():
\treturn 1
```

- one
- two

~~~
plain
~~~
"""


class Stage(App):
    CSS = "Transcript { height: 1fr; }"

    def __init__(self, entries=()):
        super().__init__()
        self.first = entries
        self.heard = []

    def compose(self):
        yield Transcript()

    def on_mount(self):
        self.transcript.show(self.first)

    @property
    def transcript(self):
        return self.query_one(Transcript)

    def on_transcript_wanted(self, message):
        self.heard.append(message)

    on_transcript_edit_asked = on_transcript_wanted
    on_transcript_regenerate_asked = on_transcript_wanted
    on_transcript_copy_asked = on_transcript_wanted
    on_transcript_code_copy_asked = on_transcript_wanted
    on_transcript_version_asked = on_transcript_wanted
    on_transcript_link_clicked = on_transcript_wanted
    on_linking_links_asked = on_transcript_wanted


def seen(transcript):
    """The visible rows as text."""
    return [transcript.render_line(y).text.rstrip() for y in range(transcript.window.height)]


def screen_of(app):
    """What was painted, row by row, without the scrollbar."""
    strips = app.screen._compositor.render_strips()
    return ["".join(part.text for part in strip)[:-1].rstrip() for strip in strips]


def asked(app, kind):
    return [message for message in app.heard if type(message) is kind]


async def until(pilot, condition):
    """Let the app work until something is true; the test's timeout guards against never."""
    while not condition():
        await pilot.pause(0.005)


def conversation(turns):
    entries = []
    for number in range(turns):
        entries.append(Entry(f"u{number}", EntryKind.USER, "You", f"question {number}"))
        entries.append(
            Entry(f"a{number}", EntryKind.ASSISTANT, "model", f"answer {number}\n\n{ANSWER}")
        )
    return entries


async def test_streams_what_is_appended():
    app = Stage([Entry("a", EntryKind.ASSISTANT, "model", state=EntryState.STREAMING)])
    async with app.run_test(size=(60, 20)) as pilot:
        for start in range(0, len(ANSWER), 4):
            app.transcript.append("a", ANSWER[start : start + 4])
        assert app.transcript.source("a") == ANSWER
        app.transcript.finish("a", footer="9 tokens")
        await pilot.pause()
        shown = "\n".join(seen(app.transcript))
        assert "Some bold words and a link (https://example.org/x)." in shown
        assert "9 tokens" in shown
        assert "answering" not in shown
        assert app.transcript.source("a") == ANSWER
        assert app.transcript.code_blocks("a") == ["def f():\n\treturn 1\n", "plain\n"]


async def test_paints_streamed_text_without_being_told_to():
    app = Stage([Entry("a", EntryKind.ASSISTANT, "model", state=EntryState.STREAMING)])
    async with app.run_test(size=(60, 20)) as pilot:
        app.transcript.append("a", "**Hello** wor")
        await until(pilot, lambda: "Hello wor" in "\n".join(seen(app.transcript)))
        assert "● answering" in seen(app.transcript)[0]
        app.transcript.append("a", "ld")
        await until(pilot, lambda: "Hello world" in "\n".join(seen(app.transcript)))


async def test_text_that_came_before_the_mount_is_shown():
    transcript = Transcript()
    transcript.add(Entry("a", EntryKind.ASSISTANT, "model"))
    transcript.append("a", "early")
    app = Stage()
    async with app.run_test(size=(40, 10)) as pilot:
        await app.mount(transcript)
        await until(pilot, lambda: any("early" in row for row in seen(transcript)))


async def test_appending_to_no_entry_is_an_error():
    app = Stage()
    async with app.run_test():
        with pytest.raises(KeyError):
            app.transcript.append("nobody", "x")


async def test_follows_the_end_until_the_user_scrolls_up():
    app = Stage(
        [*conversation(5), Entry("last", EntryKind.ASSISTANT, "model", state=EntryState.STREAMING)]
    )
    async with app.run_test(size=(60, 12)) as pilot:
        transcript = app.transcript
        transcript.append("last", "line\n\n" * 30)
        await until(pilot, lambda: transcript.is_following and "line" in seen(transcript)[-2])
        transcript.scroll_to(y=transcript.scroll_offset.y - 9, animate=False)
        await pilot.pause()
        before, top = seen(transcript), transcript.scroll_offset
        transcript.append("last", "more\n\n" * 30)
        await until(pilot, lambda: "new text below" in seen(transcript)[-1])
        assert seen(transcript)[:-1] == before[:-1]
        assert transcript.scroll_offset == top
        transcript.focus()
        await pilot.pause()
        await pilot.press("end")
        assert transcript.is_following
        assert any("more" in row for row in seen(transcript))
        assert "new text below" not in seen(transcript)[-1]


async def test_a_click_on_the_chip_follows_again():
    app = Stage(conversation(5))
    async with app.run_test(size=(60, 12)) as pilot:
        app.transcript.scroll_to(y=0, animate=False)
        app.transcript.add(Entry("x", EntryKind.ASSISTANT, "model", "news"))
        await pilot.pause()
        assert "new text below" in seen(app.transcript)[-1]
        await pilot.click(Transcript, offset=(29, 11))
        assert app.transcript.is_following


async def test_scrolling_up_through_guessed_heights_never_jumps():
    app = Stage(conversation(15))
    async with app.run_test(size=(60, 12)) as pilot:
        transcript = app.transcript
        while transcript.scroll_offset.y > 0:
            before = seen(transcript)
            transcript.scroll_to(y=transcript.scroll_y - 3, animate=False)
            await pilot.pause(0)
            assert seen(transcript)[3:] == before[:-3] or transcript.scroll_offset.y == 0
        assert "You" in seen(transcript)[0]


async def test_a_resize_keeps_what_is_read():
    app = Stage(conversation(20))
    async with app.run_test(size=(60, 12)) as pilot:
        transcript = app.transcript
        transcript.scroll_to(y=100, animate=False)
        await pilot.pause()
        index = transcript.row_at(0).number
        await pilot.resize_terminal(33, 15)
        await pilot.pause()
        assert transcript.row_at(0).number == index


@pytest.mark.parametrize("size", [(10, 3), (1, 1), (20, 5), (200, 60)])
async def test_any_size_will_do(size):
    wide = Entry(
        "w",
        EntryKind.ASSISTANT,
        "日本語モデル",
        "日本語👩‍💻" * 20,
        footer="日本 " * 9,
        version="1/2",
    )
    app = Stage([*conversation(3), wide, Entry("n", EntryKind.NOTICE, "changed 日本語")])
    async with app.run_test(size=size) as pilot:
        transcript = app.transcript
        for y in (0, 20, 1000):
            transcript.scroll_to(y=y, animate=False)
            await pilot.pause()
            for row in range(transcript.window.height):
                strip = transcript.render_line(row)
                assert cell_len(strip.text) == transcript.window.width


async def test_ten_thousand_stubs_ask_only_for_what_is_near():
    stubs = [
        Entry(f"{n}", EntryKind.ASSISTANT if n % 2 else EntryKind.USER, "x", text=None, size=500)
        for n in range(10_000)
    ]
    app = Stage(stubs)
    async with app.run_test(size=(80, 24)) as pilot:
        transcript = app.transcript
        await until(pilot, lambda: app.heard)
        wanted = [name for message in app.heard for name in message.entry_ids]
        assert "9999" in wanted
        assert len(wanted) < 30
        transcript.supply(
            Entry(name, stubs[int(name)].role, "x", f"text of {name}") for name in wanted
        )
        await pilot.pause()
        assert any("text of 9999" in row for row in seen(transcript))
        transcript.focus()
        await pilot.pause()
        for _ in range(12):
            await pilot.press("pageup")
        kept = sum(not entry.is_stub for entry in transcript.entries)
        assert kept < 120


async def test_keys_ask_about_the_entry_under_the_cursor():
    app = Stage(conversation(1))
    async with app.run_test(size=(60, 40)) as pilot:
        transcript = app.transcript
        transcript.focus()
        await pilot.pause()
        kinds = (Transcript.EditAsked, Transcript.RegenerateAsked, Transcript.CopyAsked)
        for keys, kind in zip((("up", "e"), ("down", "r"), ("c",)), kinds, strict=True):
            await pilot.press(*keys)  # a letter acts when it stays alone for a moment
            await until(pilot, lambda kind=kind: asked(app, kind))
        await pilot.press("2")
        await until(pilot, lambda: asked(app, Transcript.CodeCopyAsked))
        await pilot.press("[", "]")
        assert [m.entry_id for m in asked(app, Transcript.EditAsked)] == ["u0"]
        assert [m.entry_id for m in asked(app, Transcript.RegenerateAsked)] == ["a0"]
        assert asked(app, Transcript.CopyAsked)[0].text == transcript.source("a0")
        (copied,) = asked(app, Transcript.CodeCopyAsked)
        assert (copied.number, copied.code) == (2, "plain\n")
        assert [m.step for m in asked(app, Transcript.VersionAsked)] == [-1, 1]


async def test_only_web_links_open():
    text = "[a](https://example.org) [b](ssh://host) [c](/etc/passwd)"
    app = Stage([Entry("a", EntryKind.ASSISTANT, "m", text)])
    async with app.run_test(size=(90, 10)) as pilot:
        row = seen(app.transcript)[1]
        for word in ("a (h", "b (s", "c (/"):
            await pilot.click(Transcript, offset=(row.index(word), 1))
        assert [m.href for m in asked(app, Transcript.LinkClicked)] == ["https://example.org"]


async def test_the_key_o_opens_the_link_of_a_message_or_lets_one_be_chosen():
    one = "see https://example.org/x"
    two = "[a](https://example.org/a), <https://example.org/b>, [a](https://example.org/a)"
    entries = [Entry(f"{at}", EntryKind.ASSISTANT, "m", text) for at, text in enumerate((one, two))]
    app = Stage([*entries, Entry("2", EntryKind.ASSISTANT, "m", "[k](ssh://host)")])
    async with app.run_test(size=(100, 20)) as pilot:
        app.transcript.focus()
        for current in ("0", "1", "2"):
            app.transcript.current = current
            app.transcript._act("o")
            await pilot.pause()
        assert [m.hrefs for m in asked(app, Transcript.LinksAsked)] == [
            ["https://example.org/x"],
            ["https://example.org/a", "https://example.org/b"],
        ]


async def test_reasoning_unfolds_by_key_and_click():
    entry = Entry(
        "a",
        EntryKind.ASSISTANT,
        "m",
        "answer",
        reasoning="because",
        reasoning_label="thought for 2 s",
    )
    app = Stage([entry])
    async with app.run_test(size=(60, 12)) as pilot:
        transcript = app.transcript
        assert "▸ thought for 2 s (7 characters)" in seen(transcript)[1]
        assert not any("because" in row for row in seen(transcript))
        transcript.focus()
        await pilot.pause()
        await pilot.press("enter")
        assert any("because" in row for row in seen(transcript))
        await pilot.click(Transcript, offset=(4, 1))
        assert not any("because" in row for row in seen(transcript))


async def test_reasoning_streams_while_unfolded():
    app = Stage([Entry("a", EntryKind.ASSISTANT, "m", is_folded=False)])
    async with app.run_test(size=(60, 12)) as pilot:
        app.transcript.append_reasoning("a", "let me *think*")
        await until(pilot, lambda: any("let me think" in row for row in seen(app.transcript)))
        app.transcript.update("a", is_folded=True)
        app.transcript.append("a", "So")
        app.transcript.finish("a")
        await pilot.pause()
        assert "▸ thought (14 characters)" in seen(app.transcript)[1]
        assert app.transcript.entries[0].reasoning == "let me *think*"


async def test_a_mouse_selection_copies_text_without_decoration():
    app = Stage([Entry("a", EntryKind.ASSISTANT, "model", ANSWER + "\n" + "word " * 30)])
    async with app.run_test(size=(40, 40)) as pilot:
        transcript = app.transcript
        rows = seen(transcript)
        top = next(y for y, row in enumerate(rows) if "def f" in row)
        await pilot.mouse_down(Transcript, offset=(3, top))
        await pilot.hover(Transcript, offset=(30, top + 1))
        await pilot.mouse_up(Transcript, offset=(30, top + 1))
        assert app.screen.get_selected_text() == "def f():\n    return 1"
        assert seen(transcript) == rows
        everything, _end = transcript.get_selection(Selection(None, None))
        assert everything.rstrip().endswith("word " * 29 + "word")
        assert "- one\n- two" in everything
        assert "│" not in everything


async def test_selected_part_of_a_row():
    app = Stage([Entry("a", EntryKind.USER, "You", "some words here")])
    async with app.run_test(size=(40, 10)):
        selection = Selection(Offset(5, 1), Offset(10, 1))
        assert app.transcript.get_selection(selection) == ("words", "\n")


async def test_find_marks_and_walks_the_hits():
    app = Stage(conversation(30))
    async with app.run_test(size=(60, 12)) as pilot:
        transcript = app.transcript
        found = transcript.find('"ANSWER 7"')
        assert [(hit.entry_id, hit.hits) for hit in found] == [("a7", 1)]
        assert transcript.find_next()
        await pilot.pause()
        assert any("answer 7" in row for row in seen(transcript))
        assert len(transcript.find("answer")) == 30
        walked = []
        for step in (1, 1, -1, -1, 1):
            assert transcript.find_next(step)
            await pilot.pause()
            walked.append(transcript.search._entry_id)
        assert walked == ["a0", "a1", "a0", "a29", "a0"]
        transcript.find("")
        assert transcript.find("no such text") == []
        assert not transcript.find_next()


async def test_a_phrase_is_found_and_marked_where_it_goes_on_in_the_next_row():
    text = "filler " * 7 + "the **rate**\nlimit of the café"
    app = Stage([Entry("a", EntryKind.ASSISTANT, "model", text)])
    async with app.run_test(size=(40, 12)) as pilot:
        transcript = app.transcript
        for query, hits in (('"RATE limit"', 1), ('"rate limit" CAFE', 2), ('"rate café"', 0)):
            found = transcript.find(query)
            assert [hit.hits for hit in found] == ([hits] if hits else [])
            assert transcript.find_next() == bool(hits)
            await pilot.pause()
        transcript.find('"rate limit"')
        terms = transcript.search.terms
        assert terms.marks_in_row("of the rate") == [(7, 11)]
        assert terms.marks_in_row("limits") == [(0, 5)]


async def test_a_theme_change_repaints():
    app = Stage(conversation(2))
    async with app.run_test(size=(60, 12)) as pilot:
        before = [app.transcript.render_line(y) for y in range(12)]
        app.theme = "textual-light"
        await until(pilot, lambda: [app.transcript.render_line(y) for y in range(12)] != before)


async def test_every_theme_can_paint():
    app = Stage([Entry("a", EntryKind.ASSISTANT, "model", ANSWER)])
    async with app.run_test(size=(60, 20)) as pilot:
        for theme in app.available_themes:
            app.theme = theme
            await pilot.pause()
            assert "Some bold" in "\n".join(seen(app.transcript))


async def test_cut_drops_the_rest():
    app = Stage(conversation(3))
    async with app.run_test(size=(60, 12)) as pilot:
        app.transcript.cut("u1")
        await pilot.pause()
        assert [entry.id for entry in app.transcript.entries] == ["u0", "a0"]


async def test_nothing_ticks_when_nothing_streams():
    app = Stage([Entry("a", EntryKind.ASSISTANT, "model")])
    async with app.run_test(size=(60, 12)) as pilot:
        app.transcript.append("a", "x")
        app.transcript.finish("a")
        await until(pilot, lambda: not app.transcript.pacer.is_awaited)


async def test_hostile_text_stays_text():
    hostile = "\x1b]52;c;aGk=\x07 \x9b31m [/red] [@click=app.quit]x[/] \u202e"
    entry = Entry("a", EntryKind.ASSISTANT, hostile, hostile, footer=hostile, version=hostile)
    app = Stage(
        [entry, Entry("n", EntryKind.NOTICE, hostile), Entry("u", EntryKind.USER, hostile, hostile)]
    )
    async with app.run_test(size=(90, 20)):
        shown = "".join(seen(app.transcript))
        assert "[@click=app.quit]x[/]" in shown
        assert not set(shown) & set("\x1b\x9b\x07\u202e")


def test_importing_it_loads_no_parser():
    code = (
        "import sys, groqchat.ui.transcript.view; "
        "print({'markdown_it', 'pygments', 'linkify_it'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


LONG = "".join(
    f"- item **{number}** of many, some of which take more than a row\n" for number in range(200)
)


async def test_what_is_only_in_the_source_is_looked_for_in_all_of_a_long_answer():
    app = Stage([Entry("a", EntryKind.ASSISTANT, "model", LONG)])
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.pause()
        assert app.transcript.find("**")
        assert not app.transcript.find_next()  # in no row: the marks are not shown
        await pilot.pause()
        assert "199" in "".join(seen(app.transcript))


async def test_a_selection_in_a_long_answer_copies_what_was_marked():
    app = Stage([Entry("a", EntryKind.ASSISTANT, "model", LONG)])
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.pause()
        transcript = app.transcript
        row = next(y for y, text in enumerate(seen(transcript)) if "• item 198" in text)
        number = transcript.row_at(row).at
        selection = Selection(Offset(3, number), Offset(11, number))
        app.screen.selections = {transcript: selection}
        assert transcript.get_selection(selection) == ("item 198", "\n")
        await pilot.pause()
        # Above it all is laid out now; what was marked is marked still, and nothing has moved.
        assert "• item 198" in seen(transcript)[row]
        moved = app.screen.selections[transcript]
        assert moved.start.y == transcript.row_at(row).at
        assert transcript.get_selection(moved) == ("item 198", "\n")


async def test_a_bar_that_has_become_shorter_is_painted_as_far_as_it_goes():
    app = Stage([Entry("a", EntryKind.ASSISTANT, "model", LONG)])
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.pause()
        bar = app.transcript.vertical_scrollbar
        height = bar.size.height
        assert len(bar.render_lines(Region(0, 0, 1, height + 5))) == height
        assert bar.render_lines(Region(0, height + 1, 1, 2)) == []


async def test_what_turns_out_to_be_reasoning_leaves_the_body_and_the_answer_goes_on():
    app = Stage([Entry("1", EntryKind.ASSISTANT, "model", state=EntryState.STREAMING)])
    async with app.run_test(size=(60, 20)) as pilot:
        transcript = app.transcript
        transcript.append("1", "Let me see.\n")
        await until(pilot, lambda: "Let me see." in "\n".join(seen(transcript)))
        transcript.rethink("1")
        transcript.append("1", "Two.")
        await until(pilot, lambda: "Two." in "\n".join(seen(transcript)))
        assert "Let me see." not in "\n".join(seen(transcript))
        transcript.finish("1")
        entry = transcript.entry("1")
        assert (entry.text, entry.reasoning) == ("Two.", "Let me see.\n")


async def test_what_is_told_out_of_sight_is_there_as_soon_as_it_comes_into_sight():
    app = Stage(conversation(1))
    async with app.run_test(size=(60, 24)) as pilot:
        await pilot.pause()
        for entries, goal, expected in (
            ([], None, ""),
            (conversation(30), None, "▎ question 29"),
            (conversation(20), 6, "▎ question 3"),
        ):
            app.transcript.display = False
            await until(pilot, lambda: not app.transcript.window.height)
            app.transcript.show(entries)
            if goal is not None:
                app.transcript.show_entry(goal)
            app.transcript.display = True
            await until(pilot, lambda: app.transcript.window.height)
            await pilot.pause()
            painted = screen_of(app)
            assert expected in painted
            assert app.transcript.is_following == (goal is None)


@pytest.mark.parametrize("numbers_code", [True, False])
async def test_code_shows_a_number_only_where_a_digit_copies_it(numbers_code):
    entry = Entry(
        "1", EntryKind.ASSISTANT, "model", ANSWER, reasoning=ANSWER.replace("python", "rust"),
        is_folded=False, numbers_code=numbers_code,
    )  # fmt: skip
    app = Stage([entry])
    async with app.run_test(size=(60, 60)) as pilot:
        await until(pilot, lambda: "python" in "".join(seen(app.transcript)))
        labels = [row.lstrip("▌ ").split() for row in seen(app.transcript)]
        assert ["rust"] in labels
        assert (["python", "1"] in labels) is numbers_code
        assert (["python"] in labels) is not numbers_code
