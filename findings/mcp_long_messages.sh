#!/bin/sh
# mcp 2.3.0: over stdio, what reading a message costs grows with the square of its length, since all that has arrived of a
# line is copied and searched anew for each piece of 64 KB. On the event loop of a client that is a pause for everything else.
# Seen: "4 MB: 0.12 s, 16 MB: 1.44 s of processor time, 12 times as much". Exits with 1 where it is less than 7 times.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q "mcp==2.3.0"
cat > "$folder/server.py" <<'PYTHON'
import json
import sys

ANSWERS = {
    "initialize": {
        "protocolVersion": "2025-11-25",
        "capabilities": {"tools": {}},
        "serverInfo": {"name": "long", "version": "1"},
    },
    "tools/list": {"tools": [{"name": "repeat", "inputSchema": {"type": "object"}}]},
}
for line in sys.stdin:
    message = json.loads(line)
    if "id" in message:
        answer = ANSWERS.get(message["method"])
        if message["method"] == "tools/call":
            text = "x" * message["params"]["arguments"]["length"]
            answer = {"content": [{"type": "text", "text": text}]}
        told = {"error": {"code": -32601, "message": "Method not found"}}
        if answer is not None:
            told = {"result": answer}
        print(json.dumps({"jsonrpc": "2.0", "id": message["id"], **told}), flush=True)
PYTHON
"$folder/venv/bin/python" - "$folder/server.py" <<'PYTHON'
import asyncio
import sys
import time

from mcp import Client, StdioServerParameters

MB = 1_000_000


async def main():
    server = StdioServerParameters(command=sys.executable, args=[sys.argv[1]])
    async with Client(server) as client:
        await client.list_tools()

        async def cost(length):
            before = time.process_time()
            await client.call_tool("repeat", {"length": length})
            return time.process_time() - before

        short = min([await cost(4 * MB) for _ in range(3)])
        long = min([await cost(16 * MB) for _ in range(3)])
    ratio = long / short
    print(f"4 MB: {short:.2f} s, 16 MB: {long:.2f} s of processor time, {ratio:.0f} times as much")
    return ratio


sys.exit(0 if asyncio.run(main()) >= 7 else 1)
PYTHON
