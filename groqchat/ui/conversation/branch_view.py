"""A branch of a session in the transcript, with the find bar above it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING

from textual.containers import Vertical

from groqchat.domain.text.humanize import in_words
from groqchat.domain.turns.answered_calls import results_behind
from groqchat.domain.turns.chat import Role
from groqchat.ui.conversation.branch import END, Branch
from groqchat.ui.conversation.thumbnails import Thumbnails
from groqchat.ui.transcript.entries import EntryKind, EntryState
from groqchat.ui.transcript.messages import day_of, entry_of, stubs_of, time_of
from groqchat.ui.transcript.view import Transcript
from groqchat.ui.widgets.find_bar import FindBar
from groqchat.ui.widgets.reports_errors import ReportsErrors
from groqchat.ui.widgets.welcome import Welcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from textual.app import ComposeResult

    from groqchat.domain.turns.chat import Message
    from groqchat.ui.services import Services
    from groqchat.ui.transcript.entries import Entry

# A frame is waited for this long at most, in seconds.
FRAME_S = 0.1


class BranchView(ReportsErrors, Vertical):
    """Shows one branch.

    Args:
        services: The services.
    """

    DEFAULT_CSS = """
    BranchView { height: 1fr; }
    BranchView > #transcript { display: none; }
    BranchView.-begun > #welcome { display: none; }
    BranchView.-begun > #transcript { display: block; }
    """

    def __init__(self, services: Services, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._services = services
        self.transcript = Transcript(id="transcript")
        self.find_bar = FindBar(id="find")
        self.welcome = Welcome(
            is_demo=services.is_demo, is_incognito=services.is_incognito, id="welcome"
        )
        self.branch = Branch(services)
        self.thumbnails = Thumbnails(
            services.store, lambda: self.app, is_on=services.settings.show_images
        )
        self.transcript.draw = self.thumbnails.draw
        # Whether reasoning is unfolded when it arrives.
        self._unfolds = services.settings.show_reasoning
        # Whether a turn of the session is running.
        self.goes_on: Callable[[], bool] = lambda: False
        self._results: Mapping[str, int] = {}
        """The number of results behind answers with calls, at the end of the branch."""
        self._is_timed = services.settings.show_times
        self._begun: dict[str, float] = {}
        """When the messages of the branch began, as far as they were read."""

    def compose(self) -> ComposeResult:
        """A welcome until there is something to read."""
        yield self.find_bar
        yield self.welcome
        yield self.transcript

    async def on_transcript_wanted(self, event: Transcript.Wanted) -> None:
        """Messages came near the viewport: give them their texts."""
        event.stop()
        await self._supply(event.entry_ids)

    async def _supply(self, message_ids: Sequence[str]) -> None:
        messages = await self._services.store.messages(message_ids)
        self._note(messages.values())
        # Those above were perhaps never read, and may be of other days.
        above = {message.parent_id for message in messages.values()} - {None, *self._begun}
        self._note((await self._services.store.messages([*filter(None, above)])).values())
        self.transcript.supply(
            replace(
                self._entry_of(message),
                version=self.transcript.entry(message.id).version,
            )
            for message in messages.values()
            if self.transcript.holds(message.id)
        )

    async def follow_others(self) -> None:
        """Show how far answers of the branch are that another process is writing."""
        loaded = self.transcript.virtual_list.entries.loaded()
        growing = [entry.id for _, entry in loaded if entry.state is EntryState.STREAMING]
        for message in (await self._services.store.messages(growing)).values():
            if not self.goes_on() and self.transcript.holds(message.id):
                now = self._entry_of(message)
                self.transcript.update(
                    message.id,
                    text=now.text or "",
                    reasoning=now.reasoning,
                    reasoning_label=now.reasoning_label,
                    state=now.state,
                    footer=now.footer,
                    json=now.json,
                )

    async def on_find_bar_changed(self, event: FindBar.Changed) -> None:
        """Mark what is looked for, and count it in all of the branch."""
        event.stop()
        if event.query != self.find_bar.query_text:
            return  # something else has been typed since
        found = self.transcript.find(event.query, await self.branch.occurrences(event.query))
        self.find_bar.show_count(sum(place.hits for place in found))

    async def on_find_bar_stepped(self, event: FindBar.Stepped) -> None:
        """Go to a place; what stands far from what was read so far is read first."""
        event.stop()
        asked: list[str] = []
        while (wanted := self.transcript.wanted_to_find(event.step)) and wanted != asked:
            asked = wanted
            await self._supply(wanted)
        self.transcript.find_next(event.step)

    def on_find_bar_closed(self) -> None:
        """Mark nothing any more."""
        self.transcript.find("")

    def toggle_reasoning(self) -> bool:
        """Unfold the reasoning of all answers, those to come too, or fold it where some is not.

        Returns:
            Whether it is unfolded now.
        """
        entries = [
            entry for _, entry in self.transcript.virtual_list.entries.loaded() if entry.reasoning
        ]
        fold = any(not entry.is_folded for entry in entries)
        fold |= not entries and self._unfolds
        self._unfolds = not fold
        for entry in entries:
            self.transcript.update(entry.id, is_folded=fold)
        return not fold

    def toggle_times(self) -> bool:
        """Show the day and time of all messages, or hide them; returns whether they are shown."""
        self.show_times(not self._is_timed)
        return self._is_timed

    def show_times(self, is_timed: bool) -> None:
        """Show or hide the times of all messages, those to come too."""
        self._is_timed = is_timed
        for message_id, created in self._begun.items():
            if self.transcript.holds(message_id):
                self.transcript.update(message_id, time=time_of(created) if is_timed else "")

    def show_images(self, is_on: bool) -> None:
        """Draw the images of all prompts, those to come too, or leave them out."""
        self.thumbnails.is_on = is_on
        for _, entry in list(self.transcript.virtual_list.entries.loaded()):
            if entry.thumbnails is not None:
                undrawn = replace(entry.thumbnails, pixels=None)
                self.transcript.update(entry.id, thumbnails=undrawn)

    def give_way(self, rows: int) -> None:
        """Leave so many rows below the messages to what lies over them, but never most of them."""
        self.transcript.styles.margin = (0, 0, min(rows, self.size.height // 2), 0)

    def begin(self, has_begun: bool) -> None:
        """Show the transcript, or the welcome as long as there is nothing to read.

        The tour is over with the first message.
        """
        if has_begun and self.welcome.has_tour:
            self.welcome.show_tour(None)
        self.set_class(has_begun, "-begun")

    def _show_end(
        self, leaf_id: str | None, end: Sequence[Message], message_id: str | None
    ) -> None:
        """The end comes first: of a long session nobody waits for what is out of sight."""
        self.branch.stand_at(leaf_id, end)
        self._begun = {}
        self._results = results_behind(end)
        self._note(end)
        self.begin(bool(end))
        self.transcript.show([] if message_id else map(self._entry_of, end))

    async def _show_rest(
        self, leaf_id: str | None, end: Sequence[Message], message_id: str | None
    ) -> None:
        if len(end) == END:
            await self._painted()
        outline = await self.branch.outline()
        # While it was read, another session may have been opened, or a prompt been sent.
        if self.branch.leaf_id == leaf_id or self.transcript.holds(leaf_id or ""):
            self.transcript.surround(stubs_of(outline))
            await self._show_day(end)
        if message_id and self.transcript.holds(message_id):
            await self._go_to(message_id)

    async def _show_day(self, end: Sequence[Message]) -> None:
        """Show the day of the first message of the end, if what stands above is of another one."""
        above_id = end[0].parent_id if end else None
        if above_id is None:
            return
        above = await self._services.store.messages([above_id])
        self._note(above.values())
        if above and self.transcript.holds(end[0].id):
            self.transcript.update(end[0].id, day=self._day_of(end[0]))

    async def _go_to(self, message_id: str) -> None:
        """Show a message of the branch; the height of those around it is known with their texts."""
        entries = self.transcript.virtual_list.entries
        at = entries.place(message_id)
        await self._supply(entries.ids[max(0, at - END) : at + END])
        if self.transcript.holds(message_id):
            self.transcript.show_entry(self.transcript.virtual_list.index(message_id))
            self.transcript.current = message_id

    async def _painted(self) -> None:
        """Wait for a frame, but not long: where nothing is painted none comes."""
        painted = asyncio.Event()
        self.call_after_refresh(painted.set)
        with suppress(TimeoutError):
            await asyncio.wait_for(painted.wait(), FRAME_S)

    def _note(self, messages: Iterable[Message]) -> None:
        self._begun |= {message.id: message.created for message in messages}

    def _day_of(self, message: Message) -> str:
        return day_of(message.created, self._begun.get(message.parent_id or ""))

    def _lack_of(self, message: Message) -> str:
        """The calls of an answer that have no result, in words; empty while its turn goes on."""
        is_answer = bool(message.calls) and message.role is not Role.TOOL
        if not is_answer or (message.id == self.branch.leaf_id and self.goes_on()):
            return ""
        results = self._results.get(message.id)
        if results is None and self.transcript.holds(message.id):
            entries = self.transcript.virtual_list.entries
            behind = entries[entries.place(message.id) + 1 :]
            results = len([*takewhile(lambda each: each.role is EntryKind.TOOL, behind)])
        names = in_words([call.name for call in message.calls[results or 0 :]])
        way = " · /continue asks again" if message.id == self.branch.leaf_id else ""
        return f"no result of {names}: stopped, it may not have run{way}" if names else ""

    def _entry_of(self, message: Message) -> Entry:
        self._note([message])
        shown = entry_of(message, is_folded=not self._unfolds)
        return replace(
            shown,
            footer=" · ".join(filter(None, (shown.footer, self._lack_of(message)))),
            time=time_of(message.created) if self._is_timed else "",
            day=self._day_of(message),
        )
