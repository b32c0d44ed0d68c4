"""The text area in which prompts are written: sending, line breaks, recalling, undo."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message

from groqchat.ui.terminal.active_screen import page
from groqchat.ui.terminal.textual_internals import (
    bindings_of,
    is_tried,
    next_redo,
    next_undo,
    show_edited,
)
from groqchat.ui.widgets.attaching.chip_area import ChipArea
from groqchat.ui.widgets.given_back import GivenBackPrompt
from groqchat.ui.widgets.own_keys import make_way
from groqchat.ui.widgets.text import fitting

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.events import Key

    from groqchat.ui.terminal.textual_internals import Edit
    from groqchat.ui.widgets.habits.habit import Habit

INVITATION = ("Ask anything", "/ commands", "Ctrl+J new line")


class PromptArea(ChipArea):
    """The text itself. Enter sends; Ctrl+J, Shift+Enter, Alt+Enter or a last backslash breaks."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+j,shift+enter,alt+enter", "newline", "New line", show=False),
        Binding("up", "older", show=False),
        Binding("down", "newer", show=False),
        Binding("tab", "complete", show=False),
        # Textual's own key for it, Ctrl+Y, copies the last answer here.
        Binding("ctrl+shift+z,alt+z", "redo", "Redo", show=False),
    ]

    @dataclass
    class Sent(Message):
        """Enter was pressed."""

        text: str

    @dataclass
    class Recalled(Message):
        """An older (1) or newer (-1) prompt is wanted instead of the text there is."""

        step: int
        text: str

    @dataclass
    class Moved(Message):
        """The choice among completions moves down (1) or up (-1)."""

        step: int

    class Completed(Message):
        """The completion is taken."""

    has_completions = False
    is_recalling = False
    send_with_enter = True
    # Takes Enter in the place of sending; tells whether it did.
    takes_enter: Callable[[], bool] | None = None
    _invitation: Sequence[str] = INVITATION
    _habit: Habit | None = None
    _habit_name = "default"

    @cached_property
    def given_back(self) -> GivenBackPrompt:
        """The prompt that stands here because it got no answer."""
        return GivenBackPrompt(self)

    def on_mount(self) -> None:
        """The user's own keys run commands."""
        make_way(self)

    def edit_as(self, composer_keys: str) -> None:
        """Edit by another habit, named as in the setting ``composer_keys``."""
        if composer_keys == self._habit_name:
            return
        if self._habit is not None:
            self._habit.end()
        from groqchat.ui.widgets.habits.habit import habit_of

        self._habit = habit_of(composer_keys, self, self.action_older, self.action_newer)
        self._habit_name = composer_keys

    def invite(self, words: Sequence[str]) -> None:
        """Set the words that stand here while nothing is written, as far as there is room."""
        self._invitation = words
        self.placeholder = fitting(map(Content, words), self.size.width - 1)

    def on_resize(self) -> None:
        """Fit the words of an empty field to the new width."""
        self.invite(self._invitation)

    @property
    def is_untouched(self) -> bool:
        """Whether the text was not edited since a prompt was sent or given back."""
        return self.text in {"", self.given_back.text}

    def type_text(self, text: str) -> None:
        """Insert letters that were typed where nothing can be written, as if typed here."""
        self._begin_writing()
        self._expect(text)
        self.insert(text)

    def _begin_writing(self) -> None:
        if self._habit is not None:
            self._habit.begin_writing()

    def _expect(self, typed: str) -> None:
        """A slash behind a prompt that was given back begins a command, not its last word."""
        self.is_recalling = False
        if typed.startswith("/"):
            self.given_back.make_way()

    def begin_with(self, text: str) -> None:
        """Begin with a text that belongs to something else: there is nothing to undo."""
        self.given_back.forget()
        if self.foreign is not None:
            self.foreign.forget()
        self.text = text
        self.move_cursor(self.document.end)

    def take_out(self, text: str) -> None:
        """Remove a text that is kept elsewhere, but nothing written since."""
        if self.text.startswith(text):
            self.write(self.text[len(text) :].lstrip("\n"))
            self.given_back.come_back()

    def recall(self, text: str) -> None:
        """Put an earlier prompt here; more of them can be recalled."""
        self.write(text)
        self.is_recalling = True

    def action_send(self) -> None:
        """Send, or break the line where the text asks for it."""
        if (self.takes_enter is not None and self.takes_enter()) or self.open_chip():
            return
        row, column = self.cursor_location
        before = self.document.get_line(row)[:column]
        if before.endswith("\\"):
            self.action_delete_left()
            self.insert("\n")
        elif not self.send_with_enter:
            self.insert("\n")
        else:
            self._send()

    def _send(self) -> None:
        self._begin_writing()
        self.post_message(self.Sent(self.text))

    def action_newline(self) -> None:
        """Break the line (or send, where the user swapped the keys)."""
        if self.send_with_enter:
            self.insert("\n")
        else:
            self._send()

    def action_older(self) -> None:
        """Up: an older prompt when there is nothing above to go to."""
        if self.has_completions:
            self.post_message(self.Moved(-1))
        elif not self.text or (self.is_recalling and self.cursor_location[0] == 0):
            self.post_message(self.Recalled(1, self.text))
        else:
            self.action_cursor_up()

    def action_newer(self) -> None:
        """Down: a newer prompt while recalling."""
        if self.has_completions:
            self.post_message(self.Moved(1))
        elif self.is_recalling and self.cursor_location[0] == self.document.line_count - 1:
            self.post_message(self.Recalled(-1, self.text))
        else:
            self.action_cursor_down()

    def action_cursor_page_up(self) -> None:
        """Page up: through a text that is longer than its place, else through what was said."""
        _page(self, -1, super().action_cursor_page_up)

    def action_cursor_page_down(self) -> None:
        """Page down: through a text that is longer than its place, else through what was said."""
        _page(self, 1, super().action_cursor_page_down)

    def action_complete(self) -> None:
        """Tab: take the completion, else go up to the messages."""
        if self.has_completions:
            self.post_message(self.Completed())
        else:
            self.screen.focus_previous("Transcript")

    def undo(self) -> None:
        """Undo the last batch of edits (Ctrl+Z)."""
        if not is_tried():
            super().undo()
        elif edits := next_undo(self):
            for edit in reversed(edits):
                edit.undo(self)
            self._follow(edits[0])

    def redo(self) -> None:
        """Redo the batch of edits that was undone last (Alt+Z, Ctrl+Shift+Z)."""
        if not is_tried():
            super().redo()
        elif edits := next_redo(self):
            for edit in edits:
                edit.do(self, record_selection=False)
            self._follow(edits[-1])

    def _follow(self, edit: Edit) -> None:
        show_edited(self, edit)
        self.keep_track()
        self.leave_chip()
        self.post_message(self.Changed(self))

    async def on_key(self, event: Key) -> None:
        """Act on keys in the order in which they were pressed.

        Textual runs a binding once its key has gone up to the app, or before it came here: a letter
        typed right behind it, or before, would be taken the wrong way round.
        """
        if self._habit is not None and self.screen.is_active and self._habit.take(event):
            event.prevent_default()
            event.stop()
            return
        if event.character:
            self._expect(event.character)
            self.before_letter(event)
        if event.key == "enter":
            self.action_send()
        elif event.is_printable or not self.screen.is_active or not await self._acted(event.key):
            return
        event.prevent_default()
        event.stop()

    async def _acted(self, key: str) -> bool:
        """Do what a key means here; returns whether it means anything."""
        if self.screen.focused is not self:  # what came later has moved the focus already
            own = bindings_of(self).get(key, ())
            return any([await self.app.run_action(binding.action, self) for binding in own[:1]])
        active = self.screen.active_bindings.get(key)
        if active is None or not active.enabled:
            return False
        return await self.app.run_action(active.binding.action, active.node)


def _page(area: PromptArea, step: int, within: Callable[[], None]) -> None:
    """Go on by a page within a text that is longer than its place, else in the transcript."""
    is_longer = area.wrapped_document.height > area.content_size.height
    within() if is_longer else page(area.screen, step)
