"""What errors advise can be done where it is read, and does not lead back to where it came from."""

import argparse
import re

import pytest

from groqchat.cli.main import COMMANDS, load_command
from groqchat.domain.errors.table import CAUSES, Action, Retry, failure
from groqchat.ui.commands import BY_SLASH

# Whether sending the very same again may help although no waiting was told: what is to be done is
# done elsewhere, or chance has its part.
DONE_ELSEWHERE = {
    "payment_required", "terms_required", "spend_blocked", "network_refused", "cloudflare_blocked",
    "tls_failed", "proxy_failed", "not_groq", "network_sign_in", "encoding_unasked", "redirected",
    "database", "disk", "set_in_use", "keyring_locked", "keyring_silent", "keyring_refused",
    "keyring_closed", "keyring_unanswered", "budget_held", "failed_dependency",
    "not_on_this_plan", "home_unwritable", "audio_unreadable", "audio_type", "audio_too_big",
    "recorder_missing", "recorder_failed", "batch_in_use",
}  # fmt: skip
BY_CHANCE = {
    "generation_failed", "unprocessable", "cancelled", "connection_lost", "timed_out",
    "stream_cut", "stream_empty", "stream_stalled", "stream_error", "stream_garbled",
    "answer_filtered", "answer_refused", "answer_only_reasoned", "answer_is_a_call",
    "answer_empty", "answer_ended_oddly", "answer_calls_on", "schema_mismatch",
}  # fmt: skip
FACTS = {"model": "m", "parameter": "reasoning_effort", "detail": "d"}
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]+")
SLASH = re.compile(r"(?<![\w./:])/([a-z-]+)(?![/\w-])")


def options_of(name):
    """The options of a command, and those of the program before it."""
    parser = argparse.ArgumentParser()
    load_command(COMMANDS[name]).add_arguments(parser)
    return set(OPTION.findall(parser.format_help()))


OPTIONS = {"--demo", "--profile", *options_of("ask"), *options_of("compare")}


def test_sending_again_is_offered_only_where_it_may_help():
    offered = {
        cause.name
        for cause in CAUSES.values()
        if Action.RETRY in cause.actions and cause.retry is Retry.NEVER
    }
    assert offered <= DONE_ELSEWHERE | BY_CHANCE


@pytest.mark.parametrize("name", CAUSES)
def test_advice_speaks_of_what_there_is_where_it_is_read(name):
    error = failure(name, **FACTS)
    shell, screen = error.command_suggestion, error.suggestion
    assert set(OPTION.findall(shell)) <= OPTIONS
    assert not any(word in BY_SLASH for word in SLASH.findall(shell)), shell
    assert not re.search(r"\b[Ss]witch (?:to|model)\b", shell), shell
    assert OPTION.findall(re.sub(r"`[^`]*`", "", screen)) == []
    assert all(word in BY_SLASH for word in SLASH.findall(screen)), screen
