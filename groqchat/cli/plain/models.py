"""Models, tiers, parameters and tools as lines, to be taken by number or name."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from groqchat.domain.models.catalog import Kind
from groqchat.domain.models.choosing import Order, context_of, ordered
from groqchat.domain.models.parameters import can_run
from groqchat.domain.text.humanize import count, money
from groqchat.domain.text.spelling import did_you_mean
from groqchat.domain.tools.executed import BUILT_IN
from groqchat.ui.models.actions import ModelActions
from groqchat.ui.models.choices import model_choices
from groqchat.ui.sessions.options import OptionActions
from groqchat.ui.workspace.options_summary import in_full

if TYPE_CHECKING:
    from collections.abc import Sequence

    from groqchat.cli.plain.console.choices import Choices
    from groqchat.cli.plain.seat import Seat
    from groqchat.domain.models.catalog import Model
    from groqchat.domain.models.choosing import Choice
    from groqchat.domain.planning.tier_facts import TierFacts
    from groqchat.domain.turns.chat import Options
    from groqchat.ui.chat.turn_actions import TurnActions


class PlainOptions:
    """Commands about what the open session is asked with.

    Args:
        seat: The parts of the chat.
        choices: Offers models by number.
        turns: Asks again with another model.
    """

    def __init__(self, seat: Seat, choices: Choices, turns: TurnActions) -> None:
        self._seat = seat
        self._say = seat.lines.say
        self._choices = choices
        self._turns = turns
        self._models = ModelActions(seat, self._pick)
        self.of_screen = OptionActions(seat, self)

    async def model(self, argument: str) -> None:
        """Take a model by its name; without one, list them."""
        await self._models.choose_model(argument)

    async def another_model(self) -> None:
        """List the models, to ask the last prompt of the one that is taken."""
        await self._list("", again=True)

    async def _pick(self, query: str) -> None:
        """List the models that a word describes; the one that is typed is taken later."""
        await self._list(query, again=False)

    async def _list(self, query: str, *, again: bool) -> None:
        found = await model_choices(self._seat.services, self._seat.account)
        usable = [
            each
            for each in ordered(found.choices, Order.BEST)
            if each.model.kind is Kind.CHAT and each.model.is_usable and each.matches(query)
        ]
        if not usable:
            self._say(f"No model that can be used is described by {query}; /model lists all.")
            return

        async def take(model_id: str) -> None:
            await self._models.choose_model(model_id)
            if again:
                await self._seat.conversation.stop()  # it may be waiting for the other one
                await self._turns.ask_again()

        self._choices.number(
            [(self._label(each), partial(take, each.model.id)) for each in usable],
            "Type a number to take one.",
        )

    def _label(self, choice: Choice) -> str:
        model = choice.model
        here = "in use now, " if model.id == self._seat.options.model else ""
        price = model.price
        cost = (
            f"{money(price.input)} in and {money(price.output)} out a million tokens"
            if price and price.input is not None
            else "price unknown"
        )
        context = context_of(model)
        room = f", context {count(context)}" if context else ""
        left = f", left today {choice.left_today}" if choice.left_today else ""
        return f"{model.id}: {here}{cost}{room}{left}"

    async def pick_tier(self, tiers: Sequence[TierFacts], present: str | None) -> None:
        """List what each service tier means; a name that is typed sets one."""
        self._say(f"Service tier: {present or 'the default'}.")
        for facts in tiers:
            self._say(f"{facts.tier}: {facts.sentence}")
        self._say("/tier and a name sets one; /tier off resets it.")

    async def fill_in(self, options: Options, model: Model) -> None:
        """List all that the session is asked with; what is typed changes it."""
        self._say("\n".join(words for _, _, words in in_full(options, model)))
        self._say("/set and a name shows what the model takes: /set temperature.")

    async def tools(self, argument: str) -> None:
        """List the tools, or switch one on or off."""
        connection = await self._seat.account.ready("the tools are listed")
        if connection is None:
            return
        on = self._seat.options.tools
        names = [*BUILT_IN, *connection.turns.sources.names]
        if argument.lower() == "off":
            await self._seat.set_options(tools=())
            self._say("All tools are off in this session.")
        elif argument in names:
            is_on = argument in on
            left = tuple(name for name in on if name != argument)
            await self._seat.set_options(tools=left if is_on else (*on, argument))
            self._say(f"{argument} is {'off' if is_on else 'on'} in this session.")
        elif argument:
            meant = did_you_mean(argument, names) or f"; there are {', '.join(names)}."
            self._say(f"There is no tool {argument}{meant}")
        else:
            model = self._seat.catalog.get(self._seat.options.model)
            for name in names:
                cannot = name in BUILT_IN and not can_run(model, name)
                state = f"{model.id} has none" if cannot else "on" if name in on else "off"
                self._say(f"{name}: {state}")
            self._say("/tools and a name switches one on or off; /tools off: all off.")
