"""The machine sleeps in the middle of an answer: on waking up, what is there is read."""

import json
import signal
import threading
import time

import pytest

from tests.end_to_end.plain_server import Plain, serving

pytestmark = pytest.mark.pty
GAP_S = 0.5


class Slow(Plain):
    """Sends a few words; then what was planned, when it is told to."""

    asleep = threading.Event()
    sent = threading.Event()

    def do_POST(self):  # noqa: N802  # the name that http.server asks for
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        prompt = next(m for m in reversed(request["messages"]) if m["role"] == "user")["content"]
        if request["messages"][-1]["role"] == "assistant":
            self.stream("the continuation.")
        elif prompt == "plain":
            self.stream("A plain answer.")
        else:
            self._drip(is_whole=prompt == "sleep well")

    def _drip(self, *, is_whole):
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.end_headers()
        self.close_connection = True
        self._event(self._chunk({"content": "before sleep, "}))
        self.wfile.write(b": ping\n\n")
        self.asleep.wait(10)
        self._event(self._chunk({"content": "while asleep, "}))
        if is_whole:
            self._event(self._chunk({"content": "to the end."}))
            self._event(self._chunk({}, "stop"))
            self.wfile.write(b"data: [DONE]\n\n")
        self.sent.set()

    def _event(self, chunk):
        self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())


def _sleep(terminal):
    """Stop the program for longer than an answer may be silent."""
    terminal.kill(signal.SIGSTOP)
    Slow.asleep.set()
    assert Slow.sent.wait(10)
    time.sleep(2 * GAP_S)
    drawn = len(terminal.raw)
    terminal.kill(signal.SIGCONT)
    while b"sk anything" not in terminal.raw[drawn:]:  # all is drawn anew; the cursor parts the A
        assert terminal.read(0.05)
    Slow.asleep.clear()
    Slow.sent.clear()


def test_a_sleep_in_the_middle_of_an_answer(program, groqchat_home):
    groqchat_home.mkdir(exist_ok=True)
    (groqchat_home / "config.toml").write_text(f"gap_timeout_s = {GAP_S}\n")
    with serving(Slow) as url:
        terminal = program(at=url)
        terminal.press("sleep well\r")
        terminal.wait_for("before sleep,")
        _sleep(terminal)
        terminal.wait_for("while asleep, to the end.", "tok/s")
        assert "broke" not in terminal.text
        assert "silent" not in terminal.text

        # The connection did not survive: what came is kept, and can be gone on with.
        terminal.press("\x0e")
        terminal.wait_for("What each answer uses")
        terminal.press("sleep badly\r")
        terminal.wait_for("before sleep,")
        _sleep(terminal)
        terminal.wait_for("while asleep,", "broken off", "c continue")
        terminal.press("c")
        terminal.wait_for("while asleep, the continuation.")
        terminal.press("plain\r")
        terminal.wait_for("A plain answer.")
        assert terminal.quit() == 0
