"""The regular expressions in the schemas of answers, tried after the answers are shown.

A pattern may take for ever, and a session may come from a stranger: they are tried in another
process, for the answers in sight alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.ui.transcript.folding import Folding
from groqchat.ui.transcript.messages import judged

if TYPE_CHECKING:
    from groqchat.services.checking.checker import Verdict
    from groqchat.ui.transcript.entries import JsonBody


class PatternTrials(Folding):
    """Entries whose answers in JSON are checked as a whole a moment after they are shown."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._verdicts: dict[tuple[str, str], Verdict] = {}

    def refitted(self) -> None:
        """Have the patterns tried of what came into sight."""
        super().refitted()
        if self.virtual_list.untried:
            self.call_next(self._begin_trials)

    def _begin_trials(self) -> None:
        untried, self.virtual_list.untried = self.virtual_list.untried, []
        for entry_id in dict.fromkeys(untried):
            self.run_worker(self._try(entry_id), group=f"patterns {entry_id}", exclusive=True)

    async def _try(self, entry_id: str) -> None:
        from groqchat.services.checking.checker import verdict_on

        body = self._untried(entry_id)
        if body is None or body.untried is None:
            return
        form, answer = body.untried, self.source(entry_id)
        key = form.schema or "", answer
        if key not in self._verdicts:
            self._verdicts[key] = await verdict_on(form, answer)
        if (body := self._untried(entry_id)) is not None:
            self.update(entry_id, json=judged(body, self._verdicts[key]))

    def _untried(self, entry_id: str) -> JsonBody | None:
        """The body of an entry whose patterns were not tried yet; None for any other entry."""
        body = self.virtual_list.entry(entry_id).json if entry_id in self.virtual_list else None
        return body if body is not None and body.untried is not None else None
