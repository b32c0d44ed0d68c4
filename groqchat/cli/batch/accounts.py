"""What the commands of batches share: the account, one batch by its id, and following it."""

from __future__ import annotations

from contextlib import aclosing, asynccontextmanager
from typing import TYPE_CHECKING

from groqchat.cli.arguments import used_key
from groqchat.cli.batch.words import report
from groqchat.cli.failures import MisuseError
from groqchat.cli.output import DIM, YELLOW, draws_bars, narrate
from groqchat.cli.work_bar import work_bar
from groqchat.domain.batch.words import answered_words

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from groqchat.bootstrap import LocalServices
    from groqchat.domain.batch.submission import Submission
    from groqchat.services.account.connection import Connection
    from groqchat.services.batch.batches import Batches


@asynccontextmanager
async def account(services: LocalServices) -> AsyncGenerator[tuple[Connection, Batches], None]:
    """The account whose key is used, and its batches.

    Raises:
        NoKeyError: There is no key.
    """
    connection = services.connect(await used_key(services))
    try:
        await connection.models.recall()
        yield connection, services.batches(connection)
    finally:
        await connection.close()


async def found_submission(services: LocalServices, name: str) -> Submission:
    """The submission of an id.

    Raises:
        MisuseError: There is none, or the beginning fits several.
    """
    submission = await services.batch_records().find(name) if name else None
    if submission is None:
        raise MisuseError(
            f"there is no batch {name!r} of this machine, or several begin so; "
            "see `groqchat batch list`"
        )
    return submission


def check_account(batches: Batches, submission: Submission) -> None:
    """Refuse to ask an account for a batch of another one.

    Raises:
        MisuseError: The batch was submitted with another key, or to another server.
    """
    if submission.place != batches.place:
        raise MisuseError(
            f"{submission.shown_id} was submitted to {submission.place}, not to {batches.place}"
        )
    if submission.fingerprint != batches.account.fingerprint:
        raise MisuseError(
            f"{submission.shown_id} was submitted with the key of the profile "
            f"{submission.profile}; use it with --profile {submission.profile}"
        )


async def current(services: LocalServices, name: str, *, wait: bool) -> Submission:
    """The submission of an id as it stands now; what is ready is collected.

    Args:
        services: The services.
        name: The id.
        wait: Whether to follow it to its end.
    """
    submission = await found_submission(services, name)
    if submission.is_over:
        return submission
    async with account(services) as (_, batches):
        check_account(batches, submission)
        return await follow(batches, submission) if wait else await batches.refreshed(submission)


async def follow(batches: Batches, submission: Submission) -> Submission:
    """Follow a submission to its end, with a bar on a terminal and lines elsewhere."""
    said = ""
    with work_bar(submission.name, "lines") as show:
        async with aclosing(batches.follow(submission)) as events:
            async for followed in events:
                submission = followed.submission
                show(submission.completed + submission.failed, submission.total)
                words = f"{submission.status}: {answered_words(submission)}"
                if followed.error is not None:
                    beside_bar(f"{followed.error.message} It is asked again in a moment.", YELLOW)
                elif words != said and not draws_bars():
                    report(words, DIM)
                    said = words
    return submission


def beside_bar(words: str, style: str) -> None:
    """Print a line on stderr, below the bar if one is drawn."""
    below = "\n" if draws_bars() else ""
    narrate(f"{below}groqchat: {words}", style)
