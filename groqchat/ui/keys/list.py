"""The keys there are: where from, what the last check found, and what may be done with one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static
from textual.widgets.option_list import Option

from groqchat.domain.errors.tree import GroqchatError
from groqchat.ui.dialogs.dialog import CLOSE, Dialog
from groqchat.ui.terminal.option_list import PagedOptionList
from groqchat.ui.widgets.text import KeyHint, block, line

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence

    from textual.widget import Widget

_GOOD = frozenset({"valid", "limited"})
# Below this width, in columns, only what matters most is told, and without labels.
NARROW = 60
_CHECKING = "Asking about this key; it costs no tokens."
# What would not be understood without its label.
_BARE = frozenset({"plan", "models"})


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
        """Whether the key is in the keyring, so that it can be renamed and removed."""
        return self.source == "keyring"


class KeyAction(Enum):
    """The actions on a key."""

    USE = "use"
    ADD = "add"
    ROTATE = "rotate"
    RENAME = "rename"
    REMOVE = "remove"


KeyWish = tuple[KeyAction, KeyRow | None]


class KeysScreen(Dialog[KeyWish]):
    """The list of keys; returns the chosen action and its key, or None when it is closed.

    Args:
        rows: The keys.
        check: Checks one; returns the row with what was found; may raise ``GroqchatError``.
        said: The result of the last action.
        last: The key of that action.
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
    KeysScreen.-short #said { margin: 0; max-height: 5; }
    KeysScreen.-short #keys { max-height: 3; }
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
    purpose = (
        "Your API keys by profile: where each comes from, and what its last check found. No "
        "key is ever shown whole."
    )
    guide = "keys"

    def __init__(
        self,
        rows: Sequence[KeyRow],
        check: Callable[[KeyRow], Awaitable[KeyRow]],
        said: str = "",
        last: KeyRow | None = None,
    ) -> None:
        self._rows = list(rows)
        self._last = last
        super().__init__()
        self._check = check
        self._first_words = said

    def content(self) -> Iterable[Widget]:
        """The list, and below it what is known of the selected row."""
        options = (_option(row, is_narrow=self._is_narrow) for row in self._rows)
        self._list = PagedOptionList(*options, id="keys", markup=False)
        self._said = Static(self._first_words, id="said", markup=False)
        return (self._list, self._said)

    def hints(self) -> Sequence[KeyHint]:
        """The keys of the list, for the row that is selected."""
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
        """Begin at the key that something was just done with, else at the one in use."""
        places = range(len(self._rows))
        self._list.focus()
        self._list.highlighted = max(places, key=self._weight, default=None)
        if not self._rows:
            self._said.update("No key is stored.")

    def _weight(self, place: int) -> tuple[bool, bool]:
        row, last = self._rows[place], self._last
        is_last = last is not None and (row.name, row.source) == (last.name, last.source)
        return is_last, row.is_used

    # -- keys ---------------------------------------------------------------------------------

    def on_option_list_option_highlighted(self, event: PagedOptionList.OptionHighlighted) -> None:
        """Say all that is known of it."""
        event.stop()
        self._describe()

    def on_option_list_option_selected(self, event: PagedOptionList.OptionSelected) -> None:
        """Use it."""
        event.stop()
        self.action_wish("USE")

    def action_wish(self, name: str) -> None:
        """Leave it to the chat to do something with the highlighted key."""
        action, row = KeyAction[name], self._row
        if action is KeyAction.ADD:
            self.finish((action, None))
        elif row is None:
            return
        elif row.is_stored or action in {KeyAction.USE, KeyAction.ROTATE}:
            self.finish((action, row))
        else:
            self._say(f"This key is not in the keyring, so there is nothing to {action.value}.")

    def action_check(self) -> None:
        """Check the highlighted key."""
        if (row := self._row) is not None and self._list.highlighted is not None:
            work = self._checked(self._list.highlighted, row)
            self.run_worker(work, group="check", exclusive=True)

    def keyring_asks(self, question: str) -> None:
        """Say what a check waits for."""
        self._say(question or _CHECKING)

    async def _checked(self, place: int, row: KeyRow) -> None:
        self._say(_CHECKING)
        try:
            self._rows[place] = await self._check(row)
        except GroqchatError as error:
            self._say(f"{error.message} {error.suggestion}")
            return
        option = _option(self._rows[place], is_narrow=self._is_narrow)
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

    @property
    def _is_narrow(self) -> bool:
        return self.app.size.width < NARROW

    def _describe(self) -> None:
        """The results of the last action and the last check, and other facts about a key."""
        row = self._row
        if row is None:
            return
        words = []
        if self._first_words:
            words.append(Content.styled(block(self._first_words, 600), "$text-accent"))
        if row.found:
            colour = "$text-success" if row.status in _GOOD else "$text-warning"
            words.append(Content.styled(block(row.found, 600), colour))
        facts = {name: line(value) for name, value in _facts(row).items() if value}
        if self._is_narrow:
            named = (f"{name} {each}" if name in _BARE else each for name, each in facts.items())
            words.append(Content(" · ".join(named)))
        else:
            words = [
                Content.assemble((f"{name:<12}", "$text-muted"), value)
                for name, value in facts.items()
            ] + words[::-1]
        self._said.update(Content("\n").join(words))


def _facts(row: KeyRow) -> dict[str, str]:
    """The known facts about a key, in words; an empty string for an unknown fact."""
    return {
        "from": _origin(row),
        "whose": row.organisation,
        "plan": row.plan,
        "models": "" if row.models is None else f"{row.models} allowed",
        "last check": _last_check(row),
    }


def _option(row: KeyRow, *, is_narrow: bool) -> Option:
    mark = Content.styled("● ", "$text-success") if row.is_used else Content("  ")
    name = f"{line(row.name, 24):<14} "
    status = row.status.replace("_", " ") if is_narrow else _last_check(row)
    return Option(Content.assemble(mark, (name, "bold"), f"{row.masked:<10} {status}"))


def _origin(row: KeyRow) -> str:
    places = {
        "env": "GROQ_API_KEY (used instead of the stored key)",
        "keyring": f"the keyring ({row.store})" if row.store else "the keyring",
        "command": f"key_command ({row.store})",
    }
    return places.get(row.source, "not stored; kept for this run only")


def _last_check(row: KeyRow) -> str:
    if row.checked is None:
        return "not checked yet"
    day = datetime.fromtimestamp(row.checked, UTC).astimezone()
    return f"{row.status.replace('_', ' ')}, {day:%Y-%m-%d %H:%M}"
