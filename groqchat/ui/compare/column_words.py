"""The words below a column of a comparison, and the entries of its messages."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from groqchat.domain.compare.variants import options_in
from groqchat.domain.models.request_parameters import PARAMETERS
from groqchat.domain.text.humanize import count, duration
from groqchat.domain.turns.chat import Role, State
from groqchat.domain.turns.finish_reasons import ending
from groqchat.ui.transcript.messages import entry_of

if TYPE_CHECKING:
    from groqchat.domain.compare.compare import Figures
    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.domain.turns.chat import Message
    from groqchat.services.compare.column import Column
    from groqchat.ui.transcript.entries import Entry


def cut_words(answer: Message) -> str:
    """The words below a column whose answer is not complete; empty where it is."""
    return "cut short" if answer.state is State.CUT_BY_LIMIT else ending(answer)


def took(figures: Figures, cut: str) -> str:
    """The time that an answer took, and why it is not complete, if it is not."""
    return " · ".join(filter(None, (duration(figures.total_s), cut)))


def status(error: GroqchatError) -> str:
    """The word or status below a column that ended in an error."""
    return str(error.facts.status or error.kind.replace("_", " "))


def entry_in_column(message: Message) -> Entry:
    """The entry of a message without the name of its model, which stands above the column.

    Code has no numbers, since digits vote in a comparison.
    """
    entry = entry_of(message)
    label = {Role.USER: "You", Role.ASSISTANT: "Answer"}.get(message.role, entry.label)
    return replace(entry, label=label, footer="", numbers_code=False)


# Parameters beside those that have a short form of their own.
_FURTHER = [each for each in PARAMETERS if each.name not in {"effort", "max_tokens", "temperature"}]


def details_of(column: Column, shared_system: str) -> str:
    """The options of a column in a few words, without those that its name holds."""
    options, named = column.options, options_in(column.variant)
    details = {
        "effort": options.effort,
        "max_tokens": f"≤ {count(options.max_tokens)} tokens" if options.max_tokens else None,
        "temperature": None if options.temperature is None else f"T {options.temperature:g}",
        **{each.name: f"{each.title} {text}" for each in _FURTHER if (text := each.text(options))},
        "tools": ", ".join(options.tools),
        "system": "own system prompt" if options.system != shared_system else None,
    }
    return " · ".join(words for name, words in details.items() if words and name not in named)
