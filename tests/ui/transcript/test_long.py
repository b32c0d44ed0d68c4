"""Long sessions: their end comes first, then all of it, of which only what is in sight is made."""

from groqchat.ui.markdown.lexers import Lexers
from groqchat.ui.transcript.entries import Entry, EntryKind, Stubs
from groqchat.ui.transcript.entry_index import EntryIndex
from tests.ui.transcript.test_transcript import Stage, seen, until


class Maker:
    """Makes stubs, and remembers which."""

    def __init__(self, count):
        self.made = []
        names = [f"m{number}" for number in range(count)]
        self.stubs = Stubs(names, [400] * count, self.make)

    def make(self, index):
        self.made.append(index)
        role = EntryKind.ASSISTANT if index % 2 else EntryKind.USER
        return Entry(f"m{index}", role, "x", text=None, size=400, version="1/2" if index else "")


def told(number):
    return Entry(f"m{number}", EntryKind.ASSISTANT, "x", f"text of m{number}")


async def test_the_whole_session_comes_around_its_end_and_nothing_moves():
    maker = Maker(20_000)
    app = Stage([told(number) for number in range(19_976, 20_000)])
    async with app.run_test(size=(80, 24)) as pilot:
        transcript = app.transcript
        await until(pilot, lambda: "text of m19999" in "\n".join(seen(transcript)))
        transcript.surround(maker.stubs)
        await pilot.pause()
        assert "text of m19999" in "\n".join(seen(transcript))
        assert "‹1/2›" in "\n".join(seen(transcript))
        assert len(transcript.entries) == 20_000
        assert len(maker.made) < 200
        transcript.action_home()
        await until(pilot, lambda: app.heard)
        assert "m0" in app.heard[-1].entry_ids
        assert seen(transcript)[0].strip("▎ ") == "x"
        assert len(maker.made) < 300


async def test_what_came_while_the_session_was_read_stays_below():
    maker = Maker(100)
    app = Stage([told(98), told(99)])
    async with app.run_test(size=(80, 24)) as pilot:
        transcript = app.transcript
        transcript.add(Entry("new", EntryKind.USER, "You", "one more"))
        transcript.append("m99", " and more")
        transcript.surround(maker.stubs)
        await pilot.pause()
        assert [entry.id for entry in transcript.entries[-2:]] == ["m99", "new"]
        assert transcript.source("m99") == "text of m99 and more"
        assert "one more" in "\n".join(seen(transcript))


async def test_the_scrollbar_is_true_to_the_text_and_takes_the_mouse():
    app = Stage([told(number) for number in range(100)])
    async with app.run_test(size=(80, 24)) as pilot:
        transcript = app.transcript
        await until(pilot, lambda: transcript.scroll_offset.y)
        end = transcript.scroll_offset.y
        await pilot.click(transcript, offset=(79, 2))
        await until(pilot, lambda: transcript.scroll_offset.y < end)
        bar = transcript.vertical_scrollbar
        await pilot.mouse_down(
            bar, offset=(0, int(bar.position * 24 / transcript.virtual_list.height))
        )
        assert bar.grabbed is not None
        await pilot.mouse_up(bar)
        transcript.action_home()
        await pilot.pause()
        strips = bar.render_lines(bar.size.region)
        assert len(strips) == 24
        assert all(strip.cell_length == 1 for strip in strips)
        assert next(iter(strips[0])).style.meta == {"@mouse.down": "grab"}
        assert next(iter(strips[-1])).style.meta == {"@mouse.down": "scroll_down"}
        assert bar.position == 0


def test_a_listing_makes_what_is_looked_at_and_forgets_it():
    maker = Maker(10)
    index = EntryIndex(maker.stubs)
    assert (len(index), index.place("m7"), index[-1].id) == (10, 7, "m9")
    assert maker.made == [9]
    index[7] = told(7)
    index.append(told(10))
    assert [place for place, _ in index.loaded()] == [7, 10]
    index.forget(7)
    index.forget(10)
    assert index[7].is_stub
    assert not index[10].is_stub
    assert index.lengths[7] == 400
    index.cut(8)
    assert [entry.id for entry in index[6:]] == ["m6", "m7"]
    assert not index.holds("m10")
    index.append(told(8))
    index.forget(8)
    assert index[8] == Maker(10).make(8)


async def test_code_of_a_rare_language_is_coloured_once_its_lexer_is_there():
    app = Stage([Entry("a", EntryKind.ASSISTANT, "x", "```brainfuck\n+[-] comment\n```")])
    async with app.run_test(size=(60, 12)) as pilot:
        transcript = app.transcript

        def styles():
            rows = [row for y in range(6) for row in transcript.render_line(y)]
            return {str(part.style) for part in rows if "+" in part.text or "[" in part.text}

        await until(pilot, lambda: "+[-] comment" in "\n".join(seen(transcript)))
        await until(pilot, lambda: len(styles()) > 1)


def test_without_listeners_lexers_are_made_at_once():
    lexers = Lexers()
    assert lexers.get("rust").name == "Rust"
    assert lexers.get("") is None
    assert lexers.get("no such language") is None


def test_listeners_are_told_once_of_each_lexer():
    lexers = Lexers()
    told_of = []
    lexers.listen(lambda: told_of.append("c"))
    assert lexers.get("python").name == "Python"
    while lexers.get("c") is None:
        pass
    while not told_of:
        pass
    assert told_of == ["c"]
