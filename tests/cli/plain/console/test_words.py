"""Sentences of the screen name commands instead of keys."""

import re

import pytest

from groqchat.cli.plain.console.words import in_plain
from groqchat.domain.errors.table import CAUSES

_KEYS = re.compile(r"(?:Ctrl|Alt|Shift)\+\w+|\bF\d+\b|\bEsc\b")


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("Ctrl+L lists them.", "/model lists them."),
        ("Esc stops it; Ctrl+S shows them.", "Ctrl+C stops it; /sessions shows them."),
        ("F1 and F12", "/help and /settings"),
        ("F11 and Ctrl+Left stay", "F11 and Ctrl+Left stay"),
    ],
)
def test_keys_become_the_commands_that_they_stand_for(said, plain):
    assert in_plain(said) == plain


@pytest.mark.parametrize("cause", CAUSES.values(), ids=lambda cause: cause.name)
def test_no_advice_names_a_key_that_lines_do_not_have(cause):
    left = _KEYS.findall(in_plain(f"{cause.sentence} {cause.first_fix}"))
    assert set(left) <= {"Ctrl+C"}
