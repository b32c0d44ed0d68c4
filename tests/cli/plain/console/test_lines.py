"""Whatever is written, a line holds no control byte and ends with LF alone."""

import io
import re

from hypothesis import given
from hypothesis import strategies as st

from groqchat.cli.plain.console.lines import Lines

FORBIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f]")
HOSTILE = "\x1b]0;title\x07\x1b[2J\x9b31m\r\x08\x00\u2028\u202e\tend"


def written(act, *, is_terminal=False):
    stream = io.StringIO()
    act(Lines(stream, is_terminal=is_terminal))
    return stream.getvalue()


@given(st.lists(st.text(alphabet=st.characters() | st.sampled_from("\x1b[]m;\x9b\x07\r\n\t"))))
def test_no_control_byte_is_ever_written(pieces):
    def act(lines):
        for piece in pieces:
            lines.stream(piece)
            lines.say(piece)
            lines.typed(piece)
        lines.end()
        with lines.taking_over():
            print(*pieces, sep="\r")

    said = written(act)
    assert not FORBIDDEN.search(said)
    assert said == "" or said.endswith("\n")


def test_text_of_a_model_comes_in_whole_lines():
    def act(lines):
        lines.stream("One ")
        lines.stream("line\nand the ")
        lines.stream("next")
        lines.end()

    assert written(act) == "One line\nand the next\n"


def test_what_controls_a_terminal_is_dropped_and_tabs_become_blanks():
    assert written(lambda lines: lines.say(HOSTILE)) == "    end\n"


def test_a_line_that_comes_at_the_prompt_ends_it_and_asks_for_it_again():
    told = []

    def act(lines):
        lines.interrupted = lambda: told.append("again")
        lines.ask()
        lines.ask()
        lines.say("News")
        lines.say("More")

    assert written(act, is_terminal=True) == "> \nNews\nMore\n"
    assert told == ["again"]


def test_keys_are_left_out_of_what_is_said_and_echoed():
    key = "gsk_" + "a1B2" * 13
    assert key not in written(lambda lines: (lines.say(key), lines.typed(key)))


def test_a_stream_that_fails_is_told_once():
    told = []

    class Broken(io.StringIO):
        def flush(self):
            raise OSError(28, "No space left on device")

    lines = Lines(Broken(), is_terminal=False)
    lines.failed = lambda: told.append("failed")
    lines.say("one")
    lines.say("two")
    assert told == ["failed"]
    assert lines.problem.errno == 28
