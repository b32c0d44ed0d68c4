#!/bin/sh
# httpx 0.28.1 with httpcore 1.0.9: every request asks the system about every idle connection of the pool, once when it
# begins and once when it ends, though it needs a single one. With 50 idle connections that is most of what a request costs.
# Seen: "idle connections: 50, asked by one request: 100". Exits with 1 where that has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q "httpx==0.28.1" "httpcore==1.0.9" "anyio==4.16.0" "h11==0.16.0"
"$folder/venv/bin/python" - <<'PYTHON'
import asyncio
import sys

import httpcore
import httpx

asked = 0
original = httpcore.AsyncHTTPConnection.has_expired


def counted(connection):
    global asked
    asked += 1
    return original(connection)


httpcore.AsyncHTTPConnection.has_expired = counted


async def main():
    global asked
    gate = asyncio.Event()

    async def serve(reader, writer):
        while await reader.readline():
            while (await reader.readline()).strip():
                pass
            await gate.wait()
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    limits = httpx.Limits(max_connections=50, max_keepalive_connections=50)
    async with httpx.AsyncClient(limits=limits, trust_env=False) as client:
        together = [asyncio.create_task(client.get(url)) for _ in range(50)]
        await asyncio.sleep(1)
        gate.set()
        await asyncio.gather(*together)
        asked = 0
        await client.get(url)
        print(f"idle connections: 50, asked by one request: {asked}")
        return asked


sys.exit(0 if asyncio.run(main()) >= 50 else 1)
PYTHON
