"""What goes wrong on the way, as the screen tells it: code, bucket, remedy; no prompt is lost."""

import pytest

from tests.end_to_end.plain_server import Plain, serving

pytestmark = pytest.mark.pty

KEY_DIALOG = "Keys: ask whoever runs 127.0.0.1:"
FAILURES = [
    ("key_rejected*1", ("401", "k new key", "d details")),
    ("model_not_found*1", ("404", "m switch model to openai/gpt-oss-20b")),
    ("too_large*1", ("413", "TPM", "s shorten")),
    ("over_capacity", ("503", "r retry", "m switch model")),
]


def test_each_failure_says_what_to_do(program):
    terminal = program()
    terminal.press("Hello\r")
    terminal.wait_for("list $0.0")
    for spec, words in FAILURES:
        prompt = f"Now fail with simulate: {spec}"
        terminal.press(f"{prompt}\r")
        if "key" in spec:
            # A new key is asked for at once; without one the toast remains.
            terminal.wait_for("401", KEY_DIALOG)
            terminal.press("\x1b")
            terminal.wait_for(KEY_DIALOG, gone=True)
        # The prompt stands in the composer again, to be changed and sent.
        terminal.wait_for(*words, "Esc dismiss", f"│ {prompt}")
        terminal.press("\x1b")
        terminal.wait_for("Esc dismiss", gone=True)
        terminal.press("\x03")
        terminal.wait_for("Ask anything")
    terminal.press("Please go on\r")
    terminal.wait_for("You asked about: Please go on", "tok/s")
    assert terminal.quit() == 0


def test_a_limit_is_waited_out(program):
    terminal = program()
    terminal.press("Please simulate: rate_limited=2*1\r")
    terminal.wait_for("429", "Next try in", "TPM", "r now", "Esc cancel")
    terminal.wait_for("You asked about", "tok/s")


def test_a_cut_answer_is_kept_and_continued(program):
    terminal = program()
    terminal.press("Please simulate: cut=40*1\r")
    terminal.wait_for("Answer cut off", "c continue", "r retry")
    terminal.press("c")
    terminal.wait_for("tok/s")
    terminal.press("And the next\r")
    terminal.wait_for("You asked about", "Ask anything")


@pytest.mark.parametrize("usage", [None, {"prompt_tokens": 70, "completion_tokens": 5}])
def test_what_a_plain_server_does_not_tell_is_unknown(program, usage):
    handler = type("Handler", (Plain,), {"usage": usage})
    with serving(handler) as url:
        terminal = program(at=url)
        terminal.press("Hello\r")
        screen = terminal.wait_for("A plain answer.", "tok/s")
        for kind in ("RPM", "RPD", "TPM", "TPD"):
            assert f"{kind}  unknown" in screen
        assert "plan unknown" in screen
        if usage:
            terminal.wait_for("70 in · 5 out", "$0.0000135")
        assert terminal.quit() == 0
