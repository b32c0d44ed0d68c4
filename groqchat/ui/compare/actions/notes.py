"""The commands that write a note on a turn, and name the kind of task."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.compare.rules import LONGEST_NOTE, LONGEST_TAG

if TYPE_CHECKING:
    from collections.abc import Callable

    from groqchat.ui.compare.state import CompareState
    from groqchat.ui.dialogs.dialog import Ask


class NoteActions:
    """Writes notes and tags.

    Args:
        state: The comparison on the screen.
        ask: Opens a window and waits for its result.
        show: Writes everything anew that depends on notes and tags.
    """

    def __init__(self, state: CompareState, ask: Ask, show: Callable[[], None]) -> None:
        self._state = state
        self._ask = ask
        self._show = show

    async def note(self) -> None:
        """Write a note on the turn, or change or remove it."""
        from groqchat.ui.dialogs.ask_words import Words

        state = self._state
        if not state.comparison.turn:
            state.say("There is no turn yet to add a note to.")
            return
        text = await self._ask(Words("Note on this turn", state.ballot.note, LONGEST_NOTE))
        if text is not None:
            if await state.is_saved(state.ballot.write_note(text)):
                state.say("Note saved; the leaderboard shows it." if text else "Note removed.")
            self._show()

    async def tag(self) -> None:
        """Name the kind of task."""
        from groqchat.ui.dialogs.ask_words import Words

        state = self._state
        said = "The kind of task, such as code, prose or facts. The leaderboard can show each kind."
        window = Words("Tag of this comparison", state.comparison.tag, LONGEST_TAG, said)
        words = await self._ask(window)
        if words is not None:
            if await state.is_saved(state.ballot.retag(words)):
                tag = state.comparison.tag
                if tag != words.strip():
                    state.say(f"The tag is stored as {tag}.")
            self._show()
