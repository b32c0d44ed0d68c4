"""Queued prompts of the real program, killed in the middle of an answer."""

import json
import signal
import threading

import pytest

from tests.end_to_end.plain_server import Plain, serving

pytestmark = pytest.mark.pty

PAUSED = "2 queued, paused · Enter in the empty composer goes on"


class Slow(Plain):
    """A server whose first answers begin and do not end until they are let go."""

    asked = []  # noqa: RUF012  # shared: a handler lives for one connection
    released = threading.Event()

    def do_POST(self):  # noqa: N802  # the name that http.server asks for
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        prompt = request["messages"][-1]["content"]
        self.asked.append(prompt)
        if self.released.is_set():
            self.stream(f"Answer to {prompt}.")
            return
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.end_headers()
        self.close_connection = True
        self.wfile.write(f"data: {json.dumps(self._chunk({'content': 'Half an'}))}\n\n".encode())
        self.wfile.flush()
        self.released.wait()


@pytest.fixture
def slow():
    Slow.asked, Slow.released = [], threading.Event()
    with serving(Slow) as url:
        yield url
        Slow.released.set()


def _enter(terminal, *prompts):
    for prompt in prompts:
        terminal.press(prompt)
        terminal.wait_for(f"│ {prompt} ")
        terminal.press("\r")
        terminal.wait_for(f"│ {prompt} ", gone=True)


def test_a_kill_loses_no_queued_prompt_and_asks_none_twice(program, slow):
    terminal = program(at=slow)
    _enter(terminal, "First")
    terminal.wait_for("Half an")
    _enter(terminal, "Second", "Third", "Fourth")
    terminal.press("\x1b[A")
    terminal.wait_for("│ Fourth ", "2 queued, held")
    terminal.kill(signal.SIGKILL)
    terminal.wait_exit()
    assert Slow.asked == ["First"]

    Slow.released.set()
    with program("--continue", at=slow, ready=PAUSED) as again:
        shown = again.wait_for("Second", "Third", "Half an", "│ Fourth ")
        assert shown.index("Half an") < shown.index("Second") < shown.index("Third")
        assert Slow.asked == ["First"]
        again.press("\r")
        again.wait_for("3 queued, paused")
        assert Slow.asked == ["First"]
        again.press("\r")
        again.wait_for("Answer to Fourth.")
        assert Slow.asked == ["First", "Second", "Third", "Fourth"]
        shown = again.wait_for("Answer to Second.", "Answer to Third.")
        assert shown.index("Answer to Second.") < shown.index("Answer to Third.")
        assert "queued" not in shown
        assert again.quit() == 0


def test_quitting_names_the_prompts_that_stay(program, slow):
    terminal = program(at=slow)
    _enter(terminal, "First")
    terminal.wait_for("Half an")
    _enter(terminal, "Second", "Third")
    terminal.press("\x1b[27u")
    terminal.wait_for(PAUSED, "■ stopped")
    kept = "2 queued prompts will be kept"
    while kept not in terminal.text:
        terminal.press("\x03")  # the first may still be about the answer
        terminal.read_until(lambda: kept in terminal.text, 1.0)
    assert terminal.quit() == 0
    terminal.wait_for("2 queued prompts kept in “First”: groqchat --session ")
