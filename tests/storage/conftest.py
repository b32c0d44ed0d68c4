"""Databases in files of their own, and what is put into them."""

import pytest

from groqchat.domain.ledger.entry import LedgerEntry
from groqchat.domain.turns.chat import Message, Role, Session, State
from groqchat.storage.database.database import Database
from groqchat.storage.database.ledger import Ledger
from groqchat.storage.database.sessions import Sessions
from tests.fakes import START


@pytest.fixture
def path(tmp_path):
    """Where the database of this test is, or will be."""
    return tmp_path / "data" / "groqchat.db"


@pytest.fixture
def notices():
    """What the user is told."""
    return []


@pytest.fixture
async def database(path, notices):
    """The database; closed at the end."""
    database = Database(path, notices.append)
    yield database
    await database.close()


@pytest.fixture
def store(database):
    """Conversations in that database."""
    return Sessions(database)


@pytest.fixture
def ledger(database):
    """The record of requests in that database."""
    return Ledger(database)


def session(session_id="s1", at=START, **known):
    """A session."""
    return Session(session_id, known.pop("title", "A title"), at, at, **known)


def prompt(message_id, parent_id=None, content="a question", session_id="s1", at=START):
    """A prompt."""
    return Message(message_id, session_id, parent_id, Role.USER, content, at)


def reply(message_id, parent_id, content="an answer", session_id="s1", at=START, **known):
    """An answer."""
    known.setdefault("state", State.COMPLETE)
    return Message(message_id, session_id, parent_id, Role.ASSISTANT, content, at, **known)


def entry(at=START, **known):
    """A ledger entry."""
    known = {"profile": "default", "fingerprint": "f", "model": "m", "outcome": "ok"} | known
    return LedgerEntry(time=at, **known)
