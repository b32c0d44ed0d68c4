"""Keys, slash commands, and where things are."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from groqchat.ui.dialogs.dialog import CLOSE, Dialog
from groqchat.ui.transcript.view import Transcript
from groqchat.ui.widgets.session_list import SessionList, TurnMark
from groqchat.ui.widgets.text import KeyHint, bound_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from textual.events import Resize
    from textual.widget import Widget

    from groqchat.ui.commands import Command

    Row = tuple[str, str, str]

_GAP = 2
# Below this width the words stand under the keys.
_NARROW = 66

PURPOSE = (
    "You write at the bottom, and the model that is named there answers above. The sides show "
    "your sessions and what is left of each limit."
)
OF_MESSAGES = "On a message (Tab goes there)"
OF_THE_LIST = "In the list of sessions"
WRITING = (
    ("Enter", "", "Send; queue the prompt while an answer is being written"),
    ("Ctrl+J", "", "New line; also Alt+Enter, \\ before Enter, and Shift+Enter in some terminals"),
    ("Enter", "", "In an empty composer: go on with a paused queue"),
    ("↑", "", "In an empty composer: the last queued prompt, then earlier prompts"),
    ("PgUp PgDn", "", "Scroll the messages, or a prompt that is longer than the composer"),
    ("Ctrl+Z", "", "Undo: bring back text that was cleared or replaced; Alt+Z: redo"),
    ("", "/settings", "composer_keys: edit as in Emacs, or in the modes of vi"),
)
ON_A_MESSAGE = (
    ("e", "", "Edit the prompt; the old answer is kept"),
    ("r", "", "Regenerate the answer"),
    ("c", "", "Copy the message as it was written"),
    ("f", "", "Fork: go on from here in a session of its own"),
    ("d", "", "Delete it; what follows is kept, and /undo brings it back for 30 days"),
    ("i", "", "Details: tokens, cost, times, and what it was asked with"),
    ("o", "", "Open its link, or one of its links"),
    ("v", "", "View its images; so does a click on [▣ …]"),
    ("1 … 9", "", "Copy that code block"),
    ("[ ]", "", "Show other versions"),
)
IN_THE_LIST = (
    ("Enter", "", "Open the session under the highlight; what is typed narrows the list"),
    ("Del Ctrl+Z", "", "Put it into the bin; bring back the one deleted last"),
    ("F2 F3 F4", "", "Rename it; pin it; archive it"),
    ("F5 F6 F7", "", "Its tags; go on in a copy; the bin"),
    ("●", "", "The open session"),
    (TurnMark.WRITING, "", "Being answered; that goes on whatever session is open"),
    (TurnMark.WAITING, "", "Waiting for a limit, then sent by itself"),
    (TurnMark.ASKING, "", "Asks whether a tool may run; nothing runs before you say so"),
    (TurnMark.PAUSED, "", "Its queue is paused; open it to see why"),
    (TurnMark.UNREAD, "", "Answered, and not read yet"),
    (TurnMark.FAILED, "", "Failed; open it to see what can be done"),
    ("║", "", "A comparison; it opens with its columns"),
    ("≡", "", "A set of prompts, asked by `groqchat compare --file`"),
)
PLACES = (
    ("config.toml", "", "Settings, keys, budget, prices: /settings shows and changes them"),
    ("themes/", "", "Your own themes, beside config.toml"),
    ("groqchat.db", "", "Sessions and the ledger"),
    (
        "log.jsonl",
        "",
        "What happened; never a key; prompts and answers only with GROQCHAT_LOG=debug",
    ),
    ("doctor", "", "The command `groqchat doctor` says in which folders these are"),
)


class HelpScreen(Dialog[bool]):
    """The purpose of the chat, and all its keys; the result is whether to go on to the guides.

    The keys of the messages, or of the list, come first where they have the focus.

    Args:
        commands: The commands.
        asked_with: What the open session is asked with, as rows of a group.
    """

    DEFAULT_CSS = """
    HelpScreen > #frame { width: 96%; height: 90%; }
    HelpScreen.-narrow > #frame { width: 100%; height: 100%; }
    HelpScreen VerticalScroll { height: 1fr; overflow-y: scroll; scrollbar-size-vertical: 1; }
    HelpScreen #help { height: auto; padding: 0 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q", "close", show=False),
        Binding("g", "guides", show=False),
    ]
    heading = "Help"
    is_help = True

    def __init__(self, commands: Sequence[Command], asked_with: Sequence[Row] = ()) -> None:
        super().__init__()
        self._commands, self._asked_with = commands, asked_with
        self._keys: dict[str, str] = {}
        self._first = ""

    def content(self) -> Iterable[Widget]:
        """The help text, in a widget that scrolls."""
        self._help = Static(id="help", markup=False)
        self._scroll = VerticalScroll(self._help)
        return (self._scroll,)

    def hints(self) -> Sequence[KeyHint]:
        """The keys that scroll, that lead to the guides, and that close."""
        return (KeyHint("↑↓ PgUp PgDn", "scroll"), KeyHint("g", "guides", "g"), CLOSE)

    def action_guides(self) -> None:
        """Close, and go on to the guides."""
        self.finish(True)

    def on_mount(self) -> None:
        """Show the keys of the screen beneath, which the user may have changed."""
        beneath = self.app.screen_stack[-2]
        self._keys = {
            command.id: bound_key(beneath, command.id, command.keys) for command in self._commands
        }
        self._first = _heading_for(beneath.focused)
        self._scroll.focus()

    def on_resize(self, event: Resize) -> None:
        """Fit the columns to the new width."""
        self.call_after_refresh(self._lay_out)

    def _lay_out(self) -> None:
        width = max(20, self._scroll.scrollable_content_region.width - 2)
        lines = [*Content(PURPOSE).wrap(width), Content()]
        for heading, rows in sorted(self._groups(), key=lambda group: group[0] != self._first):
            lines += [Content.styled(heading, "bold $text-accent")]
            lines += _table(rows, width)
            lines.append(Content())
        self._help.update(Content("\n").join(lines[:-1]))

    def _groups(self) -> Iterator[tuple[str, Sequence[Row]]]:
        """Headings and rows of key, slash word, what it does."""
        if self._asked_with:
            yield "This session is asked with", self._asked_with
        yield "Writing", WRITING
        yield OF_MESSAGES, ON_A_MESSAGE
        for group in dict.fromkeys(command.group for command in self._commands):
            yield group, [self._of(cmd) for cmd in self._commands if cmd.group == group]
        yield OF_THE_LIST, IN_THE_LIST
        yield "Where things are", PLACES

    def _of(self, command: Command) -> tuple[str, str, str]:
        return self._keys.get(command.id, ""), command.usage, f"{command.title}: {command.help}"


