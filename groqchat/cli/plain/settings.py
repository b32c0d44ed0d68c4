"""The settings as a numbered list; a number tells what one does, and takes another value."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from groqchat.domain.setting_facts import LATER, Kind, matching, setting_facts
from groqchat.ui.settings.desk import SettingsDesk

if TYPE_CHECKING:
    from groqchat.cli.plain.console.choices import Choices
    from groqchat.cli.plain.console.editor import Editor
    from groqchat.cli.plain.seat import Seat
    from groqchat.domain.setting_facts import SettingFact

_FILE, _DEFAULT = "file", "default"


class PlainSettings:
    """The command ``/settings``.

    Args:
        seat: The parts of the chat.
        choices: Offers settings by number, and asks for values.
        editor: Opens the file.
    """

    def __init__(self, seat: Seat, choices: Choices, editor: Editor) -> None:
        self._seat = seat
        self._say = seat.lines.say
        self._choices = choices
        self._editor = editor
        named = seat.conversation.named_model
        self._desk = SettingsDesk(seat.services, self._apply, self._edit, LATER, named)

    async def show(self, argument: str) -> None:
        """List the settings, or those that match some words, or open the file."""
        if argument.lower() == _FILE:
            await self._edit()
            return
        if self._desk.problem:
            self._say(f"{self._desk.problem} /settings file opens it.")
            return
        facts = matching(setting_facts(), argument)
        if not facts:
            self._say("No setting matches. /settings lists all.")
            return
        standings = self._desk.standings(facts)
        rows = []
        for fact in facts:
            stands = standings[fact.name]
            mistake = f". {stands.mistake}" if stands.mistake else ""
            row = f"{fact.name}: {stands.value or 'empty'}, {stands.place}{mistake}"
            rows.append((row, partial(self._ask, fact)))
        self._choices.number(
            rows, "Type a number to change one. /settings and words lists those that match."
        )

    async def _ask(self, fact: SettingFact) -> None:
        self._say(f"{fact.name}: {fact.sentence}")
        if fact.kind is Kind.TABLE:
            self._say("It is a table in config.toml, which /settings file opens.")
            return
        self._say(f"It takes {fact.takes}. Now: {self._desk.text_of(fact) or 'empty'}.")
        self._choices.ask(
            f"New value? An empty line leaves it, {_DEFAULT} resets it.",
            partial(self._change, fact),
        )

    async def _change(self, fact: SettingFact, text: str) -> None:
        self._choices.forget()
        if not text:
            self._say("Nothing was changed.")
            return
        try:
            value = None if text.lower() == _DEFAULT else fact.read(text)
            later = await self._desk.change(fact.name, value)
        except ValueError as mistake:
            self._say(str(mistake))
            return
        now = self._desk.standings([fact])[fact.name]
        self._say(f"{fact.name}: {now.value or 'empty'}, {now.place}. {later}".strip())

    async def _apply(self) -> str:
        """Nothing is drawn that settings change; what a new session begins with is read then."""
        await self._seat.figures.refresh()
        return ""

    async def _edit(self) -> str:
        services = self._seat.services
        if self._editor.open(services.settings_path):
            mistakes = services.reload_settings()
            self._say("\n".join(mistakes) or "The settings are read again.")
        return ""
