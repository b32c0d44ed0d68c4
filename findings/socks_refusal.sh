#!/bin/sh
# httpx 0.28.1 with httpcore 1.0.9 and socksio 1.0.0: a SOCKS proxy that answers with something else than SOCKS (an HTTP
# proxy's address written as socks5://) raises an error that is not one of httpx's, and in any refusal the connection to
# the proxy stays open after the error, even after the client is closed.
# Seen: "ProtocolError, an httpx error: False, still open: True". Exits with 1 where that has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q "httpx==0.28.1" "httpcore==1.0.9" "socksio==1.0.0" "anyio==4.16.0"
"$folder/venv/bin/python" - <<'PYTHON'
import asyncio
import os

import httpx


async def main():
    left = asyncio.Event()

    async def serve(reader, writer):
        await reader.readexactly(3)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await reader.read()
        left.set()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    client = httpx.AsyncClient(proxy=f"socks5://127.0.0.1:{port}", trust_env=False)
    try:
        await client.get("http://example.invalid")
    except Exception as error:
        kept = error  # with its traceback, as programs keep errors that they show
    await client.aclose()
    try:
        await asyncio.wait_for(left.wait(), 1)
    except TimeoutError:
        pass
    is_open = not left.is_set()
    is_known = isinstance(kept, httpx.HTTPError)
    print(f"{type(kept).__name__}, an httpx error: {is_known}, still open: {is_open}", flush=True)
    os._exit(0 if is_open and not is_known else 1)  # without the last words of what hangs


asyncio.run(main())
PYTHON
