"""Writes the texts of a running turn into a transcript."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.turns.chat import Delta, PromptStored, ReasoningDelta, TextWasReasoning
from groqchat.reports.tool_lines import step_blocks
from groqchat.ui.transcript.messages import entry_of, mark_of
from groqchat.ui.transcript.tool_entries import answer_text

if TYPE_CHECKING:
    from groqchat.domain.tools.executed import ExecutedTool
    from groqchat.domain.turns.chat import Message, TurnEvent
    from groqchat.ui.transcript.entries import Entry
    from groqchat.ui.transcript.view import Transcript


def write_text(transcript: Transcript, event: TurnEvent, answer_id: str) -> None:
    """Write the text that an event brings, if it brings any.

    Args:
        transcript: The transcript of the conversation.
        event: An event of the turn.
        answer_id: The answer that grows.
    """
    match event:
        case PromptStored(prompt):
            show_prompt(transcript, entry_of(prompt))
        case Delta(text):
            transcript.append(answer_id, text)
        case ReasoningDelta(text):
            transcript.append_reasoning(answer_id, text)
        case TextWasReasoning():
            transcript.rethink(answer_id)


def show_step(transcript: Transcript, step: ExecutedTool, answer_id: str) -> None:
    """Show a step of the server's own tools once it is over, at the end of its answer."""
    if step.output or step.sources:
        told = "\n\n".join(step_blocks(step))
        transcript.append(answer_id, f"{told}\n\n")


def show_calls(transcript: Transcript, answer: Message) -> None:
    """Show an answer that calls tools as it is saved."""
    transcript.finish(answer.id, state=mark_of(answer))
    transcript.update(answer.id, text=answer_text(answer))


def show_prompt(transcript: Transcript, prompt: Entry) -> None:
    """Show a prompt, unless it is shown already, and scroll to its end."""
    if not transcript.holds(prompt.id):
        transcript.add(prompt)
    transcript.follow()
