"""Prompts with a file that is too long for one request: what of it is sent, and at what price."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from groqchat.domain.limits.quota import LimitKind
from groqchat.domain.money.usage import Usage
from groqchat.domain.sessions.options import keeping
from groqchat.domain.sessions.unsaved import UNSAVED
from groqchat.domain.text.humanize import count, counted
from groqchat.domain.turns.parts import (
    LONGEST_NOTES,
    MOST_PARTS,
    Parts,
    first_lines,
    in_parts,
    price_of,
)
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
    from decimal import Decimal

    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.services.account.connection import Connection
    from groqchat.services.turns.sizing import RequestPreview
    from groqchat.ui.widgets.attaching.chips import Chip
    from groqchat.ui.workspace.editing import PromptEditing
    from groqchat.ui.workspace.workspace import Workspace

# Of a limit, for a prompt: an answer is to have room too, and an estimate may be too small.
_SHARE = 0.8
_LONGEST_NAME = 30


@dataclass(frozen=True, slots=True)
class Oversized:
    """A prompt that is too long even without a conversation before it, and its longest chip.

    ``room`` is the longest prompt that is sent, in tokens.
    """

    connection: Connection
    text: str
    chip: Chip
    preview: RequestPreview
    limit: int
    room: int

    @property
    def question(self) -> str:
        """The prompt without the chip."""
        return self.text.replace(self.chip.content, "", 1).strip() or "Sum it up."

    def with_part(self, part: str) -> str:
        """The prompt with another content of the chip."""
        return self.text.replace(self.chip.content, file_chip(self.chip.name, part).content, 1)

    def tokens(self, prompt: str) -> int:
        """The tokens of a request with a prompt."""
        return self.preview.request(prompt).prompt_tokens

    def cost(self, usage: Usage) -> Decimal | None:
        """The list price of some tokens."""
        models = self.connection.models
        return price_of(usage, models.price_of(self.preview.options.model))


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
        offer = await self._workspace.ask(OversizedPicker(found.chip, tokens, found.limit, offers))
        if offer is None:
            return False
        if offer.part is Part.ALL and parts is not None:
            await self._ask_in_parts(found, parts)
        elif offer.part is Part.LINES:
            await self._choose_lines(found)
        else:
            lines = found.chip.inner.splitlines()
            last = await asyncio.to_thread(_first, found, lines)
            self._replace(found, 1, last)
        return False

    async def _found(self, connection: Connection, text: str) -> Oversized | None:
        """The prompt, where no limit ever lets it pass and a chip is to blame."""
        if not (chips := self._chips(text)):
            return None
        options = self._workspace.options
        preview = await connection.turns.preview(None, options)
        request = preview.request(text)
        error = connection.quota.admission_error(request)
        if not _is_for_good(error) or error is None or error.facts.limit is None:
            return None
        chip = max(chips, key=lambda each: len(each.content))
        limit = round(error.facts.limit)
        ever = connection.quota.prompt_room(preview.options)
        room = min(round(_SHARE * limit), limit - LONGEST_NOTES, limit if ever is None else ever)
        return Oversized(connection, text, chip, preview, limit, room)

    # -- a part of it -------------------------------------------------------------------------

    async def _choose_lines(self, found: Oversized) -> None:
        lines = found.chip.inner.splitlines()
        last = await asyncio.to_thread(_first, found, lines)

        def figures(first: int, last: int) -> tuple[str, bool]:
            tokens = found.tokens(found.with_part("\n".join(lines[first - 1 : last])))
            told = figures_of(tokens, found.cost(Usage(tokens)))
            is_fitting = tokens <= found.room
            return f"{told}{'' if is_fitting else f', too long: at most {count(found.room)}'}", (
                is_fitting
            )

        dialog = LinesDialog(found.chip.name, len(lines), last, figures)
        chosen = await self._workspace.ask(dialog)
        if chosen is not None:
            self._replace(found, *chosen)

    def _replace(self, found: Oversized, first: int, last: int) -> None:
        """Put some lines in place of all; they are sent with the next Enter."""
        area, lines = self._workspace.composer.area, found.chip.inner.splitlines()
        name = f"{found.chip.name}:{first}-{last}"
        chip = file_chip(name, "\n".join(lines[first - 1 : last]))
        area.write(area.shown.replace(area.chips.label(found.chip), area.chips.label(chip), 1))
        self._workspace.notify(f"{line(name, _LONGEST_NAME)} stands in its place; Enter sends it.")

    # -- all of it ----------------------------------------------------------------------------

    async def _ask_in_parts(self, found: Oversized, parts: Parts) -> None:
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
            found.connection.models.model(options.model).reasoning_efforts,
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
                is_done = await all_answered(workspace, found.connection.turns, requests, stopped)
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


def _is_for_good(error: GroqchatError | None) -> bool:
    """Whether a request can never be sent."""
    return error is not None and error.facts.retry_after_s is None


def _first(found: Oversized, lines: list[str]) -> int:
    """How many of the first lines there is room for."""
    around = found.tokens(found.with_part(""))
    bare = found.tokens("")
    return first_lines(lines, found.room - around, lambda text: found.tokens(text) - bare)


def _offers(found: Oversized, *, is_busy: bool) -> tuple[Parts | None, list[Offer]]:
    """The ways to send a prompt; this may take a second for a long file.

    Args:
        found: The prompt.
        is_busy: Whether its session is being answered, so that it is queued.
    """
    lines = found.chip.inner.splitlines()
    last, offers = _first(found, lines), []
    if last:
        tokens = found.tokens(found.with_part("\n".join(lines[:last])))
        title = f"The first part: lines 1–{count(last)} of {count(len(lines))}"
        words = "They take the place of the file in the prompt, and Enter sends them."
        offers.append(Offer(Part.FIRST, title, words, tokens, found.cost(Usage(tokens))))
        words = "You write which; their tokens and price are told before they are taken."
        offers.append(Offer(Part.LINES, "Lines of your choice", words))
    inner, room = found.chip.inner, found.room
    parts = in_parts(found.question, found.chip.name, inner, room, found.tokens)
    if parts is None:
        most = f"at most {MOST_PARTS} parts of ≈ {count(max(0, room))} tokens"
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
        offers.append(Offer(Part.ALL, title, words, tokens, cost, _wait_s(found, tokens)))
    return parts, offers


def _wait_s(found: Oversized, tokens: int) -> float:
    """How long requests of so many tokens wait for TPM at least."""
    view = found.connection.quota.view(found.preview.options.model)
    level = view.level(LimitKind.TPM)
    if level is None or not level.limit:
        return 0.0
    return max(0.0, (tokens / level.limit - 1) * LimitKind.TPM.window_s)
