"""What the services need from the floors beside them, stated as protocols."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence

    from groqchat.domain.errors.servers import Server
    from groqchat.domain.ledger.entry import LedgerEntry
    from groqchat.domain.ledger.holds import Cap, Hold, Room
    from groqchat.domain.ledger.sums import Grouping, Share, Sums
    from groqchat.domain.limits.header_timing import HeaderTiming
    from groqchat.domain.models.catalog import LiveModel
    from groqchat.domain.sessions.archive import Added, Archive
    from groqchat.domain.sessions.summaries import Hit, Outline
    from groqchat.domain.turns.chat import ChatRequest, Message, ProviderEvent, Session


class Clock(Protocol):
    """Time, so that tests can drive it."""

    def now(self) -> float:
        """The Unix time in seconds."""

    def monotonic(self) -> float:
        """A time in seconds that never runs backward, for measuring."""

    async def sleep(self, seconds: float) -> None:
        """Wait; cancellable."""


class ChatProvider(Protocol):
    """Whoever answers prompts. Raises only :class:`~groqchat.domain.errors.tree.GroqchatError`."""

    def stream(self, request: ChatRequest) -> AsyncGenerator[ProviderEvent, None]:
        """Send one request, once, and yield what comes back; ``Accepted`` first, ``Finished`` last.

        Headers of a refusal travel on the error as ``error.facts.reading`` where they held limits.
        """

    @property
    def server(self) -> Server:
        """Whose it is, for sentences."""

    async def models(self) -> Sequence[LiveModel]:
        """The account's own list of models; costs no tokens."""

    async def close(self) -> None:
        """Give up the connections."""


class SessionStore(Protocol):
    """Where conversations live. Every call may raise ``StorageError``."""

    async def create_session(self, session: Session) -> None:
        """Add a session."""

    async def session(self, session_id: str) -> Session | None:
        """One session with its sums, by its id or a unique beginning of it."""

    async def sessions(self, *, limit: int = 100, offset: int = 0) -> Sequence[Session]:
        """Sessions, the last used first."""

    async def update_session(self, session_id: str, **changes: object) -> None:
        """Change ``title``, ``leaf_id``, ``updated``, or what it is asked with."""

    async def delete_session(self, session_id: str) -> None:
        """Remove a session and all words about it; its ledger entries and votes stay."""

    async def add_message(self, message: Message, session: Session | None = None) -> None:
        """Add a message and make it its session's leaf; with it the session, where that is new."""

    async def add_copies(self, copies: Iterable[tuple[Session, Sequence[Message]]]) -> None:
        """Add sessions with messages that were said elsewhere, where their cost counts; or none."""

    async def archive(self, session_id: str) -> Archive | None:
        """A session with all that belongs to it, by its whole id."""

    async def add_archive(self, archive: Archive) -> Added:
        """Add a session with all that belongs to it, or nothing; one that is there stays.

        What an import that was interrupted has left of it is completed.
        """

    async def begin_answer(self, message: Message, entry: LedgerEntry, begun: int = 0) -> None:
        """Add an answer that grows, with what it is booked as where this process dies over it.

        Args:
            message: As far as it has come.
            entry: Without the tokens that the answer takes.
            begun: So many of its characters were there before, where an answer is continued.
        """

    async def checkpoint(self, message: Message) -> None:
        """Write how far a streaming answer has come."""

    async def finish(self, message: Message, entry: LedgerEntry | None) -> None:
        """Write an answer's final form and its ledger entry in one transaction."""

    async def path(self, leaf_id: str, *, limit: int | None = None) -> Sequence[Message]:
        """The branch from the first message to this one, whole; of its end at most so many."""

    async def outline(self, leaf_id: str) -> Outline:
        """The branch down to a leaf, without texts, for showing long sessions."""

    async def messages(self, ids: Iterable[str]) -> Mapping[str, Message]:
        """Whole messages by id."""

    async def everything(self, session_id: str) -> Sequence[Message]:
        """All messages of a session, of every branch, oldest first, whole or not."""

    async def answers(self, session_id: str) -> Sequence[Message]:
        """The answers among them."""

    async def siblings(self, message_id: str) -> Sequence[str]:
        """The ids of all versions of a message, oldest first, itself included."""

    async def leaf_below(self, message_id: str) -> str:
        """The newest leaf under a message: where the branch through it ends."""

    async def occurrences(self, leaf_id: str, text: str) -> Mapping[str, int]:
        """How often what is looked for stands in the messages of a branch; by their ids."""

    async def search(self, query: str, *, limit: int = 50, offset: int = 0) -> Sequence[Hit]:
        """Full-text search over all messages."""


class Ledger(Protocol):
    """Our own record of requests."""

    async def record(self, entry: LedgerEntry, *, held_for: str = "") -> None:
        """Add an entry that belongs to no saved answer, in the place of what was held for it.

        ``held_for`` is the id of the answer that the request was sent for.
        """

    async def hold(self, hold: Hold, caps: Sequence[Cap]) -> Room | None:
        """Set aside what a request may cost, if it fits into all caps; else say which is full.

        What other requests under way hold, of all processes, counts like what was spent. What is
        held for an answer ends when the answer is finished.
        """

    async def release(self, message_id: str) -> None:
        """Set nothing aside any more for a request that was not sent."""

    async def since(
        self,
        time: float,
        *,
        fingerprint: str,
        model: str,
        profiles: Iterable[str] = (),
        provider: str | None = None,
    ) -> Sequence[LedgerEntry]:
        """Requests of a key, or of any of some profiles, to a model since a time, oldest first.

        ``provider`` names another vendor's endpoint, whose limits are its own; None is Groq.
        """

    async def spent(
        self, *, since: float = 0.0, until: float | None = None, session_id: str | None = None
    ) -> Sums:
        """Sums from a time on, up to another where one is given, or over one session.

        Without an end, what was written while a clock was ahead counts as well.
        """

    async def by(
        self, grouping: Grouping, *, since: float = 0.0, until: float | None = None
    ) -> Sequence[Share]:
        """Sums over a time for each model, day, session or profile, in the order of these."""

    async def speeds(self) -> Mapping[str, Sequence[float]]:
        """By model, the tokens per second of its recent answers that are still kept."""


class HeaderTimingStore(Protocol):
    """What was learnt of endpoints. Every call may raise ``StorageError``."""

    async def header_timing(self, endpoint: str) -> HeaderTiming | None:
        """What an endpoint's headers count, if that is known."""

    async def save_header_timing(self, endpoint: str, header_timing: HeaderTiming) -> None:
        """Remember it; it replaces what was known before."""

    async def alternatives(self, endpoint: str, model: str) -> str | None:
        """The limits of a model as stored while the timing of headers was not known."""

    async def save_alternatives(self, endpoint: str, model: str, alternatives: str) -> None:
        """Keep it; it replaces what was kept before."""
