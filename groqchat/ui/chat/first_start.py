"""What is said at the first start, and at the first one of another version."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from groqchat import __version__
from groqchat.catalog.changelog import is_newer
from groqchat.ui.widgets.welcome import tour_lines

if TYPE_CHECKING:
    from textual.screen import Screen

    from groqchat.ui.chat.assembly import Chat


def show_tour(chat: Chat, screen: Screen[None]) -> None:
    """Show the tour in the empty transcript until it was seen once, or something is said."""
    services = chat.services
    if services.last_run.known.has_seen_tour or services.is_incognito:
        return
    lines = partial(tour_lines, screen, sends_with_enter=services.settings.send_with_enter)
    chat.conversation.welcome.show_tour(lines)


def remember(chat: Chat) -> None:
    """Remember the version, and that the tour was seen by somebody who can ask something.

    Whoever has no key yet sees it again at the next start: a window lay over it.
    """
    last_run, has_key = chat.services.last_run, chat.workspace.account.connection is not None
    last_run.note(version=__version__)
    if has_key and chat.conversation.welcome.has_tour:
        last_run.note(has_seen_tour=True)


def tell_news(chat: Chat) -> None:
    """Say after an update how to read what is new."""
    before = chat.services.last_run.before.version
    if before and is_newer(__version__, before) and not chat.services.is_demo:
        chat.workspace.notify(f"groqchat {__version__}: /news shows what is new.")
