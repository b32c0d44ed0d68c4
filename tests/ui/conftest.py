"""A simulator that the screens talk to, over HTTP and through the real SDK."""

import pytest

from groqchat.domain.limits.quota import LimitKind
from groqchat.simulator.background import BackgroundSimulator
from groqchat.simulator.options import Options
from groqchat.storage.catalog import load_catalog
from tests.ui.idleness import Idleness
from tests.ui.painting import Painting, share_parsed_rules, share_themes

ASKED = ("openai/gpt-oss-120b", "openai/gpt-oss-20b", "qwen/qwen3.8-27b")


@pytest.fixture(autouse=True)
def _idleness(monkeypatch):
    """Pilots go on as soon as the app has nothing left to do."""
    Idleness().watch(monkeypatch)


@pytest.fixture(autouse=True)
def _painting(monkeypatch):
    """The screen is painted where a test pauses, which is a third of the work otherwise."""
    Painting().watch(monkeypatch)


@pytest.fixture(scope="session", autouse=True)
def _parsed_rules():
    """The rules of style and the themes are parsed once, and not for each app."""
    with pytest.MonkeyPatch.context() as patch:
        share_parsed_rules(patch)
        share_themes(patch)
        yield


@pytest.fixture(scope="module")
def server():
    with BackgroundSimulator(load_catalog(), Options(rate=None)) as background:
        yield background


@pytest.fixture
def groq(server, monkeypatch):
    monkeypatch.setenv("GROQ_BASE_URL", server.url)
    monkeypatch.setenv("GROQ_API_KEY", "gsk_test_key_of_nobody")
    yield server.simulator
    server.simulator.disarm()
    for model in ASKED:  # what one test used does not make the next one wait
        server.simulator.spend(model, LimitKind.TPM, -1e6)
