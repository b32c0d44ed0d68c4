"""The cards of the toasts: an error with its remedies, a wait with its countdown, a notice."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from groqchat.domain.causes import Action
from groqchat.domain.humanize import countdown
from groqchat.ui.text import KeyHint, block, bound_key, key_lines, line, pressed_key

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.events import Click, Key
    from textual.timer import Timer

    from groqchat.domain.errors import GroqchatError

Severity = Literal["information", "warning", "error"]

# A notice stays for a glance, and for as long as it takes to read it.
NOTICE_S, CHARACTERS_A_SECOND = 3.0, 20
# A letter acts when no other follows within this; who writes a text is faster.
ALONE_S = 0.3
TICK_S = 1.0
_LONGEST_BODY = 600


class Card(Widget):
    """A small framed text, as high as it must be and never higher than there is room."""

    DEFAULT_CSS = """
    Card {
        visibility: visible; padding: 0 1;
        background: $panel; color: $foreground; border-left: outer $success;
    }
    Card.-warning { border-left: outer $warning; }
    Card.-error { border-left: outer $error; }
    Card:focus { background: $block-cursor-blurred-background; }
    """

    def head(self) -> Content:
        """What it is about; always one line."""
        return Content()

    def body(self) -> Content:
        """What there is to say; cut where room is short."""
        return Content()

    def hints(self) -> Sequence[KeyHint]:
        """The keys; they are never cut."""
        return ()

    def short_hints(self) -> Sequence[KeyHint]:
        """The same in fewer words, where what there is to say would be cut."""
        return self.hints()

    def lines(self, width: int, room: int) -> list[Content]:
        """Lay the text out.

        Args:
            width: The width of the text in cells.
            room: How many lines there may be at most.
        """
        head = [self.head().truncate(width, ellipsis=True)] if self.head() else []
        body = self.body().wrap(width) if self.body() else []
        keys = key_lines(self.hints(), width)
        if len(head) + len(body) + len(keys) > room:
            keys = key_lines(self.short_hints(), width)
        left = max(0, room - len(head) - len(keys))
        if len(body) > left:
            body = body[:left]
            body[-1:] = [last.truncate(width - 1).rstrip() + "…" for last in body[-1:]]
        return [*head, *body, *keys][: max(1, room)]

    def render(self) -> Content:
        """The text, in the room that the card was given."""
        return Content("\n").join(self.lines(max(1, self.content_size.width), self.size.height))


class Notice(Card):
    """A short confirmation that goes by itself.

    Args:
        text: What to say; foreign text is welcome.
        severity: Its colour.
    """

    class Expired(Message):
        """It was there long enough."""

        def __init__(self, notice: Notice) -> None:
            super().__init__()
            self.notice = notice

    def __init__(self, text: str, severity: Severity) -> None:
        super().__init__(classes=f"-{severity}")
        self.severity = severity
        self.text = block(text, _LONGEST_BODY)

    def on_mount(self) -> None:
        """Go once it can have been read."""
        self.set_timer(NOTICE_S + len(self.text) / CHARACTERS_A_SECOND, self._expire)

    def body(self) -> Content:
        """The text."""
        return Content(self.text)

    def on_click(self) -> None:
        """A click sends it away."""
        self._expire()

    def _expire(self) -> None:
        self.post_message(self.Expired(self))


class FocusCard(Card, can_focus=True):
    """A card whose letters act while it has the focus; other letters are handed back.

    A letter acts when it stays alone for a moment. With another one right behind it, somebody is
    writing: both are handed back, and so is all that follows until the focus has moved.
    """

    DEFAULT_CSS = """
    FocusCard { border-left: outer $error; }
    """

    class Pressed(Message):
        """One of its keys was pressed or clicked; ``escape`` is the way out."""

        def __init__(self, card: FocusCard, key: str) -> None:
            super().__init__()
            self.card = card
            self.key = key

    class Typed(Message):
        """A letter that means nothing here."""

        def __init__(self, character: str) -> None:
            super().__init__()
            self.character = character

    _timer: Timer | None = None
    _alone: Timer | None = None
    _letter = ""
    _is_written_on = False

    def on_key(self, event: Key) -> None:
        """Act on its own letters, hand the others back."""
        letter = event.character or ""
        if event.key == "escape":
            self._press("escape")
        elif not (event.is_printable and letter):
            return
        elif letter in self._letters() and not self._letter and not self._is_written_on:
            self._letter = letter
            self._alone = self.set_timer(ALONE_S, self._act)
        else:
            self._is_written_on = True
            self.post_message(self.Typed(self._take_letter() + letter))
        event.stop()
        event.prevent_default()

    def _act(self) -> None:
        """The letter stayed alone."""
        if letter := self._take_letter():
            self._press(letter)

    def _take_letter(self) -> str:
        if self._alone is not None:
            self._alone.stop()
        letter, self._letter = self._letter, ""
        return letter

    def on_click(self, event: Click) -> None:
        """A click on a hint is the key."""
        if key := pressed_key(event):
            self._press(key)

    def _press(self, key: str) -> None:
        self.post_message(self.Pressed(self, key))

    def on_focus(self) -> None:
        """The hints say what the keys do now."""
        self.refresh(layout=True)

    def on_blur(self) -> None:
        """The hints say how to come here."""
        self._is_written_on = False
        self.refresh(layout=True)

    def _letters(self) -> frozenset[str]:
        return frozenset(hint.key for hint in self.hints() if len(hint.key) == 1)

    def _reach(self) -> KeyHint:
        """How to come here by the keyboard, as it is bound now."""
        return KeyHint(bound_key(self.screen, "toast", "f8"), "choose")

    def _hint(self, key: str, words: str) -> KeyHint:
        return KeyHint("Esc" if key == "escape" else key, words, key)

    def count_down(self) -> None:
        """Tick while there is something to count."""
        if self._timer is None:
            self._timer = self.set_interval(TICK_S, self._tick)

    def stop_counting(self) -> None:
        """Tick no more."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def _tick(self) -> None:
        self.refresh(layout=True)


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
        """The same happened again: count it, and show what is known now."""
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
        """Whether the other would say the same."""
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

    def hints(self) -> Sequence[KeyHint]:
        """The remedies and the way out."""
        return self._keys(self._words)

    def short_hints(self) -> Sequence[KeyHint]:
        """The same with the other model's name alone."""
        return self._keys(self._few_words)

    def _keys(self, words: Callable[[Action], str]) -> list[KeyHint]:
        keys = [self._hint(action.value, words(action)) for action in self.actions]
        # What a click can hit must not move when the click brings the focus: these come last.
        return [*keys, self._hint("escape", "dismiss") if self.has_focus else self._reach()]

    def _words(self, action: Action) -> str:
        if action is Action.SWITCH_MODEL and self.replacement:
            room = f" ({self.error.facts.room})" if self.error.facts.room else ""
            return f"switch model to {line(self.replacement, 40)}{room}"
        return action.label

    def _few_words(self, action: Action) -> str:
        if action is Action.SWITCH_MODEL and self.replacement:
            return f"switch to {line(self.replacement.rsplit('/', 1)[-1], 40)}"
        return action.label

    def _advice(self) -> str:
        if self._until is None:
            return self.error.suggestion
        left = self._until - self._now()
        if left <= 0:
            self.stop_counting()
            return "It should fit now."
        return self.error.with_facts(retry_after_s=left).suggestion


