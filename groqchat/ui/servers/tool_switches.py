"""The window that switches tools for a session: those that Groq runs itself, and one's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from groqchat.ui.dialogs.dialog import CLOSE
from groqchat.ui.dialogs.picker import Picker, Row
from groqchat.ui.widgets.text import KeyHint, line

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

_LONGEST_NAME = 32


@dataclass(frozen=True, slots=True)
class Switch:
    """One tool or source of tools.

    ``about`` says in sentences what it does and costs; ``problem`` why it cannot be used with the
    model, and is empty where it can.
    """

    name: str
    kind: str
    about: str
    problem: str = ""


class ToolsScreen(Picker[Switch]):
    """The list of tools, which stays open while they are switched.

    Args:
        switches: Gives what there is.
        is_on: Tells whether one is on in this session.
        turn: Switches one; gives a sentence on what came of it.
        forget: Takes back all lasting approvals of one; gives a sentence on that.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f6", "forget", show=False, priority=True),
    ]
    heading = "Tools of this session"
    purpose = (
        "The tools that the model may call in this session: Groq's own, and those of MCP servers."
    )
    guide = "tools"
    asks = "Part of a name"

    def __init__(
        self,
        switches: Callable[[], Sequence[Switch]],
        is_on: Callable[[str], bool],
        turn: Callable[[str], Awaitable[str]],
        forget: Callable[[str], Awaitable[str]],
    ) -> None:
        super().__init__()
        self._switches = switches
        self._is_on = is_on
        self._turn = turn
        self._forget = forget
        self._words = ""

    def hints(self) -> Sequence[KeyHint]:
        """The keys: Enter switches."""
        return (
            KeyHint("Enter", "on or off", "enter"),
            KeyHint("F6", "ask again before its calls", "f6"),
            CLOSE,
        )

    def narrow(self, query: str) -> None:
        """The tools with a part of their name."""
        wanted, last = query.strip().casefold(), self.highlighted
        found = [each for each in self._switches() if wanted in each.name.casefold()]
        places = [at for at, each in enumerate(found) if last and each.name == last.name]
        width = min(_LONGEST_NAME, max((len(each.name) for each in found), default=0))
        self.show_rows([self._row(each, width) for each in found], places[0] if places else 0)

    def describe(self, value: Switch) -> Content:
        """What it does and costs, and what came of the last switch."""
        words = filter(None, (self._words, value.problem, value.about))
        return Content("\n".join(words))

    def choose(self, value: Switch) -> None:
        """Switch it."""
        self.run_worker(self._do(self._turn, value), exclusive=True, group="act")

    def action_forget(self) -> None:
        """Ask again before calls of the highlighted one."""
        if (value := self.highlighted) is not None:
            self.run_worker(self._do(self._forget, value), exclusive=True, group="act")

    async def _do(self, act: Callable[[str], Awaitable[str]], value: Switch) -> None:
        self._words = "One moment…"
        self.said.update(self.describe(value))
        self._words = await act(value.name)
        self.narrow(self.line.value)
        if (now := self.highlighted) is not None:
            self.said.update(self.describe(now))

    def _row(self, switch: Switch, width: int) -> Row[Switch]:
        is_on = self._is_on(switch.name)
        state = "on" if is_on else "off"
        state = f"{state}, not with this model" if switch.problem and is_on else state
        style = "$text-success" if is_on and not switch.problem else "$text-muted"
        words = Content.assemble(
            ("● " if is_on else "○ ", style),
            f"{line(switch.name, width):<{width}}  ",
            (f"{state:<3}", style),
            (f"  {switch.kind}", "$text-muted"),
        )
        return words, switch
