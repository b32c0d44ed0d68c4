"""Prompts with a file that is too long for one request: what of it is sent, and at what price."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from groqchat.domain.errors.tree import TooLargeError
from groqchat.domain.money.usage import Usage
from groqchat.domain.sessions.options import keeping
from groqchat.domain.sessions.unsaved import UNSAVED
from groqchat.domain.text.humanize import count, counted
from groqchat.domain.turns.parts import MOST_PARTS, Parts
from groqchat.services.turns.oversized import Oversized, oversized
from groqchat.services.turns.part_by_part import PartByPart
from groqchat.ui.sessions.oversized_picker import (
    LinesDialog,
    Offer,
    OversizedPicker,
    Part,
    figures_of,
)
from groqchat.ui.sessions.running_requests import all_answered, in_reserved_session
from groqchat.ui.widgets.attaching.chips import file_chip
from groqchat.ui.widgets.attaching.long_texts import long_texts
from groqchat.ui.widgets.text import KeyHint, line

if TYPE_CHECKING:
    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.services.account.connection import Connection
    from groqchat.ui.widgets.attaching.chips import Chip
    from groqchat.ui.workspace.editing import PromptEditing
    from groqchat.ui.workspace.workspace import Workspace

_LONGEST_NAME = 30


class OversizedPrompts:
    """Has the user choose what of a long file is sent, and sends it part by part.

    Args:
        workspace: The parts of the chat.
        editing: The earlier prompt that is being changed, if any.
    """

    def __init__(self, workspace: Workspace, editing: PromptEditing) -> None:
        self._workspace = workspace
        self._editing = editing
        # The prompt that is being asked part by part, by its session.
        self._running: dict[str, str] = {}
        # The prompt that was refused as too large, and the refusal.
        self._refused: tuple[str, GroqchatError] | None = None

    @property
    def running_here(self) -> str:
        """The prompt that is asked part by part in the open session; empty without one."""
        return self._running.get(self._workspace.conversation.session.id, "")

    async def has_long_file(self, error: GroqchatError) -> bool:
        """Whether what stands in the composer holds a long text that no limit ever lets pass.

        Args:
            error: What became of the last prompt; a refusal as too large is remembered, since a
                text that seems to fit is sent first.

        Raises:
            StorageError: The limits cannot be read.
        """
        connection = self._workspace.account.connection
        text = self._workspace.composer.text
        prompt = await self._workspace.conversation.branch.last_prompt()
        if prompt is not None and isinstance(error, TooLargeError):
            self._refused = prompt.content, error
        return connection is not None and await self._found(connection, text) is not None

    def has_long_text(self, text: str) -> bool:
        """Whether a prompt holds a file, a paste or other words that may be too long."""
        return bool(long_texts(self._workspace.composer.area, text))

    async def may_go(self, connection: Connection, text: str, parent_id: str | None = None) -> bool:
        """Whether a prompt can be sent as it is; where a text in it is too long, the user chooses.

        A long text that was written, not pasted as a chip, becomes one, so that it is seen which
        part of the prompt the choice is about.

        Args:
            connection: The account.
            text: The prompt.
            parent_id: The message that it follows, where the conversation before it cannot be made
                shorter; None: it is too long alone.

        Raises:
            StorageError: The conversation cannot be read.
        """
        found = await self._found(connection, text, parent_id)
        if found is None:
            return True
        is_busy = self._workspace.conversation.is_busy
        parts, offers = await asyncio.to_thread(_offers, found, is_busy=is_busy)
        tokens = await asyncio.to_thread(found.tokens, text)
        self._mark(found)
        offer = await self._workspace.ask(OversizedPicker(found.file, tokens, found.limit, offers))
        if offer is None:
            return False
        if offer.part is Part.ALL and parts is not None:
            await self._ask_in_parts(connection, found, parts)
        elif offer.part is Part.LINES:
            await self._choose_lines(found)
        else:
            self._replace(found, 1, await asyncio.to_thread(found.first))
        return False

    async def _found(
        self, connection: Connection, text: str, parent_id: str | None = None
    ) -> Oversized[Chip] | None:
        """The prompt, where no limit ever lets it pass and a long text is to blame."""
        if not (chips := long_texts(self._workspace.composer.area, text)):
            return None
        preview = await connection.turns.preview(parent_id, self._workspace.options)
        prompt, error = self._refused or ("", None)
        refused = error if prompt == text else None
        return oversized(connection.quota, connection.models, preview, text, chips, refused=refused)

    def _mark(self, found: Oversized[Chip]) -> None:
        """Have the long text stand in the composer as a chip."""
        area = self._workspace.composer.area
        if area.chips.label(found.file) not in area.shown:
            area.write(area.text)

    # -- a part of it -------------------------------------------------------------------------

    async def _choose_lines(self, found: Oversized[Chip]) -> None:
        most = len(found.lines)
        begun = await asyncio.to_thread(found.first)

        def figures(first: int, last: int) -> tuple[str, bool]:
            tokens = found.tokens(found.with_lines(first, last))
            told = figures_of(tokens, found.cost(Usage(tokens)))
            is_fitting = tokens <= found.room
            return f"{told}{'' if is_fitting else f', too long: at most {count(found.room)}'}", (
                is_fitting
            )

        dialog = LinesDialog(found.file.name, most, begun, figures)
        chosen = await self._workspace.ask(dialog)
        if chosen is not None:
            self._replace(found, *chosen)

    def _replace(self, found: Oversized[Chip], first: int, last: int) -> None:
        """Put some lines in place of all; they are sent with the next Enter."""
        area = self._workspace.composer.area
        name = f"{found.file.name}:{first}-{last}"
        chip = file_chip(name, "\n".join(found.lines[first - 1 : last]))
        area.write(area.shown.replace(area.chips.label(found.file), area.chips.label(chip), 1))
        self._workspace.notify(f"{line(name, _LONGEST_NAME)} stands in its place; Enter sends it.")

    # -- all of it ----------------------------------------------------------------------------

    async def _ask_in_parts(
        self, connection: Connection, found: Oversized[Chip], parts: Parts
    ) -> None:
        workspace, conversation = self._workspace, self._workspace.conversation
        if not workspace.is_free():
            return
        services, options = workspace.services, workspace.options
        requests = PartByPart(
            services.store,
            services.clock,
            services.new_id,
            keeping(conversation.session, options),
            parts,
            self._editing.parent_id,
            options,
            connection.models.model(options.model).reasoning_efforts,
        )
        self._editing.take()
        session_id = requests.session.id
        self._running[session_id] = found.text

        def end() -> None:
            self._running.pop(session_id, None)

        def stop(_: str) -> None:
            workspace.run(workspace.conversation.turns.stop(session_id), group="stop")

        async def work(stopped: asyncio.Event) -> None:
            await requests.recall()
            with workspace.showing(
                f"{line(parts.name, _LONGEST_NAME)}, part by part",
                lambda: _progress(requests, parts),
                lambda: [KeyHint("Esc", "stop", "escape")],
                stop,
            ):
                is_done = await all_answered(conversation, connection.turns, requests, stopped)
            self._running.pop(session_id, None)
            await self._tell_end(requests, found.text, is_done=is_done)

        await in_reserved_session(workspace, session_id, work, end)

    async def _tell_end(self, requests: PartByPart, text: str, *, is_done: bool) -> None:
        """Take the prompt out of the composer once it is asked; else say what is kept."""
        workspace, session_id = self._workspace, requests.session.id
        is_here = workspace.conversation.session.id == session_id
        if requests.is_joined:
            drafts = workspace.services.drafts
            if is_here:
                workspace.composer.area.take_out(text)
            elif (await drafts.draft(session_id)).strip() == text.strip():
                await drafts.save_draft(session_id, "")
        elif not is_done:
            done = counted(requests.done, "part")
            workspace.notify(
                f"Stopped: notes on {done} of {len(requests.parts.texts)} are kept. Enter, and "
                "part by part again, asks only for the others.",
                severity="warning",
            )
        if is_here:
            await workspace.draft.settle(UNSAVED)  # a new session has been saved meanwhile
            await workspace.figures.refresh()


def _progress(requests: PartByPart, parts: Parts) -> str:
    total = len(parts.texts)
    if requests.done == total:
        return f"All {total} parts are read; the last request joins the notes."
    return (
        f"Part {requests.done + 1} of {total}. The prompt stays in the composer until the last "
        "request. What was answered is kept if you stop."
    )


def _offers(found: Oversized[Chip], *, is_busy: bool) -> tuple[Parts | None, list[Offer]]:
    """The ways to send a prompt; this may take a second for a long file.

    Args:
        found: The prompt.
        is_busy: Whether its session is being answered, so that it is queued.
    """
    total, last, offers = len(found.lines), found.first(), []
    if last:
        tokens = found.tokens(found.with_lines(1, last))
        title = f"The first part: lines 1–{count(last)} of {count(total)}"
        words = "They take the place of the file in the prompt, and Enter sends them."
        offers.append(Offer(Part.FIRST, title, words, tokens, found.cost(Usage(tokens))))
        words = "You write which; their tokens and price are told before they are taken."
        offers.append(Offer(Part.LINES, "Lines of your choice", words))
    parts = found.parts()
    if parts is None:
        most = f"at most {MOST_PARTS} parts of ≈ {count(max(0, found.room))} tokens"
        words = (
            f"It is too long for that: {most} are asked for. Take some of its lines, or a model "
            "with higher limits."
        )
        offers.append(Offer(Part.ALL, "Part by part", words, is_closed=True))
    elif is_busy:
        words = "Possible once the answer that is being written has ended: press Enter again then."
        offers.append(Offer(Part.ALL, "Part by part", words, is_closed=True))
    else:
        usage = parts.usage(found.tokens)
        words = (
            f"The model notes what matters in each of {len(parts.texts)} parts; one more request "
            "answers from the notes. They stay in the transcript, and no later prompt holds them. "
            "The answer itself comes on top of the price."
        )
        title = f"Part by part: {parts.requests} requests"
        tokens, cost = usage.total_tokens, found.cost(usage)
        offers.append(Offer(Part.ALL, title, words, tokens, cost, found.wait_s(tokens)))
    return parts, offers
