"""The floor of everything: raw httpx printing plain text, a prompt a line."""

import asyncio
import sys

import httpx

from tests.benchmarks.subjects.raw import tokens


async def main():
    async with httpx.AsyncClient(timeout=600) as client:
        print("ready", flush=True)
        while prompt := (await asyncio.to_thread(sys.stdin.readline)).strip():
            async for text in tokens(client, prompt):
                print(text, end="", flush=True)
            print(flush=True)


if __name__ == "__main__":
    asyncio.run(main())
