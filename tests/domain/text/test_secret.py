import logging

import pytest

from groqchat.domain.errors.table import failure
from groqchat.domain.sessions.summaries import title_from
from groqchat.domain.text.redact import masked, redact, without_keys
from groqchat.domain.text.secret import Secret

KEY = "gsk_testfake0123456789abcd"


def test_only_reveal_gives_it_away(caplog):
    secret = Secret(f" {KEY}\n")
    logging.getLogger().warning("%s %r %s", secret, secret, [secret])
    assert "testfake" not in f"{secret} {secret!r} {caplog.text}"
    assert secret.reveal() == KEY
    assert secret.masked == "gsk_…abcd"


def test_equality_and_truth():
    assert Secret(KEY) == Secret(f"{KEY} ") != Secret("gsk_other")
    assert len({Secret(KEY), Secret(KEY)}) == 1
    assert Secret(KEY) != KEY
    assert not Secret("  ")


@pytest.mark.parametrize(
    ("key", "flaw"),
    [(KEY, None), ("gsk_a b", "white space"), ("gsk_ä", "ASCII"), ("gsk_\x07a", "control")],
)
def test_what_cannot_be_sent_is_told(key, flaw):
    told = Secret(key).flaw
    assert told == flaw if flaw is None else flaw in told


def test_the_keys_of_other_vendors_are_hidden_too():
    assert redact("Incorrect key sk-proj-test*****1234 of org-abcdef123") == (
        "Incorrect key sk-… of org-…"
    )
    assert masked("sk-test-of-another-vendor") == "sk-…ndor"
    assert masked("0123456789abcdef") == "…cdef"


def test_names_and_titles_that_hold_a_key_are_shown_without_it():
    error = failure("model_not_found", model=KEY, replacement=KEY, advice=f"Ask {KEY}.")
    shown = (error.title, error.message, error.suggestion, error.command_suggestion, str(error))
    assert not [words for words in shown if "testfake" in words]
    assert error.message.startswith("gsk_… ")
    assert title_from(f"Is {KEY} mine?") == "Is gsk_… mine?"
    assert title_from("word " * 11 + KEY) == "word " * 11 + "gsk_…"


def test_words_with_hyphens_are_no_key_of_another_vendor():
    assert without_keys("sk-proj-0123456789abcdefghij") == "sk-…"
    assert without_keys("sk-learn-tutorial-for-beginners") == "sk-learn-tutorial-for-beginners"
    assert without_keys("task-0123456789-0123456789-0123") == "task-0123456789-0123456789-0123"
