"""The card of a tool that waits for approval."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from textual.content import Content

from groqchat.domain.text.humanize import count
from groqchat.domain.tools.decision import Decision
from groqchat.domain.tools.results import CHANGED, arguments_of
from groqchat.ui.widgets.cards import FocusCard
from groqchat.ui.widgets.text import KeyHint, block, line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from groqchat.domain.tools.events import ApprovalAsked

_LONGEST_VALUE, _LONGEST_BODY, _LONGEST_DESCRIPTION = 300, 1_200, 600
_WORDS = {
    "o": (Decision.ONCE, "once"),
    "s": (Decision.SESSION, "this session"),
    "a": (Decision.ALWAYS, "always"),
    "d": (Decision.DENY, "deny"),
}


class ApprovalCard(FocusCard):
    """A call of a tool, with its arguments, which runs only if the user says so.

    Its letters act only while it has the focus: a letter meant for the composer must not approve.

    Args:
        asked: The call.
        decide: Told what the user says; None stops the turn.
        who: The column of a comparison that wants it; empty in a chat.
    """

    DEFAULT_CSS = """
    ApprovalCard { border-left: outer $warning; }
    """
    is_reached_by_letters = False

    def __init__(
        self, asked: ApprovalAsked, decide: Callable[[Decision | None], None], who: str = ""
    ) -> None:
        super().__init__()
        self._who = who
        self.asked = asked
        self._decide = decide

    def head(self) -> Content:
        """The tool and its source."""
        tool = self.asked.tool
        return Content.assemble(
            (f"{line(self._who, 40)}: run " if self._who else "Run ", "bold $text-warning"),
            (line(tool.name, 60), "bold"),
            f" of {line(tool.source, 40)}?",
        )

    def body(self) -> Content:
        """The arguments, one a line, and the description of a tool that is not as approved."""
        arguments = arguments_of(self.asked.call) or {}
        told = [f"{line(name, 60)}: {_shown(value)}" for name, value in arguments.items()]
        text = Content(block("\n".join(told) or "no arguments", _LONGEST_BODY))
        if not self.asked.has_changed:
            return text
        description = block(self.asked.tool.description, _LONGEST_DESCRIPTION)
        return Content("\n").join([text, Content(CHANGED), Content(description)])

    def hints(self) -> Sequence[KeyHint]:
        """How long it may run, or not; Esc stops the turn from anywhere."""
        keys = [self._hint(key, words) for key, (_, words) in _WORDS.items()]
        if self.has_focus:
            return [*keys, self._hint("escape", "stop")]
        return [*keys, KeyHint(self._reach().key, "first, then a letter")]

    def _press(self, key: str) -> None:
        if key == "escape":
            self._decide(None)
        elif key in _WORDS:
            self._decide(_WORDS[key][0])


def _shown(value: object) -> str:
    """A value on one line; where it is cut, the whole stands in the transcript above."""
    text = json.dumps(value, ensure_ascii=False)
    if len(text) <= _LONGEST_VALUE:
        return line(text, _LONGEST_VALUE)
    return f"{line(text, _LONGEST_VALUE)} ({count(len(text))} characters, all of them above)"
