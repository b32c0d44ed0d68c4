"""The widget the owner talks to: entries in, streams in, messages out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import perf_counter
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import var

from groqchat.ui.widgets.transcript.entries import Entry, State
from groqchat.ui.widgets.transcript.painter import GUTTER
from groqchat.ui.widgets.transcript.search import Found, Search
from groqchat.ui.widgets.transcript.stream import Growing, Pace
from groqchat.ui.widgets.transcript.viewport import Viewport

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual import events
    from textual.geometry import Region
    from textual.strip import Strip
    from textual.timer import Timer


def _key(keys: str, action: str, description: str, name: str) -> Binding:
    return Binding(keys, action, description, show=False, id=f"transcript.{name}")


class Transcript(Viewport, can_focus=True):
    """A conversation; see the package for how to use it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        _key("up,k", "move(-1)", "Message above", "up"),
        _key("down,j", "move(1)", "Message below", "down"),
        _key("pageup", "page(-1)", "Page up", "page_up"),
        _key("pagedown", "page(1)", "Page down", "page_down"),
        _key("home", "home", "To the beginning", "home"),
        _key("end", "follow", "To the end, and follow it", "end"),
        _key("enter,space", "fold", "Show or hide the reasoning", "fold"),
        _key("e", "ask('EditAsked')", "Edit", "edit"),
        _key("r", "ask('RegenerateAsked')", "Answer again", "regenerate"),
        _key("c", "copy", "Copy", "copy"),
        _key("left_square_bracket", "version(-1)", "Version before", "version_before"),
        _key("right_square_bracket", "version(1)", "Version after", "version_after"),
        *(
            _key(str(number), f"copy_code({number})", f"Copy code block {number}", f"code_{number}")
            for number in range(1, 10)
        ),
    ]

    current: var[str | None] = var(None)
    """The entry the cursor is on; highlighted while the transcript has the focus."""

    @dataclass
    class Asked(Message):
        """Something was asked for about an entry."""

        transcript: Transcript
        entry_id: str

        @property
        def control(self) -> Transcript:
            """The transcript."""
            return self.transcript

    @dataclass
    class EditAsked(Asked):
        """The entry is to be edited."""

    @dataclass
    class RegenerateAsked(Asked):
        """The entry is to be answered again."""

    @dataclass
    class CopyAsked(Asked):
        """The source of the entry is to be copied."""

        text: str

    @dataclass
    class CodeCopyAsked(Asked):
        """A code block of the entry is to be copied; `number` counts from 1."""

        number: int
        code: str

    @dataclass
    class VersionAsked(Asked):
        """Another version of the entry is to be shown: the one before (-1) or after (1)."""

        step: int

    @dataclass
    class LinkClicked(Asked):
        """A link with this http, https or mailto address was clicked."""

        href: str

    @dataclass
    class Wanted(Message):
        """These stubs came near the viewport; see `Transcript.supply`."""

        transcript: Transcript
        entry_ids: Sequence[str]

        @property
        def control(self) -> Transcript:
            """The transcript."""
            return self.transcript

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self._growing: dict[str, Growing] = {}
        self._pace = Pace()
        self._frame: Timer | None = None

    # Entries

    @property
    def entries(self) -> Sequence[Entry]:
        """What is shown; the text of an entry that grows is in `source`."""
        return self.roll.entries

    def show(self, entries: Iterable[Entry]) -> None:
        """Show these entries and no others, from their end."""
        self._growing.clear()
        self.roll.pinned.clear()
        self.roll.fill(entries)
        self.current = None
        self.follow()

    def add(self, entry: Entry) -> None:
        """Put an entry below all others."""
        with self.keeping_place():
            self.roll.add(entry)
        self.note_news()

    def update(self, entry_id: str, **changes: Any) -> None:
        """Change fields of an entry, by the names they have in `Entry`.

        Raises:
            KeyError: There is no such entry.
        """
        with self.keeping_place():
            self.roll.replace(replace(self.roll.entry(entry_id), **changes))

    def cut(self, entry_id: str) -> None:
        """Drop an entry and all below it."""
        kept = self.roll.entries[: self.roll.index(entry_id)]
        self._growing = {key: growing for key, growing in self._growing.items()
                         if any(entry.id == key for entry in kept)}
        with self.keeping_place():
            self.roll.fill(kept)
        self.refresh()

    def supply(self, entries: Iterable[Entry]) -> None:
        """Give stubs their text: the whole entries, of which those wanted no more are ignored."""
        with self.keeping_place():
            for entry in entries:
                self.roll.supply(entry)

    def source(self, entry_id: str) -> str:
        """The exact text of an entry as it came; empty for a stub. KeyError if there is none."""
        text = self.roll.entry(entry_id).text or ""
        growing = self._growing.get(entry_id)
        return text + growing.whole[0] if growing else text

    def code_blocks(self, entry_id: str) -> list[str]:
        """The code of an entry's code blocks, in the order of their numbers."""
        return [block.code for block in self.roll.sheet(self.roll.index(entry_id)).code_blocks]

    def arranged(self) -> None:
        """Ask for the texts of stubs that came near the viewport."""
        if wanted := self.roll.wanted:
            self.roll.wanted = []
            self.post_message(self.Wanted(self, wanted))

    # Streams

    def append(self, entry_id: str, text: str) -> None:
        """Add to the body of an entry; shown with the next frame. KeyError if there is none."""
        self._grow(entry_id).fresh_text.append(text)

    def append_reasoning(self, entry_id: str, text: str) -> None:
        """Add to the reasoning of an entry; shown with the next frame."""
        self._grow(entry_id).fresh_reasoning.append(text)

    def finish(self, entry_id: str, state: State = State.DONE, **changes: Any) -> None:
        """No more text will come; the entry's text is now all that came.

        Args:
            entry_id: The entry.
            state: How it ended.
            changes: Other fields of the entry that change, such as the footer.
        """
        entry = self.roll.entry(entry_id)
        growing = self._growing.pop(entry_id, None) or Growing()
        with self.keeping_place():
            while growing.is_fresh:
                self.roll.append(entry_id, *growing.take())
            text, reasoning = growing.whole
            whole = replace(
                entry,
                text=(entry.text or "") + text,
                reasoning=entry.reasoning + reasoning,
                state=state,
            )
            self.roll.replace(replace(whole, **changes), is_laid_out=True)
            self.roll.pinned.discard(entry_id)

    def _grow(self, entry_id: str) -> Growing:
        growing = self._growing.get(entry_id)
        if growing is None:
            self.roll.index(entry_id)
            growing = self._growing[entry_id] = Growing()
            self.roll.pinned.add(entry_id)
        self._schedule()
        return growing

    def _schedule(self) -> None:
        """See to it that a frame comes; until the widget is mounted, text waits."""
        if self._frame is None and self.is_attached:
            self._frame = self.set_timer(self._pace.due(perf_counter()), self._flush)

    def on_mount(self) -> None:
        """Show what came before."""
        super().on_mount()
        if self._growing:
            self._schedule()

    def _flush(self) -> None:
        """Lay out what came since the last frame."""
        self._frame = None
        begin = perf_counter()
        self._pace.begin(begin)
        with self.keeping_place():
            for entry_id, growing in self._growing.items():
                if growing.is_fresh:
                    self.roll.append(entry_id, *growing.take())
        self.note_news()
        self._pace.spend(perf_counter() - begin)
        if any(growing.is_fresh for growing in self._growing.values()):
            self._schedule()

    def render_lines(self, crop: Region) -> list[Strip]:
        """Paint; what that takes is part of what the frame cost."""
        begin = perf_counter()
        strips = super().render_lines(crop)
        self._pace.spend(perf_counter() - begin)
        return strips

    # Find

    def find(self, query: str) -> list[Found]:
        """Mark a text wherever it occurs, case ignored; tells which loaded entries have it."""
        self.search = Search(query)
        self.refresh()
        return self.search.found(self.roll)

    def find_next(self, direction: int = 1) -> bool:
        """Scroll to the next hit, or with -1 the one before; False if there is none."""
        hit = self.search.step(self.roll, direction)
        if hit is not None:
            self.is_following = False
            self.arrange()
            self.show_row(*hit)
        self.refresh()
        return hit is not None

    def find_previous(self) -> bool:
        """Scroll to the hit before."""
        return self.find_next(-1)

    def clear_find(self) -> None:
        """Mark nothing."""
        self.find("")

    # Keys and mouse

    @property
    def current_id(self) -> str | None:
        """See `Viewport.current_id`."""
        return self.current if self.has_focus else None

    def watch_current(self) -> None:
        """Paint the highlight."""
        self.refresh()

    def on_focus(self) -> None:
        """The cursor begins at the lowest entry in sight."""
        if self.current is None or self.current not in self.roll:
            shown = [at[0] for y in range(self.window.height) if (at := self.row_at(y))]
            lowest = self.roll.entries[shown[-1] if shown else -1 :][:1]
            self.current = lowest[0].id if lowest else None
        self.refresh()

    def on_blur(self) -> None:
        """Without the focus nothing is highlighted."""
        self.refresh()

    def action_move(self, step: int) -> None:
        """Move the cursor to the entry above or below."""
        if not self.roll.entries:
            return
        here = self.roll.index(self.current) if self.current in self.roll else 0
        index = max(0, min(len(self.roll.entries) - 1, here + step))
        self.current = self.roll.entries[index].id
        self.show_entry(index)

    def show_entry(self, index: int) -> None:
        """Scroll so that an entry can be seen, its beginning at least."""
        top, height = self.roll.top(index), self.window.height
        bottom = top + self.roll.sheet(index).height
        shown = self.scroll_offset.y
        if top < shown or bottom - top > height:
            self.scroll_to(y=top, animate=False)
        elif bottom > shown + height:
            self.scroll_to(y=bottom - height, animate=False)

    def action_page(self, step: int) -> None:
        """Scroll by nearly a screenful."""
        self.scroll_to(y=self.scroll_offset.y + step * max(1, self.window.height - 2), animate=False)

    def action_home(self) -> None:
        """Scroll to the beginning."""
        self.scroll_to(y=0, animate=False)

    def action_follow(self) -> None:
        """Scroll to the end and follow it."""
        self.follow()

    def action_fold(self) -> None:
        """Show or hide the reasoning of the current entry."""
        if self.current in self.roll:
            self.fold(self.current)

    def fold(self, entry_id: str) -> None:
        """Show or hide the reasoning of an entry."""
        self.update(entry_id, is_folded=not self.roll.entry(entry_id).is_folded)

    def action_ask(self, name: str) -> None:
        """Post one of the messages that need no more than the entry."""
        asked = {"EditAsked": self.EditAsked, "RegenerateAsked": self.RegenerateAsked}[name]
        if self.current in self.roll:
            self.post_message(asked(self, self.current))

    def action_copy(self) -> None:
        """Ask for the current entry to be copied."""
        if self.current in self.roll:
            self.post_message(self.CopyAsked(self, self.current, self.source(self.current)))

    def action_copy_code(self, number: int) -> None:
        """Ask for a code block of the current entry to be copied."""
        if self.current in self.roll:
            blocks = self.code_blocks(self.current)
            if number <= len(blocks):
                self.post_message(
                    self.CodeCopyAsked(self, self.current, number, blocks[number - 1])
                )

    def action_version(self, step: int) -> None:
        """Ask for another version of the current entry."""
        if self.current in self.roll:
            self.post_message(self.VersionAsked(self, self.current, step))

    def on_click(self, event: events.Click) -> None:
        """Open links, fold reasoning, follow the end."""
        if self.text_selection is not None or (shown := self.row_at(event.y)) is None:
            return
        index, row = shown
        entry_id = self.roll.entries[index].id
        if self.is_chip(event.offset):
            self.follow()
        elif self.roll.sheet(index).is_fold(row):
            self.fold(entry_id)
        elif href := self.roll.row(index, row).line.href_at(event.x - GUTTER):
            self.post_message(self.LinkClicked(self, entry_id, href))
