"""Protocols of what the services need from the layers beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from groqchat.domain.sessions.shelf import Shelf
from groqchat.services.end_store import EndStore
from groqchat.services.images.ports import ImageStore

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence

    from groqchat.domain.audio.kept import KeptPiece
    from groqchat.domain.batch.results import LineResult
    from groqchat.domain.batch.submission import RemoteBatch
    from groqchat.domain.errors.servers import Server
    from groqchat.domain.ledger.entry import LedgerEntry, Recorded
    from groqchat.domain.ledger.holds import Cap, CapUsage, Hold, Overtaken
    from groqchat.domain.ledger.sums import Grouping, Share, Sums
    from groqchat.domain.limits.header_timing import HeaderTiming
    from groqchat.domain.models.catalog import LiveModel
    from groqchat.domain.sessions.archive import Added, Archive
    from groqchat.domain.sessions.deletion import Deletion, Refusal, Restored
    from groqchat.domain.sessions.prompt_queue import QueuedPrompt
    from groqchat.domain.sessions.queries import Query
    from groqchat.domain.sessions.summaries import Hit, Outline
    from groqchat.domain.turns.chat import Message, ProviderEvent, Session
    from groqchat.domain.turns.request import ChatRequest
    from groqchat.domain.turns.request_copy import SentRequest


class Clock(Protocol):
    """A clock; tests use one whose time they set."""

    def now(self) -> float:
        """The Unix time in seconds."""

    def monotonic(self) -> float:
        """A time in seconds that never runs backward, for measuring."""

    async def sleep(self, seconds: float) -> None:
        """Wait for a number of seconds; cancellable."""


class ChatProvider(Protocol):
    """A server that answers prompts.

    Every method raises only :class:`~groqchat.domain.errors.tree.GroqchatError`.
    """

    def stream(self, request: ChatRequest) -> AsyncGenerator[ProviderEvent, None]:
        """Send one request, once, and yield what comes back; ``Accepted`` first, ``Finished`` last.

        Headers of a refusal travel on the error as ``error.facts.reading`` where they held limits.
        """

    @property
    def server(self) -> Server:
        """The server, as sentences name it."""

    def described(self, request: ChatRequest) -> SentRequest:
        """A request as it is sent, with its address."""

    async def models(self) -> Sequence[LiveModel]:
        """The account's own list of models; costs no tokens."""

    async def close(self) -> None:
        """Close the connections."""


class BatchServer(Protocol):
    """The Batch API of an account. Every call sends once and raises only ``GroqchatError``."""

    async def upload(self, name: str, content: bytes) -> str:
        """Upload the file of a batch; returns its id."""

    async def uploaded(self, name: str) -> str | None:
        """The id of the uploaded file of a name; None where there is none."""

    async def create(self, file_id: str, window: str) -> RemoteBatch:
        """Create the batch of an uploaded file."""

    async def created_from(self, file_id: str) -> RemoteBatch | None:
        """The batch that was created of a file; None where there is none."""

    async def retrieve(self, batch_id: str) -> RemoteBatch:
        """A batch as it stands now."""

    async def cancel(self, batch_id: str) -> RemoteBatch:
        """Cancel a batch; one that has ended does not change."""

    def results(self, file_id: str) -> AsyncGenerator[LineResult, None]:
        """The results in an output or error file, as they are downloaded."""


