#!/bin/sh
# groq 1.7.0 with httpx 0.28.1: a piece of a streamed answer that comes as an event with a name is no piece for the SDK. It
# yields a ChatCompletionChunk without a single field of one: `choices` is None, though its type says a list, and what was
# sent stands in an attribute `data` that the class has not. "message" is the name that events without a name have, and a
# server may as well say it; openai 3.54.0 reads such a stream as it is meant.
# Seen: "groq: no name: Four; message: choices None, data Four", "openai: no name: Four; message: Four".
# groqchat reads events itself (groqchat/provider/sse.py). Exits with 1 where that changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q "groq==1.7.0" "openai==3.54.0" "httpx==0.28.1" "pydantic==2.14.4"
"$folder/venv/bin/python" - <<'PYTHON'
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

from groq import Groq
from openai import OpenAI

CHOICE = {"index": 0, "finish_reason": None, "delta": {"content": "Four"}}
CHUNK = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [CHOICE]}
NAMES = {"no name": "", "message": "event: message\n"}


class Server(BaseHTTPRequestHandler):
    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        name = NAMES[asked["messages"][0]["content"]]
        body = f"{name}data: {json.dumps(CHUNK)}\n\ndata: [DONE]\n\n".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def told(client, prompt):
    """What the only chunk of a stream says, and where."""
    messages = [{"role": "user", "content": prompt}]
    [chunk] = client.chat.completions.create(model="m", messages=messages, stream=True)
    if chunk.choices is None:
        return f"choices None, data {chunk.data['choices'][0]['delta']['content']}"
    return chunk.choices[0].delta.content


server = HTTPServer(("127.0.0.1", 0), Server)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.server_port}/v1"
clients = {"groq": Groq(api_key="none", base_url=url), "openai": OpenAI(api_key="none", base_url=url)}
seen = {name: [told(client, prompt) for prompt in NAMES] for name, client in clients.items()}
for name, (plain, named) in seen.items():
    print(f"{name}: no name: {plain}; message: {named}")
sys.exit(seen != {"groq": ["Four", "choices None, data Four"], "openai": ["Four", "Four"]})
PYTHON
