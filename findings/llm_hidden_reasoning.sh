#!/bin/sh
# llm 0.36: the reasoning that an OpenAI-compatible server sends beside its answer is stored as "redacted", with no text,
# wherever the server counts reasoning tokens; so is every answer of gpt-oss. The words are still in the copy of the whole
# response (turns.response_json) where the answer came in one piece, and nowhere where it was streamed. The answer is in
# none of the tables conversations and responses, which earlier versions filled and the file still has.
# Seen: "whole: reasoning |  | {"redacted": true}, words in the response: True", "streamed: reasoning |  |
# {"redacted": true}, words in the response: False", "rows in responses: 0, in turns: 2". Exits with 1 where that changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q "llm==0.36"
export LLM_USER_PATH="$folder/user" PROGRAM="$folder/venv/bin/llm"
mkdir "$LLM_USER_PATH"
"$folder/venv/bin/python" - <<'PYTHON'
import json
import os
import sqlite3
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

REASONING = "Two and two."
USAGE = {
    "prompt_tokens": 9,
    "completion_tokens": 8,
    "total_tokens": 17,
    "completion_tokens_details": {"reasoning_tokens": 4},
}


def document(kind, choices, **more):
    return {"id": "1", "object": kind, "created": 1, "model": "m", "choices": choices, **more}


def whole():
    message = {"role": "assistant", "content": "Four.", "reasoning": REASONING}
    choice = {"index": 0, "finish_reason": "stop", "message": message}
    return json.dumps(document("chat.completion", [choice], usage=USAGE)).encode()


def streamed():
    deltas = ({"role": "assistant", "reasoning": REASONING}, {"content": "Four."})
    chunks = [[{"index": 0, "finish_reason": None, "delta": delta}] for delta in deltas]
    chunks.append([{"index": 0, "finish_reason": "stop", "delta": {}}])
    documents = [document("chat.completion.chunk", chunk) for chunk in chunks]
    documents.append(document("chat.completion.chunk", [], usage=USAGE))
    lines = [f"data: {json.dumps(each)}\n\n" for each in documents]
    return "".join([*lines, "data: [DONE]\n\n"]).encode()


class Server(BaseHTTPRequestHandler):
    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        is_stream = asked.get("stream")
        body = streamed() if is_stream else whole()
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream" if is_stream else "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = HTTPServer(("127.0.0.1", 0), Server)
threading.Thread(target=server.serve_forever, daemon=True).start()
user = os.environ["LLM_USER_PATH"]
with open(f"{user}/extra-openai-models.yaml", "w") as file:
    print("- model_id: pretend\n  model_name: m\n  api_key_name: pretend", file=file)
    print(f"  api_base: http://127.0.0.1:{server.server_port}/v1", file=file)


def ask(prompt, *options):
    command = [os.environ["PROGRAM"], "-m", "pretend", "--key", "none", *options, prompt]
    subprocess.run(command, check=True, capture_output=True, timeout=60)


ask("whole", "--no-stream")
ask("streamed")
base = sqlite3.connect(f"{user}/logs.db")
seen = []
for prompt in ("whole", "streamed"):
    tip, response = base.execute(
        "select tip_message_hash, response_json from turns join parts"
        " on message_hash = parent_message_hash where text = ?",
        (prompt,),
    ).fetchone()
    part = base.execute(
        "select type, text, payload from parts where message_hash = ? and type = 'reasoning'", (tip,)
    ).fetchone()
    seen.append((*part, REASONING in (response or "")))
    print(f"{prompt}: {part[0]} | {part[1]} | {part[2]}, words in the response: {seen[-1][3]}")
rows = [base.execute(f"select count(*) from {table}").fetchone()[0] for table in ("responses", "turns")]
print(f"rows in responses: {rows[0]}, in turns: {rows[1]}")
hidden = ("reasoning", "", '{"redacted": true}')
sys.exit(seen != [(*hidden, True), (*hidden, False)] or rows != [0, 2])
PYTHON