class SessionStore(ImageStore, EndStore, Protocol):
    """The stored conversations. Every call may raise ``StorageError``."""

    async def create_session(self, session: Session) -> None:
        """Add a session."""

    async def session(self, session_id: str) -> Session | None:
        """One session with its sums, by its id or a unique beginning of it."""

    async def sessions(
        self,
        *,
        limit: int = 100,
        offset: int = 0,
        shelf: Shelf = Shelf.LISTED,
        pinned_first: bool = False,
    ) -> Sequence[Session]:
        """The sessions of a shelf, the last used first; of the bin none."""

    async def matching(
        self, query: Query, *, limit: int = 100, pinned_first: bool = False
    ) -> Sequence[Session]:
        """The sessions whose title or messages match a query, the last used first.

        Those that are listed, unless the query names another shelf.
        """

    async def ids_beside(self, session_ids: Sequence[str]) -> Sequence[tuple[str, str]]:
        """Each id paired with those of all sessions that are next to it in alphabetical order."""

    async def update_session(self, session_id: str, **changes: object) -> None:
        """Change the ``title``, ``leaf_id``, ``updated``, labels or options of a session.

        The labels are ``is_pinned``, ``is_archived`` and ``tags``, a tuple.
        """

    async def delete_session(self, session_id: str, *, charged_to: str | None = None) -> None:
        """Remove a session and all words about it; its ledger entries and votes stay.

        Args:
            session_id: The session.
            charged_to: The session in which its cost counts from now on; None leaves the ledger
                as it is.
        """

    async def delete_sessions(self, session_ids: Sequence[str]) -> None:
        """Remove sessions like ``delete_session``, all or none."""

    async def add_message(self, message: Message, session: Session | None = None) -> None:
        """Add a message as the leaf of its session, and first the session if it is not there."""

    async def add_copies(self, copies: Iterable[tuple[Session, Sequence[Message]]]) -> None:
        """Add sessions with copied messages, all or none; the costs stay with the originals."""

    async def archive(self, session_id: str) -> Archive | None:
        """A session with all that belongs to it, by its whole id."""

    async def add_archives(self, added: Sequence[Archive]) -> Sequence[Added]:
        """Add sessions with all that belongs to them, all or none; existing sessions stay.

        A session that an interrupted import has added in part is completed.
        """

    async def begin_answer(self, message: Message, entry: LedgerEntry, begun: int = 0) -> None:
        """Add a growing answer, with the ledger entry to be booked if this process dies.

        Args:
            message: The answer so far.
            entry: The entry, without the tokens of the answer.
            begun: The number of its characters that an earlier answer had, which it continues.
        """

    async def checkpoint(self, message: Message) -> None:
        """Save a streaming answer so far."""

    async def finish(
        self, message: Message, entry: LedgerEntry | None, *, is_new: bool = False
    ) -> None:
        """Save the final form of an answer and its ledger entry in one transaction.

        Args:
            message: The answer.
            entry: Its entry; None where it is recorded elsewhere.
            is_new: Whether it was not begun, so that it becomes the leaf of its session now.
        """

    async def path(self, leaf_id: str, *, limit: int | None = None) -> Sequence[Message]:
        """The branch from the first message to this one; with a limit, only its last messages."""

    async def outline(self, leaf_id: str) -> Outline:
        """The branch down to a leaf without texts, for showing long sessions."""

    async def messages(self, ids: Iterable[str]) -> Mapping[str, Message]:
        """Whole messages by id."""

    async def everything(self, session_id: str) -> Sequence[Message]:
        """All messages of a session in all branches, oldest first, complete or not."""

    async def answers(self, session_id: str) -> Sequence[Message]:
        """All answers of a session in all branches, oldest first, complete or not."""

    async def siblings(self, message_id: str) -> Sequence[str]:
        """The ids of all versions of a message, itself included, oldest first."""

    async def leaf_below(self, message_id: str) -> str:
        """The newest leaf under a message, at which the branch through it ends."""

    async def occurrences(self, leaf_id: str, text: str) -> Mapping[str, int]:
        """The number of occurrences of a text in the messages of a branch, by message id."""

    async def search(self, query: str, *, limit: int = 50, offset: int = 0) -> Sequence[Hit]:
        """The messages that match a query, the best first; raises ``QueryError``."""


class Bin(Protocol):
    """What was deleted within 30 days. Every call may raise ``StorageError``."""

    async def put(self, session_ids: Sequence[str]) -> None:
        """Put sessions into the bin, all or none."""

    async def restore(self, session_ids: Sequence[str]) -> None:
        """Take sessions out of the bin as they were, all or none."""

    async def sessions(self, *, limit: int = -1) -> Sequence[Session]:
        """The sessions in the bin, the last deleted first; -1 is no limit."""

    async def found(self, name: str) -> Sequence[str]:
        """The ids in the bin that begin with a text, two at most; a whole id stands alone."""

    async def put_messages(self, message_id: str, *, with_branch: bool) -> Deletion | Refusal:
        """Delete a message, or one with all that follows it; the reason where that cannot be.

        What follows one message is joined to the message before it. The ledger stays, and so does
        the cost of the session.
        """

    async def restore_messages(self, session_id: str) -> Restored | None:
        """Bring back what was deleted last of a session, as it was; None: there is nothing."""

    async def remove_old(self) -> int:
        """Remove what has been there for 30 days; returns the number of removed sessions."""


