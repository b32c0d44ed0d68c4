"""A text area in which chips stand: each is passed, selected and removed as if it were a letter."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from textual.message import Message
from textual.widgets import TextArea
from textual.widgets.text_area import Selection

from groqchat.ui.widgets.attaching.chips import Chips, is_long, paste_chip
from groqchat.ui.widgets.attaching.dropped import dropped_images

if TYPE_CHECKING:
    from rich.text import Text
    from textual.events import Click, Key, Paste
    from textual.widgets.text_area import Location

    from groqchat.domain.sessions.draft import KeptDraft
    from groqchat.services.images.ports import ImageStore
    from groqchat.ui.terminal.textual_internals import Edit, EditResult
    from groqchat.ui.widgets.attaching.chips import Chip, Place
    from groqchat.ui.widgets.attaching.file_ranges import ForeignText

_LINE_END = re.compile(r"\r\n|\r")
# On a screen with fewer rows the composer shows two lines.
_HIGH = 18


class ChipArea(TextArea):
    """A text area whose ``text`` is the whole text; ``shown`` is what stands in it, with labels."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"chip-area--chip"}
    DEFAULT_CSS = """
    ChipArea > .chip-area--chip { color: $text-accent; background: $panel; }
    ChipArea:nocolor > .chip-area--chip { text-style: underline; }
    """

    foreign: ForeignText | None = None
    images: ImageStore | None = None
    """Where the images are kept whose chips stand here."""

    @dataclass
    class ChipOpened(Message):
        """The content of a chip is to be shown."""

        chip: Chip

    @cached_property
    def chips(self) -> Chips:
        """The chips that stand here, stood here, or may come back by an undo."""
        return Chips()

    @property
    def text(self) -> str:
        """The whole text, with the contents of chips."""
        return self.chips.whole(self.document.text)

    @text.setter
    def text(self, whole: str) -> None:
        shown = self.chips.shown(whole)
        self.load_text(shown)
        self.chips.forget_others(shown)

    @property
    def shown(self) -> str:
        """The text with the labels of chips."""
        return self.document.text

    @property
    def kept(self) -> KeptDraft:
        """What is kept of the text for another start: all of it, and where its chips are."""
        return self.chips.kept(self.shown)

    @property
    def selected_text(self) -> str:
        """What is selected, with the contents of chips."""
        return self.chips.whole(super().selected_text)

    @property
    def selected_chip(self) -> Chip | None:
        """The chip that is selected, alone."""
        (row, start), (other, end) = sorted(self.selection)
        on_row = self._places(row) if row == other else []
        return next((each.chip for each in on_row if (each.start, each.end) == (start, end)), None)

    @property
    def nearest_chip(self) -> Chip | None:
        """The selected chip, else the last one before the cursor, else the first one."""
        if (chip := self.selected_chip) is not None:
            return chip
        before = self.get_text_range((0, 0), self.cursor_location)
        places = self.chips.places(before)[-1:] or self.chips.places(self.shown)[:1]
        return places[0].chip if places else None

    def write(self, text: str) -> None:
        """Put a text here instead of what is there, to be written on; Ctrl+Z undoes it.

        On a low screen two lines are seen: those with the prompt, not the end of a label below it.
        """
        shown = self.chips.shown(text)
        self.replace(shown, (0, 0), self.document.end, maintain_selection_offset=False)
        words = self.chips.without_last(shown)
        if words and words != shown.rstrip() and self.app.size.height < _HIGH:
            *above, last = words.split("\n")
            self.move_cursor((len(above), len(last)))
        else:
            self.move_cursor(self.document.end)

    def insert_chip(self, chip: Chip) -> None:
        """Put a chip at the cursor, in place of what is selected."""
        self._put(self.chips.label(chip))

    def replace_chip(self, chip: Chip, text: str) -> None:
        """Put a text in the place of a chip; names in it name no files, and Ctrl+Z undoes it."""
        label = self.chips.label(chip)
        before, found, _ = self.shown.partition(label)
        if not found:
            return
        row = before.count("\n")
        column = len(before) - (before.rfind("\n") + 1)
        self.replace(text, (row, column), (row, column + len(label)))
        self.move_cursor((row, column))
        if self.foreign is not None and text:
            self.foreign.add(self.shown, len(text), len(before))

    def _put(self, shown: str) -> None:
        result = self.replace(shown, *self.selection, maintain_selection_offset=False)
        self.move_cursor(result.end_location)

    def _places(self, row: int) -> list[Place]:
        is_there = row < self.document.line_count
        return self.chips.places(self.document.get_line(row)) if is_there else []

    # -- a label is one letter ----------------------------------------------------------------

    def edit(self, edit: Edit) -> EditResult:
        """Do an edit; a chip that it touches is replaced wholly, or not at all."""
        top, bottom = edit.top, edit.bottom
        if top == bottom:
            edit.from_location = edit.to_location = self._beside(top, is_end=True)
        else:
            edit.from_location = self._beside(top, is_end=False)
            edit.to_location = self._beside(bottom, is_end=True)
        result = super().edit(edit)
        self.keep_track()
        return replace(result, replaced_text=self.chips.whole(result.replaced_text))

    def keep_track(self) -> None:
        """Follow what came from files to where it stands now."""
        if self.foreign is not None and self.foreign.is_there:
            self.foreign.follow(self.shown)

    def _beside(self, location: Location, *, is_end: bool) -> Location:
        """The end or the start of the chip that a location is in; else the location."""
        row, column = location
        for place in self._places(row):
            if place.start < column < place.end:
                return row, place.end if is_end else place.start
        return location

    def validate_selection(self, selection: Selection) -> Selection:
        """Keep the cursor out of labels: whoever moves into a chip selects it."""
        start, end = selection
        before = self.selection.end
        far_end = self._beside(end, is_end=before <= end)
        if far_end == end:
            return Selection(self._beside(start, is_end=end < start), end)
        if start != end:
            return Selection(self._beside(start, is_end=end < start), far_end)
        return Selection(self._beside(end, is_end=before > end), far_end)

    def get_line(self, line_index: int) -> Text:
        """A line, in which chips look like chips."""
        text = super().get_line(line_index)
        if places := self._places(line_index):
            style = self.get_component_rich_style("chip-area--chip")
            for place in places:
                text.stylize(style, place.start, place.end)
        return text

    # -- keys and mouse -----------------------------------------------------------------------

    def on_paste(self, event: Paste) -> None:
        """A long text that is pasted becomes a chip, and nothing replaces a chip that is passed."""
        self.leave_chip()
        text = _LINE_END.sub("\n", event.text)
        if names := dropped_images(text):
            event.prevent_default()
            self._put(f"{names} ")
            self.focus()
        elif is_long(text):
            event.prevent_default()
            self.insert_chip(paste_chip(text))
            self.focus()

    def on_click(self, event: Click) -> None:
        """A click on a chip opens it."""
        if (chip := self.selected_chip) is not None:
            event.stop()
            self.post_message(self.ChipOpened(chip))

    def open_chip(self) -> bool:
        """Have the selected chip opened; returns whether there is one."""
        chip = self.selected_chip
        if chip is not None:
            self.post_message(self.ChipOpened(chip))
        return chip is not None

    def before_letter(self, event: Key) -> None:
        """A letter that is typed on a selected chip goes beside it; deleting removes the chip."""
        if event.is_printable:
            self.leave_chip()

    def leave_chip(self) -> None:
        """Select a chip no longer: what comes next is not about it."""
        if self.selected_chip is not None:
            self.selection = Selection.cursor(self.selection.end)
