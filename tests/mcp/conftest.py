"""Servers of tools for the tests, and what asks them."""

import sys
from pathlib import Path

import pytest

from groqchat.domain.settings import read_settings
from groqchat.mcp.sources import Servers

HOSTILE = Path(__file__).with_name("hostile.py")


async def no_token(_):
    return None


@pytest.fixture
async def ask():
    """Makes the source of one server: ``ask("hostile", *arguments, **settings)``."""
    made = []

    def source(*words, token=no_token, **table):
        if words and words[0] == "hostile":
            words = (sys.executable, "-S", str(HOSTILE), *words[1:])
        table = {"command": list(map(str, words)), **table} if words else table
        settings, mistakes = read_settings({"mcp": {"s": table}})
        assert not mistakes
        servers = Servers(lambda: settings, token, lambda package: f"pip install {package}")
        made.append(servers)
        return servers.named("s")

    yield source
    for servers in made:
        await servers.close()
