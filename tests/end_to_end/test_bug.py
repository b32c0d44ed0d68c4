"""A mistake of ours ends the chat with one sentence; its traceback is in the log, without keys."""

import json
import sys

from tests.end_to_end.conftest import KEY
from tests.end_to_end.terminal import Terminal

CODE = f"""
import sys
from groqchat.cli.main import main
from groqchat.ui.chat.screen import ChatScreen

def broken(self, event):
    if event.text:
        raise ZeroDivisionError("with {KEY}")

ChatScreen.on_composer_edited = broken
sys.exit(main([]))
"""


def test_a_bug_is_said_in_a_sentence_and_written_down(environment, simulator, groqchat_home):
    env = {**environment, "GROQ_API_KEY": KEY, "GROQ_BASE_URL": simulator.url}
    with Terminal(env=env, command=[sys.executable, "-c", CODE]) as terminal:
        terminal.wait_for("Enter send", "TPM")
        terminal.press("x")
        assert terminal.wait_exit() == 1
        assert b"this is a bug in groqchat (ZeroDivisionError)" in terminal.raw
        assert b"log.jsonl" in terminal.raw
        assert b"Traceback" not in terminal.raw
        log = (groqchat_home / "log.jsonl").read_text()
    bug = json.loads(log.splitlines()[-1])
    assert "on_composer_edited" not in bug["message"]
    assert "ZeroDivisionError" in bug["error"]
    assert KEY not in log
