"""The window with the result of a tool that was tried."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from groqchat.domain.text.humanize import count
from groqchat.domain.text.sanitize import sanitize
from groqchat.ui.dialogs.dialog import CLOSE, Dialog
from groqchat.ui.widgets.text import KeyHint

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.widget import Widget

    from groqchat.domain.tools.tool import Tool, ToolResult

_MOST_SHOWN = 50_000


class ResultViewer(Dialog[None]):
    """The text of a result, as a model would get it.

    Args:
        tool: The tool.
        result: Its result.
    """

    DEFAULT_CSS = """
    ResultViewer > #frame { max-width: 100; max-height: 90%; }
    ResultViewer VerticalScroll { height: auto; max-height: 1fr; scrollbar-size-vertical: 1; }
    ResultViewer VerticalScroll > Static { height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "close", show=False)]
    purpose = "What the tool answered when you tried it. No model has seen it."
    guide = "tools"

    def __init__(self, tool: Tool, result: ToolResult) -> None:
        self.heading = tool.sent_name
        super().__init__()
        self._result = result

    def content(self) -> Iterable[Widget]:
        """What came of it, and the text."""
        result = self._result
        said = "The tool failed, as it says:" if result.is_error else "The model would get:"
        length = result.truncated_from or len(result.text)
        if length > _MOST_SHOWN:
            said += f" (the beginning of {count(length)} characters)"
        yield Static(said, id="said", markup=False)
        text = Content(sanitize(result.text[:_MOST_SHOWN]))
        self._scroll = VerticalScroll(Static(text, markup=False))
        yield self._scroll

    def hints(self) -> Sequence[KeyHint]:
        """Scrolling and closing."""
        return (KeyHint("↑↓ PgUp PgDn", "scroll"), CLOSE)

    def on_mount(self) -> None:
        """The keys scroll at once."""
        self._scroll.focus()
