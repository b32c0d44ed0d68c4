"""The session on the screen: its branch in the transcript, the find bar above it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.message import Message as WidgetMessage

from groqchat.domain.sessions.options import beginning, changed, followed, kept, remembered
from groqchat.domain.turns.chat import Message
from groqchat.ui.conversation.branch import END, Branch
from groqchat.ui.transcript.messages import entry_of, stubs_of
from groqchat.ui.transcript.view import Transcript
from groqchat.ui.widgets.find_bar import FindBar
from groqchat.ui.widgets.reports_errors import ReportsErrors
from groqchat.ui.widgets.welcome import Welcome

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult

    from groqchat.domain.settings import Settings
    from groqchat.domain.turns.chat import Options, Session
    from groqchat.ui.services import Services
    from groqchat.ui.transcript.entries import Entry

# A frame is waited for this long at most, in seconds.
FRAME_S = 0.1


class SessionView(ReportsErrors, Vertical):
    """Shows one branch of one session.

    Args:
        services: The services.
    """

    DEFAULT_CSS = """
    SessionView { height: 1fr; }
    SessionView > #transcript { display: none; }
    SessionView.-begun > #welcome { display: none; }
    SessionView.-begun > #transcript { display: block; }
    """

    @dataclass
    class Opened(WidgetMessage):
        """Another session is on the screen."""

        session: Session

    def __init__(self, services: Services, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._services = services
        self.transcript = Transcript(id="transcript")
        self.find_bar = FindBar(id="find")
        self.branch = Branch(services)
        # Called when another branch is on the screen.
        self.moved: Callable[[], None] = lambda: None
        self.options = beginning(services.settings, "")
        # The model that was named for this run; new sessions begin with it.
        self.named_model: str | None = None
        # What the user chose before it was known which session and model to begin with.
        self._chosen_early: dict[str, object] = {}
        # Whether reasoning is unfolded when it arrives.
        self._unfolds = services.settings.show_reasoning
        self._opening = asyncio.Lock()
        # The prompt that is asked with shorter options than the session's, and those.
        self._shortened: tuple[str, Options] | None = None

    def compose(self) -> ComposeResult:
        """A welcome until there is something to read."""
        yield self.find_bar
        services = self._services
        yield Welcome(is_demo=services.is_demo, is_incognito=services.is_incognito, id="welcome")
        yield self.transcript

    @property
    def session(self) -> Session:
        """The session on the screen."""
        return self.branch.session

    async def open(self, session: Session, message_id: str | None = None) -> None:
        """Show a saved session where it was left, or at one of its messages."""
        async with self._opening:
            leaf = (
                await self._services.store.leaf_below(message_id) if message_id else session.leaf_id
            )
            end = await self.branch.end_at(leaf)
            # Only now, and all at once: a prompt may be sent at any moment.
            self.branch.session = session
            self.options = remembered(session, self._services.settings, self.options.model)
            await self._show_way(leaf, end, message_id)
        self.post_message(self.Opened(session))

    async def start_new(self) -> None:
        """Show an empty session; it is saved with its first prompt."""
        async with self._opening:
            self.branch.start_new()
            new = beginning(self._services.settings, self.options.model)
            self.options = replace(new, model=self.named_model or new.model)
            self.transcript.show([])
            self.begin(False)
        self.post_message(self.Opened(self.session))

    def follow_settings(self, before: Settings) -> None:
        """Take up settings that were changed, as long as nothing was said in the session."""
        settings = self._services.settings
        if self.branch.leaf_id is None:
            self.options = followed(self.options, before, settings)
        if settings.show_reasoning != before.show_reasoning:
            self._unfolds = settings.show_reasoning

    async def set_options(self, **changes: object) -> None:
        """Change model or parameters of this session from the next request on."""
        if changes.keys() & {"history", "max_tokens"}:
            self._shortened = None
        self._chosen_early |= changes
        await self.correct(**changes)

    def shorten(self, prompt: Message, options: Options) -> None:
        """Ask one prompt with the history and the longest answer of these options from now on."""
        self._shortened = prompt.id, options

    def options_of(self, prompt: str | Message | None) -> Options:
        """The options that a prompt is asked with: the session's, or shorter ones."""
        prompt_id, short = self._shortened or ("", self.options)
        if not isinstance(prompt, Message) or prompt.id != prompt_id:
            return self.options
        return replace(self.options, history=short.history, max_tokens=short.max_tokens)

    async def suggest(self, **changes: object) -> None:
        """Change what the user has not chosen since the start, and keep what was chosen.

        The start calls this method: by then commands may have been run.
        """
        await self.correct(**{**changes, **self._chosen_early})

    async def correct(self, **changes: object) -> None:
        """Change what cannot be sent as it is, such as a model that was shut down."""
        self._chosen_early |= {name: changes[name] for name in changes.keys() & self._chosen_early}
        self.options = changed(self.options, **changes)
        lasting = {name: value for name, value in kept(self.options).items() if name in changes}
        if lasting and self.branch.leaf_id is not None:
            await self._services.store.update_session(self.session.id, **lasting)

    async def on_transcript_version_asked(self, event: Transcript.VersionAsked) -> None:
        """`[` and `]` on a message show its previous and next version."""
        event.stop()
        beside = await self.branch.version_beside(event.entry_id, event.step)
        if beside is not None:
            version_id, leaf_id = beside
            end = await self.branch.end_at(leaf_id)
            is_near = version_id in {message.id for message in end}
            await self._show_way(leaf_id, end, None if is_near else version_id)
            self.transcript.current = version_id

    async def on_transcript_wanted(self, event: Transcript.Wanted) -> None:
        """Messages came near the viewport: give them their texts."""
        event.stop()
        await self._supply(event.entry_ids)

    async def _supply(self, message_ids: Sequence[str]) -> None:
        messages = await self._services.store.messages(message_ids)
        self.transcript.supply(
            replace(
                self._entry_of(message),
                version=self.transcript.entry(message.id).version,
            )
            for message in messages.values()
            if self.transcript.holds(message.id)
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

    def give_way(self, rows: int) -> None:
        """Leave so many rows below the messages to what lies over them, but never most of them."""
        self.transcript.styles.margin = (0, 0, min(rows, self.size.height // 2), 0)

    def begin(self, has_begun: bool) -> None:
        """Show the transcript, or the welcome as long as there is nothing to read."""
        self.set_class(has_begun, "-begun")

    async def show_branch(self, leaf_id: str | None) -> None:
        """Show the way to a leaf; texts follow when they come into view."""
        await self._show_way(leaf_id, await self.branch.end_at(leaf_id))
        self.moved()

    async def _show_way(
        self, leaf_id: str | None, end: Sequence[Message], message_id: str | None = None
    ) -> None:
        """Show a branch, at one of its messages if one is named.

        Its end comes first: of a long session nobody waits for what is out of sight.
        """
        self.branch.stand_at(leaf_id, end)
        self.begin(bool(end))
        self.transcript.show([] if message_id else map(self._entry_of, end))
        if len(end) == END:
            await self._painted()
        outline = await self.branch.outline()
        # While it was read, another session may have been opened, or a prompt been sent.
        if self.branch.leaf_id == leaf_id or self.transcript.holds(leaf_id or ""):
            self.transcript.surround(stubs_of(outline))
        if message_id and self.transcript.holds(message_id):
            self.transcript.show_entry(self.transcript.virtual_list.index(message_id))

    async def _painted(self) -> None:
        """Wait for a frame, but not long: where nothing is painted none comes."""
        painted = asyncio.Event()
        self.call_after_refresh(painted.set)
        with suppress(TimeoutError):
            await asyncio.wait_for(painted.wait(), FRAME_S)

    def _entry_of(self, message: Message) -> Entry:
        return entry_of(message, is_folded=not self._unfolds)
