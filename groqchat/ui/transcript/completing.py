"""What is added to entries once they are in sight: tried patterns, and pixels of images.

A pattern may take for ever, and a session may come from a stranger: patterns are tried in another
process, for the answers in sight alone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from groqchat.ui.transcript.folding import Folding
from groqchat.ui.transcript.messages import judged

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from groqchat.domain.images.image import Image
    from groqchat.services.checking.checker import Verdict
    from groqchat.ui.transcript.entries import JsonBody, Thumbnails
    from groqchat.ui.transcript.picture_lines import Pixels


class Completing(Folding):
    """Entries of which parts come a moment after they are shown."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._verdicts: dict[tuple[str, str], Verdict] = {}
        self.draw: Callable[[Sequence[Image]], Awaitable[Sequence[Pixels]]] | None = None
        """Makes small pictures of the images of a prompt; None: their names are enough."""

    def refitted(self) -> None:
        """Complete what came into sight."""
        super().refitted()
        if self.virtual_list.incomplete:
            self.call_next(self._begin)

    def _begin(self) -> None:
        incomplete, self.virtual_list.incomplete = self.virtual_list.incomplete, []
        for entry_id in dict.fromkeys(incomplete):
            self.run_worker(self._complete(entry_id), group=f"complete {entry_id}", exclusive=True)

    async def _complete(self, entry_id: str) -> None:
        if (body := self._untried(entry_id)) is not None:
            await self._try(entry_id, body)
        if (small := self._undrawn(entry_id)) is not None and self.draw is not None:
            pixels = await self.draw(small.images)
            if (small := self._undrawn(entry_id)) is not None:
                self.update(entry_id, thumbnails=replace(small, pixels=pixels))

    async def _try(self, entry_id: str, body: JsonBody) -> None:
        from groqchat.services.checking.checker import verdict_on

        form, answer = body.untried, self.source(entry_id)
        if form is None:
            return
        key = form.schema or "", answer
        if key not in self._verdicts:
            self._verdicts[key] = await verdict_on(form, answer)
        if (body_now := self._untried(entry_id)) is not None:
            self.update(entry_id, json=judged(body_now, self._verdicts[key]))

    def _untried(self, entry_id: str) -> JsonBody | None:
        """The body of an entry whose patterns were not tried yet; None for any other entry."""
        body = self.virtual_list.entry(entry_id).json if entry_id in self.virtual_list else None
        return body if body is not None and body.untried is not None else None

    def _undrawn(self, entry_id: str) -> Thumbnails | None:
        """The images of an entry whose pixels were not read yet; None for any other entry."""
        is_there = entry_id in self.virtual_list
        small = self.virtual_list.entry(entry_id).thumbnails if is_there else None
        return small if small is not None and small.pixels is None else None
