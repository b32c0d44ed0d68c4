"""The names under which models call foreign tools."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groqchat.domain.tools.names import sent_name
from groqchat.domain.tools.servers import read_server

ALLOWED = re.compile(r"[A-Za-z0-9_-]{1,64}")


def test_a_good_name_stands_behind_its_server_s():
    assert sent_name("time", "get_current_time") == "time__get_current_time"


@pytest.mark.parametrize(
    "name", ["ns.dotted", "with blanks, and more!", "x" * 130, "日本語", "\x1b[2J"]
)
def test_any_other_name_is_made_to_fit(name):
    assert ALLOWED.fullmatch(sent_name("files", name))


def test_names_that_differ_in_a_forbidden_character_stay_apart():
    names = ["a.b", "a b", "a_b", "a/b"]
    assert len({sent_name("s", name) for name in names}) == 4


NAMES = st.text(st.sampled_from("ab_-."), min_size=1, max_size=12)


@settings(max_examples=25)
@given(st.tuples(NAMES, NAMES), st.tuples(NAMES, NAMES))
def test_no_two_tools_have_one_name(one, other):
    for server, _ in (one, other):
        try:
            read_server(server, {"command": ["x"]})
        except ValueError:
            return
    assert (sent_name(*one) == sent_name(*other)) == (one == other)
