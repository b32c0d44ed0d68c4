"""The saved conversations at the left: the pinned ones first, then day by day."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar

from textual.actions import SkipAction
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static
from textual.widgets.option_list import Option

from groqchat.domain.text.sanitize import sanitize
from groqchat.domain.turns.session_kind import SessionKind
from groqchat.ui.terminal.option_list import PagedOptionList
from groqchat.ui.widgets.session_filter import SessionFilter
from groqchat.ui.widgets.text import KeyHint, in_own_keys

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from textual.app import ComposeResult

    from groqchat.domain.sessions.groups import Group

    # The lines with the ids of their sessions; headings have none.
    _Lines = list[tuple[str | None, Content]]


# Before the title of a session that is more than a chat: columns, and lines of a file.
KIND_MARKS = {SessionKind.COMPARISON: "║ ", SessionKind.SET: "≡ "}


class TurnMark(StrEnum):
    """What the last turn of a session does, as it is shown before the title of the session."""

    WRITING = "↓"
    WAITING = "○"
    ASKING = "?"
    PAUSED = "‖"
    UNREAD = "✓"
    FAILED = "✗"

    @property
    def style(self) -> str:
        """The colour of the mark."""
        return _STYLES[self]


_STYLES = {
    TurnMark.WRITING: "$text-accent",
    TurnMark.WAITING: "$text-warning",
    TurnMark.ASKING: "$text-warning",
    TurnMark.PAUSED: "$text-warning",
    TurnMark.UNREAD: "$text-success",
    TurnMark.FAILED: "$text-error",
}


class Verb(StrEnum):
    """What is done to a session of the list by a key."""

    RENAME = "rename"
    PIN = "pin"
    ARCHIVE = "archive"
    TAG = "tag"
    DUPLICATE = "duplicate"
    DELETE = "delete"


class SessionList(Vertical):
    """Titles to choose from; marks tell the open one, its kind, and what its last turn does.

    What is typed in the line above narrows the list while the arrows move in it.

    Args:
        heading: What stands above them.
    """

    DEFAULT_CSS = """
    SessionList { width: 26; border-right: vkey $foreground 10%; }
    SessionList > Static { height: 1; padding: 0 1; color: $text-accent; text-style: bold; }
    SessionList > SessionFilter {
        height: 1; border: none; padding: 0 1; background: $panel; color: $foreground;
        display: none;
    }
    SessionList > SessionFilter:focus { border: none; background-tint: transparent; }
    SessionList:focus-within > SessionFilter, SessionList.-filtered > SessionFilter {
        display: block;
    }
    SessionList > OptionList {
        height: 1fr; min-width: 12; border: none; padding: 0; background: transparent;
        scrollbar-size-vertical: 1; text-wrap: nowrap; text-overflow: ellipsis;
    }
    SessionList:focus-within > OptionList > .option-list--option-highlighted {
        background: $block-cursor-background; color: $block-cursor-foreground;
        text-style: $block-cursor-text-style;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move('cursor_up')", show=False),
        Binding("down", "move('cursor_down')", show=False),
        Binding("pageup", "move('page_up')", show=False),
        Binding("pagedown", "move('page_down')", show=False),
        Binding("enter", "open", show=False),
        Binding("escape", "clear", show=False),
        Binding("f2", "act('rename')", show=False),
        Binding("f3", "act('pin')", show=False),
        Binding("f4", "act('archive')", show=False),
        Binding("f5", "act('tag')", show=False),
        Binding("f6", "act('duplicate')", show=False),
        Binding("f7", "visit_bin", show=False),
        Binding("delete", "act('delete')", show=False),
        Binding("ctrl+z", "undo", show=False),
    ]

    @dataclass
    class Chosen(Message):
        """A session is to be opened."""

        session_id: str

    @dataclass
    class Acted(Message):
        """A key was pressed on a session."""

        verb: Verb
        session_id: str

    class BinWanted(Message):
        """The bin is to be shown."""

    class UndoWanted(Message):
        """The session that was deleted last is wanted back."""

    @dataclass
    class Filtered(Message):
        """Another filter stands above the list."""

        written: str

    def __init__(self, heading: str = "Sessions", *, id: str = "sessions") -> None:
        super().__init__(id=id)
        self._heading = heading
        self._shown: _Lines | None = None
        # The session on which the highlight stands.
        self._pointed = ""
        # The filter of what is shown, and whether the session that another one finds is wanted.
        self._answered, self._is_awaited = "", False
        self.filter = SessionFilter(placeholder="Filter titles and texts", id="session-filter")
        # Held here: while the program ends, the list may be asked for after it was removed.
        self._options = PagedOptionList(id="session-options", compact=True)
        self._options.can_focus = False

    def compose(self) -> ComposeResult:
        """A heading, or the filter in its place, and the list."""
        yield Static(self._heading, markup=False)
        yield self.filter
        yield self._options

    def show(
        self,
        groups: Sequence[Group],
        current: str,
        marks: Mapping[str, TurnMark | None] | None = None,
        *,
        written: str = "",
        nothing: str = "Nothing saved yet",
    ) -> None:
        """Show these sessions; the highlight stays where the keys are, else on the open one.

        Args:
            groups: The sessions in their order, under headings.
            current: The id of the open one.
            marks: What the turns of sessions do, by the ids of sessions.
            written: The filter by which they were found.
            nothing: The words where there is no session.
        """
        if not self.is_attached:  # the program has ended while the sessions were read
            return
        self._answered = written
        shown = list(_lines(groups, current, marks or {}))
        shown = shown or [(None, self._wrapped(nothing))]
        if shown != self._shown:
            self._change(shown, current)
        if self._is_awaited:
            self.action_open()

    def _wrapped(self, words: str) -> Content:
        """Words on as many rows as they need."""
        width = max(12, self._options.scrollable_content_region.width - 2)
        rows = Content.styled(words, "$text-muted").wrap(width)
        return Content("\n").join(Content(" ") + row for row in rows)

    def _change(self, shown: _Lines, current: str) -> None:
        before, self._shown = self._shown, shown
        names = [name for name, _ in shown]
        wanted, place = self._pointed if self._has_keys else current, self._options.highlighted
        if before is not None and names == [name for name, _ in before]:
            self._renew(before, shown)
        else:
            self._fill(shown)
        self._point(names, wanted, place or 0)

    def _point(self, names: Sequence[str | None], wanted: str, place: int) -> None:
        """Put the highlight on a session; where it is gone, on the one in its place."""
        if wanted not in names:
            near = [name for name in (*names[place:], *reversed(names[:place])) if name]
            wanted = near[0] if near and self._has_keys else ""
        self._options.highlighted = names.index(wanted) if wanted else None
        self._pointed = wanted

    def _renew(self, before: _Lines, shown: _Lines) -> None:
        """Change the lines that say something else now."""
        for place, ((_, old), (_, text)) in enumerate(zip(before, shown, strict=True)):
            if (old.plain, old.spans) != (text.plain, text.spans):
                self._options.replace_option_prompt_at_index(place, text)

    def _fill(self, shown: _Lines) -> None:
        options = self._options
        options.clear_options()
        options.add_options([Option(text, id=name, disabled=name is None) for name, text in shown])

    def enter(self, written: str = "") -> None:
        """Go to the list; what Enter opens there is marked. A filter may be given."""
        if self._options.highlighted is None:
            self._options.action_first()
        if written:
            self.filter.value = written
        self.filter.focus()

    def leave(self) -> None:
        """Remove the filter: the list is left."""
        self.filter.value = ""

    def hints(self) -> Sequence[KeyHint]:
        """The keys and commands for sessions while the list has the focus; else none."""
        if not self._has_keys:
            return ()
        return [each._replace(key=in_own_keys(self.screen, each.key)) for each in _HINTS]

    @property
    def _has_keys(self) -> bool:
        return self.screen.focused is self.filter

    async def action_move(self, how: str) -> None:
        """Move the highlight while one types."""
        await self._options.run_action(how)

    def action_open(self) -> None:
        """Open the highlighted session; one that is being looked for when it is found."""
        self._is_awaited = self._answered != self.filter.value
        if self._highlighted and not self._is_awaited:
            self.post_message(self.Chosen(self._highlighted))
            self.leave()

    def action_act(self, verb: str) -> None:
        """Do something to the highlighted session."""
        if self._highlighted:
            self.post_message(self.Acted(Verb(verb), self._highlighted))

    def action_visit_bin(self) -> None:
        """Show the bin."""
        self.post_message(self.BinWanted())

    def action_undo(self) -> None:
        """Bring back what was deleted last."""
        self.post_message(self.UndoWanted())

    def action_clear(self) -> None:
        """Remove the filter; without one Esc is the screen's."""
        if not self.filter.value:
            raise SkipAction
        self.filter.value = ""

    @property
    def _highlighted(self) -> str | None:
        place = self._options.highlighted
        return None if place is None or not self._shown else self._shown[place][0]

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the list."""
        event.stop()
        self.set_class(bool(event.value), "-filtered")
        self.post_message(self.Filtered(event.value))

    def on_option_list_option_highlighted(self, event: PagedOptionList.OptionHighlighted) -> None:
        """Note where the highlight is, also when lines move."""
        event.stop()
        self._pointed = event.option.id or self._pointed

    def on_option_list_option_selected(self, event: PagedOptionList.OptionSelected) -> None:
        """Open what was clicked."""
        event.stop()
        if event.option.id:
            self.post_message(self.Chosen(event.option.id))


_HINTS = (
    KeyHint("Enter", "open"),
    KeyHint("Del", "delete"),
    KeyHint("F2", "rename"),
    KeyHint("F7", "bin"),
    KeyHint("F3", "pin"),
    KeyHint("F4", "archive"),
    KeyHint("F5", "tags"),
    KeyHint("F6", "copy"),
    KeyHint("Ctrl+F", "find"),
    KeyHint("Ctrl+S", "hide"),
)


def _lines(
    groups: Sequence[Group], current: str, marks: Mapping[str, TurnMark | None]
) -> Iterator[tuple[str | None, Content]]:
    for heading, sessions in groups:
        yield None, Content.styled(f" {heading}", "bold $text-muted")
        for each in sessions:
            is_open, mark = each.id == current, marks.get(each.id)
            yield each.id, _line(each.title, each.tags, each.kind, is_open=is_open, mark=mark)


# The list is shown anew several times a turn, and nearly all of it is as it was.
@lru_cache(maxsize=512)
def _line(
    title: str, tags: tuple[str, ...], kind: SessionKind, *, is_open: bool, mark: TurnMark | None
) -> Content:
    """The mark of the turn, unless the session is the open one, and the title with its tags."""
    title = " ".join(sanitize(title).split()) or "New session"
    words = Content.assemble(
        KIND_MARKS.get(kind, "") + title[:200],
        (sanitize("".join(f" #{tag}" for tag in tags)), "$text-muted"),
    )
    if is_open:
        return Content("● ") + words
    if mark is None:
        return Content("  ") + words
    return Content.assemble((mark.value, f"bold {mark.style}"), " ") + words
