"""All actions of a comparison, as the table of commands names them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from groqchat.ui.compare.actions.asking import AskingActions
    from groqchat.ui.compare.actions.judging import JudgingActions
    from groqchat.ui.compare.actions.leaving import LeavingActions
    from groqchat.ui.compare.actions.notes import NoteActions
    from groqchat.ui.compare.actions.prompt import PromptActions
    from groqchat.ui.compare.actions.reading import ReadingActions
    from groqchat.ui.compare.actions.session import SessionActions
    from groqchat.ui.compare.actions.setup import SetupActions
    from groqchat.ui.compare.actions.voting import VotingActions
    from groqchat.ui.dialogs.dialog import Ask


@dataclass(frozen=True, slots=True)
class CompareActions:
    """The actions by kind; ``ask`` opens a window and waits for its result."""

    asking: AskingActions
    voting: VotingActions
    notes: NoteActions
    judging: JudgingActions
    reading: ReadingActions
    setup: SetupActions
    leaving: LeavingActions
    prompt: PromptActions
    session: SessionActions
    ask: Ask
