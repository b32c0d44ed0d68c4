"""Sentences name the server that was asked, never Groq where that was not Groq."""

import re

import pytest

from groqchat.domain.errors.servers import GROQ, SIMULATED, server_called
from groqchat.domain.errors.table import CAUSES, failure
from groqchat.domain.errors.tree import Facts

GATEWAY = server_called("gateway.example:4000")
# Environment variables and the program's own name are not the vendor's.
_NAMES_GROQ = re.compile(r"(?<![\w-])groq(?!chat)|groqstatus", re.IGNORECASE)
_VARIABLES = re.compile(r"GROQ_(?:API_KEY|BASE_URL|CUSTOM_HEADERS)")


def told(name, facts):
    """Every text of a row of the table, as a person would read it."""
    error = failure(name, facts)
    return (
        error.title, error.message, error.suggestion, error.command_suggestion, error.lasting_fix,
    )  # fmt: skip


@pytest.mark.parametrize("name", CAUSES)
def test_no_sentence_speaks_of_groq_where_another_server_was_asked(name):
    for facts in (
        Facts(server=GATEWAY),
        Facts(vendor="router"),
        Facts(server=SIMULATED, model="m"),
    ):
        for sentence in told(name, facts):
            assert not _NAMES_GROQ.search(_VARIABLES.sub("", sentence)), sentence
            assert "{" not in sentence
            if facts.vendor:
                assert "GROQ_BASE_URL" not in sentence


def test_groq_keeps_its_pages():
    whole = "\n".join(line for name in CAUSES for line in told(name, Facts(server=GROQ)))
    for words in ("console.groq.com/keys", "groqstatus.com", "console.groq.com/settings/billing"):
        assert words in whole
    assert failure("service_error").title == "Groq has trouble"


def test_what_takes_groqs_place_is_named_in_sentence_and_advice():
    refused = failure("invalid_request", server=GATEWAY, detail="no")
    assert refused.message == "gateway.example:4000 refused the request: no."
    rejected = failure("key_rejected", server=GATEWAY)
    assert "or ask whoever runs gateway.example:4000 for one." in rejected.suggestion
    down = failure("service_error", server=SIMULATED, status=503)
    assert down.title == "503 · The simulator has trouble"
    assert "the simulator fails only when it is told to" in down.suggestion
    lost = failure("not_found", vendor="router", detail="no")
    assert "base_url of [endpoints.router] in config.toml" in lost.suggestion


@pytest.mark.parametrize("name", CAUSES)
def test_nobody_is_sent_to_pages_that_may_not_be_there(name):
    here = server_called("127.0.0.1:4000", is_on_this_machine=True)
    for server in (GATEWAY, SIMULATED, here):
        for sentence in told(name, Facts(server=server)):
            assert "pages of" not in sentence
            assert "status page" not in sentence
