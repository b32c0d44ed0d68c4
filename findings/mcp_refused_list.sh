#!/bin/sh
# mcp 2.3.0: the client refuses a server's whole list of tools because of one tool whose schema has no type. A tool beside
# it can still be called by its name, and runs; but its result is lost as well, since the client, when it has the result,
# asks for the list to see whether the tool declared a schema of its results, and raises the error of the list instead.
# A program that takes this for a call that failed, and repeats it, has it done twice. groqchat mends lists before the
# SDK reads them (groqchat/mcp/tool_lists.py).
# Seen: "listed: ValidationError; called add: ValidationError, and add ran 1 time". Exits with 1 where that changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q "mcp==2.3.0" "pydantic==2.14.4"
cat > "$folder/server.py" <<'PYTHON'
import json
import sys

ANSWERS = {
    "initialize": {
        "protocolVersion": "2025-11-25",
        "capabilities": {"tools": {}},
        "serverInfo": {"name": "two tools", "version": "1"},
    },
    "tools/list": {
        "tools": [
            {"name": "add", "inputSchema": {"type": "object"}},
            {"name": "other", "inputSchema": {}},
        ]
    },
    "tools/call": {"content": [{"type": "text", "text": "added"}]},
}
for line in sys.stdin:
    message = json.loads(line)
    if message["method"] == "tools/call":
        with open(sys.argv[1], "a") as file:
            print(message["params"]["name"], file=file)
    if "id" in message:
        answer = ANSWERS.get(message["method"])
        told = {"error": {"code": -32601, "message": "Method not found"}}
        if answer is not None:
            told = {"result": answer}
        print(json.dumps({"jsonrpc": "2.0", "id": message["id"], **told}), flush=True)
PYTHON
"$folder/venv/bin/python" - "$folder/server.py" "$folder/ran" <<'PYTHON'
import asyncio
import sys
from pathlib import Path

from mcp import Client, StdioServerParameters


async def outcome(asked):
    try:
        await asked
    except Exception as error:
        return type(error).__name__
    return "no error"


async def main():
    server = StdioServerParameters(command=sys.executable, args=sys.argv[1:])
    async with Client(server) as client:
        return await outcome(client.list_tools()), await outcome(client.call_tool("add", {}))


listed, called = asyncio.run(main())
ran = Path(sys.argv[2]).read_text().split()
print(f"listed: {listed}; called add: {called}, and add ran {len(ran)} time")
sys.exit((listed, called, ran) != ("ValidationError", "ValidationError", ["add"]))
PYTHON