class PromptQueueStore(Protocol):
    """The stored queues of prompts. Every call may raise ``StorageError``."""

    async def queued(self, session_id: str) -> Sequence[QueuedPrompt]:
        """The queued prompts of a session, the next one first."""

    async def waiting(self) -> Sequence[tuple[str, int]]:
        """The sessions with queued prompts, and how many."""

    async def queue(self, prompt: QueuedPrompt) -> Sequence[QueuedPrompt]:
        """Queue a prompt, in the place of the session's draft; returns all of the session."""

    async def take_back(self, prompts: Sequence[QueuedPrompt]) -> Sequence[QueuedPrompt]:
        """Take prompts of one session out of its queue; their texts become its draft.

        Returns those that were still there.
        """

    async def send(self, message: Message) -> bool:
        """Make a queued prompt a message, in one transaction; returns whether it was there."""


class Ledger(Protocol):
    """The recorded requests of this machine."""

    async def record(
        self, entry: LedgerEntry, *, held_for: str = "", piece: KeptPiece | None = None
    ) -> None:
        """Add an entry without a saved answer, and end the hold of its request.

        ``held_for`` is the id of the answer that the request was sent for, ``piece`` a transcript
        that is kept with the entry.
        """

    async def hold(self, hold: Hold, caps: Sequence[Cap]) -> CapUsage | Overtaken | None:
        """Hold the expected cost of a request, or return the first cap that is too small.

        Its claim is held as well, unless others have changed what it was found to fit on. What
        other requests under way hold, of all processes, counts like what was spent, and so
        does what batches under way will probably cost, but in no session's budget. The hold
        for an answer ends when the answer is finished.
        """

    async def release(self, message_id: str) -> None:
        """End the hold of a request that was not sent."""

    async def since(
        self,
        time: float,
        *,
        fingerprint: str,
        model: str,
        profiles: Iterable[str] = (),
        provider: str | None = None,
        number: int = 0,
    ) -> Recorded:
        """The requests of a key, or of any of some profiles, to a model since a time.

        ``provider`` names another vendor's endpoint, whose limits are its own; None is Groq. Lines
        of batches are left out, since they count against no limit. With a ``number``, only entries
        from this one on are read. What other processes have under way is told too.
        """

    async def version(self) -> int:
        """A number that changes when another process has written."""

    async def spent(
        self, *, since: float = 0.0, until: float | None = None, session_id: str | None = None
    ) -> Sums:
        """The sums since a time, optionally until another time or of one session only.

        Without an end, entries that were written while a clock was ahead count too.
        """

    async def by(
        self,
        grouping: Grouping,
        *,
        since: float = 0.0,
        until: float | None = None,
        limit: int = -1,
    ) -> Sequence[Share]:
        """The sums of a time for each model, day, session or profile, in their order.

        ``limit`` is the most days or sessions, the newest; -1 is no limit.
        """

    async def speeds(self) -> Mapping[str, Sequence[float]]:
        """The tokens per second of recent stored answers, by model."""


class HeaderTimingStore(Protocol):
    """The learnt timing of endpoints' headers. Every call may raise ``StorageError``."""

    async def header_timing(self, endpoint: str) -> HeaderTiming | None:
        """The timing of the headers of an endpoint; None: it is not known."""

    async def save_header_timing(self, endpoint: str, header_timing: HeaderTiming) -> None:
        """Store a timing; it replaces an earlier one."""

    async def alternatives(self, endpoint: str, model: str) -> str | None:
        """The possible limits of a model, as stored while the timing was not known."""

    async def save_alternatives(self, endpoint: str, model: str, alternatives: str) -> None:
        """Store the possible limits; they replace earlier ones."""
