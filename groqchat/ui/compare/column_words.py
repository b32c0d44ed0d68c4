"""The words below a column of a comparison, and the entries of its messages."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from groqchat.domain.turns.chat import Role, State
from groqchat.domain.turns.finish_reasons import ending
from groqchat.ui.transcript.messages import entry_of

if TYPE_CHECKING:
    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.domain.turns.chat import Message
    from groqchat.ui.transcript.entries import Entry


def cut_words(answer: Message) -> str:
    """The words below a column whose answer is not complete; empty where it is."""
    return "cut short" if answer.state is State.CUT_BY_LIMIT else ending(answer)


def status(error: GroqchatError) -> str:
    """The word or status below a column that ended in an error."""
    return str(error.facts.status or error.kind.replace("_", " "))


def entry_in_column(message: Message) -> Entry:
    """The entry of a message without the name of its model, which stands above the column.

    Code has no numbers, since digits vote in a comparison.
    """
    label = "You" if message.role is Role.USER else "Answer"
    return replace(entry_of(message), label=label, footer="", numbers_code=False)
