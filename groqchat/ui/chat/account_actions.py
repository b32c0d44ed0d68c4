"""Commands about the account: model, limits, cost, errors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.models.names import Called, UnclearModelError
from groqchat.domain.models.parameters import refused_options
from groqchat.domain.text.humanize import count, exact_money
from groqchat.ui.models.naming import model_named, sentence
from groqchat.ui.widgets.text import line
from groqchat.ui.workspace.sides import Side

if TYPE_CHECKING:
    from groqchat.domain.models.choosing import Order
    from groqchat.ui.chat.screen import ChatScreen

LONGEST_NAME = 80


class AccountActions:
    """Acts on what the account may do and what it costs."""

    def __init__(self, screen: ChatScreen) -> None:
        self._screen = screen
        self._order: Order | None = None

    async def do_model(self, argument: str) -> None:
        """Choose the model of the next request, by its name or from the list."""
        screen = self._screen
        if not argument:
            chosen = await self._picked()
            called = Called(chosen) if chosen else None
        else:
            try:
                called = await model_named(screen, argument)
            except UnclearModelError as mistake:
                screen.prompting.refuse(sentence(mistake, "Ctrl+L"), "model", argument)
                return
        if called is not None:
            await screen.set_options(model=called.id)
            options = screen.conversation.options
            unsent = refused_options(options, screen.catalog.get(called.id)).values()
            left_out = f" The reasoning effort is not sent: {', '.join(unsent)}." if unsent else ""
            said = f"The next prompt goes to {line(called.id, LONGEST_NAME)}.{left_out}"
            screen.toasts.notice(f"{said} {called.doubt}".rstrip())

    async def _picked(self) -> str | None:
        from groqchat.ui.models.choices import open_shelf
        from groqchat.ui.models.picker import ModelPicker

        screen = self._screen
        shelf = await open_shelf(screen, self._order)
        current = screen.conversation.options.model
        chosen = await screen.app.push_screen_wait(ModelPicker(shelf, current))
        self._order = shelf.order
        return chosen

    async def do_quota(self, _: str) -> None:
        """Hide the panel, or show it: over the conversation where there is no room beside."""
        await self._screen.sides.toggle(Side.PANEL)

    async def do_cost(self, _: str) -> None:
        """Say what the session has cost."""
        screen = self._screen
        sums = await screen.parts.ledger.spent(session_id=screen.conversation.session.id)
        requests = "request" if sums.requests == 1 else "requests"
        screen.toasts.notice(
            f"This session: {exact_money(sums.cost)} at list price, "
            f"{count(sums.requests)} {requests}, cache saved {exact_money(sums.saved)}."
        )

    async def do_toast(self, _: str) -> None:
        """Go to the newest error or wait."""
        if not self._screen.toasts.focus_newest():
            self._screen.toasts.notice("Nothing is wrong.")

    async def do_errors(self, _: str) -> None:
        """Look at the last errors; one that is chosen comes back as a toast."""
        from groqchat.ui.chat.error_list import ErrorsScreen

        chosen = await self._screen.app.push_screen_wait(ErrorsScreen(self._screen.troubles.log))
        if chosen is not None:
            self._screen.troubles.show_again(chosen.error)
