"""The window with the content of a chip: a file or a long paste, as it will be sent."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from groqchat.domain.images.image import images_in
from groqchat.domain.text.humanize import count, counted
from groqchat.domain.text.sanitize import sanitize
from groqchat.ui.dialogs.dialog import CLOSE, Dialog
from groqchat.ui.dialogs.image_viewer import show_images
from groqchat.ui.widgets.attaching.chips import ChipKind
from groqchat.ui.widgets.text import KeyHint, line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.widget import Widget

    from groqchat.ui.dialogs.dialog import Ask
    from groqchat.ui.widgets.attaching.chip_area import ChipArea
    from groqchat.ui.widgets.attaching.chips import Chip

NO_CHIP = "Nothing is attached here; @ and a path, or a long paste, attaches something."
MOST_SHOWN = 200_000
"""The characters that are shown; all of a longer content is sent."""
_LONGEST_TITLE = 60


class ChipAction(StrEnum):
    """What is to be done with a chip that was looked at."""

    REMOVE = "remove"
    UNPACK = "unpack"


class ChipViewer(Dialog[ChipAction]):
    """The content of a chip; the result is what is to be done with it.

    Args:
        chip: The chip.
        measure: Its size and its estimated tokens.
    """

    DEFAULT_CSS = """
    ChipViewer > #frame { width: 100%; max-width: 120; height: 100%; }
    ChipViewer VerticalScroll { height: 1fr; scrollbar-size-vertical: 1; }
    ChipViewer VerticalScroll > Static { height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t", "take('unpack')", show=False),
        Binding("backspace,delete", "take('remove')", show=False),
        Binding("enter", "close", show=False),
    ]
    purpose = "An attached file or a long paste, exactly as it will be sent."
    guide = "attachments"

    def __init__(self, chip: Chip, measure: str) -> None:
        super().__init__()
        self._chip = chip
        self.heading = f"{line(chip.name, _LONGEST_TITLE)} · {measure}"

    def content(self) -> Iterable[Widget]:
        """The text, and how long it is."""
        inner = self._chip.inner
        lines = counted(inner.count("\n") + 1, "line")
        said = f"{lines}. All of it is sent with the prompt."
        if len(inner) > MOST_SHOWN:
            said = f"{lines}; the first {count(MOST_SHOWN)} characters are shown, all are sent."
        yield Static(said, id="said", markup=False)
        text = Content(sanitize(inner[:MOST_SHOWN]))
        self._scroll = VerticalScroll(Static(text, markup=False))
        yield self._scroll

    def hints(self) -> Sequence[KeyHint]:
        """Scrolling, and what can be done with the chip."""
        return (
            KeyHint("↑↓ PgUp PgDn", "scroll"),
            KeyHint("t", "as text", "t"),
            KeyHint("Backspace", "remove", "backspace"),
            CLOSE,
        )

    def on_mount(self) -> None:
        """The keys scroll at once."""
        self._scroll.focus()

    def action_take(self, action: str) -> None:
        """Close with what is to be done."""
        self.finish(ChipAction(action))


async def show_nearest_chip(area: ChipArea, ask: Ask) -> bool:
    """Show the chip at the cursor, or the nearest; returns whether there is any."""
    chip = area.nearest_chip
    if chip is not None:
        await show_chip(chip, area, ask)
    return chip is not None


async def show_chip(chip: Chip, area: ChipArea, ask: Ask) -> None:
    """Show a chip of a text area, and do with it what was chosen there.

    Args:
        chip: The chip.
        area: Where it stands.
        ask: Opens a window and waits for its result.
    """
    if chip.kind is ChipKind.IMAGE:
        if await show_images(images_in(chip.content), area.images, ask, can_remove=True):
            area.replace_chip(chip, "")
        area.focus()
        return
    action = await ask(ChipViewer(chip, chip.measure(area.chips.tokens_of)))
    if action is not None:
        area.replace_chip(chip, chip.content if action is ChipAction.UNPACK else "")
    area.focus()
