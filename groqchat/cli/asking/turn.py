"""The turn of ``ask``: in a session that is compacted before, or part by part, where that helps."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from groqchat.cli.asking.files import ALL, FIRST, all_parts, first_part
from groqchat.cli.output import DIM, narrate
from groqchat.cli.room import narrate_wait
from groqchat.domain.errors.tree import GroqchatError, ModelGoneError, TooLargeError
from groqchat.domain.sessions.options import keeping
from groqchat.domain.turns.chat import Answered, Rerouted, Skipped, Waiting
from groqchat.domain.turns.finish_reasons import GOES_ON

if TYPE_CHECKING:
    from groqchat.bootstrap import LocalServices
    from groqchat.cli.asking.files import LongFiles
    from groqchat.cli.asking.output import AskOutput
    from groqchat.cli.room import Room
    from groqchat.domain.turns.chat import Message, Options
    from groqchat.domain.turns.parts import Parts


@dataclass(frozen=True, slots=True)
class AskedTurn:
    """One prompt that is answered.

    Attributes:
        services: Hold the store, the clock and the source of ids.
        room: Makes room in the session.
        files: The files of the prompt.
        output: Prints what is to be printed.
    """

    services: LocalServices
    room: Room
    files: LongFiles
    output: AskOutput

    async def answered(self, prompt: str, parent_id: str | None) -> Answered:
        """Have a prompt answered.

        Args:
            prompt: The prompt.
            parent_id: The message that it follows.

        Raises:
            GroqchatError: There is no answer.
        """
        room, models = self.room, self.room.connection.models
        try:
            parent_id = await room.made(parent_id, prompt)
            try:
                return await self._asked(prompt, parent_id)
            except TooLargeError as error:
                # The limits of an account may be known from its first refusal on.
                fitting_id = await room.made(parent_id, prompt)
                is_cut = self.files.part and await self.files.found(prompt, error) is not None
                if fitting_id == parent_id and not is_cut:
                    raise
                return await self._asked(prompt, fitting_id, error)
        except ModelGoneError as error:
            replacement = models.refused(room.options.model)
            raise error.with_facts(replacement=replacement.id if replacement else None) from error
        except TooLargeError as error:
            advised = await room.advised(error, parent_id)
            raise await self.files.advised(advised, prompt) from error
        finally:
            self.output.end()

    async def _asked(
        self, prompt: str, parent_id: str | None, refused: GroqchatError | None = None
    ) -> Answered:
        is_cut = self.files.part in {FIRST, ALL}
        found = await self.files.found(prompt, refused) if is_cut else None
        if found is None:
            return await self._listen(prompt, parent_id, self.room.options)
        if self.files.part == FIRST:
            return await self._listen(first_part(found), parent_id, self.room.options)
        return await self._in_parts(all_parts(found), parent_id)

    async def _in_parts(self, parts: Parts, parent_id: str | None) -> Answered:
        """Have each part noted, and the notes joined; parts that were answered are not asked."""
        from groqchat.services.turns.part_by_part import PartByPart

        room, services = self.room, self.services
        requests = PartByPart(
            services.store,
            services.clock,
            services.new_id,
            keeping(room.session, room.options),
            parts,
            parent_id,
            room.options,
            room.connection.models.model(room.options.model).reasoning_efforts,
        )
        await requests.recall()
        while (request := await requests.next_request()) is not None:
            if requests.is_joined:
                return await self._listen(request, None, requests.options)
            narrate(f"groqchat: part {requests.done + 1} of {len(parts.texts)}…", DIM)
            try:
                noted = await self._listen(request, None, requests.options, is_quiet=True)
            except (GroqchatError, asyncio.CancelledError):
                self._tell_kept(requests.done)
                raise
            requests.take(noted.message)
        raise AssertionError("the last request joins the notes")

    def _tell_kept(self, done: int) -> None:
        if done and self.output.is_kept:
            narrate(
                f"groqchat: the notes on {done} of the parts are kept: the same command with -c "
                "asks only for the others."
            )

    async def _listen(
        self,
        prompt: str | Message,
        parent_id: str | None,
        options: Options,
        *,
        is_quiet: bool = False,
    ) -> Answered:
        """Listen to one turn, and print what is to be printed of it."""
        session = keeping(self.room.session, self.room.options)
        turn = self.room.connection.turns.ask(session, prompt, options, parent_id=parent_id)
        async with aclosing(turn) as events:
            async for event in events:
                (self.output.count if is_quiet else self.output.take)(event)
                await self.output.tell(event)
                match event:
                    case Waiting():
                        narrate_wait(event)
                    case Rerouted() | Skipped():
                        narrate(f"groqchat: {event.sentence}", DIM)
                    case Answered(is_short=True):
                        narrate(f"groqchat: {GOES_ON}", DIM)
                    case Answered() if not event.message.calls:
                        return event
        raise AssertionError("a turn ends with an answer or an error")
