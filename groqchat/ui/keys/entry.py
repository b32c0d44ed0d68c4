"""Asks for an API key, checks it, and has it stored: one paste and one Enter."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from enum import Enum
from itertools import cycle
from typing import TYPE_CHECKING, ClassVar, Literal

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from groqchat.domain.errors.servers import GROQ
from groqchat.domain.errors.tree import GroqchatError
from groqchat.domain.text.secret import Secret
from groqchat.ui.dialogs.dialog import Dialog
from groqchat.ui.terminal.motion import tick_s
from groqchat.ui.widgets.masked_input import MaskedInput
from groqchat.ui.widgets.text import KeyHint, block

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence

    from textual.events import Paste
    from textual.timer import Timer
    from textual.widget import Widget

    from groqchat.domain.errors.servers import Server
    from groqchat.services.account.key_checks import KeyCheck

# Longer than the provider's own limit, in seconds: only a hang reaches it. The keyring has its own.
CHECK_S = 30.0
# The cause of the error that there is no keyring, in which nothing can be unlocked or allowed.
_NO_KEYRING = "keyring_missing"
_SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
_SPIN_S = 0.1
_KEY = re.compile(r"gsk_[A-Za-z0-9_-]+")
_SHOWN_FROM = 12


@dataclass(frozen=True, slots=True)
class KeyEntered:
    """A key to use; ``stored_in`` names the keyring that has it, None: for this run only.

    ``unasked`` is why there is none to store it in, where the dialog closed without a question.
    """

    secret: Secret
    stored_in: str | None
    unasked: GroqchatError | None = None


class _Step(Enum):
    """The step of the dialog, which decides the action of Enter."""

    TYPING = "check"
    CHECKING = "checking"
    REJECTED = "check again"
    UNCHECKED = "use it unchecked, for this run"
    UNSTORED = "use it for this run"


class _KeyInput(MaskedInput):
    """Masked; from a pasted line such as ``export GROQ_API_KEY=gsk_…`` it takes the key."""

    def on_paste(self, event: Paste) -> None:
        """Take the key out of what is pasted, else its first line that holds anything."""
        event.prevent_default()
        event.stop()
        found = _KEY.findall(event.text)
        lines = [text.strip() for text in event.text.splitlines() if text.strip()]
        self.insert_text_at_cursor(found[0] if len(found) == 1 else (lines or [""])[0])


Answer = KeyEntered | Literal["demo"]


class KeyScreen(Dialog[Answer]):
    """A key, ``"demo"``, or None when skipped.

    Args:
        check: Asks the server; says in words what it found.
        store: Puts the key into the system keyring and names it; may raise ``GroqchatError``.
        reason: Why a key is asked for.
        goes_on: Whether a key that works is used for this run where there is no keyring at all;
            otherwise Enter has to say so.
        may_skip_to_demo: Whether the demo is offered.
        server: Whose key it is to be.
    """

    DEFAULT_CSS = """
    KeyScreen > #frame { max-width: 76; }
    KeyScreen #why, KeyScreen #where, KeyScreen #said { height: auto; }
    KeyScreen Input { margin: 1 0; }
    KeyScreen.-short Input { margin: 0; }
    KeyScreen #words { margin-bottom: 1; min-height: 2; scrollbar-size-vertical: 1; }
    KeyScreen > #frame { height: 100%; }
    KeyScreen #words { height: 1fr; }
    KeyScreen.-high > #frame, KeyScreen.-high #words { height: auto; }
    KeyScreen.-short #words, KeyScreen.-low #words { margin: 0; min-height: 1; }
    KeyScreen.-short #why { max-height: 25vh; }
    KeyScreen.-short.-told #why, KeyScreen.-short.-told #where { max-height: 0; }
    KeyScreen.-low Input { margin: 0; }
    KeyScreen.-low #why, KeyScreen.-low #where { max-height: 0; }
    """
    VERTICAL_BREAKPOINTS = [(0, "-low"), (8, "-short"), (16, "-medium"), (22, "-high")]  # noqa: RUF012  # as Textual declares it
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+d", "demo", show=False, priority=True),
        Binding("ctrl+r", "again", show=False, priority=True),
        Binding("pageup", "scroll_words('page_up')", show=False, priority=True),
        Binding("pagedown", "scroll_words('page_down')", show=False, priority=True),
    ]
    heading = "API key"
    purpose = (
        "Your API key of GroqCloud: pasted once, checked without spending a token, then kept "
        "in the keyring."
    )
    guide = "keys"

    def __init__(
        self,
        check: Callable[[Secret], Awaitable[KeyCheck]],
        store: Callable[[Secret], Awaitable[str]],
        *,
        reason: str = "",
        goes_on: bool = False,
        may_skip_to_demo: bool = False,
        server: Server = GROQ,
    ) -> None:
        self._step = _Step.TYPING
        self._may_demo, self._goes_on = may_skip_to_demo, goes_on
        super().__init__()
        self._check = check
        self._store = store
        self._server = server
        self._reason = block(reason, 600)
        self._question = ""
        # Whether the words are more than there is room for.
        self._is_cut = False

    def content(self) -> Iterable[Widget]:
        """The reason for the dialog, the field for the key, and the facts known about the key."""
        where = Content.assemble("Keys: ", (self._server.keys, "bold $text-accent"))
        placeholder = "gsk_…" if self._server.is_groq else "the key"
        self._input = _KeyInput(password=True, placeholder=placeholder)
        self._said = Static(id="said", markup=False)
        self._words = VerticalScroll(self._said, id="words", can_focus=False)
        why = Static(self._reason, id="why", markup=False)
        why.display = bool(self._reason)
        return (why, Static(where, id="where", markup=False), self._input, self._words)

    def hints(self) -> Sequence[KeyHint]:
        """The keys; the action of Enter depends on the step of the dialog."""
        keys = []
        if self._step is not _Step.CHECKING:
            keys.append(KeyHint("Enter", self._step.value, "enter"))
        if self._step in {_Step.UNCHECKED, _Step.UNSTORED}:
            keys.append(KeyHint("Ctrl+R", "try again", "ctrl+r"))
        if self._is_cut:
            keys.append(KeyHint("PgDn", "the rest", "pagedown"))
        if self._may_demo:
            keys.append(KeyHint("Ctrl+D", "demo without a key", "ctrl+d"))
        return (*keys, KeyHint("Esc", "skip", "escape"))

    def on_mount(self) -> None:
        """Focus the field, so that a key can be pasted."""
        self._input.focus()
        self._go(_Step.TYPING, _shape(self._secret, self._server))

    # -- keys ---------------------------------------------------------------------------------

    def on_input_changed(self, event: Input.Changed) -> None:
        """Stop the check of the text before, and describe the new one."""
        event.stop()
        self.workers.cancel_group(self, "key")
        self._go(_Step.TYPING, _shape(self._secret, self._server))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Check it, or use it in spite of what was found."""
        event.stop()
        if self._step in {_Step.UNCHECKED, _Step.UNSTORED}:
            self.finish(KeyEntered(self._secret, None))
        elif self._step is not _Step.CHECKING:
            self.action_again()

    def action_again(self) -> None:
        """Check what stands there."""
        secret = self._secret
        if not secret or secret.flaw:
            self._go(_Step.TYPING, _shape(secret, self._server))
        else:
            self.run_worker(self._try(secret), group="key", exclusive=True)

    def action_demo(self) -> None:
        """Choose the demo, if it is offered."""
        if self._may_demo:
            self.finish("demo")

    # -- checking -----------------------------------------------------------------------------

    async def _try(self, secret: Secret) -> None:
        """Check the key, and store it when it is good."""
        spinner = self._spin(f"Asking {self._server.name} about this key; it costs no tokens.")
        try:
            async with asyncio.timeout(CHECK_S):
                found = await self._check(secret)
        except (GroqchatError, TimeoutError) as trouble:
            self._go(_Step.UNCHECKED, _warning(*_words(trouble)))
            return
        finally:
            spinner.stop()
        if found.status in {"valid", "limited"}:
            await self._keep(secret)
        else:
            is_refused = found.status in {"rejected", "missing"}
            step = _Step.REJECTED if is_refused else _Step.UNCHECKED
            self._go(step, _warning(found.message, found.suggestion))

    async def _keep(self, secret: Secret) -> None:
        spinner = self._spin("The key is valid. Storing it in the system keyring.")
        try:
            stored_in = await self._store(secret)
        except GroqchatError as trouble:
            if self._goes_on and trouble.cause.name == _NO_KEYRING:
                self.finish(KeyEntered(secret, None, trouble))
                return
            said = (
                f"The key is valid, but it was not stored. {trouble.message}",
                trouble.suggestion,
            )
            self._go(_Step.UNSTORED, _warning(*said))
        else:
            self.finish(KeyEntered(secret, stored_in))
        finally:
            spinner.stop()

    def keyring_asks(self, question: str) -> None:
        """Say so in the place of what goes on."""
        self._question = question

    @property
    def _secret(self) -> Secret:
        return Secret(self._input.value)

    def _go(self, step: _Step, words: Content) -> None:
        self._step = step
        self.set_class(step not in {_Step.TYPING, _Step.CHECKING}, "-told")
        self._said.update(words)
        self._words.scroll_home(animate=False)
        self._show_keys()
        self.call_after_refresh(self._show_keys)

    def _show_keys(self) -> None:
        self._is_cut = self._words.max_scroll_y > 0
        self.key_bar.show(self.hints())

    def on_resize(self) -> None:
        """Say whether there is room for all words now."""
        self.call_after_refresh(self._show_keys)

    def action_scroll_words(self, how: str) -> None:
        """Scroll the words that there is no room for."""
        moves = {"page_up": self._words.scroll_page_up, "page_down": self._words.scroll_page_down}
        moves[how](animate=False)

    def _spin(self, words: str) -> Timer:
        """Show that something goes on, until the timer is stopped."""
        frames = cycle(_SPINNER)

        def turn() -> None:
            doing = self._question or words
            self._said.update(Content.assemble((next(frames), "$text-accent"), f" {doing}"))

        self._go(_Step.CHECKING, Content())
        turn()
        return self.set_interval(tick_s(_SPIN_S), turn)


def _shape(secret: Secret, server: Server) -> Content:
    """A line about the form of a key: how to enter one, a warning, or its length."""
    key = secret.reveal()
    if not key:
        return Content("Paste it here; it is checked, then kept in the system keyring.")
    if secret.flaw:
        return _warning(f"This is not a usable key: {secret.flaw}.", "")
    size = f"{len(key)} characters"
    if server.is_groq and not key.startswith("gsk_"):
        return _warning(f"Groq's keys start with gsk_; this one does not ({size}).", "")
    return Content(f"{secret.masked} · {size}" if len(key) >= _SHOWN_FROM else size)


def _words(trouble: GroqchatError | TimeoutError) -> tuple[str, str]:
    if isinstance(trouble, GroqchatError):
        return trouble.message, trouble.suggestion
    return "The check took too long and was stopped.", ""


def _warning(message: str, suggestion: str) -> Content:
    said = Content.styled(block(message, 600), "$text-warning")
    return Content("\n").join((said, Content(block(suggestion, 600)))) if suggestion else said
