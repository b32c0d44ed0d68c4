"""Stand-ins for the floors beside the services: a clock to drive, a scripted provider, memories."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from decimal import Decimal

from groqchat.domain.errors.servers import GROQ
from groqchat.domain.ledger.entry import Recorded
from groqchat.domain.ledger.holds import CapUsage
from groqchat.domain.ledger.sums import Sums
from groqchat.domain.limits.quota import LeakyBucket, LimitKind, Reading, Source
from groqchat.domain.money.usage import Usage
from groqchat.domain.turns.chat import Accepted, Delta, Finished, ProviderEvent, Session
from groqchat.domain.turns.request import RequestMessage
from groqchat.domain.turns.request_copy import SentRequest
from groqchat.services.account.keys import MemoryKeyStore

START = 1_790_000_000.0


def said(*messages):
    """The messages of a request, from pairs of a role and a text."""
    return tuple(RequestMessage(role, text) for role, text in messages)


class FakeClock:
    """Time that moves only when told, or when somebody sleeps."""

    def __init__(self, start=START):
        self.time = start
        self.slept = []

    def now(self):
        return self.time

    def monotonic(self):
        return self.time

    def advance(self, seconds):
        self.time += seconds

    async def sleep(self, seconds):
        self.slept.append(seconds)
        self.time += seconds
        await asyncio.sleep(0)


class FakeProvider:
    """Plays one script a request: events are yielded, exceptions raised, callables called.

    What a callable returns is awaited if it is a coroutine and yielded if it is an event.
    """

    def __init__(self, *scripts, models=()):
        self.scripts = list(scripts)
        self.requests = []
        self.listed = models
        self.lists = 0
        self.is_closed = False

    async def stream(self, request):
        self.requests.append(request)
        for step in self.scripts.pop(0):
            if isinstance(step, BaseException):
                raise step
            made = step() if callable(step) else step
            if asyncio.iscoroutine(made):
                await made
            elif isinstance(made, ProviderEvent):
                yield made

    server = GROQ
    server_time = None

    def described(self, request):
        return SentRequest("http://server/chat", "", {"model": request.options.model})

    def prepare(self):
        """There is nothing to load."""

    async def models(self):
        self.lists += 1
        if isinstance(self.listed, BaseException):
            raise self.listed
        return self.listed

    async def close(self):
        self.is_closed = True


class MemoryStore:
    """Conversations in dictionaries, with a journal of what was written in which order."""

    def __init__(self):
        self.saved_sessions = {}
        self.charged = {}
        self.saved_messages = {}
        self.entries = []
        self.journal = []
        self.holds = {}

    async def create_session(self, session):
        self.journal.append(("create", session.id))
        self.saved_sessions[session.id] = session

    async def session(self, session_id):
        found = [s for s in self.saved_sessions if s.startswith(session_id)]
        exact = session_id if session_id in self.saved_sessions else None
        chosen = exact or (found[0] if len(found) == 1 else None)
        return self.saved_sessions.get(chosen)

    async def sessions(self, *, limit=100, offset=0):
        newest = sorted(self.saved_sessions.values(), key=lambda s: -s.updated)
        return newest[offset : offset + limit]

    async def update_session(self, session_id, **changes):
        self.saved_sessions[session_id] = replace(self.saved_sessions[session_id], **changes)

    async def delete_session(self, session_id, *, charged_to=None):
        self.saved_sessions.pop(session_id, None)
        self.charged[session_id] = charged_to

    async def add_message(self, message, session=None):
        if session is not None and session.id not in self.saved_sessions:
            await self.create_session(session)
        self.journal.append(("add", message.role.value, message.content))
        self.saved_messages[message.id] = message
        session = self.saved_sessions.get(message.session_id)
        if session:
            changed = replace(session, leaf_id=message.id, updated=message.created)
            self.saved_sessions[session.id] = changed

    async def add_copies(self, copies):
        for session, messages in copies:
            await self.create_session(session)
            for message in messages:
                await self.add_message(message)

    async def begin_answer(self, message, entry, begun=0):
        await self.add_message(message)

    async def checkpoint(self, message):
        self.journal.append(("checkpoint", message.content))
        self.saved_messages[message.id] = message

    async def finish(self, message, entry, *, is_new=False):
        if is_new:
            await self.add_message(message)
        self.journal.append(("finish", message.content))
        self.saved_messages[message.id] = message
        self.holds.pop(message.id, None)
        if entry is not None:
            self.entries.append(entry)

    async def path(self, leaf_id, *, limit=None):
        path, message = [], self.saved_messages.get(leaf_id)
        while message is not None and len(path) != limit:
            path.append(message)
            message = self.saved_messages.get(message.parent_id)
        return path[::-1]

    async def messages(self, ids):
        return {i: self.saved_messages[i] for i in ids if i in self.saved_messages}

    async def everything(self, session_id):
        return [m for m in self.saved_messages.values() if m.session_id == session_id]

    async def answers(self, session_id):
        return [m for m in await self.everything(session_id) if m.role == "assistant"]


class MemoryRecords:
    """How comparisons stand, in a dictionary."""

    def __init__(self):
        self.saved = {}

    async def save(self, record):
        self.saved[record.session_id] = record

    async def find(self, session_id):
        return self.saved.get(session_id)


class MemoryHeaderTimings:
    """What was learnt of endpoints, in a dictionary."""

    def __init__(self):
        self.known = {}
        self.doubts = {}

    async def header_timing(self, endpoint):
        return self.known.get(endpoint)

    async def save_header_timing(self, endpoint, header_timing):
        self.known[endpoint] = header_timing

    async def alternatives(self, endpoint, model):
        return self.doubts.get((endpoint, model))

    async def save_alternatives(self, endpoint, model, doubt):
        self.doubts[endpoint, model] = doubt


class MemoryLedger:
    """The record of requests, sharing the entries of a :class:`MemoryStore`."""

    def __init__(self, store=None):
        self.store = store or MemoryStore()
        self.pieces = {}

    async def kept(self, digests):
        return {digest: self.pieces[digest] for digest in digests if digest in self.pieces}

    async def forget(self, digests):
        for digest in digests:
            self.pieces.pop(digest, None)

    @property
    def entries(self):
        return self.store.entries

    async def version(self):
        return 0

    async def record(self, entry, *, held_for="", piece=None):
        self.entries.append(entry)
        if piece is not None:
            self.pieces[piece.digest] = piece
        await self.release(held_for)

    async def hold(self, hold, caps):
        for cap in caps:
            scope = cap.session_id
            spent = await self.spent(since=cap.since, until=cap.until, session_id=scope)
            held = [h.cost for h in self.store.holds.values() if scope in {None, h.session_id}]
            usage = CapUsage(cap, spent.cost, sum(held, Decimal(0)))
            if not usage.takes(hold.cost):
                return usage
        self.store.holds[hold.message_id] = hold
        return None

    async def release(self, message_id):
        self.store.holds.pop(message_id, None)

    async def since(self, time, *, fingerprint, model, profiles=(), provider=None, number=0):
        numbered = [replace(entry, number=n) for n, entry in enumerate(self.entries, 1)]
        chosen = [
            e
            for e in numbered
            if e.time >= time
            and e.number >= number
            and (e.model, e.provider) == (model, provider)
            and (e.fingerprint == fingerprint or e.profile in profiles)
        ]
        return Recorded(chosen, len(numbered))

    async def spent(self, *, since=0.0, until=None, session_id=None):
        chosen = [
            e
            for e in self.entries
            if since <= e.time < (until or float("inf"))
            and (session_id is None or e.session_id == session_id)
        ]
        return Sums(len(chosen), cost=sum((e.cost for e in chosen if e.cost), Decimal(0)))

    async def speeds(self):
        speeds = {}
        for entry in reversed(self.entries):
            timing = self.store.saved_messages[entry.message_id].timing
            speed = timing.tokens_per_second(entry.usage.completion_tokens)
            if speed is not None:
                speeds.setdefault(entry.model, []).append(speed)
        return speeds


class MemoryModelLists:
    """The last list of each account."""

    def __init__(self):
        self.lists = {}

    async def save_models(self, fingerprint, models, fetched):
        self.lists[fingerprint] = (tuple(models), fetched)

    async def models(self, fingerprint):
        return self.lists.get(fingerprint)


class BrokenKeyStore(MemoryKeyStore):
    """A keyring that gives and takes nothing."""

    def __init__(self, error):
        super().__init__()
        self.error = error

    async def key(self, profile):
        raise self.error

    async def store_key(self, profile, key):
        raise self.error


class MemoryProfiles:
    """What is known about stored keys, in a dictionary."""

    def __init__(self):
        self.known = {}

    async def profiles(self):
        return [self.known[name] for name in sorted(self.known)]

    async def save_profile(self, profile):
        self.known[profile.name] = profile

    async def remove_profile(self, name):
        self.known.pop(name, None)


def counter(prefix="id"):
    """A maker of ids: id1, id2, …"""
    numbers = iter(range(1, 1_000_000))
    return lambda: f"{prefix}{next(numbers)}"


def session(session_id="s1", at=START):
    """A session that is not in any store yet."""
    return Session(session_id, "", at, at)


def reading(at=START, *, rpd=(1000, 999), tpm=(8000, 7900)):
    """What headers say: (limit, remaining) of requests per day and tokens per minute."""
    told = ((LimitKind.RPD, rpd), (LimitKind.TPM, tpm))
    buckets = [
        LeakyBucket(kind, pair[0], pair[0] - pair[1], at, Source.HEADER)
        for kind, pair in told
        if pair
    ]
    return Reading(at, tuple(buckets))


def accepted(**told):
    """The head of an answer."""
    return Accepted("req_1", reading(**told))


FEW = Usage(10, 0, 5)


def answer(*texts, usage=FEW, reason="stop", head=None):
    """The script of an answer that goes well."""
    return [head or accepted(), *map(Delta, texts), Finished(reason, usage, "on_demand", "req_1")]