class WaitCard(FocusCard):
    """A request that is sent again by itself, unless one cancels.

    Args:
        error: Why it waits.
        until: The Unix time at which it goes on.
        now: The Unix time.
    """

    DEFAULT_CSS = """
    WaitCard { border-left: outer $warning; }
    """

    def __init__(self, error: GroqchatError, until: float, now: Callable[[], float]) -> None:
        super().__init__()
        self.error = error
        self._until = until
        self._now = now

    def on_mount(self) -> None:
        """Once a second."""
        self.count_down()

    def head(self) -> Content:
        """Why it waits."""
        return Content.styled(line(self.error.title), "bold $text-warning")

    def body(self) -> Content:
        """How long it still waits, and for what."""
        left = max(0, math.ceil(self._until - self._now()))
        again = f"Sending again in {countdown(left)}" if left else "Sending again now"
        numbers = self.error.facts.numbers
        return Content.assemble((again, "bold"), (f"\n{numbers}" if numbers else "", "$text-muted"))

    def hints(self) -> Sequence[KeyHint]:
        """Now, or not at all; Esc means the same from anywhere."""
        keys = [self._hint("r", "now"), self._hint("escape", "cancel")]
        return keys if self.has_focus else [*keys, self._reach()]


def _identity(error: GroqchatError) -> tuple[object, ...]:
    facts = error.facts
    return error.cause.name, facts.status, facts.model, facts.bucket, facts.detail
