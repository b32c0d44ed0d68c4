"""Calls to the team's server: each one transaction, on a thread of its own."""

from __future__ import annotations

from contextlib import nullcontext
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from groqchat.domain.errors.table import failure
from groqchat.domain.errors.tree import GroqchatError
from groqchat.team.thread import TeamThread

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from groqchat.domain.text.secret import Secret
    from groqchat.team.connecting import BoundedConnection

T = TypeVar("T")


class TeamCalls:
    """One thread with one connection, opened at the first use.

    Args:
        url: The address.
        password_of: Finds the password; None where there is none.
        install: Gives the command that installs a package.
    """

    def __init__(
        self,
        url: str,
        password_of: Callable[[], Awaitable[Secret | None]],
        install: Callable[[str], str],
    ) -> None:
        self._url = url
        self._password_of = password_of
        self._install = install
        self._password: Secret | None = None
        self._is_password_known = False
        self._thread = TeamThread()
        self._connection: BoundedConnection | None = None

    async def run(
        self, work: Callable[[BoundedConnection], T], now: float, *, is_checked: bool = True
    ) -> T:
        """The result of work in one transaction; what was done before a break is done again.

        Args:
            work: The work.
            now: The Unix time.
            is_checked: Whether the tables have to be of this version.

        Raises:
            GroqchatError: The server cannot be used.
        """
        if not self._is_password_known:
            self._password, self._is_password_known = await self._password_of(), True
        return await self._thread.submit(partial(self._perform, work, now, is_checked=is_checked))

    def close(self) -> None:
        """Close the connection; nothing is waited for."""
        self._thread.submit(self._disconnect)
        self._thread.close()

    # -- on the thread ------------------------------------------------------------------------

    def _perform(
        self, work: Callable[[BoundedConnection], T], now: float, *, is_checked: bool
    ) -> T:
        """Do the work, on a new connection where the last one has broken."""
        is_used = self._connection is not None
        try:
            return self._tried(work, now, is_checked=is_checked)
        except GroqchatError as error:
            if error.cause.name == "team_busy":  # the connection is as good as before
                raise
            self._disconnect()
            # A server that was started again is known from the first use alone. Whatever was done
            # there before may be done again: it counts once.
            if is_used and error.cause.name == "team_unreachable":
                return self._tried(work, now, is_checked=is_checked)
            raise

    def _tried(self, work: Callable[[BoundedConnection], T], now: float, *, is_checked: bool) -> T:
        try:
            import psycopg  # noqa: F401 - its absence is told here
        except ImportError:
            raise failure("team_driver", detail=self._install("psycopg[binary]>=3.3,<4")) from None
        from psycopg import Error

        from groqchat.team.connecting import query_error

        try:
            db = self._connected(now, is_checked=is_checked)
            # What is not read goes out with what follows: the end of the transaction too, so that
            # a place is locked for one way there and back. New tables are waited for one by one.
            with db.pipeline() if is_checked else nullcontext(), db.transaction():
                return work(db)
        except Error as error:
            raise query_error(error) from None

    def _connected(self, now: float, *, is_checked: bool) -> BoundedConnection:
        if self._connection is None:
            from groqchat.team.connecting import connect
            from groqchat.team.schema import check, version

            self._connection = connect(self._url, self._password)
            if is_checked:
                check(version(self._connection))
                self._connection.execute("SELECT groqchat.enter(%s)", (now,))
        return self._connection

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
