"""Our compositor and our parser in the place of Textual's, where its version was tried."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from groqchat.ui.terminal.textual_internals import is_tried

if TYPE_CHECKING:
    from textual.driver import Driver
    from textual.screen import Screen


def paint_changes_only(screen: Screen[Any]) -> None:
    """Give a screen the compositor that paints what changed and nothing else."""
    if is_tried():
        from groqchat.ui.terminal.compositor import FrugalCompositor

        screen._compositor = FrugalCompositor()


def with_safe_pastes(driver: type[Driver]) -> type[Driver]:
    """Let a driver use the parser under which nothing pasted acts, where it uses Textual's."""
    if is_tried():
        from groqchat.ui.terminal.paste_filter import use_safe_parser

        use_safe_parser(driver)
    return driver
