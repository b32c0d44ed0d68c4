"""Prompts with a file that is too long for one request: what of it is sent, and at what price."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

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
from groqchat.ui.widgets.text import KeyHint, line

if TYPE_CHECKING:
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

    @property
    def running_here(self) -> str:
        """The prompt that is asked part by part in the open session; empty without one."""
        return self._running.get(self._workspace.conversation.session.id, "")

    async def has_long_file(self) -> bool:
        """Whether what stands in the composer holds a file that no limit ever lets pass.

        Raises:
            StorageError: The limits cannot be read.
        """
        connection = self._workspace.account.connection
        text = self._workspace.composer.text
        return connection is not None and await self._found(connection, text) is not None

    def has_chip(self, text: str) -> bool:
        """Whether a prompt holds a file or a long paste, which may be too long."""
        return bool(self._chips(text))

    def _chips(self, text: str) -> list[Chip]:
        area = self._workspace.composer.area
        chips = [place.chip for place in area.chips.places(area.shown)]
        return [chip for chip in chips if chip.content in text]

    async def may_go(self, connection: Connection, text: str) -> bool:
        """Whether a prompt can be sent as it is; where its file is too long, the user chooses.

        Raises:
            StorageError: The conversation cannot be read.
        """
        found = await self._found(connection, text)
        if found is None:
            return True
        is_busy = self._workspace.conversation.is_busy
        parts, offers = await asyncio.to_thread(_offers, found, is_busy=is_busy)
        tokens = await asyncio.to_thread(found.tokens, text)
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

    async def _found(self, connection: Connection, text: str) -> Oversized[Chip] | None:
        """The prompt, where no limit ever lets it pass and a chip is to blame."""
        if not (chips := self._chips(text)):
            return None
        preview = await connection.turns.preview(None, self._workspace.options)
        return oversized(connection.quota, connection.models, preview, text, chips)

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
