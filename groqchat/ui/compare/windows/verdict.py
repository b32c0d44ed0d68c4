"""The window with the verdict of a judging model."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from groqchat.domain.compare.compare import Verdict
from groqchat.ui.dialogs.dialog import CLOSE, Dialog
from groqchat.ui.widgets.text import KeyHint, line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from textual.widget import Widget

    from groqchat.domain.compare.judging import Judgement


class VerdictScreen(Dialog[bool]):
    """A verdict. The result is True where another one is wanted.

    Args:
        judged: The verdict.
        name_of: The name of a model as it may be shown, by its id.
    """

    DEFAULT_CSS = """
    VerdictScreen > #frame { max-width: 84; }
    VerdictScreen VerticalScroll {
        height: auto; max-height: 1fr; margin: 1 0; scrollbar-size-vertical: 1;
    }
    VerdictScreen #verdict { height: auto; padding: 0 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("v", "judge_again", show=False)]
    heading = "Verdict of a model"
    purpose = "What the judging model said about these answers, and what that cost."
    guide = "compare"

    def __init__(self, judged: Judgement, name_of: Callable[[str], str]) -> None:
        super().__init__()
        self._judged, self._name_of = judged, name_of

    def content(self) -> Iterable[Widget]:
        """The winner, and the opinion of each answer."""
        judged = self._judged
        lines = [Content.styled(self._headline(), "bold")]
        for opinion in judged.opinions:
            name = line(self._name_of(opinion.model), 60)
            lines += [
                Content(),
                Content.styled(f"{_place(opinion.place)} {name}", "bold $text-accent"),
            ]
            if opinion.reason:
                lines.append(Content(line(opinion.reason, 600)))
        said = (
            f"{line(judged.judge, 60)} was asked twice, the second time in opposite order; places "
            "are the mean of both. It is kept beside your votes and counts as none."
        )
        lines += [Content(), Content.styled(said, "$text-muted")]
        yield VerticalScroll(Static(Content("\n").join(lines), id="verdict"))

    def hints(self) -> Sequence[KeyHint]:
        """The keys of the window."""
        return (KeyHint("↑↓", "scroll"), KeyHint("v", "another verdict", "v"), CLOSE)

    def action_judge_again(self) -> None:
        """Close, to ask for another verdict."""
        self.finish(True)

    def on_mount(self) -> None:
        """Focus the verdict, so that the arrows scroll."""
        self.query_one(VerticalScroll).focus()

    def _headline(self) -> str:
        judged = self._judged
        if judged.verdict is Verdict.WINNER and judged.winner is not None:
            return f"★ {line(self._name_of(judged.winner), 60)}, in both orders"
        if judged.agreed:
            return "A tie: no answer is better than all others."
        return "A tie: which answer is the best depended on their order."


def _place(place: float) -> str:
    """The place of an answer; one between two places is a mean of different ones."""
    return f"{place:.0f}." if place.is_integer() else f"On average {place:g}:"
