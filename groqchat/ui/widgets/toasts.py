"""Toasts: errors that say what to do, waits that can be cut short, notices that just go."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from textual.geometry import Offset, Region, Size, Spacing
from textual.layout import Layout, WidgetPlacement
from textual.message import Message
from textual.widget import Widget

from groqchat.domain.errors.table import Action
from groqchat.domain.text.redact import without_keys
from groqchat.ui.widgets.cards import Card, FocusCard
from groqchat.ui.widgets.text import in_own_keys
from groqchat.ui.widgets.toast_cards import ErrorCard, Notice, WaitCard

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.ui.widgets.approval_card import ApprovalCard
    from groqchat.ui.widgets.toast_cards import Severity
    from groqchat.ui.widgets.work_card import WorkCard

MOST_CARDS = 3
WIDEST = 64


class Notify(Protocol):
    """Shows a notice; see :meth:`Toasts.notice`."""

    def __call__(
        self, text: str, /, *, severity: Severity = "information", stays: bool = False
    ) -> None:
        """Show the text."""


class _Stack(Layout):
    """Lower right, the newest at the bottom; what finds no room is not placed."""

    name = "stack"

    def arrange(
        self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True
    ) -> list[WidgetPlacement]:
        """Place the cards, each as high as its text."""
        if isinstance(parent, Toasts):
            parent.set_room(size)
        cards = [card for card in reversed(children) if isinstance(card, Card)]
        width = min(WIDEST, size.width)
        heights = _heights(cards, width, size.height)
        placements = []
        bottom = size.height
        for card in (card for card in cards if card in heights):
            top = bottom - heights[card]
            region = Region(size.width - width, top, width, heights[card])
            placements.append(WidgetPlacement(region, Offset(), Spacing(), card))
            bottom = top - 1
        return placements


_STACK = _Stack()


def _heights(cards: Sequence[Card], width: int, room: int) -> dict[Card, int]:
    """The heights of the cards that fit; those that want an answer come first, then the newest.

    More notices than one take no more than half of the room.
    """
    height = room
    heights: dict[Card, int] = {}
    for card in sorted(cards, key=lambda card: isinstance(card, Notice)):
        wanted = len(card.lines(max(1, width - card.gutter.width), height))
        is_one_more = isinstance(card, Notice) and bool(heights)
        if wanted <= (room - height // 2 if is_one_more else room):
            heights[card] = wanted
            room -= wanted + 1
    return heights


class Toasts(Widget):
    """Cards over the lower right of the widget it shares its parent with.

    It lies on a layer of its own over the whole parent, and is invisible but for its cards: put
    it beside the transcript, in a container that does not hold the composer.

    Args:
        now: The Unix time, for the countdown of errors.
        give_way: Told how many rows are covered by cards that stay until something is done; what
            goes by itself covers what it covers.
        tell: Told what the newest notice says where it finds no room beside other cards; else
            nothing.
    """

    DEFAULT_CSS = """
    Toasts {
        layer: toasts; dock: bottom; width: 100%; height: 100%; padding: 0 1 0 0;
        visibility: hidden; overflow: hidden;
    }
    """

    @dataclass
    class Chosen(Message):
        """A remedy was chosen on an error's card."""

        action: Action
        error: GroqchatError

    @dataclass
    class Dismissed(Message):
        """An error was read and sent away."""

        error: GroqchatError

    @dataclass
    class Typed(Message):
        """A letter was typed on a card to which it means nothing."""

        character: str

    class Entered(Message):
        """Enter was pressed on a card to which it means nothing."""

    class SendNow(Message):
        """The wait is to be cut short."""

    class WaitCancelled(Message):
        """The request is not to be sent again."""

    def __init__(
        self,
        now: Callable[[], float] = time.time,
        give_way: Callable[[int], None] = lambda _: None,
        tell: Callable[[str], None] = lambda _: None,
        *,
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self._now = now
        self._give_way = give_way
        self._tell = tell
        self._cards: list[Card] = []
        self._room = Size()

    def set_room(self, room: Size) -> None:
        """Note the room there is for cards; an invisible widget has no size of its own."""
        if room != self._room:
            self._room = room
            self.call_later(self._make_way)

    @property
    def layout(self) -> Layout:
        """Cards are stacked, whatever a stylesheet says."""
        return _STACK

    # -- showing ------------------------------------------------------------------------------

    def show_error(
        self,
        error: GroqchatError,
        actions: Sequence[Action],
        *,
        replacement: str | None = None,
        focus: bool = False,
    ) -> None:
        """Show an error until it is acted on, dismissed or cleared; an equal one is counted.

        Args:
            error: What happened.
            actions: What can be done about it here, in the order in which it is offered.
            replacement: The model that switching would take, if not the error's own.
            focus: Whether its letters act at once.
        """
        alike = (c for c in self._cards if isinstance(c, ErrorCard) and c.is_like(error))
        card = next(alike, None)
        if card is not None:
            card.repeat(error, actions, replacement)
        else:
            card = ErrorCard(error, actions, replacement, self._now)
            self._add(card)
        if focus:
            card.focus()

    def show_wait(
        self,
        error: GroqchatError,
        until: float,
        now: Callable[[], float],
        *,
        work: str = "",
        focus: bool = False,
    ) -> None:
        """Show that a request is sent again by itself; replaces an earlier wait.

        Args:
            error: Why it waits.
            until: When it goes on.
            now: The time that this is told in.
            work: What the request is for, where that is not the prompt; may be empty.
            focus: Whether its letters act at once.
        """
        self.end_wait()
        card = WaitCard(error, until, now, work)
        self._add(card)
        if focus:
            card.focus()

    @property
    def is_waiting(self) -> bool:
        """Whether a request waits to be sent again."""
        return any(isinstance(card, WaitCard) for card in self._cards)

    def end_wait(self) -> None:
        """Remove the card of a wait that is over or was cancelled."""
        self._drop(*(card for card in self._cards if isinstance(card, WaitCard)))

    def show_work(self, card: WorkCard | ApprovalCard) -> None:
        """Show work that goes on, or waits, until :meth:`end_work`."""
        self._add(card)

    def end_work(self, card: WorkCard | ApprovalCard) -> None:
        """The work is over."""
        if card in self._cards:
            self._drop(card)

    def notice(self, text: str, *, severity: Severity = "information", stays: bool = False) -> None:
        """Say something short that goes by itself, or stays until it is withdrawn."""
        self.withdraw(text)
        self._add(Notice(_worded(text, self), severity, stays=stays))

    def withdraw(self, text: str) -> None:
        """Take a notice away: it is true no longer."""
        said = _worded(text, self)
        self._drop(*[c for c in self._cards if isinstance(c, Notice) and c.text == said])

    def clear_errors(self, cause: str = "", *, alone: GroqchatError | None = None) -> None:
        """Take away all errors, or those of one cause, or one alone."""
        self._drop(*(card for card in self._errors(cause) if alone in {None, card.error}))

    def shows(self, cause: str) -> bool:
        """Whether a card of an error with this cause is shown."""
        return bool(self._errors(cause))

    def _errors(self, cause: str) -> list[ErrorCard]:
        errors = (card for card in self._cards if isinstance(card, ErrorCard))
        return [card for card in errors if cause in {"", card.error.cause.name}]

    def clear_notices(self) -> None:
        """Take away notices about the last turn; warnings stay for their time."""
        notices = (card for card in self._cards if isinstance(card, Notice))
        self._drop(*[card for card in notices if card.severity == "information"])

    def focus_newest(self) -> bool:
        """Give the newest card with keys the focus; False when there is none."""
        card = next((c for c in reversed(self._cards) if isinstance(c, FocusCard)), None)
        if card is not None:
            card.focus()
        return card is not None

    def reach(self, letter: str) -> bool:
        """Give the newest card on which a letter acts the focus; False when there is none."""
        cards = (c for c in reversed(self._cards) if isinstance(c, FocusCard))
        card = next((c for c in cards if c.is_reached_by_letters and letter in c.letters), None)
        if card is not None:
            self.screen.set_focus(card, scroll_visible=False)
        return card is not None

    # -- cards --------------------------------------------------------------------------------

    def _add(self, card: Card) -> None:
        self._cards.append(card)
        if len(self._cards) > MOST_CARDS:
            self._drop(*self._least())
        self.mount(card)
        self.call_after_refresh(self._make_way)

    def _least(self) -> Sequence[Card]:
        """The oldest notice, else the oldest error: a card to do without; no wait and no work."""
        older = self._cards[:-1]
        notices: list[Card] = [card for card in older if isinstance(card, Notice)]
        return (notices or [card for card in older if isinstance(card, ErrorCard)])[:1]

    def _drop(self, *cards: Card) -> None:
        for card in cards:
            self._cards.remove(card)
            card.remove()
        if cards:
            self.call_after_refresh(self._make_way)

    def _make_way(self) -> None:
        """Up to the highest card that stays; what goes by itself may lie below it."""
        cards = list(reversed(self._cards))
        heights = _heights(cards, min(WIDEST, self._room.width), self._room.height)
        covered = rows = 0
        for card in (card for card in cards if card in heights):
            rows += heights[card] + 1
            goes_by_itself = isinstance(card, Notice) and not card.stays
            covered = covered if goes_by_itself else rows
        self._give_way(covered)
        newest = next((card for card in cards if isinstance(card, Notice)), None)
        # An older one was told, or seen, before.
        self._tell(newest.signed_text if newest is not None and newest not in heights else "")

    # -- what the cards say -------------------------------------------------------------------

    def on_notice_expired(self, event: Notice.Expired) -> None:
        """Take the notice away, if it is still there."""
        event.stop()
        if event.notice in self._cards:
            self._drop(event.notice)

    def on_focus_card_typed(self, event: FocusCard.Typed) -> None:
        """Hand the letter on."""
        event.stop()
        self.post_message(self.Typed(event.character))

    def on_focus_card_entered(self, event: FocusCard.Entered) -> None:
        """Hand Enter on."""
        event.stop()
        self.post_message(self.Entered())

    def on_focus_card_pressed(self, event: FocusCard.Pressed) -> None:
        """Say what was chosen; details leave the card where it is, and so does a wait."""
        event.stop()
        card = event.card
        if card not in self._cards or not isinstance(card, ErrorCard | WaitCard):
            return
        is_action = event.key in {*card.actions}
        if not is_action or (isinstance(card, ErrorCard) and event.key != Action.DETAILS.value):
            self._drop(card)
        if is_action:
            self.post_message(self.Chosen(Action(event.key), card.error))
        elif isinstance(card, ErrorCard):
            self.post_message(self.Dismissed(card.error))
        else:
            self.post_message(self.WaitCancelled() if event.key == "escape" else self.SendNow())


def _worded(text: str, toasts: Toasts) -> str:
    """A notice as it is shown: without secrets, with the keys that commands have now."""
    text = without_keys(text)
    return in_own_keys(toasts.screen, text) if toasts.is_attached else text
