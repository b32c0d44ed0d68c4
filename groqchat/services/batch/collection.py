"""Follows the batches of a submission, and collects and books their results once."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from groqchat.domain.batch.results import BookedResult, cost_of_result
from groqchat.domain.batch.submission import BatchStatus, LineStatus
from groqchat.domain.errors.tree import GroqchatError
from groqchat.domain.ledger.entry import BATCH, LedgerEntry
from groqchat.domain.money.usage import Usage
from groqchat.services.batch.submitter import is_transient, with_remote

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Mapping

    from groqchat.domain.batch.results import LineResult
    from groqchat.domain.batch.submission import Part, RemoteBatch, Submission
    from groqchat.domain.money.pricing import Price
    from groqchat.services.batch.ports import BatchStore
    from groqchat.services.ports import BatchServer, Clock

# The server is asked again after a tenth of the time that has gone by, within these bounds.
FIRST_POLL_S, LONGEST_POLL_S, POLL_SHARE = 2.0, 300.0, 0.1
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Followed:
    """A submission as it stands; ``error`` is why the server could not be asked this time."""

    submission: Submission
    error: GroqchatError | None = None


@dataclass(frozen=True, slots=True)
class Collection:
    """Follows submissions, and stores and books their results.

    Args:
        server: The Batch API.
        store: The submissions of this machine; writes into its ledger too.
        clock: Time.
        price_of: Gives the price of a model right now; None when unknown.
    """

    server: BatchServer
    store: BatchStore
    clock: Clock
    price_of: Callable[[str], Price | None]

    async def follow(self, submission: Submission) -> AsyncGenerator[Followed, None]:
        """Yield the state of a submission again and again until it ends.

        Raises:
            GroqchatError: The server refuses to tell; a lost connection only makes it wait.
        """
        begun = self.clock.now()
        while True:
            error: GroqchatError | None = None
            try:
                submission = await self.refreshed(submission)
            except GroqchatError as refusal:
                if not is_transient(refusal):
                    raise
                error = refusal
            yield Followed(submission, error)
            if submission.is_over:
                return
            told = error.facts.retry_after_s if error else None
            wait = (self.clock.now() - begun) * POLL_SHARE
            await self.clock.sleep(max(FIRST_POLL_S, min(LONGEST_POLL_S, wait), told or 0.0))

    async def refreshed(self, submission: Submission) -> Submission:
        """A submission as the server tells it now; what is ready is collected.

        Raises:
            GroqchatError: The server cannot be asked; what it told before that is stored.
        """
        unchanged = 0
        for part in submission.parts:
            if part.batch_id is not None and not part.is_over:
                remote = await self.server.retrieve(part.batch_id)
                unchanged += not await self._refresh(submission, part, remote)
        if unchanged == sum(not part.is_over for part in submission.parts) > 0:
            return submission  # asked often, and the sums of many lines take a while
        return await self.store.find(submission.id) or submission

    async def _refresh(self, submission: Submission, part: Part, remote: RemoteBatch) -> bool:
        """Store what the server tells of a part; returns whether it is anything new."""
        told = with_remote(part, remote)
        if told != part:
            await self.store.save(told)
        if not remote.status.is_over:
            return told != part
        is_late = remote.completed and not remote.output_file_id
        if is_late and remote.status is BatchStatus.COMPLETED:
            return told != part  # the files follow in a moment
        models = await self.store.models(part)
        for file_id in filter(None, (remote.output_file_id, remote.error_file_id)):
            await self._collect(submission, told, file_id, models)
        await self.store.finish(told, remote.status.rest)
        return True

    async def _collect(
        self, submission: Submission, part: Part, file_id: str, models: Mapping[str, str]
    ) -> None:
        """Read a file of results, and store it in pieces."""
        booked: list[BookedResult] = []
        async with aclosing(self.server.results(file_id)) as results:
            async for result in results:
                if result.custom_id in models:
                    booked.append(self._booked(submission, part, result, models[result.custom_id]))
                if len(booked) == _AT_ONCE:
                    await self.store.collect(part, booked)
                    booked = []
        await self.store.collect(part, booked)

    def _booked(
        self, submission: Submission, part: Part, result: LineResult, model: str
    ) -> BookedResult:
        """A result with its ledger entry; only answered lines cost anything."""
        if result.status is not LineStatus.COMPLETED:
            return BookedResult(result)
        price, now = self.price_of(model), self.clock.now()
        cost = cost_of_result(result, price)
        entry = LedgerEntry(
            time=min(part.ended or now, now),
            profile=submission.profile,
            fingerprint=submission.fingerprint,
            model=model,
            outcome="ok",
            status=200,
            service_tier=BATCH,
            usage=result.usage or Usage(),
            cost=cost.total if cost else None,
            saved=cost.saved_by_cache if cost else None,
            price=price,
            session_id=submission.session_id,
            request_id=result.request_id,
            audio_s=result.audio_s or 0.0,
        )
        return BookedResult(result, entry)
