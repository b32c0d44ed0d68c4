"""What a turn says about tools to whoever listens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.domain.tools.executed import ExecutedTool
    from groqchat.domain.tools.tool import Tool, ToolCall


@dataclass(frozen=True, slots=True)
class StepTaken:
    """The server has begun or ended a step with a tool of its own; ``number`` counts from 0."""

    number: int
    step: ExecutedTool


@dataclass(frozen=True, slots=True)
class ApprovalAsked:
    """The turn waits until the user says whether a call may run.

    ``has_changed`` says that the tool was approved for good once, and is another one now.
    """

    tool: Tool
    call: ToolCall
    has_changed: bool = False


@dataclass(frozen=True, slots=True)
class CallStarted:
    """A call runs; its result is told as a stored message."""

    tool: Tool
    call: ToolCall


@dataclass(frozen=True, slots=True)
class SourceFailed:
    """A source of tools cannot be asked because of ``error``; the turn goes on without it."""

    name: str
    error: GroqchatError

    @property
    def sentence(self) -> str:
        """A sentence on the source, the reason, and the remedy."""
        error = self.error
        return f"No tools of {self.name}: {error.message} {error.command_suggestion}"
