"""The guides in the chat: a list of them, and a window that shows one."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from groqchat.catalog.guides import GUIDES, guide_text
from groqchat.ui.dialogs.dialog import CLOSE, Dialog
from groqchat.ui.dialogs.picker import Picker
from groqchat.ui.transcript.entries import Entry, EntryKind
from groqchat.ui.transcript.viewport import Viewport
from groqchat.ui.widgets.text import KeyHint

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.widget import Widget

    from groqchat.ui.dialogs.dialog import Ask

_NAME = 13


class GuidePicker(Picker[str]):
    """A list of the guides; its result is the chosen one, or None."""

    DEFAULT_CSS = """
    GuidePicker > #frame { width: 90%; max-width: 96; height: auto; max-height: 90%; }
    GuidePicker.-narrow > #frame { width: 100%; height: 100%; max-height: 100%; }
    GuidePicker #rows { height: auto; max-height: 1fr; }
    """
    heading = "Guides"
    purpose = "The guides, one for each topic. Type a word to find the one that is about it."
    asks = "What about …"
    nothing = "No guide is about that."

    def describe(self, value: str) -> Content:
        """What the guide is about, which the row may cut."""
        return Content(GUIDES[value].about.replace("`", ""))

    def narrow(self, query: str) -> None:
        """Keep the guides that are about what was typed."""
        word = query.strip().lower()
        self.show_rows(
            [
                (Content(f"{name:<{_NAME}}{guide.about.replace('`', '')}"), name)
                for name, guide in GUIDES.items()
                if word in f"{name} {guide.about}".lower()
            ]
        )


class _Page(Viewport, can_focus=True):
    """The text of a guide."""

    DEFAULT_CSS = "_Page { height: 1fr; background: $surface; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "scroll_up", show=False),
        Binding("down,j", "scroll_down", show=False),
        Binding("pageup,b", "page_up", show=False),
        Binding("pagedown,space", "page_down", show=False),
        Binding("home,g", "scroll_home", show=False),
        Binding("end,G", "follow", show=False),
    ]

    def action_follow(self) -> None:
        """Show the end, whose place is known once all above it is laid out."""
        self.follow()


class PageScreen(Dialog[None]):
    """A page of Markdown.

    Args:
        heading: The words in the frame.
        text: The Markdown, in which each paragraph is one line.
    """

    DEFAULT_CSS = """
    PageScreen > #frame { width: 96%; max-width: 108; height: 94%; }
    PageScreen.-narrow > #frame { width: 100%; height: 100%; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("q,enter", "close", show=False)]
    is_help = True

    def __init__(self, heading: str, text: str) -> None:
        super().__init__()
        self.heading, self._text = heading, text

    def content(self) -> Iterable[Widget]:
        """The text, which scrolls."""
        self._page = _Page()
        return (self._page,)

    def hints(self) -> Sequence[KeyHint]:
        """The keys that scroll, and the one that closes."""
        return (KeyHint("↑↓ PgUp PgDn", "scroll"), CLOSE)

    def on_mount(self) -> None:
        """Show the page from its beginning."""
        page, text = self._page, self._text.lstrip("\n")
        page.is_following = False
        page.virtual_list.fill([Entry("guide", EntryKind.ASSISTANT, text=text, numbers_code=False)])
        page.focus()
        self.call_after_refresh(page.refit)


class GuideScreen(PageScreen):
    """One guide.

    Args:
        topic: The name of the guide.
    """

    def __init__(self, topic: str) -> None:
        title, _, text = guide_text(topic).partition("\n")
        super().__init__(title.removeprefix("# "), text)


class NewsScreen(PageScreen):
    """What is new.

    Args:
        text: The parts of the changelog.
    """

    is_help = False
    purpose = "What is new since the version that you used before."
    guide = "chat"

    def __init__(self, text: str) -> None:
        super().__init__("What is new", text)


async def show_guides(topic: str, ask: Ask) -> None:
    """Show a guide; where none has that name, let the user choose.

    Args:
        topic: The name of the guide, or its beginning; nothing shows the list.
        ask: Opens a window and waits for its result.
    """
    word = topic.strip().lower()
    named = [name for name in GUIDES if name.startswith(word)]
    if len(named) == 1:
        await ask(GuideScreen(named[0]))
        return
    chosen = await ask(GuidePicker(word))
    if chosen is not None:
        await ask(GuideScreen(chosen))
