"""The last errors with their details, ready to be copied for support."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static
from textual.widgets.option_list import Option

from groqchat import __version__
from groqchat.domain.errors.refusal_bodies import LONGEST_QUOTE
from groqchat.ui.dialogs.dialog import CLOSE, Dialog
from groqchat.ui.terminal.clipboard import copy
from groqchat.ui.terminal.option_list import PagedOptionList
from groqchat.ui.widgets.error_log import ErrorRecord
from groqchat.ui.widgets.text import KeyHint, block, line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.events import Key
    from textual.widget import Widget

    from groqchat.ui.widgets.error_log import ErrorLog


class ErrorsScreen(Dialog[ErrorRecord]):
    """The record that is to come back as a toast, or None.

    Args:
        log: The errors.
    """

    DEFAULT_CSS = """
    ErrorsScreen > #frame { height: 90%; }
    ErrorsScreen.-narrow > #frame { height: 100%; }
    ErrorsScreen #records {
        height: auto; max-height: 35%; min-width: 12; border: none; padding: 0;
        background: $surface; text-wrap: nowrap; text-overflow: ellipsis;
        scrollbar-size-vertical: 1;
    }
    ErrorsScreen #records:focus { background-tint: transparent; }
    ErrorsScreen #records > .option-list--option-highlighted {
        background: $block-cursor-background; color: $block-cursor-foreground;
        text-style: $block-cursor-text-style;
    }
    ErrorsScreen VerticalScroll {
        height: 1fr; padding: 0 1; border-top: hkey $border-blurred; scrollbar-size-vertical: 1;
    }
    ErrorsScreen #details { height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c", "copy", show=False),
        Binding("pagedown,space", "scroll(1)", show=False, priority=True),
        Binding("pageup", "scroll(-1)", show=False, priority=True),
    ]
    heading = "Errors"
    purpose = (
        "The last errors of this chat, with all their details, to try their remedies again or "
        "to copy one for support."
    )
    guide = "chat"

    def __init__(self, log: ErrorLog) -> None:
        super().__init__()
        self._records = tuple(log)

    def content(self) -> Iterable[Widget]:
        """The list over the details."""
        self._list = PagedOptionList(*map(_option, self._records), id="records", markup=False)
        self._details = Static("No errors so far.", id="details", markup=False)
        self._scroll = VerticalScroll(self._details, can_focus=False)
        return (self._list, self._scroll)

    def hints(self) -> Sequence[KeyHint]:
        """The keys of the window; without errors only that which closes it."""
        if not self._records:
            return (CLOSE,)
        return (
            KeyHint("Enter", "show again", "enter"),
            KeyHint("c", "copy for support", "c"),
            KeyHint("↑↓", "move"),
            KeyHint("PgDn", "more", "pagedown"),
            CLOSE,
        )

    def on_mount(self) -> None:
        """Highlight the newest error."""
        self._list.display = bool(self._records)
        self._list.focus()
        self._list.highlighted = 0 if self._records else None

    def on_key(self, event: Key) -> None:
        """Show the error as a toast again when a letter of one of its remedies is pressed."""
        record = self._record
        if record is not None and event.character in {*record.error.cause.actions} - {"c"}:
            event.stop()
            event.prevent_default()  # Dialog takes other letters as text
            self.finish(record)

    def on_option_list_option_highlighted(self, event: PagedOptionList.OptionHighlighted) -> None:
        """Show the details of the highlighted error."""
        event.stop()
        self._details.update(_details(self._records[event.option_index]))
        self._scroll.scroll_home(animate=False)

    def on_option_list_option_selected(self, event: PagedOptionList.OptionSelected) -> None:
        """Show the chosen error as a toast again."""
        event.stop()
        self.finish(self._records[event.option_index])

    def action_scroll(self, pages: int) -> None:
        """Page through the details."""
        (self._scroll.scroll_page_down if pages > 0 else self._scroll.scroll_page_up)()

    async def action_copy(self) -> None:
        """Copy what a support team asks for."""
        if (record := self._record) is None:
            return
        said = Content.styled(await copy(self.app, support_text(record)), "bold $text-success")
        self._details.update(Content("\n").join((said, _details(record))))
        self._scroll.scroll_home(animate=False)

    @property
    def _record(self) -> ErrorRecord | None:
        place = self._list.highlighted
        return None if place is None else self._records[place]


def support_text(record: ErrorRecord) -> str:
    """The text about an error that may be shown to others: no key, no account, no prompt."""
    facts = record.error.facts
    lines = [
        *(f"{label}: {value}" for label, value in _known(record)),
        f"server: {facts.detail}" if facts.detail else "",
        f"groqchat: {__version__}",
    ]
    return block("\n".join(text for text in lines if text))


def _known(record: ErrorRecord) -> list[tuple[str, str]]:
    """The facts that have a value, with their labels."""
    error, facts = record.error, record.error.facts
    known = (
        ("time", f"{_when(record):%Y-%m-%d %H:%M:%S %z}"),
        ("error", error.kind.value),
        ("cause", error.cause.name),
        ("status", facts.status),
        ("code", facts.code),
        ("model", facts.model),
        ("limit", facts.numbers),
        ("parameter", facts.parameter),
        ("request id", facts.request_id),
    )
    return [(label, line(str(value))) for label, value in known if value]


def _details(record: ErrorRecord) -> Content:
    """The meaning of an error and the first remedy, then the facts."""
    error = record.error
    parts = [
        Content.styled(line(error.title), "bold $text-error"),
        Content(block(error.message)),
        Content.assemble(("Now    ", "$text-muted"), block(error.suggestion)),
        Content.assemble(("Later  ", "$text-muted"), error.lasting_fix),
        Content(),
        *(
            Content.assemble((f"{name:<11}", "$text-muted"), value)
            for name, value in _known(record)
        ),
    ]
    if error.facts.detail:
        parts.append(Content.assemble(("server     ", "$text-muted"), block(error.facts.detail)))
    if error.facts.failed_generation:
        parts += [Content(), Content.styled("What the model said", "$text-muted")]
        parts.append(Content(block(error.facts.failed_generation, LONGEST_QUOTE)))
    return Content("\n").join(parts)


def _option(record: ErrorRecord) -> Option:
    when = Content.styled(f"{_when(record):%H:%M:%S}  ", "$text-muted")
    model = Content.styled(f"  {line(record.error.facts.model or '', 60)}", "$text-muted")
    return Option(Content("").join((when, Content(line(record.error.title)), model)))


def _when(record: ErrorRecord) -> datetime:
    return datetime.fromtimestamp(record.time, UTC).astimezone()