def _heading_for(focused: Widget | None) -> str:
    """The heading of the keys that act where the focus is; empty while one writes."""
    around = () if focused is None else focused.ancestors_with_self
    if any(isinstance(node, SessionList) for node in around):
        return OF_THE_LIST
    return OF_MESSAGES if isinstance(focused, Transcript) else ""


def _table(rows: Sequence[Row], width: int) -> Iterator[Content]:
    """Rows in columns; the words wrap in theirs, or below where there is no room beside."""
    keys, slashes = (_column(row[place] for row in rows) for place in (0, 1))
    for key, slash, words in rows:
        if width < _NARROW:
            yield Content.assemble((key, "bold"), "  " if key and slash else "", slash)
            yield from _indented(words, 2, width)
        else:
            ways = Content.assemble((f"{key:<{keys}}", "bold"), f"{slash:<{slashes}}")
            first, *rest = _indented(words, keys + slashes, width)
            yield ways + first[keys + slashes :]
            yield from rest


def _column(texts: Iterable[str]) -> int:
    """The width of a column with the gap behind it, in cells; 0 where the column is empty."""
    longest = max(map(len, texts))
    return longest + _GAP if longest else 0


def _indented(words: str, indent: int, width: int) -> list[Content]:
    wrapped = Content.styled(words, "$text-muted").wrap(max(8, width - indent))
    return [Content(" " * indent) + text for text in wrapped]
