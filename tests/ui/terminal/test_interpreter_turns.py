"""A thread that waits for the interpreter gets it soon."""

import sys

import pytest

from groqchat.ui.terminal import interpreter_turns


def test_turns_are_short():
    before = sys.getswitchinterval()
    try:
        interpreter_turns.shorten()
        assert sys.getswitchinterval() == pytest.approx(interpreter_turns.TURN_S)
        assert sys.getswitchinterval() < before
    finally:
        sys.setswitchinterval(before)
