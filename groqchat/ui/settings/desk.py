"""The settings as their windows show and change them: values, where they stand, what is wrong."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from groqchat.domain.errors.tree import StorageError
from groqchat.domain.images.shown import line
from groqchat.domain.setting_facts import Kind
from groqchat.domain.settings import UnreadableFile, without_folder
from groqchat.domain.text.redact import without_keys

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection, Mapping

    from groqchat.domain.setting_facts import SettingFact
    from groqchat.domain.settings import Settings
    from groqchat.ui.services import Services, Value

_PROFILE_VARIABLE = "GROQCHAT_PROFILE"
_LONGEST_VALUE, _LONGEST_SENTENCE = 200, 300


@dataclass(frozen=True, slots=True)
class Standing:
    """A setting at this moment.

    Attributes:
        value: The value in force, as it is shown; secrets are masked.
        place: Where it comes from: ``default``, ``line 3`` of the file, a variable, an option.
        mistake: The sentence on what is wrong with it in the file; empty if nothing is.
    """

    value: str
    place: str
    mistake: str = ""

    @property
    def is_default(self) -> bool:
        """Whether nothing sets it."""
        return self.place == "default" and not self.mistake


class SettingsDesk:
    """Reads and changes settings for a window.

    Args:
        services: The services with the settings.
        apply: Applies the settings as they are now; returns the sentence on what has to wait.
        edit_file: Opens the file in the user's editor and takes up what changed; returns why there
            is no file, or an empty text; raises ``StorageError``.
        later: The names of settings that apply after the next start.
        named_model: The model that ``--model`` named for this run, if any.
    """

    def __init__(
        self,
        services: Services,
        apply: Callable[[], Awaitable[str]],
        edit_file: Callable[[], Awaitable[str]],
        later: Collection[str],
        named_model: str | None,
    ) -> None:
        self._services = services
        self._apply = apply
        self.edit_file = edit_file
        self.later = later
        self._named_model = named_model

    @property
    def settings(self) -> Settings:
        """The settings as they were read last."""
        return self._services.settings

    @property
    def problem(self) -> str:
        """The sentence on a file of which nothing can be read; empty if it can be read."""
        unreadable = (each for each in self._services.mistakes if isinstance(each, UnreadableFile))
        return next((_told(each) for each in unreadable), "")

    def standings(self, facts: Collection[SettingFact]) -> Mapping[str, Standing]:
        """How each setting stands now, by its name."""
        lines, settings = self._services.setting_lines(), self.settings
        overridden = self._overridden()
        return {each.name: self._standing(each, settings, lines, overridden) for each in facts}

    def _standing(
        self,
        fact: SettingFact,
        settings: Settings,
        lines: Mapping[str, int],
        overridden: Mapping[str, tuple[str, str]],
    ) -> Standing:
        value = fact.of(settings)
        words, place = fact.shown(value), "default"
        if self._services.is_demo:
            place = "default" if value == fact.default else "this run"
        elif fact.name in lines:
            place = f"line {lines[fact.name]}" if lines[fact.name] else "config.toml"
        words, place = overridden.get(fact.name, (words, place))
        return Standing(line(without_keys(words), _LONGEST_VALUE), place, self._mistake(fact))

    def _mistake(self, fact: SettingFact) -> str:
        starts = f"“{fact.name}”", f"“{fact.name}."
        return next(
            (
                _told(each)
                for each in self._services.mistakes
                if any(start in each for start in starts)
            ),
            "",
        )

    def _overridden(self) -> dict[str, tuple[str, str]]:
        """The values in force instead of those of settings, and where each comes from."""
        found = {}
        profile = self._services.profile
        if profile != self.settings.profile and not self._services.is_demo:
            is_variable = os.environ.get(_PROFILE_VARIABLE) == profile
            found["profile"] = profile, _PROFILE_VARIABLE if is_variable else "--profile"
        if self._named_model:
            found["model"] = self._named_model, "--model"
        return found

    async def news(self) -> str:
        """Apply what another program has changed; returns a sentence on it, empty if nothing."""
        if self._services.settings_before_news() is None:
            return ""
        said = await self._apply()
        return f"config.toml was changed elsewhere. {said}".strip()

    async def change(self, name: str, value: Value) -> str:
        """Change a setting in the file, or reset it with None.

        Returns:
            What else has to be said; may be empty.

        Raises:
            ValueError: Nothing was changed; the message says why.
        """
        try:
            await asyncio.to_thread(self._services.change_setting, name, value)
        except StorageError as error:
            is_own = error.cause.name == "config"
            reason = _told(error.facts.detail) if is_own else error.message
            raise ValueError(f"Not changed: {reason.rstrip('.')}.") from error
        await self._apply()
        waits = name.partition(".")[0] in self.later
        return "It applies after the next start." if waits else ""

    def hides(self, fact: SettingFact) -> bool:
        """Whether the value holds a secret, which is not shown, and so not changed in a line."""
        text = self.text_of(fact)
        return without_keys(text) != text

    def text_of(self, fact: SettingFact) -> str:
        """The text to edit: the value in the settings."""
        return fact.shown(fact.of(self.settings)) if fact.kind is not Kind.TABLE else ""


def _told(mistake: str) -> str:
    """A sentence on the file, which may name what a stranger wrote."""
    return line(without_keys(without_folder(mistake)), _LONGEST_SENTENCE)
