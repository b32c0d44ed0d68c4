"""What can be done in a comparison, once: keys, footer, help and palette read this."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.command import DiscoveryHit, Hit, Provider
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from groqchat.ui.commands import COMMANDS
from groqchat.ui.dialogs.dialog import CLOSE, Dialog
from groqchat.ui.widgets.text import KeyHint, key_name

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence

    from textual.command import Hits
    from textual.widget import Widget


@dataclass(frozen=True, slots=True)
class Deed:
    """Something to do where a column has the focus.

    ``id`` names the method ``do_<id>`` that does it; ``words`` stand in the footer, ``help`` in
    the help and the palette. ``is_shown``: the footer names it once there are answers.
    """

    id: str
    key: str
    words: str
    help: str
    is_shown: bool = False

    @property
    def title(self) -> str:
        """As lists write it."""
        return self.words.capitalize()

    @property
    def hint(self) -> KeyHint:
        """As the footer writes it."""
        written = "?" if self.id == "help" else self.key
        return KeyHint(key_name(self.key) if self.id == "go_on" else written, self.words, self.key)


DEEDS = (
    Deed("tie", "t", "tie", "several are the best", is_shown=True),
    Deed("all_bad", "x", "all bad", "none is any good", is_shown=True),
    Deed(
        "go_on",
        "enter",
        "go on with this one",
        "counts as your vote if you gave none",
        is_shown=True,
    ),
    Deed("go_on_with_all", "a", "go on with all", "each column becomes a session of its own"),
    Deed("retry", "r", "retry", "ask this column again", is_shown=True),
    Deed("retry_failed", "R", "retry all failed", "and stopped columns, too"),
    Deed("replace", "m", "use the replacement", "proposed where a model cannot answer"),
    Deed("differences", "d", "differences", "of two answers, word by word", is_shown=True),
    Deed("copy", "c", "copy", "this answer, as Markdown"),
    Deed("judge", "v", "verdict of a model", "asked twice; the cost is shown first"),
    Deed("note", "n", "note", "a few words about this turn"),
    Deed("tag", "g", "tag", "name the kind of task, for the leaderboard"),
    Deed("scores", "s", "scores", "all votes and figures of this comparison"),
    Deed("leaderboard", "l", "leaderboard", "ratings from all your votes"),
    Deed("options", "o", "options", "system prompt, effort, length, temperature here"),
    Deed("blind", "b", "blind", "hide and shuffle the names until each vote"),
    Deed("spacing", "p", "pause", "seconds between one column's request and the next"),
    Deed("help", "question_mark", "all keys", "this list", is_shown=True),
)
# Before the first prompt there is nothing to judge.
FIRST = ("blind", "options", "spacing", "tag", "leaderboard", "help")
# Where nobody has answered, neither.
UNANSWERED = ("retry", "retry_failed", "options", "help")
# On low screens every line of keys costs a line of the answers.
SHORTEST = ("go_on", "help")
BY_ID = {deed.id: deed for deed in DEEDS}
BINDINGS: tuple[Binding, ...] = tuple(
    Binding(deed.key, f"deed('{deed.id}')", deed.words, show=False) for deed in DEEDS
)
# Keys of the chat that mean nothing over it, and would seem dead.
ELSEWHERE = tuple(
    Binding(command.keys, f"elsewhere('{command.id}')", id=command.id, show=False)
    for command in COMMANDS
    if command.id in {"new", "sessions", "find", "model", "quota", "toast"}
)
WRITING = tuple(
    Binding(command.keys, f"writing('{command.id}')", id=command.id, show=False)
    for command in COMMANDS
    if command.id in {"history", "editor"}
)
MOVES = (
    ("1 … 8", "Vote for that column; again: go on with it"),
    ("← →", "Move: to another column"),
    ("↑ ↓", "Scroll: also PgUp, PgDn, Home, End"),
    ("Tab", "Between prompt and columns"),
    ("Ctrl+R", "Find a prompt you sent before; Ctrl+G: write it in an editor"),
    ("Esc", "Stop the answers, then close"),
)


class CompareHelp(Dialog[None]):
    """Every key of a comparison."""

    DEFAULT_CSS = """
    CompareHelp > #frame { max-width: 76; }
    CompareHelp VerticalScroll { height: auto; max-height: 1fr; scrollbar-size-vertical: 1; }
    CompareHelp #help { height: auto; padding: 0 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("question_mark,f1,q", "close", show=False)]
    heading = "Keys of a comparison"

    def content(self) -> Iterable[Widget]:
        """A line for each, keys first."""
        rows = [*MOVES]
        rows += [(deed.hint.key, f"{deed.title}: {deed.help}") for deed in DEEDS]
        lines = [Content.assemble((f"{key:<7}", "bold $text-accent"), words) for key, words in rows]
        said = Content.styled(
            "These keys work when a column has the focus: press Tab.", "$text-muted"
        )
        yield VerticalScroll(Static(Content("\n").join([*lines, said]), id="help"))

    def hints(self) -> Sequence[KeyHint]:
        """It scrolls."""
        return (KeyHint("↑↓", "scroll"), CLOSE)

    def on_mount(self) -> None:
        """So that the arrows scroll."""
        self.query_one(VerticalScroll).focus()


class ComparePalette(Provider):
    """Offers what can be done in a comparison, by name."""

    async def discover(self) -> Hits:
        """All of it, while nothing is typed."""
        for deed in DEEDS:
            yield DiscoveryHit(_label(deed), self._runs(deed), deed.title, deed.help)

    async def search(self, query: str) -> Hits:
        """What matches by its words or its help."""
        matcher = self.matcher(query)
        for deed in DEEDS:
            score = max(matcher.match(deed.title), matcher.match(deed.help) / 2)
            if score > 0:
                title = matcher.highlight(deed.title)
                yield Hit(score, _label(deed, title), self._runs(deed), deed.title, deed.help)

    def _runs(self, deed: Deed) -> Callable[[], Awaitable[None]]:
        return partial(self.screen.run_action, f"deed('{deed.id}')")


def _label(deed: Deed, title: Content | None = None) -> Content:
    return Content.assemble(title or deed.title, (f"  {deed.hint.key}", "$text-muted"))
