"""A server of tools with the one tool of ``mcp-server-time``; it starts in a tenth of its time."""

import json
import sys

TIME = {
    "name": "get_current_time",
    "description": "Get current time in a specific timezone.",
    "inputSchema": {
        "type": "object",
        "properties": {"timezone": {"type": "string"}},
        "required": ["timezone"],
    },
}


def answer(message):
    if message["method"] == "initialize":
        server = {"name": "time", "version": "1"}
        return {
            "protocolVersion": "2025-11-25",
            "capabilities": {"tools": {}},
            "serverInfo": server,
        }
    if message["method"] == "tools/list":
        return {"tools": [TIME]}
    now = {"timezone": message["params"]["arguments"]["timezone"], "datetime": "2026-11-30T12:00"}
    return {"content": [{"type": "text", "text": json.dumps(now)}]}


def main():
    for line in sys.stdin:
        message = json.loads(line)
        if "id" not in message:
            continue
        known = message["method"] in {"initialize", "tools/list", "tools/call"}
        unknown = {"error": {"code": -32601, "message": "Method not found"}}
        reply = {"result": answer(message)} if known else unknown
        print(json.dumps({"jsonrpc": "2.0", "id": message["id"], **reply}), flush=True)


main()
