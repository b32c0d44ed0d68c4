"""A command that begins while the team's server is away sends no more than its machine's share."""

import asyncio
import os
import sys
import time

import pytest

from groqchat.domain.models.catalog import Plan
from groqchat.domain.team.place import Place
from groqchat.simulator.options import Options
from groqchat.simulator.server import Simulator
from groqchat.storage.catalog import load_catalog
from tests.team.cluster import Cluster
from tests.team.conftest import NOW, store_on
from tests.team.organisation import BIG, KEY, REPOSITORY

OPTIONS = Options(Plan.FREE, rate=None, first_token_s=0.0, blocked_model="")


@pytest.mark.slow
async def test_a_command_that_begins_while_the_server_is_away(tmp_path):
    cluster = Cluster()
    try:
        store = store_on(cluster.url(), "owner", "owner")
        await store.init(NOW)
        await store.close()
        cluster.kill()
        async with Simulator(load_catalog(), OPTIONS) as groq:
            home = tmp_path / "home"
            home.mkdir()
            (home / "config.toml").write_text(f'plan = "free"\n[team]\nurl = "{cluster.url()}"\n')

            # This machine has never read the limits: nothing leaves.
            code, _, said = await ask(home, groq, "write 20 tokens")
            assert code == 6
            assert "this machine has never read the team's limits" in said
            assert "Nothing was sent" in said
            assert not groq._state.answers

            cluster.start()
            other = store_on(cluster.url(), "owner", "other")
            await other.take(Place(groq.url, "m"), "l", lambda state: (state, {}), time.time())
            await other.close()
            code, answer, _ = await ask(home, groq, "write 20 tokens")
            assert code == 0
            assert answer
            # Of 8,000 tokens a minute half of nine tenths are the share of one of two clients.
            cluster.kill()
            code, answer, _ = await ask(home, groq, "write 20 tokens")
            assert code == 0
            assert answer
            code, _, said = await ask(home, groq, "word " * 6_000)
            assert code == 6
            assert "this machine's share" in said
            assert len(groq._state.answers) == 2
    finally:
        cluster.stop()


async def ask(home, groq, text):
    """The exit code of ``groqchat ask``, which waits for nothing, and what it printed and said."""
    environment = {
        **os.environ,
        "GROQCHAT_HOME": str(home),
        "GROQ_BASE_URL": groq.url,
        "GROQ_API_KEY": KEY,
        "PGPASSWORD": "secret-owner",
    }
    words = sys.executable, "-m", "groqchat", "ask", "-m", BIG, "--max-wait", "0", text
    running = await asyncio.create_subprocess_exec(
        *words,
        env=environment,
        cwd=REPOSITORY,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    printed, said = await running.communicate()
    return running.returncode, printed.decode(), said.decode()
