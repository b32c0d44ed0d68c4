"""The floor of a set: each line of a file to each model, sixteen at a time with httpx."""

import asyncio
import itertools
import sys
from pathlib import Path

import httpx

from tests.benchmarks.subjects.raw import tokens

AT_ONCE = 16


async def main(prompts, models):
    left = itertools.product(prompts, models)

    async def ask(client):
        for prompt, model in left:
            text = "".join([text async for text in tokens(client, prompt, model)])
            print(text, flush=True)

    async with httpx.AsyncClient(timeout=600) as client, asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(ask(client))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]).read_text().splitlines(), sys.argv[2:]))
