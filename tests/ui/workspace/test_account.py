"""The wait for a key, without a screen."""

import asyncio
from types import SimpleNamespace

import pytest

from groqchat.storage.catalog import load_catalog
from groqchat.ui.workspace import account as module
from groqchat.ui.workspace.account import NO_KEY, Account


class Desk:
    """An account, the notices about it, the words of the composer, and the searches for a key."""

    def __init__(self, asked=""):
        self.invitations, self.notices, self.searches = [], asyncio.Queue(), asyncio.Queue()
        self.services = SimpleNamespace(
            keys=SimpleNamespace(asked=asked),
            catalog=load_catalog(),
            connect=lambda key: SimpleNamespace(key=key, models=SimpleNamespace(catalog="own")),
        )
        self.account = Account(
            self.services,
            lambda text, **_: self.notices.put_nowait(text),
            lambda *words: self.invitations.append(words),
            lambda: self.searches.put_nowait(True),
            self._has_model_id,
        )
        self.has_model_id = True

    async def _has_model_id(self, _):
        return self.has_model_id


@pytest.fixture(autouse=True)
def soon(monkeypatch):
    monkeypatch.setattr(module, "SOON_S", 0)


async def test_a_connection_ends_the_wait_and_brings_its_models():
    desk = Desk()
    waiting = asyncio.create_task(desk.account.ready("the comparison opens"))
    assert await desk.notices.get() == "Still starting; the comparison opens in a moment."
    assert desk.account.catalog is desk.services.catalog
    connection = desk.account.connect("a key")
    assert await waiting is connection is desk.account.connection
    assert (desk.account.catalog, desk.invitations) == ("own", [()])


async def test_a_wait_for_a_keyring_names_it():
    desk = Desk(asked="KWallet")
    waiting = asyncio.create_task(desk.account.ready("the prompt is sent"))
    said = await desk.notices.get()
    assert said.startswith("Waiting for a key from KWallet; the prompt is sent")
    desk.account.connect("a key")
    await waiting


async def test_without_a_key_the_next_request_asks_for_one_again():
    desk = Desk()
    desk.account.keyless()
    assert desk.invitations == [(NO_KEY,)]
    waiting = asyncio.create_task(desk.account.ready("the prompt is sent"))
    await desk.searches.get()
    desk.account.keyless()
    assert await waiting is None
    assert await desk.notices.get() == "No API key yet; /keys enters one."
    assert desk.searches.empty()


async def test_a_model_without_an_id_is_not_asked():
    desk = Desk()
    desk.account.connect("a key")
    desk.has_model_id = False
    assert await desk.account.ready("the prompt is sent") is None
