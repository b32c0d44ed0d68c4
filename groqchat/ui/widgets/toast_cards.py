"""The cards of the toasts: an error with its remedies, a wait with its countdown, a notice."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

from textual.content import Content
from textual.message import Message

from groqchat.domain.errors.table import Action
from groqchat.domain.text.humanize import countdown
from groqchat.ui.terminal.textual_internals import call_after
from groqchat.ui.widgets.cards import Card, FocusCard
from groqchat.ui.widgets.text import (
    KeyHint,
    block,
    cut,
    cut_before_the_end,
    first_sentence,
    line,
    whole_clauses,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from groqchat.domain.errors.tree import GroqchatError

Severity = Literal["information", "warning", "error"]

# A notice stays for a glance, and for as long as it takes to read it.
NOTICE_S, CHARACTERS_A_SECOND = 3.0, 20
_LONGEST_BODY = 600
# What the colour of a notice says, for those who do not see it.
_SIGNS: dict[Severity, str] = {"information": "", "warning": "! ", "error": "✗ "}
# What can be done about an error while its request waits to be sent again.
_WHILE_WAITING = (Action.SWITCH_MODEL, Action.DETAILS)


class Notice(Card):
    """A short confirmation that goes by itself.

    Args:
        text: What to say; foreign text is welcome.
        severity: Its colour and its sign.
        stays: Whether it waits to be taken away.
    """

    class Expired(Message):
        """A notice has been shown for its time."""

        def __init__(self, notice: Notice) -> None:
            super().__init__()
            self.notice = notice

    def __init__(self, text: str, severity: Severity, *, stays: bool = False) -> None:
        super().__init__(classes=f"-{severity}")
        self.severity = severity
        self.stays = stays
        self.text = block(text, _LONGEST_BODY)
        self.signed_text = _SIGNS[severity] + self.text

    def on_mount(self) -> None:
        """Go once it can have been read."""
        if not self.stays:
            call_after(self, NOTICE_S + len(self.text) / CHARACTERS_A_SECOND, self._expire)

    def body(self) -> Content:
        """The text, after the sign of its severity."""
        return Content(self.signed_text)

    def cut_body(self, width: int, rows: int) -> list[Content]:
        """The body with its end, which says what to do, kept."""
        return cut_before_the_end(self.signed_text, width, rows)

    def on_click(self) -> None:
        """A click sends it away."""
        self._expire()

    def _expire(self) -> None:
        self.post_message(self.Expired(self))


class ErrorCard(FocusCard):
    """An error: what happened, what to do, and the keys that do it.

    Args:
        error: What happened.
        actions: What can be done about it here.
        replacement: The model to switch to, where one is known.
        now: The Unix time.
    """

    def __init__(
        self,
        error: GroqchatError,
        actions: Sequence[Action],
        replacement: str | None,
        now: Callable[[], float],
    ) -> None:
        super().__init__()
        self._now = now
        self.count = 0
        self.repeat(error, actions, replacement)

    def repeat(
        self, error: GroqchatError, actions: Sequence[Action], replacement: str | None
    ) -> None:
        """Count one more occurrence, and show what is known now."""
        self.error = error
        self.actions = tuple(actions)
        self.replacement = replacement or error.facts.replacement
        self.count += 1
        wait = error.facts.retry_after_s
        self._until = None if wait is None else self._now() + wait
        if self.is_mounted:
            self.on_mount()
            self.refresh(layout=True)

    def is_like(self, error: GroqchatError) -> bool:
        """Whether the card of another error would show the same text."""
        return _identity(self.error) == _identity(error)

    def on_mount(self) -> None:
        """Count down only where waiting helps."""
        self.stop_counting()
        if self._until is not None:
            self.count_down()

    def head(self) -> Content:
        """``429 · Rate limit reached ×2``."""
        again = f" ×{self.count}" if self.count > 1 else ""
        return Content.assemble((line(self.error.title), "bold $text-error"), again)

    def body(self) -> Content:
        """The sentence, the numbers where it lacks them, and what to do."""
        said = block(self.error.message, _LONGEST_BODY)
        numbers = self.error.facts.numbers
        parts: list[Content] = [Content(said)]
        if numbers and numbers not in said:
            parts.append(Content(numbers[:1].upper() + numbers[1:]))
        parts.append(Content.styled(block(self._advice(), _LONGEST_BODY), "$text-muted"))
        return Content("\n").join(parts)

    def cut_body(self, width: int, rows: int) -> list[Content]:
        """The numbers, else the first sentence, of what happened, and that of what to do."""
        numbers = self.error.facts.numbers
        message = f"{numbers[:1].upper()}{numbers[1:]}." if numbers else self.error.message
        said = Content(first_sentence(message)).wrap(width)
        advice = first_sentence(self._advice())
        kept = cut(said, max(rows - len(Content(advice).wrap(width)), rows // 2))
        left = rows - len(kept)
        shorter = whole_clauses(advice, width, left)
        return [*kept, *cut(Content.styled(shorter, "$text-muted").wrap(width), left)]

    def hints(self) -> Sequence[KeyHint]:
        """The remedies and the way out."""
        return self._keys(self._words)

    def short_hints(self) -> Sequence[KeyHint]:
        """The hints with only the name of the other model."""
        return self._keys(self._few_words)

    def _keys(self, words: Callable[[Action], str]) -> list[KeyHint]:
        keys = [self._hint(action.value, words(action)) for action in self.actions]
        # What a click can hit must not move when the click brings the focus: these come last.
        return [*keys, self._hint("escape", "dismiss") if self.has_focus else self._reach()]

    def _words(self, action: Action) -> str:
        if action is Action.SWITCH_MODEL and self.replacement:
            room = f" ({self.error.facts.room})" if self.error.facts.room else ""
            return f"switch model to {line(self.replacement, 40)}{room}"
        return self._label(action)

    def _label(self, action: Action) -> str:
        is_settings = action is Action.SEND_ANYWAY and self.error.cause.name == "config_unread"
        return "send this one" if is_settings else action.label

    def _few_words(self, action: Action) -> str:
        if action is Action.SWITCH_MODEL and self.replacement:
            return f"switch to {line(self.replacement.rsplit('/', 1)[-1], 40)}"
        return self._label(action)

    def _advice(self) -> str:
        if self._until is None:
            return self.error.suggestion
        if left := self._left(self._until):
            return self.error.with_facts(retry_after_s=left).suggestion
        return "It should fit now."

    def _left(self, until: float) -> float:
        """Seconds to wait; a clock that was set back makes them no more."""
        return max(0.0, min(until - self._now(), self.error.facts.retry_after_s or 0.0))

    def _tick(self) -> None:
        """Count down; once it is over, that is shown, and nothing is left to count."""
        if self._until is None or not self._left(self._until):
            self.stop_counting()
        super()._tick()


class WaitCard(FocusCard):
    """A request that is sent again by itself, unless one cancels.

    Args:
        error: Why it waits.
        until: When it goes on.
        now: The time that this is told in.
        work: What the request is for, where that is not the prompt; may be empty.
    """

    DEFAULT_CSS = """
    WaitCard { border-left: outer $warning; }
    """

    def __init__(
        self, error: GroqchatError, until: float, now: Callable[[], float], work: str = ""
    ) -> None:
        super().__init__()
        self.error = error
        self.actions = tuple(each for each in _WHILE_WAITING if each in error.cause.actions)
        self._until = until
        self._now = now
        self._work = work

    def on_mount(self) -> None:
        """Count down once a second."""
        self.count_down()

    def head(self) -> Content:
        """The reason of the wait."""
        return Content.styled(line(self.error.title), "bold $text-warning")

    def body(self) -> Content:
        """The time that is left of the wait, and what is waited for."""
        left = max(0, math.ceil(self._until - self._now()))
        again = f"Next try in {countdown(left)}" if left else "Trying again now"
        numbers = " · ".join(filter(None, (line(self._work), self.error.facts.numbers)))
        return Content.assemble((again, "bold"), (f"\n{numbers}" if numbers else "", "$text-muted"))

    def hints(self) -> Sequence[KeyHint]:
        """The keys: try now, another way, or cancel; Esc cancels from anywhere."""
        others = (self._hint(action.value, action.label) for action in self.actions)
        keys = [self._hint("r", "now"), *others, self._hint("escape", "cancel")]
        return keys if self.has_focus else [*keys, self._reach()]


def _identity(error: GroqchatError) -> tuple[object, ...]:
    facts = error.facts
    return error.cause.name, facts.status, facts.model, facts.limit_kind, facts.detail
