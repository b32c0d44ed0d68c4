"""``groqchat help``."""

import pytest

from groqchat.catalog.guides import GUIDES
from groqchat.cli.main import COMMANDS


def test_the_list(groqchat):
    told = groqchat("help")
    assert told.code == 0
    assert [row.split()[0] for row in told.out.splitlines()] == ["guide", *GUIDES]
    assert [row["topic"] for row in groqchat("help", "--json").json] == list(GUIDES)


def test_a_guide_is_printed_as_it_is_written(groqchat):
    told = groqchat("help", "limits")
    assert told.out.startswith("# Limits and cost\n")
    assert "`--below TPD=50000`" in told.out
    assert not told.err
    assert groqchat("help", "limits", "--json").json == {"topic": "limits", "markdown": told.out}


def test_a_guide_that_is_a_command_too(groqchat):
    told = groqchat("help", "compare")
    assert told.out.startswith("# Comparing models")
    assert told.err == "groqchat compare -h shows the options of the command.\n"


@pytest.mark.parametrize("words", [("usage",), ("batch", "submit"), ("key",)])
def test_help_of_a_command(groqchat, words):
    assert words[0] in COMMANDS
    told = groqchat("help", *words)
    assert told.code == 0
    assert told.out.startswith(f"usage: groqchat {' '.join(words)}")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("limit",), "did you mean limits?"),
        (("nonsense",), "there is no guide called 'nonsense'; `groqchat help` lists them"),
        (("key", "chekc"), "check"),
    ],
)
def test_wrong_words(groqchat, words, said):
    told = groqchat("help", *words)
    assert told.code == 2
    assert said in told.err
