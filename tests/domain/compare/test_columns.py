"""A column's JSON form brings back what an error was about."""

import json
from dataclasses import asdict

import pytest

from groqchat.domain.compare.columns import column_document, column_from
from groqchat.domain.compare.compare import SavedColumn
from groqchat.domain.errors.servers import GROQ, SIMULATED, server_called, server_of_endpoint
from groqchat.domain.errors.table import failure
from groqchat.domain.turns.chat import Options

ELSEWHERE = server_called("llama.example:8080", is_on_this_machine=True)


def column(server):
    error = failure("model_not_found", status=404, model="a/b", server=server)
    return SavedColumn(Options("a/b"), "p1", 1, error)


def back(saved):
    return column_from(json.loads(json.dumps(column_document(saved))))


@pytest.mark.parametrize("server", [ELSEWHERE, SIMULATED, server_of_endpoint("mine")])
def test_an_error_names_the_server_that_was_asked(server):
    saved = column(server)
    error = back(saved).error
    assert error.facts.asked == server
    assert (error.message, error.suggestion) == (saved.error.message, saved.error.suggestion)


@pytest.mark.parametrize("server", [GROQ, None])
def test_an_error_of_groq_names_groq(server):
    assert column_document(column(server))["error"]["facts"]["server"] is None
    assert back(column(server)).error.facts.asked.is_groq


def test_an_error_of_an_older_version_names_groq():
    document = column_document(column(ELSEWHERE))
    del document["error"]["facts"]["server"]
    assert column_from(document).error.facts.asked.is_groq


@pytest.mark.parametrize("server", [{}, asdict(ELSEWHERE) | {"name": 7}, "x"])
def test_what_describes_no_server_is_refused(server):
    document = column_document(column(ELSEWHERE))
    document["error"]["facts"]["server"] = server
    with pytest.raises((KeyError, TypeError, ValueError)):
        column_from(document)
