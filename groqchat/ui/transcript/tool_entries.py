"""Calls of tools, their results, and the steps of the server's own tools in the transcript."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.images.image import shown_prompt
from groqchat.domain.text.fences import fenced
from groqchat.domain.text.humanize import duration
from groqchat.domain.tools.outcome import Outcome
from groqchat.domain.turns.chat import Role
from groqchat.reports.tool_lines import calls_of, steps_of, text_of

if TYPE_CHECKING:
    from groqchat.domain.turns.chat import Message

# A longer result is folded to one line.
_SHORT, _FEW_LINES = 300, 6


def answer_text(answer: Message) -> str:
    """What the transcript shows of a message: the steps before it, its text, its calls."""
    if not answer.executed and not answer.calls:
        return shown_prompt(answer.content) if answer.role is Role.USER else answer.content
    return "\n\n".join(filter(None, (*steps_of(answer), text_of(answer), *calls_of(answer))))


def is_long(result: Message) -> bool:
    """Whether a result is so long that one line stands for it."""
    return len(result.content) > _SHORT or result.content.count("\n") >= _FEW_LINES


def result_text(result: Message) -> str:
    """A result as Markdown: the text as it is."""
    return fenced(result.content)


def result_label(result: Message) -> str:
    """The tool, and how its call ended."""
    name = " ".join(call.name for call in result.calls) or "tool"
    reason = result.finish_reason or ""
    ended = "" if reason == Outcome.DONE else reason
    took = duration(result.timing.total_s) if result.timing else ""
    return " · ".join(filter(None, (f"Result of {name}", ended, took)))
