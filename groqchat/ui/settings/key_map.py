"""The window with the keys of all commands: press a key to bind it, with conflicts and limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from groqchat.ui.dialogs.confirm import Confirm
from groqchat.ui.dialogs.dialog import CLOSE
from groqchat.ui.settings.key_conflict import KeyConflict
from groqchat.ui.settings.key_table import KeyTable, others_with
from groqchat.ui.settings.settings_window import SettingsWindow
from groqchat.ui.widgets.keymap import key_flaw
from groqchat.ui.widgets.text import KeyHint, key_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual.events import Key

    from groqchat.ui.commands import Command
    from groqchat.ui.settings.desk import SettingsDesk


class KeyMapScreen(SettingsWindow["Command"]):
    """The commands with their keys; it stays open while they are changed.

    Args:
        desk: Reads and changes the settings.
    """

    DEFAULT_CSS = """
    KeyMapScreen #said { min-height: 3; }
    KeyMapScreen.-short #said { min-height: 2; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f3", "add", show=False, priority=True),
        Binding("delete,f6", "reset", show=False, priority=True),
        Binding("f7", "reset_all", show=False, priority=True),
    ]
    heading = "Keys"
    purpose = (
        "The keys of all commands. ✗ marks keys that do not arrive here, ! those of two commands."
    )
    asks = "A command, or a key such as ctrl+k …"
    nothing = "No command matches."

    def __init__(self, desk: SettingsDesk) -> None:
        super().__init__(desk)
        self._keys = KeyTable(desk)
        self._waiting: tuple[Command, bool] | None = None
        self._is_warning = False
        self._shown_for: object = None

    def hints(self) -> Sequence[KeyHint]:
        """The keys of the window, or the way out while a key is asked for."""
        if self._waiting is not None:
            return (KeyHint("Esc", "cancel", "escape"),)
        return (
            KeyHint("Enter", "new key", "enter"),
            KeyHint("F3", "one more key", "f3"),
            KeyHint("Del", "default", "delete"),
            KeyHint("F7", "all defaults", "f7"),
            CLOSE,
        )

    # -- rows -----------------------------------------------------------------------------------

    @property
    def _are_old(self) -> bool:
        return self._desk.settings is not self._shown_for

    @property
    def _is_asking(self) -> bool:
        return self._waiting is not None

    def _show(self, query: str, chosen: Command | None = None) -> None:
        self._shown_for = self._desk.settings
        found = self._keys.matching(query)
        width = self.row_width
        places = [at for at, each in enumerate(found) if each is chosen]
        rows = [(self._keys.row(each, width), each) for each in found]
        self.show_rows(rows, places[0] if places else 0)

    def describe(self, value: Command) -> Content:
        """What was done, or what the command does, and which of its keys do not arrive."""
        if problem := self._desk.problem:
            words = f"{problem} Nothing can be changed until that is corrected."
            return Content.styled(words, "$text-warning")
        if self._words:
            return Content.styled(self._words, "$text-warning" if self._is_warning else "")
        return Content(self._keys.words(value))

    def _say(self, words: str, *, is_warning: bool = False) -> None:
        self._is_warning = is_warning
        super()._say(words)

    def _refresh(self) -> None:
        if not self._is_asking:
            super()._refresh()

    # -- asking for a key -----------------------------------------------------------------------

    def choose(self, value: Command) -> None:
        """Ask for the key that takes the place of those there are."""
        self._ask_for(value, is_more=False)

    def action_add(self) -> None:
        """Ask for one more key of the highlighted command."""
        if self.highlighted is not None:
            self._ask_for(self.highlighted, is_more=True)

    def _ask_for(self, command: Command, *, is_more: bool) -> None:
        if self._desk.problem:
            self._refresh()
            return
        self._waiting = command, is_more
        kind = "one more" if is_more else "the new"
        self.said.update(
            Content.styled(f"Press {kind} key for “{command.title}”.", "bold $text-accent")
        )
        self.key_bar.show(self.hints())

    def take_key(self, key: Key) -> bool:
        """Take the key that is asked for, whatever it does elsewhere."""
        if self._waiting is None or not self.is_active:
            return False
        command, is_more = self._waiting
        self._waiting = None
        self.key_bar.show(self.hints())
        if key.key == "escape":
            self._say("Nothing was changed.")
        elif flaw := key_flaw(key.key, command.id):
            self._say(f"Not bound: {flaw}.", is_warning=True)
        else:
            self._work(self._bind(command, key.key, is_more=is_more))
        return True

    async def _bind(self, command: Command, key: str, *, is_more: bool) -> None:
        in_force = self._keys.in_force()
        mine = in_force[command.id]
        if key in mine:
            self._say(f"{key_name(key)} runs “{command.title}” already.")
            return
        owners = others_with(key, command, in_force)
        changes: dict[str, list[str] | None] = {command.id: [*mine, key] if is_more else [key]}
        for other in owners:
            freed = [] if is_more else mine
            conflict = KeyConflict(key, other, in_force[other.id], freed)
            its: list[str] | None = await self.app.push_screen_wait(conflict)
            if its is None:
                self._say("Nothing was changed.")
                return
            changes[other.id] = its
        said = f"{key_name(key)} runs “{command.title}” now."
        for other in owners:
            left = ", ".join(map(key_name, changes[other.id] or ())) or "no key"
            said += f" “{other.title}” has {left}."
        await self._write(changes, f"{said} {self._use_of(key)}")

    def _use_of(self, key: str) -> str:
        """What a text field does with the key, which it does no longer in the composer."""
        active = self.app.screen_stack[0].active_bindings.get(key)
        if active is None or active.node.id != "prompt" or not active.binding.description:
            return ""
        return f"In the composer it was: {active.binding.description.lower()}."

    # -- writing --------------------------------------------------------------------------------

    async def _write(self, changes: Mapping[str, list[str] | None], said: str) -> None:
        """Write the keys of commands into the file; what is as it would be anyway is taken out."""
        try:
            for name, keys in changes.items():
                without = {one: its for one, its in self._keys.wanted.items() if one != name}
                default = self._keys.in_force(without)[name]
                written = None if keys is None or keys == default else ",".join(keys)
                await self._desk.change(f"keys.{name}", written)
        except ValueError as mistake:
            self._say(str(mistake), is_warning=True)
        else:
            self._say(said.strip())

    def action_reset(self) -> None:
        """Give the highlighted command its default keys again."""
        command = self.highlighted
        if command is None or self._desk.problem:
            return
        if command.id in self._keys.wanted:
            said = f"“{command.title}” has its default again: {self._keys.default(command)}."
            self._work(self._write({command.id: None}, said))
        else:
            self._say(f"“{command.title}” has its default already.")

    def action_reset_all(self) -> None:
        """Give all commands their default keys again, once that is confirmed."""
        if self._keys.wanted and not self._desk.problem:
            self._work(self._reset_all())
        elif not self._desk.problem:
            self._say("All keys are the defaults already.")

    async def _reset_all(self) -> None:
        names = ", ".join(self._keys.wanted)
        changes: dict[str, list[str] | None] = dict.fromkeys(self._keys.wanted)
        question = f"All keys become the defaults again; these are set: {names}."
        if await self.app.push_screen_wait(Confirm(question, "Reset")):
            await self._write(changes, "All keys are the defaults again.")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Do nothing else while a key is asked for."""
        return self._waiting is None and super().check_action(action, parameters)
