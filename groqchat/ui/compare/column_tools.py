"""What a column of a comparison shows of tools: calls, their results, and the server's steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from groqchat.domain.tools.events import ApprovalAsked, CallStarted, StepTaken
from groqchat.domain.turns.chat import Answered, PromptStored, Role
from groqchat.ui.compare.column import Phase
from groqchat.ui.compare.column_words import entry_in_column
from groqchat.ui.transcript.turn_text import show_calls, show_prompt, show_step
from groqchat.ui.widgets.text import line

if TYPE_CHECKING:
    from groqchat.ui.compare.column import CompareColumn


class Shown(Protocol):
    """What is shown of a column, as far as tools change it."""

    view: CompareColumn
    answer_id: str
    first: float | None

    def arrive(self) -> None:
        """Show the answer that has begun."""


def take_of_tools(shown: Shown, event: object) -> bool:
    """Show an event about tools in a column; returns whether it is one."""
    view = shown.view
    match event:
        case PromptStored(message) if message.role is Role.TOOL:
            show_prompt(view.transcript, entry_in_column(message))
        case Answered(message) if message.calls:
            shown.arrive()
            show_calls(view.transcript, message)
            shown.answer_id, shown.first = "", None  # the next answer stands below the results
            view.show_phase(Phase.ANSWERING, "calls tools")
        case StepTaken(_, step):
            shown.arrive()
            show_step(view.transcript, step, shown.answer_id)
        case ApprovalAsked(tool):
            view.show_phase(Phase.WAITING, f"asks about {line(tool.name, 40)}")
        case CallStarted(tool):
            view.show_phase(Phase.ANSWERING, f"{line(tool.name, 40)} runs")
        case _:
            return False
    return True
