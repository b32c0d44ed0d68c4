"""What can be done with batches: submit, follow, cancel, and send failed lines again."""

from __future__ import annotations

import hashlib
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from groqchat.domain.batch.parts import split
from groqchat.domain.batch.submission import (
    ID_PREFIX,
    BatchStatus,
    LineStatus,
    Part,
    Step,
    Submission,
)
from groqchat.domain.errors.tree import GroqchatError
from groqchat.services.batch.collection import Collection
from groqchat.services.batch.submitter import Submitter, is_transient, with_remote

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Sequence
    from contextlib import AbstractContextManager

    from groqchat.domain.batch.lines import BatchLine
    from groqchat.domain.batch.parts import BatchLimits
    from groqchat.domain.money.pricing import Price
    from groqchat.services.batch.collection import Followed
    from groqchat.services.batch.estimates import BatchEstimate, Estimator
    from groqchat.services.batch.ports import BatchStore
    from groqchat.services.batch.submitter import Delayed
    from groqchat.services.ports import BatchServer, Clock
    from groqchat.services.quota.quota import Account

# Steps at which the server has no batch, and none is under way.
_NOTHING = frozenset({Step.PLANNED, Step.UPLOADED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Batches:
    """The batches of an account.

    ``place`` is the address of its server, ``limits`` bound one batch, and ``estimator`` says what
    lines will probably cost.
    """

    server: BatchServer
    store: BatchStore
    account: Account
    place: str
    limits: BatchLimits
    estimator: Estimator
    price_of: Callable[[str], Price | None]
    clock: Clock
    new_id: Callable[[], str]

    def plan(
        self,
        name: str,
        lines: Sequence[BatchLine],
        window: str,
        *,
        resubmits: Submission | None = None,
        session_id: str | None = None,
    ) -> tuple[Submission, BatchEstimate]:
        """A submission of some lines, which is not stored yet, and what it will probably cost.

        Args:
            name: What it is shown as, such as the name of the file.
            lines: The lines.
            window: The completion window.
            resubmits: The submission whose lines these are.
            session_id: The session of the set of prompts whose answers these are.

        Raises:
            ValueError: One line is larger than a batch may be.
        """
        estimate = self.estimator.estimate(lines)
        submission_id = f"{ID_PREFIX}{self.new_id()}"
        parts = tuple(
            Part(submission_id, number, len(part), sum(line.size for line in part))
            for number, part in enumerate(split(lines, self.limits), 1)
        )
        origin = resubmits.id if resubmits else None
        submission = Submission(
            id=submission_id,
            name=name,
            created=self.clock.now(),
            window=window,
            digest=_digest(lines, origin, self.account.fingerprint, self.place),
            profile=self.account.profile,
            fingerprint=self.account.fingerprint,
            place=self.place,
            models=tuple(dict.fromkeys(line.model for line in lines)),
            parts=parts,
            estimate=estimate.cost,
            resubmits=origin,
            session_id=resubmits.session_id if resubmits else session_id,
        )
        return submission, estimate

    def alone(self, submission: Submission) -> AbstractContextManager[None]:
        """Lock the content of a submission; raises StorageError where another process has it."""
        return self.store.alone(submission.digest)

    async def earlier(self, submission: Submission) -> Submission | None:
        """The newest submission of the same content; None where there is none."""
        return await self.store.of_content(submission.digest)

    async def asked_already(self, lines: Sequence[BatchLine]) -> int:
        """The number of lines that ask what a batch under way asks already."""
        known = await self.store.requests_under_way(self.account.fingerprint, self.place)
        return sum(line.request in known for line in lines)

    async def resubmission(self, submission: Submission) -> Submission | None:
        """The newest submission that sends lines of another one again; None where there is none."""
        names = submission.resubmitted_as[-1:]
        return await self.store.find(names[0]) if names else None

    async def submit(
        self, submission: Submission, lines: Sequence[BatchLine] | None = None
    ) -> AsyncGenerator[Part | Delayed, None]:
        """Submit the parts that the server does not have yet, and yield each step.

        The caller holds :meth:`alone` and looks for an :meth:`earlier` submission of the same
        content: this method would submit it again.

        Args:
            submission: The submission.
            lines: Its lines, where it is new and not stored yet.

        Raises:
            GroqchatError: The server refuses, or is not reached again and again. A submission that
                is refused from the start is forgotten; else the next call goes on.
        """
        if lines is not None:
            await self.store.add(submission, lines)
        try:
            submitter = Submitter(self.server, self.store, self.clock)
            async with aclosing(submitter.submit(submission)) as steps:
                async for step in steps:
                    yield step
        except GroqchatError as error:
            now = await self.store.find(submission.id)
            if now and not is_transient(error) and all(part.step in _NOTHING for part in now.parts):
                await self.store.remove(now)
            raise

    def follow(self, submission: Submission) -> AsyncGenerator[Followed, None]:
        """Yield the state of a submission until it ends; see :class:`Collection`."""
        return self._collection.follow(submission)

    async def refreshed(self, submission: Submission) -> Submission:
        """A submission as the server tells it now; what is ready is collected and booked."""
        return await self._collection.refreshed(submission)

    async def all_refreshed(
        self, submissions: Sequence[Submission]
    ) -> tuple[Sequence[Submission], GroqchatError | None]:
        """Submissions as the server tells them now, and the first error, if there was one.

        Those of other accounts stay as they are, and so do all after a lost connection; what the
        server refuses to tell of one keeps no other back.
        """
        refreshed: list[Submission] = []
        first: GroqchatError | None = None
        for submission in submissions:
            now = submission
            is_own = (submission.fingerprint, submission.place) == (
                self.account.fingerprint,
                self.place,
            )
            if is_own and not submission.is_over and not (first and is_transient(first)):
                try:
                    now = await self.refreshed(submission)
                except GroqchatError as error:
                    first = first or error
            refreshed.append(now)
        return refreshed, first

    async def cancel(self, submission: Submission) -> Submission:
        """Cancel the parts that have not ended; those not submitted yet never will be.

        Raises:
            GroqchatError: The server cannot be asked; what was cancelled before that stays so.
        """
        for part in submission.parts:
            now = part
            if now.step is Step.CREATING:
                submitter = Submitter(self.server, self.store, self.clock)
                if remote := await submitter.found(now):
                    now = replace(with_remote(now, remote), step=Step.CREATED)
            if not now.is_created:
                cancelled = replace(now, status=BatchStatus.CANCELLED)
                await self.store.finish(cancelled, LineStatus.CANCELLED)
            elif now.batch_id is not None and not now.is_over:
                await self.store.save(with_remote(now, await self.server.cancel(now.batch_id)))
        return await self.store.find(submission.id) or submission

    @property
    def _collection(self) -> Collection:
        return Collection(self.server, self.store, self.clock, self.price_of)


def _digest(lines: Sequence[BatchLine], origin: str | None, fingerprint: str, place: str) -> str:
    """The name of a content: the same lines, sent to the same account for the same reason."""
    content = hashlib.sha256(f"{origin or ''}\n{fingerprint}\n{place}\n".encode())
    for line in lines:
        content.update(line.text.encode() + b"\n")
    return content.hexdigest()[:32]
