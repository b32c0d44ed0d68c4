"""A server that speaks the plain OpenAI dialect, and nothing of Groq's."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Plain(BaseHTTPRequestHandler):
    """An OpenAI-compatible server that tells no limits, and usage only when it feels like it."""

    protocol_version = "HTTP/1.1"
    usage: dict[str, int] | None = None
    text = "A plain **answer**."

    def do_GET(self):
        self.reply("application/json", json.dumps({"object": "list", "data": []}))

    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        self.stream(self.text)

    def stream(self, text):
        """Answer with this."""
        chunks = [
            self._chunk({"role": "assistant", "content": ""}),
            self._chunk({"content": text}),
            self._chunk({}, "stop"),
        ]
        if self.usage:
            chunks.append({**self._chunk({}), "choices": [], "usage": self.usage})
        events = [*map(json.dumps, chunks), "[DONE]"]
        self.reply("text/event-stream", "".join(f"data: {event}\n\n" for event in events))

    def log_message(self, *_):
        """Quiet."""

    @staticmethod
    def _chunk(delta, finish_reason=None):
        choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
        kind = "chat.completion.chunk"
        return {"id": "1", "object": kind, "created": 1, "model": "x", "choices": [choice]}

    def reply(self, content_type, text, status=200):
        body = text.encode()
        self.send_response(status)
        self.send_header("content-type", content_type)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def serving(handler):
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
