"""The widget: a conversation with a cursor, keys and clicks that become messages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import var

from groqchat.ui.terminal.active_screen import write_text
from groqchat.ui.transcript.entries import EntryKind
from groqchat.ui.transcript.links import Linking
from groqchat.ui.transcript.painter import GUTTER, is_chip
from groqchat.ui.widgets.lone_letter import LoneLetter
from groqchat.ui.widgets.text import KeyHint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Unpack

    from textual import events

    from groqchat.ui.markdown.lines import Line
    from groqchat.ui.transcript.entries import Changes, Entry, Stubs


# Letters that act alone, and those that only move the cursor or show something else.
LETTERS, MOVES = frozenset("ercfdiov123456789"), frozenset("jk[]")

_IMAGE = re.compile(r"\[▣ ([^\]\n]+)\]?")


def _key(keys: str, action: str, description: str, name: str) -> Binding:
    return Binding(keys, action, description, show=False, id=f"transcript.{name}")


class Transcript(Linking, can_focus=True):
    """A conversation; see the package for how to use it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        _key("up", "move(-1)", "Message above", "up"),
        _key("down", "move(1)", "Message below", "down"),
        _key("pageup", "page(-1)", "Page up", "page_up"),
        _key("pagedown", "page(1)", "Page down", "page_down"),
        _key("home", "home", "To the beginning", "home"),
        _key("end", "follow", "To the end, and follow it", "end"),
        _key("enter,space", "fold", "Show or hide the reasoning, images, a part of JSON", "fold"),
        _key("left", "node(-1)", "Part of JSON above", "node_above"),
        _key("right", "node(1)", "Part of JSON below", "node_below"),
    ]

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._lone = LoneLetter(self, self._act, lambda text: write_text(self.screen, text))

    current: var[str | None] = var(None)
    # Counts up whenever entries may have got another version number.
    numbered: var[int] = var(0)
    """The entry the cursor is on; highlighted while the transcript has the focus."""

    @dataclass
    class Asked(Message):
        """A request of the user's about an entry."""

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
    class ForkAsked(Asked):
        """The entry and all before it are to become a session of their own."""

    @dataclass
    class DeleteAsked(Asked):
        """The entry is to be deleted."""

    @dataclass
    class DetailsAsked(Asked):
        """The details of the entry are to be shown."""

    @dataclass
    class ImagesAsked(Asked):
        """The images of the entry are to be shown, first the one whose words begin so."""

        words: str = ""

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
        """Stubs came near the viewport and need their texts; see `Transcript.supply`."""

        transcript: Transcript
        entry_ids: Sequence[str]

        @property
        def control(self) -> Transcript:
            """The transcript."""
            return self.transcript

    def refitted(self) -> None:
        """Ask for the texts of stubs that came near the viewport."""
        super().refitted()
        if self.virtual_list.wanted:
            # Not at once: what is sent while the screen lays out counts as the screen's own.
            self.call_next(self._ask)

    def _ask(self) -> None:
        if wanted := self.virtual_list.wanted:
            self.virtual_list.wanted = []
            self.post_message(self.Wanted(self, wanted))

    # The cursor

    def show(self, entries: Iterable[Entry] | Stubs) -> None:
        """Show these entries and no others, from their end; the cursor is on the last."""
        super().show(entries)
        self.current = self.virtual_list.entries.ids[-1] if self.virtual_list.entries else None

    @property
    def current_id(self) -> str | None:
        """See `Viewport.current_id`."""
        return self.current if self.has_focus else None

    def watch_current(self) -> None:
        """Paint the highlight."""
        self.refresh()

    def on_focus(self) -> None:
        """Put the cursor on the lowest entry in sight."""
        self._lone.begin_anew()
        if self.current not in self.virtual_list and self.virtual_list.entries:
            lowest = self.row_at(self.window.height - 1)
            self.current = self.virtual_list.entries.ids[lowest.number if lowest else -1]
        self.refresh()

    def on_blur(self) -> None:
        """Without the focus nothing is highlighted."""
        self.refresh()

    def action_move(self, step: int) -> None:
        """Move the cursor to the entry above or below."""
        if not self.virtual_list.entries:
            return
        if here := self._pointed():
            self.leave_json(here)
        index = self.virtual_list.index(here) + step if here else len(self.virtual_list.entries) - 1
        index = max(0, min(len(self.virtual_list.entries) - 1, index))
        self.current = self.virtual_list.entries.ids[index]
        self.show_entry(index)

    def action_page(self, step: int) -> None:
        """Scroll by nearly a screenful."""
        page = max(1, self.window.height - 2)
        self.scroll_to(y=self.scroll_offset.y + step * page, animate=False)

    def action_home(self) -> None:
        """Scroll to the beginning."""
        self.scroll_to(y=0, animate=False)

    def action_follow(self) -> None:
        """Scroll to the end and follow it."""
        self.follow()

    def _pointed(self) -> str | None:
        """The entry the cursor is on, unless that is gone."""
        return self.current if self.current in self.virtual_list else None

    def update(self, entry_id: str, **changes: Unpack[Changes]) -> None:
        """Change fields of an entry; whoever shows its keys learns of its version."""
        super().update(entry_id, **changes)
        self.numbered += "version" in changes

    def surround(self, stubs: Stubs) -> None:
        """Show all of what only the end was shown of, with its versions."""
        super().surround(stubs)
        self.numbered += 1

    # What is asked for

    def on_key(self, event: events.Key) -> None:
        """Letters that cost or change something act alone; several in a row are a prompt."""
        if self._lone.is_waiting or event.character in LETTERS | MOVES:
            self._lone.take(event, LETTERS, MOVES)

    def _act(self, letter: str) -> None:
        if letter.isdigit():
            self._copy_code(int(letter))
            return
        commands: dict[str, Callable[[], object]] = {
            "e": partial(self._ask_for, self.EditAsked),
            "r": partial(self._ask_for, self.RegenerateAsked),
            "c": self._copy,
            "f": partial(self._ask_for, self.ForkAsked),
            "d": partial(self._ask_for, self.DeleteAsked),
            "i": partial(self._ask_for, self.DetailsAsked),
            "o": lambda: self.open_link(self._pointed()),
            "v": partial(self._ask_for, self.ImagesAsked),
            "k": partial(self.action_move, -1),
            "j": partial(self.action_move, 1),
            "[": partial(self.action_version, -1),
            "]": partial(self.action_version, 1),
        }
        commands[letter]()

    def hints(self) -> Sequence[KeyHint]:
        """The keys that act on the entry with the cursor."""
        if (entry_id := self._pointed()) is None:
            return ()
        hints = [KeyHint("e", "edit"), KeyHint("r", "regenerate"), KeyHint("c", "copy")]
        if self.entry(entry_id).version:
            hints.append(KeyHint("[ ]", "versions"))
        if codes := len(self.code_blocks(entry_id)):
            hints.append(KeyHint("1" if codes == 1 else f"1–{min(codes, 9)}", "copy code"))
        if self.entry(entry_id).role is EntryKind.ASSISTANT and "://" in self.source(entry_id):
            hints.append(KeyHint("o", "open link"))
        if self.entry(entry_id).json is not None:
            hints.append(KeyHint("←→ Enter", "fold parts"))
        is_prompt = self.entry(entry_id).role is EntryKind.USER
        if is_prompt and _IMAGE.search(self.source(entry_id)):
            hints.append(KeyHint("v", "view image"))
        small = self.entry(entry_id).thumbnails
        if small is not None and small.pixels:
            hints.append(KeyHint("Enter", "fold image"))
        hints += [KeyHint("f", "fork"), KeyHint("d", "delete"), KeyHint("i", "details")]
        return (*hints, KeyHint("↑↓", "messages"), KeyHint("Tab", "prompt"))

    def action_fold(self) -> None:
        """Show or hide the reasoning of the current entry, or a part of its JSON."""
        if entry_id := self._pointed():
            self.fold(entry_id)

    def action_node(self, step: int) -> None:
        """Move the cursor inside the JSON of the current entry."""
        if entry_id := self._pointed():
            self.move_in_json(entry_id, step)

    def _ask_for(self, asked: type[Asked]) -> None:
        """Ask for something about the current entry; ``asked`` has no further fields."""
        if entry_id := self._pointed():
            self.post_message(asked(self, entry_id))

    def _copy(self) -> None:
        """Ask for the current entry to be copied."""
        if entry_id := self._pointed():
            self.post_message(self.CopyAsked(self, entry_id, self.source(entry_id)))

    def _copy_code(self, number: int) -> None:
        """Ask for a code block of the current entry to be copied; without it a digit is text."""
        if (entry_id := self._pointed()) and number <= len(codes := self.code_blocks(entry_id)):
            self.post_message(self.CodeCopyAsked(self, entry_id, number, codes[number - 1]))
        else:
            write_text(self.screen, str(number))

    def action_version(self, step: int) -> None:
        """Ask for another version of the current entry."""
        if entry_id := self._pointed():
            self.post_message(self.VersionAsked(self, entry_id, step))

    def on_click(self, event: events.Click) -> None:
        """Open links and images, fold reasoning, follow the end.

        The right button takes the focus to a message, whose keys are named below the composer then.
        """
        if event.button == _RIGHT:
            if (shown := self.row_at(event.y)) is not None:
                self.current = self.virtual_list.entries.ids[shown.number]
                self.focus(scroll_visible=False)
        elif self.is_news_below and is_chip(event.offset, self.window):
            self.follow()
        elif self.text_selection is None and (shown := self.row_at(event.y)):
            href = shown.row.line.href_at(event.x - GUTTER)
            entry_id = self.virtual_list.entries.ids[shown.number]
            if self.fold_at(shown):
                return
            image = self.virtual_list.layout(shown.number).image_at(shown.at, event.x - GUTTER)
            if image is not None:
                self.post_message(self.ImagesAsked(self, entry_id, image.words))
            elif href:
                self.post_message(self.LinkClicked(self, entry_id, href))
            elif words := _image_at(shown.row.line, event.x - GUTTER):
                self.post_message(self.ImagesAsked(self, entry_id, words))


# The number of the right button of a mouse.
_RIGHT = 3


def _image_at(line: Line, cell: int) -> str:
    """The words of the image whose mark is under a cell, or as many as stand in that row."""
    text = "".join(span.text for span in line.spans)
    for mark in _IMAGE.finditer(text):
        if cell_len(text[: mark.start()]) <= cell < cell_len(text[: mark.end()]):
            return mark[1].strip()
    return ""
