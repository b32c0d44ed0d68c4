"""A member of an organisation in a process of its own: asks a set of prompts in the time of all."""

from __future__ import annotations

import asyncio
import sys
from contextlib import aclosing

import pytest

from groqchat.bootstrap import Launch, open_services
from groqchat.domain.turns.chat import Answered
from groqchat.services.account.keys import MemoryKeyStore
from groqchat.services.prompt_sets.prompt_files import read_prompts
from groqchat.services.prompt_sets.prompt_sets import ModelEnded
from tests.services.prompt_sets.test_prompt_sets import begun
from tests.team.shared_time import member_loop
from tests.virtual_time import watch_threads


def prompts_of(member, number):
    rows = [f'{{"prompt": "write 12 tokens, end with M{member}P{n:03}"}}' for n in range(number)]
    return read_prompts("\n".join(rows))


async def ask(member, number, models):
    clock = asyncio.get_running_loop().clock
    async with open_services(Launch()) as services:
        prompts, place = prompts_of(member, number), f"set{member}"
        connection, run = await begun(services, clock, prompts, models=models, place=place)
        assert (connection.team is not None) == bool(services.team.settings.url)
        answered = 0
        try:
            async with aclosing(run.ask()) as events:
                async for event in events:
                    if isinstance(event, ModelEnded):
                        print("ended", event.model, event.error, flush=True)
                    elif isinstance(event.event, Answered):
                        answered += 1
        finally:
            await connection.close()
        away = connection.team and connection.team.limits.away_since
        print("answered", answered, "away" if away else "there", flush=True)


def main():
    descriptor, member, number, *models = sys.argv[1:]
    patch = pytest.MonkeyPatch()
    # Its real thread would have no time at all.
    patch.setattr("groqchat.bootstrap.SystemKeyring", MemoryKeyStore)
    watch_threads(patch)
    with asyncio.Runner(loop_factory=member_loop(int(descriptor))) as runner:
        runner.run(ask(int(member), int(number), tuple(models)))


if __name__ == "__main__":
    main()
