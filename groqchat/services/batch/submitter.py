"""Submits the parts of a batch, each exactly once, also after a crash or a lost connection.

Every step is written down before it is taken. Where one may have been taken without an answer,
the server is asked what it has before anything is sent again: files are known by their names, and
batches by their files.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from groqchat.domain.batch.submission import Step
from groqchat.domain.errors.cause import ErrorKind
from groqchat.domain.errors.tree import GroqchatError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from groqchat.domain.batch.submission import Part, RemoteBatch, Submission
    from groqchat.services.batch.ports import BatchStore
    from groqchat.services.ports import BatchServer, Clock

# A batch may be in the server's list only a while after its creation was asked for: a large file
# is read first. It is looked for again after each of these waits in seconds, a minute in all.
SETTLE_S = (2.0, 3.0, 5.0, 10.0, 20.0, 20.0)
ATTEMPTS = 6
_FIRST_WAIT_S, _LONGEST_WAIT_S = 2.0, 60.0
# What a server answers that has no such path.
_NOT_OFFERED = frozenset({404, 405, 501})
_TRANSIENT = frozenset(
    {ErrorKind.UNREACHABLE, ErrorKind.SERVICE_ERROR, ErrorKind.RATE_LIMITED, ErrorKind.TIER_FULL}
)


def is_transient(error: GroqchatError) -> bool:
    """Whether the same request may succeed a little later."""
    return error.kind in _TRANSIENT


def wait_after(error: GroqchatError, attempt: int) -> float:
    """The seconds to wait after a failed attempt, counted from 1."""
    usual = min(_LONGEST_WAIT_S, _FIRST_WAIT_S * 2.0 ** (attempt - 1))
    return max(float(usual), error.facts.retry_after_s or 0.0)


def with_remote(part: Part, remote: RemoteBatch) -> Part:
    """A part with what the server tells of its batch."""
    return replace(
        part,
        batch_id=remote.id,
        status=remote.status,
        completed=remote.completed,
        failed=remote.failed,
        output_file_id=remote.output_file_id,
        error_file_id=remote.error_file_id,
        ended=remote.ended,
        problem="; ".join(remote.errors),
    )


@dataclass(frozen=True, slots=True)
class Delayed:
    """A step failed and is tried again after ``wait`` seconds."""

    error: GroqchatError
    wait: float


@dataclass(frozen=True, slots=True)
class Submitter:
    """Sends the parts of submissions to the server.

    Args:
        server: The Batch API.
        store: The submissions of this machine.
        clock: Time.
    """

    server: BatchServer
    store: BatchStore
    clock: Clock

    async def submit(self, submission: Submission) -> AsyncGenerator[Part | Delayed, None]:
        """Submit the parts that the server does not have yet, and yield each after every step.

        Raises:
            GroqchatError: The server refuses, or is not reached again and again; what it has is
                stored, and the next call goes on from there.
        """
        for part in submission.parts:
            now, attempt = part, 1
            while not now.is_created:
                try:
                    now = await self._next(submission, now)
                except GroqchatError as error:
                    if not is_transient(error):
                        await self._step_back(now)
                        raise
                    if attempt == ATTEMPTS:
                        raise
                    wait = wait_after(error, attempt)
                    yield Delayed(error, wait)
                    await self.clock.sleep(wait)
                    attempt += 1
                    now = await self._stored(now)
                else:
                    yield now

    async def _next(self, submission: Submission, part: Part) -> Part:
        """The part after its next step."""
        match part.step:
            case Step.PLANNED:
                content = (await self.store.part_text(submission.id, part.number)).encode()
                await self.store.save(replace(part, step=Step.UPLOADING))
                file_id = await self.server.upload(part.file_name, content)
                return await self._saved(replace(part, step=Step.UPLOADED, file_id=file_id))
            case Step.UPLOADING:
                found = await self._uploaded(part)
                step = Step.UPLOADED if found else Step.PLANNED
                return await self._saved(replace(part, step=step, file_id=found))
            case Step.UPLOADED:
                await self.store.save(replace(part, step=Step.CREATING))
                remote = await self.server.create(part.file_id or "", submission.window)
                return await self._saved(self._created(part, remote))
            case _:
                remote_or_none = await self.found(part)
                if remote_or_none is None:
                    return await self._saved(replace(part, step=Step.UPLOADED))
                return await self._saved(self._created(part, remote_or_none))

    async def _uploaded(self, part: Part) -> str | None:
        """The id of the file whose upload was begun; None if it has to be uploaded again.

        A file costs nothing, so that a server that cannot list its files gets another one.
        """
        try:
            return await self.server.uploaded(part.file_name)
        except GroqchatError as error:
            if error.facts.status in _NOT_OFFERED:
                return None
            raise

    async def found(self, part: Part) -> RemoteBatch | None:
        """The batch of a part whose creation was begun; None if the server has none.

        Another one would be paid too, so that it is looked for again and again before that.
        """
        file_id = part.file_id or ""
        remote = await self.server.created_from(file_id)
        for wait in SETTLE_S:
            if remote is not None:
                break
            await self.clock.sleep(wait)
            remote = await self.server.created_from(file_id)
        return remote

    def _created(self, part: Part, remote: RemoteBatch) -> Part:
        return replace(with_remote(part, remote), step=Step.CREATED)

    async def _saved(self, part: Part) -> Part:
        await self.store.save(part)
        return part

    async def _stored(self, part: Part) -> Part:
        """The part as it was written down, which may be a step further."""
        submission = await self.store.find(part.submission_id)
        stored = (
            [each for each in submission.parts if each.number == part.number] if submission else []
        )
        return stored[0] if stored else part

    async def _step_back(self, part: Part) -> None:
        """Note that the server has refused a step, so that nothing of it is under way."""
        stored = await self._stored(part)
        before = {Step.UPLOADING: Step.PLANNED, Step.CREATING: Step.UPLOADED}
        if stored.step in before and part.step is before[stored.step]:
            await self.store.save(replace(stored, step=before[stored.step]))
