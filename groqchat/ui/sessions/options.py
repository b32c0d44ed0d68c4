"""Commands about what a session is asked with: system prompt, effort, tier.

Without an argument each shows its value, and the tiers are shown to choose from; ``off`` clears it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from groqchat.domain.images.shown import block
from groqchat.domain.models.catalog import Plan
from groqchat.domain.models.parameters import allowed
from groqchat.domain.planning.tier_facts import tier_facts
from groqchat.domain.text.humanize import count
from groqchat.domain.text.spelling import did_you_mean
from groqchat.domain.turns.prompt_cache import ABILITY, DATED, SYSTEM_CHANGED, dated
from groqchat.domain.turns.service_tier import TIERS, ServiceTier
from groqchat.ui.commands import OFF
from groqchat.ui.sessions.answer_form import AnswerFormActions
from groqchat.ui.sessions.option_reading import OptionReading
from groqchat.ui.sessions.parameters import ParameterActions
from groqchat.ui.sessions.secret_warning import warn_of_secrets
from groqchat.ui.workspace.options_summary import bounds_of, effort_of

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping, Sequence
    from typing import Any

    from groqchat.domain.models.catalog import Model
    from groqchat.domain.planning.tier_facts import TierFacts
    from groqchat.domain.turns.chat import Options
    from groqchat.ui.workspace.parts import ChatParts

_LONGEST_PROMPT = 400
# More tokens than any model gives.
MOST = 10**9


class OptionForms(Protocol):
    """The places where options are chosen and filled in."""

    async def pick_tier(self, tiers: Sequence[TierFacts], present: str | None) -> str | None:
        """The chosen service tier; None where none was."""

    async def fill_in(self, options: Options, model: Model) -> Options | None:
        """The options with the parameters that were changed; None where none was."""


class OptionActions(OptionReading):
    """Commands about the options that the open session is asked with from its next prompt on.

    Args:
        parts: The parts of the chat.
        forms: Has options chosen for which nothing is written.
    """

    def __init__(self, parts: ChatParts, forms: OptionForms) -> None:
        super().__init__(parts)
        self._forms = forms
        self.parameters = ParameterActions(parts, forms.fill_in)
        self.answer_form = AnswerFormActions(parts)

    @property
    def commands(self) -> Mapping[str, Callable[[str], Coroutine[Any, Any, None]]]:
        """The methods that run the commands, by the ids of the commands."""
        return {
            "system": self.set_system_prompt,
            "effort": self.set_effort,
            "tier": self.set_tier,
            "longest": self.set_longest_answer,
            "set": self.parameters.set_parameter,
            "schema": self.answer_form.set_schema,
            "json": self.answer_form.set_json,
        }

    async def set_system_prompt(self, argument: str) -> None:
        """Show, set or remove the session's system prompt."""
        if argument.lower() == OFF:
            await self._parts.set_options(system="")
            self._say(f"System prompt removed, in this session.{self._of_cache()}")
        elif argument:
            await self._parts.set_options(system=argument)
            self._say(f"System prompt set, in this session.{self._of_cache()}")
            warn_of_secrets(self._parts.notify, argument, "The system prompt", "/system off")
        elif prompt := self._options.system:
            shown = block(prompt, _LONGEST_PROMPT)
            self._say(f"System prompt: “{shown}” /system off removes it.")
        else:
            self._say("No system prompt. /system TEXT sets one, for this session.")

    def _of_cache(self) -> str:
        """The sentences on what the system prompt does to the cache."""
        is_broken = self._parts.figures.cache_note() == SYSTEM_CHANGED
        is_dated = self._model.can(ABILITY) and dated(self._options.system)
        anew = " The next prompt begins otherwise, so nothing of it comes from the cache."
        return (anew if is_broken else "") + (f" {DATED}" if is_dated else "")

    async def set_effort(self, argument: str) -> None:
        """Show, set or reset the reasoning effort, as far as the model knows the word."""
        word, takes = argument.lower(), allowed(self._model, "reasoning_effort")
        if word == OFF:
            await self._parts.set_options(effort=None)
            self._say("Reasoning effort reset to the model's default.")
        elif word and takes and word not in self._model.reasoning_efforts:
            meant = did_you_mean(word, self._model.reasoning_efforts) or "."
            said = f"/effort {argument}: {self._model.id} takes {takes}{meant}"
            self._parts.prompt.refuse(said, "effort", argument)
        elif word:
            await self._parts.set_options(effort=word)
            self._say(f"Reasoning effort: {word}, in this session.")
        else:
            choice = f" {self._model.id} takes {takes}." if takes else ""
            reset = " /effort off resets it." if self._options.effort else ""
            self._say(f"Reasoning effort: {effort_of(self._options, self._model)}.{choice}{reset}")

    async def set_tier(self, argument: str) -> None:
        """Set or reset the service tier; without a word it is chosen from a list."""
        word = argument.lower() or await self._forms.pick_tier(
            self._tiers(), self._options.service_tier
        )
        if word == OFF:
            await self._parts.set_options(service_tier=None)
            self._say(f"Service tier reset to the default ({ServiceTier.ON_DEMAND}).")
        elif word and word not in TIERS:
            names = ", ".join(TIERS)
            said = f"/tier {argument}: the tiers are {names}{did_you_mean(word, TIERS) or '.'}"
            self._parts.prompt.refuse(said, "tier", argument)
        elif word:
            await self._parts.set_options(service_tier=word)
            facts = next(each for each in self._tiers() if each.tier == word)
            warning = f" {facts.summary}" if facts.is_open is False else ""
            self._say(f"Service tier: {word}, in this session.{warning}")

    def _tiers(self) -> tuple[TierFacts, ...]:
        view = self._parts.figures.view
        return tier_facts(self._model, Plan(view.plan) if view and view.plan else None)

    async def set_longest_answer(self, argument: str) -> None:
        """Show, set or lift the longest answer; with it goes the bound of what is sent before."""
        number = argument.replace(",", "")
        most = self._model.max_completion_tokens
        if argument.lower() == OFF:
            await self._parts.set_options(max_tokens=None, history=None)
            self._say("Reset: answers as long as fits, and all messages of the session are sent.")
        elif argument and not (number.isascii() and number.isdigit() and 0 < int(number) < MOST):
            said = f"/max-tokens {argument}: a whole number of tokens, such as 600, or off."
            self._parts.prompt.refuse(said, "longest", argument)
        elif argument and most and int(number) > most:
            said = f"/max-tokens {argument}: {self._model.id} takes at most {count(most)} tokens."
            self._parts.prompt.refuse(said, "longest", argument)
        elif argument:
            await self._parts.set_options(max_tokens=int(number))
            self._say(f"Longest answer: {count(int(number))} tokens, in this session.")
        else:
            bounds = ". ".join(bounds_of(self._options))
            self._say(f"{bounds}. /max-tokens N limits answers, /max-tokens off resets both.")

    def _say(self, sentence: str) -> None:
        self._parts.notify(sentence)
