"""The keys there are: where from, what the last check found, and what may be done with one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from groqchat.domain.errors import GroqchatError
from groqchat.ui.screens.dialog import CLOSE, Dialog
from groqchat.ui.text import KeyHint, block, line

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence

    from textual.widget import Widget

_GOOD = frozenset({"valid", "limited"})


@dataclass(frozen=True, slots=True)
class KeyRow:
    """One key as it is shown.

    ``source`` says where it comes from and ``store`` what that is called; ``checked`` is the Unix
    time of the last check and ``status`` what it found. ``plan`` and ``models`` (how many it may
    call) are known of keys that were used or checked since the program began.
    """

    name: str
    masked: str
    source: str
    store: str = ""
    organisation: str = ""
    is_used: bool = False
    checked: float | None = None
    status: str = ""
    found: str = ""
    plan: str = ""
    models: int | None = None

    @property
    def is_stored(self) -> bool:
        """Whether the keyring has it, so that it can be renamed and removed."""
        return self.source == "keyring"


class KeyDeed(Enum):
    """What may be done with a key."""

    USE = "use"
    ADD = "add"
    ROTATE = "rotate"
    RENAME = "rename"
    REMOVE = "remove"


KeyWish = tuple[KeyDeed, KeyRow | None]


class KeysScreen(Dialog[KeyWish]):
    """What is to be done and with which key; None when closed.

    Args:
        rows: The keys.
        check: Checks one; returns the row with what was found; may raise ``GroqchatError``.
        said: What came of the last deed.
    """

    DEFAULT_CSS = """
    KeysScreen #keys {
        height: auto; max-height: 60%; min-width: 12; min-height: 1; border: none; padding: 0;
        background: $surface; text-wrap: nowrap; text-overflow: ellipsis;
        scrollbar-size-vertical: 1;
    }
    KeysScreen #keys:focus { background-tint: transparent; }
    KeysScreen #keys > .option-list--option-highlighted {
        background: $block-cursor-background; color: $block-cursor-foreground;
        text-style: $block-cursor-text-style;
    }
    KeysScreen #said { margin: 1 0; }
    KeysScreen.-short #said { margin: 0; max-height: 4; }
    """
    VERTICAL_BREAKPOINTS = [(0, "-low"), (8, "-short"), (20, "-high")]  # noqa: RUF012  # as Textual declares it
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "wish('ADD')", show=False),
        Binding("c", "check", show=False),
        Binding("o", "wish('ROTATE')", show=False),
        Binding("r", "wish('RENAME')", show=False),
        Binding("d", "wish('REMOVE')", show=False),
    ]
    heading = "API keys"

    def __init__(
        self,
        rows: Sequence[KeyRow],
        check: Callable[[KeyRow], Awaitable[KeyRow]],
        said: str = "",
    ) -> None:
        self._rows = list(rows)
        super().__init__()
        self._check = check
        self._first_words = said

    def content(self) -> Iterable[Widget]:
        """The list over what is known of one."""
        self._list = OptionList(*map(_option, self._rows), id="keys", markup=False)
        self._said = Static(self._first_words, id="said", markup=False)
        return (self._list, self._said)

    def hints(self) -> Sequence[KeyHint]:
        """What may be done."""
        add = KeyHint("a", "add", "a")
        if not self._rows:
            return (add, CLOSE)
        return (
            KeyHint("Enter", "use", "enter"),
            KeyHint("c", "check", "c"),
            add,
            KeyHint("o", "rotate", "o"),
            KeyHint("r", "rename", "r"),
            KeyHint("d", "remove", "d"),
            CLOSE,
        )

    def on_mount(self) -> None:
        """The one in use first."""
        used = (place for place, row in enumerate(self._rows) if row.is_used)
        self._list.focus()
        self._list.highlighted = next(used, 0) if self._rows else None
        if not self._rows:
            self._said.update("No key is stored.")

    # -- keys ---------------------------------------------------------------------------------

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Say all that is known of it."""
        event.stop()
        self._describe()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Use it."""
        event.stop()
        self.action_wish("USE")

    def action_wish(self, name: str) -> None:
        """Leave it to the chat to do something with the highlighted key."""
        deed, row = KeyDeed[name], self._row
        if deed is KeyDeed.ADD:
            self.finish((deed, None))
        elif row is None:
            return
        elif row.is_stored or deed in {KeyDeed.USE, KeyDeed.ROTATE}:
            self.finish((deed, row))
        else:
            self._say(f"This key is not in the keyring, so there is nothing to {deed.value}.")

    def action_check(self) -> None:
        """Check the highlighted key."""
        if (row := self._row) is not None and self._list.highlighted is not None:
            work = self._checked(self._list.highlighted, row)
            self.run_worker(work, group="check", exclusive=True)

    async def _checked(self, place: int, row: KeyRow) -> None:
        self._say("Asking Groq about this key; it costs no tokens.")
        try:
            self._rows[place] = await self._check(row)
        except GroqchatError as error:
            self._say(f"{error.message} {error.suggestion}")
            return
        option = _option(self._rows[place])
        self._list.replace_option_prompt_at_index(place, option.prompt)
        self._first_words = ""
        self._describe()

    # -- words --------------------------------------------------------------------------------

    @property
    def _row(self) -> KeyRow | None:
        place = self._list.highlighted
        return None if place is None else self._rows[place]

    def _say(self, words: str) -> None:
        self._said.update(Content.styled(block(words, 600), "$text-warning"))

    def _describe(self) -> None:
        row = self._row
        if row is None:
            return
        facts = [("from", _origin(row)), ("whose", row.organisation), ("plan", row.plan)]
        if row.models is not None:
            facts.append(("models", f"{row.models} allowed"))
        facts.append(("last check", _last_check(row)))
        words = [
            Content.assemble((f"{name:<12}", "$text-muted"), line(value))
            for name, value in facts
            if value
        ]
        if row.found:
            colour = "$text-success" if row.status in _GOOD else "$text-warning"
            words.append(Content.styled(block(row.found, 600), colour))
        if self._first_words:
            words.append(Content.styled(block(self._first_words, 600), "$text-accent"))
        self._said.update(Content("\n").join(words))


def _option(row: KeyRow) -> Option:
    mark = Content.styled("● ", "$text-success") if row.is_used else Content("  ")
    name = f"{line(row.name, 24):<14} "
    return Option(Content.assemble(mark, (name, "bold"), f"{row.masked:<10} {_last_check(row)}"))


def _origin(row: KeyRow) -> str:
    places = {
        "env": "GROQ_API_KEY, which beats the keyring at the start",
        "keyring": f"the keyring ({row.store})" if row.store else "the keyring",
        "command": f"key_command ({row.store})",
    }
    return places.get(row.source, "typed in; kept for this run only")


def _last_check(row: KeyRow) -> str:
    if row.checked is None:
        return "not checked yet"
    day = datetime.fromtimestamp(row.checked, UTC).astimezone()
    return f"{row.status.replace('_', ' ')}, {day:%Y-%m-%d %H:%M}"
