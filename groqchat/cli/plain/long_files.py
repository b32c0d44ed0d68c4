"""A prompt whose file is too long for one request: its first part, or all of it part by part."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from groqchat.domain.money.usage import Usage
from groqchat.domain.sessions.options import keeping
from groqchat.domain.text.fences import attached_blocks
from groqchat.domain.text.humanize import count, countdown, counted, money
from groqchat.services.turns.oversized import AttachedFile, oversized
from groqchat.services.turns.part_by_part import PartByPart
from groqchat.ui.sessions.running_requests import all_answered

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from groqchat.cli.plain.console.choices import Choices
    from groqchat.cli.plain.seat import Seat
    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.domain.turns.chat import Message
    from groqchat.domain.turns.parts import Parts
    from groqchat.services.account.connection import Connection
    from groqchat.services.turns.oversized import Oversized


class LongFiles:
    """Offers what can be sent of a long file by number, and sends it part by part.

    ``send`` sends a prompt that is short enough.

    Args:
        seat: The parts of the chat.
        choices: Offers the ways.
    """

    send: Callable[[str], Awaitable[None]]

    def __init__(self, seat: Seat, choices: Choices) -> None:
        self._seat = seat
        self._choices = choices

    async def may_go(self, connection: Connection, text: str) -> bool:
        """Whether a prompt is sent as it is; where its file is too long, other ways are offered."""
        return not await self._is_offered(connection, text)

    async def shorten(self, error: GroqchatError) -> bool:
        """Offer what can be sent of the file in the last prompt, which was refused as too large."""
        connection = self._seat.account.connection
        prompt = await self._seat.conversation.branch.last_prompt()
        if connection is None or prompt is None:
            return False
        return await self._is_offered(connection, prompt.content, error)

    async def _is_offered(
        self, connection: Connection, text: str, refused: GroqchatError | None = None
    ) -> bool:
        """Offer the ways to send a prompt; False where no file is too long, or there is no way."""
        blocks = await asyncio.to_thread(lambda: list(attached_blocks(text)))
        files = [AttachedFile(name, inner) for _, _, name, inner in blocks]
        files = [file for file in files if file.content in text]
        if not files:
            return False
        await connection.quota.follow(self._seat.options.model)
        preview = await connection.turns.preview(None, self._seat.options)
        found = oversized(
            connection.quota, connection.models, preview, text, files, refused=refused
        )
        if found is None:
            return False
        return await self._offer(connection, found)

    async def _offer(self, connection: Connection, found: Oversized[AttachedFile]) -> bool:
        first, parts = await asyncio.gather(
            asyncio.to_thread(found.first), asyncio.to_thread(found.parts)
        )
        offered: list[tuple[str, Callable[[], Awaitable[None]]]] = []
        if first:
            begun = found.with_lines(1, first)
            price = self._price(found, Usage(found.tokens(begun)))
            words = f"The first part, lines 1 to {count(first)} of {count(len(found.lines))}"
            offered.append((f"{words}: {price}", partial(self.send, begun)))
        if parts is not None:
            usage = parts.usage(found.tokens)
            wait = found.wait_s(usage.total_tokens)
            lasts = f", at least {countdown(wait)} for the limits" if wait else ""
            words = f"Part by part, in {parts.requests} requests, the last of which joins the notes"
            price = self._price(found, usage)
            offered.append(
                (f"{words}: {price}{lasts}", partial(self._ask_in_parts, connection, found, parts))
            )
        if not offered:
            return False
        name, tokens = found.file.name, await asyncio.to_thread(found.tokens, found.text)
        self._seat.lines.say(
            f"{name} is too long for one request: ≈ {count(tokens)} tokens, where "
            f"{count(found.limit)} is the most."
        )
        self._choices.number(offered, f"Type a number, or @{name}:10-80 for lines of your choice.")
        return True

    @staticmethod
    def _price(found: Oversized[AttachedFile], usage: Usage) -> str:
        cost = found.cost(usage)
        price = "price unknown" if cost is None else f"{money(cost)} and the answer"
        return f"≈ {count(usage.total_tokens)} tokens, {price}"

    async def _ask_in_parts(
        self, connection: Connection, found: Oversized[AttachedFile], parts: Parts
    ) -> None:
        """Have each part noted, and the notes joined; parts that were answered are not asked."""
        seat = self._seat
        if not seat.is_free():
            return
        conversation, services, options = seat.conversation, seat.services, seat.options
        branch = conversation.branch
        requests = _ToldParts(
            services.store,
            services.clock,
            services.new_id,
            keeping(conversation.session, options),
            parts,
            branch.unanswered.parent_id if branch.unanswered else branch.leaf_id,
            options,
            connection.models.model(options.model).reasoning_efforts,
        )
        requests.say = seat.lines.say
        await requests.recall()
        with conversation.turns.reserved(requests.session.id) as stopped:
            is_done = await all_answered(conversation, connection.turns, requests, stopped)
        if not is_done and not requests.is_joined:
            total = len(parts.texts)
            seat.lines.say(
                f"Notes on {requests.done} of {counted(total, 'part')} are kept: the same prompt, "
                "part by part again, asks only for the others."
            )


class _ToldParts(PartByPart):
    """Says which part is asked; what the model notes of it is told as any answer is."""

    say: Callable[[str], None]

    async def next_request(self) -> Message | None:
        request = await super().next_request()
        if request is not None:
            total = len(self.parts.texts)
            said = f"Part {self.done + 1} of {total}." if not self.is_joined else "All are joined."
            self.say(said)
        return request
