"""A mistyped word of a command line is answered with what it may have been meant to be."""

import pytest

from groqchat.domain.text.spelling import did_you_mean, distance


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("aks Hi", "ask"),
        ("comp", "compare or completion"),
        ("sesions list", "sessions"),
        ("plan limts", "limits"),
        ("sessions exprot", "export"),
        ("key chek", "check"),
        ("completion bsah", "bash"),
        ("ask Hi --modle x", "--model"),
        ("ask --jsom Hi", "--json"),
        ("plan limits --modle x --tokens 5", "--model"),
        ("--profle x ask", "--profile"),
        ("-m x --dmeo", "--demo"),
        ("ask Hi --tier flx", "flex"),
        ("ask Hi --tier=flx", "flex"),
        ("models --sort prise", "price"),
        ("models --for codng", "coding"),
        ("plan limits -m gpt-os-20b --tokens 5", "openai/gpt-oss-20b"),
        ("plan limits -m 20b --tokens 5 --plan fre", "free"),
    ],
)
def test_what_may_have_been_meant_is_said(groqchat, line, meant):
    done = groqchat(*line.split())
    assert done.code == 2
    assert done.err.strip().endswith(f"; did you mean {meant}?")


@pytest.mark.parametrize(
    ("line", "command"),
    [("ask Hi --modle x", "ask"), ("sessions list --limt 3", "sessions list")],
)
def test_the_usage_of_that_command_alone_is_printed(groqchat, line, command):
    done = groqchat(*line.split())
    assert done.code == 2
    assert done.err.startswith(f"usage: groqchat {command} [-h]")
    assert "COMMAND" not in done.err
    assert "did you mean --" in done.err


@pytest.mark.parametrize(
    "line", ["ask -- --modle x y", "sessions", "zzz", "ask Hi --tier gold", "ask --qqqqqq Hi"]
)
def test_nothing_is_made_up(groqchat, line):
    done = groqchat(*line.split())
    assert done.code == 2
    assert "did you mean" not in done.err


def test_the_effort_of_a_model_too(simulator, groqchat):
    done = groqchat("ask", "Hi", "--effort", "hihg", "--json")
    assert (done.code, done.json["error"]["message"].endswith("; did you mean high?")) == (2, True)


def test_two_letters_that_changed_places_are_one_slip():
    assert distance("aks", "ask") == 1
    assert distance("exprot", "export") == 1
    assert distance("abcd", "wxyz") == 4
    assert did_you_mean("x", ["a", "b"]) == ""
