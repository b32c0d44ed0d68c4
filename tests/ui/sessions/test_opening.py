"""When the list of sessions is read."""

from types import SimpleNamespace

import pytest

from groqchat.ui.sessions import opening
from groqchat.ui.sessions.opening import SessionListing


class Store:
    def __init__(self):
        self.reads = 0

    async def sessions(self, *, limit, pinned_first):
        self.reads += 1
        return []

    async def unseen_ends(self):
        return {}


@pytest.fixture
def listing(monkeypatch):
    monkeypatch.setattr(opening, "LATER_S", 0.0)
    turns = SimpleNamespace(of=lambda _: None, running=())
    conversation = SimpleNamespace(session=SimpleNamespace(id="s1"), turns=turns)
    shown = SimpleNamespace(show=lambda *_, **__: None)
    told = {"is_seen": lambda: True, "notify": print, "now": lambda: 0.0}
    return SessionListing(Store(), shown, conversation, shown, **told)


async def test_a_list_that_is_wanted_soon_is_read(listing):
    await listing.refresh_soon()
    assert listing._store.reads == 1


async def test_a_list_that_was_read_meanwhile_is_not_read_again(listing):
    soon = listing.refresh_soon()
    waiting = soon.send(None)
    await listing.refresh()
    with pytest.raises(StopIteration):
        soon.send(None)
    assert waiting is None
    assert listing._store.reads == 1
