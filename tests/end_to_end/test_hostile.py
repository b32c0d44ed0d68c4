"""What a server says can neither drive the terminal nor the program."""

import json

import pytest

from tests.end_to_end.plain_server import Plain, serving

pytestmark = pytest.mark.pty

PAYLOAD = (
    "\x1b]52;c;aGFja2Vk\x07 \x1b[2J\x1b[31;7mred \x9b32m \x90q\x9c \x1b]0;owned\x07 "
    "[/x] [@click=app.quit]x[/] [b]bold \u202eevil\u2066 zero\u200bwidth 全角 \x08\x07\x7f"
)
FORBIDDEN = [
    b"\x1b]52;", b"\x1b]0;", b"owned\x07", b"\x1b[2J\x1b[31;7m", b"\xc2\x9b", b"\xc2\x90",
    "\u202e".encode(), "\u2066".encode(), "\u200b".encode(), b"\x08",
]  # fmt: skip


class _Evil(Plain):
    """Answers with the payload wherever words are expected."""

    def do_GET(self):  # noqa: N802  # the name that http.server asks for
        model = {"id": f"evil/{PAYLOAD}", "object": "model", "created": 1, "owned_by": PAYLOAD}
        self.reply("application/json", json.dumps({"object": "list", "data": [model]}))

    def do_POST(self):  # noqa: N802  # likewise
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if "fail" in request["messages"][-1]["content"]:
            error = {"message": PAYLOAD, "type": PAYLOAD, "code": PAYLOAD, "param": PAYLOAD}
            self.reply("application/json", json.dumps({"error": error}), status=400)
        else:
            long = "x" * 100_000
            self.stream(f"# {PAYLOAD}\n\n```{PAYLOAD}\n{PAYLOAD}\n```\n{long}\n\n{PAYLOAD} end")


def test_no_payload_reaches_the_terminal(program):
    with serving(_Evil) as url:
        terminal = program(at=url)
        terminal.press("Hello\r")
        terminal.wait_for("tok/s", "end")
        terminal.press("Now fail\r")
        terminal.wait_for("400")
        assert not [payload for payload in FORBIDDEN if payload in terminal.raw]
        assert terminal.quit() == 0
