"""The window with all settings: searched by typing, changed in place, told where they come from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input
from textual.widgets.option_list import Option

from groqchat.domain.errors.tree import StorageError
from groqchat.domain.setting_facts import ENTRIES, Kind, entry_fact, matching
from groqchat.ui.dialogs.dialog import CLOSE
from groqchat.ui.settings.choices import ChoicePicker
from groqchat.ui.settings.rows import SettingRows
from groqchat.ui.settings.settings_window import SettingsWindow
from groqchat.ui.widgets.text import KeyHint, line

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping, Sequence
    from typing import Any

    from textual.widget import Widget

    from groqchat.domain.setting_facts import SettingFact
    from groqchat.ui.settings.desk import SettingsDesk

_LONGEST_NAME = 60


@dataclass
class _Edit:
    """A setting whose new value is being written.

    ``before`` is its value at the beginning, or the one that the user was last told of.
    """

    fact: SettingFact
    before: object


class SettingsScreen(SettingsWindow["SettingFact"]):
    """The list of settings, which stays open while they are changed.

    Args:
        desk: Reads and changes the settings.
        choices: Gives the values to choose from, by the names of settings that take others too.
        openers: Opens the window of a setting that has one of its own, by its name.
        query: The words to search for at first.
    """

    DEFAULT_CSS = """
    SettingsScreen #value { display: none; border-left: outer $accent; }
    SettingsScreen.-editing #value { display: block; }
    SettingsScreen #said { min-height: 4; }
    SettingsScreen.-short #said { min-height: 2; max-height: 3; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "open('keys')", show=False, priority=True),
        Binding("f4", "open('file')", show=False, priority=True),
        Binding("delete,f6", "reset", show=False, priority=True),
    ]
    heading = "Settings"
    purpose = "All settings with what they do and where their values come from. Enter changes one."
    asks = "Part of a name, or of what it does …"
    nothing = "No setting matches."

    def __init__(
        self,
        desk: SettingsDesk,
        choices: Mapping[str, Callable[[], Sequence[str]]],
        openers: Mapping[str, Callable[[], Coroutine[Any, Any, None]]],
        query: str = "",
    ) -> None:
        super().__init__(desk, query)
        self._choices, self._openers = choices, openers
        self._settings = SettingRows(desk)
        self._edit: _Edit | None = None

    def content(self) -> Iterable[Widget]:
        """The line to search in, the rows, the line of a new value, and words."""
        line_, rows, said = super().content()
        self._value = Input(id="value")
        return (line_, rows, self._value, said)

    def hints(self) -> Sequence[KeyHint]:
        """The keys of the window, or those of the line with a new value."""
        if self._edit is not None:
            return (KeyHint("Enter", "keep it", "enter"), KeyHint("Esc", "back", "escape"))
        return (
            KeyHint("Enter", "change", "enter"),
            KeyHint("Del", "default", "delete"),
            KeyHint("F2", "keys", "f2"),
            KeyHint("F4", "edit the file", "f4"),
            CLOSE,
        )

    # -- rows -----------------------------------------------------------------------------------

    @property
    def _are_old(self) -> bool:
        return self._settings.are_old

    @property
    def _is_asking(self) -> bool:
        return self._edit is not None

    def _show(self, query: str, chosen: SettingFact | None = None) -> None:
        chosen = self._edit.fact if self._edit else chosen
        self._settings.read()
        facts = matching(self._settings.facts, query)
        self.show_rows([])
        if not facts:
            return
        rows = self._settings.rows(facts, self.row_width)
        self._rows = rows  # type: ignore[assignment]  # headings have no value
        self.rows.clear_options()
        self.rows.add_options(Option(row, disabled=value is None) for row, value in rows)
        name = chosen.name if chosen else ""
        places = [at for at, (_, each) in enumerate(rows) if each and each.name == name]
        self.rows.highlighted = places[0] if places else 1

    def describe(self, value: SettingFact) -> Content:
        """What was done, or what the setting does, what it takes, and where it comes from."""
        if self._edit is not None:
            if self._words:
                return Content.styled(self._words, "$text-warning")
            takes = f"Takes {value.takes}; an empty line is the default."
            if value.name in ENTRIES:
                takes = f"Write a name, = and {ENTRIES[value.name].value}."
            elif value.is_entry:
                takes = f"Takes {value.takes}; an empty line removes it."
            name = line(value.name, _LONGEST_NAME)
            return Content.assemble((name, "bold"), f"  {value.sentence} {takes}")
        return self._settings.words(value, self._words)

    # -- changing -------------------------------------------------------------------------------

    def choose(self, value: SettingFact) -> None:
        """Change the setting: Enter, or a click."""
        if self._edit is not None:
            return
        self._words = ""
        if self._desk.problem:
            self._refresh()
        elif value.kind is Kind.SWITCH:
            self._work(self._write(value, value.shown(not value.of(self._desk.settings))))
        elif value.name in self._openers:
            self._work(self._open(self._openers[value.name]))
        elif (value.choices and value.kind is Kind.CHOICE) or value.name in self._choices:
            self._work(self._choose(value))
        elif value.kind is Kind.TABLE and value.name not in ENTRIES:
            self._say(f"[{value.name}] is written in the file: F4 opens it in your editor.")
        elif "\n" in self._desk.text_of(value):
            self._say(f"{value.name} has several lines, and one line here: F4 edits the file.")
        elif self._desk.hides(value):
            self._say(f"{value.name} holds a secret, which is not shown here: F4 edits the file.")
        else:
            self._begin(value)

    async def _choose(self, fact: SettingFact) -> None:
        values = fact.choices or tuple(self._choices[fact.name]())
        now = fact.shown(fact.of(self._desk.settings))
        picker = ChoicePicker(fact, values, now, is_free=not fact.choices)
        chosen = await self.app.push_screen_wait(picker)
        if chosen is not None:
            await self._write(fact, chosen)

    async def _open(self, opener: Callable[[], Awaitable[str | None]]) -> None:
        """Open another window, or the editor; say what it says."""
        try:
            self._say(await opener() or "")
        except StorageError as error:
            self._say(f"{error.message} {error.suggestion}")

    async def _write(self, fact: SettingFact, text: str) -> bool:
        """Write a new value; returns whether it was taken."""
        if fact.name in ENTRIES:
            self._say(f"Not changed: write a name, = and {ENTRIES[fact.table].value}.")
            return False
        written, before = fact.read(text), fact.shown(fact.of(self._desk.settings))
        try:
            more = await self._desk.change(fact.name, written)
        except ValueError as mistake:
            self._say(str(mistake))
            return False
        now = line(fact.shown(fact.of(self._desk.settings)) or "empty", 60)
        again = f" again, the default; it was {line(before, 60)}" if written is None else ""
        if fact.is_entry and written is None:
            now, again = "removed", f"; it was {line(before, 60)}"
        self._say(f"{line(fact.name, _LONGEST_NAME)} is {now}{again}. {more}".strip())
        return True

    def action_reset(self) -> None:
        """Take the highlighted setting out of the file."""
        fact = self.highlighted
        if fact is None or self._desk.problem:
            return
        if fact.kind is Kind.TABLE:
            self._say(f"[{fact.name}] is a table: F4 opens the file.")
        elif self._settings.standing(fact).is_default:
            self._say(f"{fact.name} has its default already.")
        else:
            self._work(self._write(fact, ""))

    def action_open(self, name: str) -> None:
        """Open the window with the keys, or the file in the user's editor."""
        self._work(self._open(self._desk.edit_file if name == "file" else self._openers[name]))

    # -- the line with a new value --------------------------------------------------------------

    def _begin(self, fact: SettingFact) -> None:
        self._edit = _Edit(fact, fact.of(self._desk.settings))
        self.add_class("-editing")
        self._value.value = self._desk.text_of(fact)
        self._value.placeholder = "NAME = …" if fact.name in ENTRIES else fact.takes
        self._value.focus()
        self.key_bar.show(self.hints())
        self.said.update(self.describe(fact))

    def _end(self) -> None:
        self._edit = None
        self.remove_class("-editing")
        self.line.focus()
        self.key_bar.show(self.hints())
        self._refresh()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Keep the new value: Enter in its line."""
        event.stop()
        if self._edit is not None and event.input is self._value:
            self._work(self._keep(self._edit))

    async def _keep(self, edit: _Edit) -> None:
        """Write the value unless the file has another one since; what is typed stays."""
        await self._desk.news()
        fact, now = edit.fact, edit.fact.of(self._desk.settings)
        if now != edit.before:
            edit.before = now
            words = fact.shown(now) or "empty"
            self._say(
                f"{fact.name} was changed elsewhere meanwhile, to {line(words, 40)}. "
                "Enter again keeps yours; Esc keeps that one."
            )
        elif await self._write(*_entry(fact, self._value.value)):
            self._end()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Allow only closing and writing while a value is being written."""
        is_free = self._edit is None or action not in {"move", "reset", "open"}
        return is_free and super().check_action(action, parameters)

    def action_close(self) -> None:
        """Leave the line with a new value, else the window."""
        if self._edit is not None:
            self._words = ""
            self._end()
        else:
            super().action_close()


def _entry(fact: SettingFact, text: str) -> tuple[SettingFact, str]:
    """The entry that a line of a table adds, and the text of its value; else what was given."""
    name, is_there, value = text.partition("=")
    name = name.strip().strip("\"'")
    if fact.name not in ENTRIES or not (is_there and name and value.strip()):
        return fact, text
    return entry_fact(fact, name), value
