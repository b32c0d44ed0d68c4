"""Writes the texts of a running turn into a transcript."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.turns.chat import Delta, PromptStored, ReasoningDelta, TextWasReasoning
from groqchat.ui.transcript.messages import entry_of

if TYPE_CHECKING:
    from groqchat.domain.turns.chat import TurnEvent
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


def show_prompt(transcript: Transcript, prompt: Entry) -> None:
    """Show a prompt, unless it is shown already, and scroll to its end."""
    if not transcript.holds(prompt.id):
        transcript.add(prompt)
    transcript.follow()
