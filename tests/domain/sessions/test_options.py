"""What sessions are asked with: new ones begin with the settings, others as they were left."""

from dataclasses import replace

from groqchat.domain.sessions.options import (
    beginning,
    changed,
    followed,
    keeping,
    kept_of,
    remembered,
)
from groqchat.domain.settings import Settings
from groqchat.domain.tools.servers import read_servers
from groqchat.domain.turns.chat import Options, Session

SETTINGS = Settings(system="Be brief.", service_tier="flex", max_tokens=700)
FRESH = Session("s", "", 0.0, 0.0)


def test_a_new_session_begins_with_the_settings():
    assert beginning(SETTINGS, "m") == Options("m", "Be brief.", "flex", max_tokens=700)
    assert beginning(Settings(model="own"), "m") == Options("own")


def test_a_new_session_begins_with_the_servers_that_the_settings_name():
    servers = read_servers(
        {"a": {"command": ["x"], "in_new_sessions": True}, "b": {"command": ["x"]}}
    )
    now = Settings(mcp=servers)
    assert beginning(now, "m").tools == ("a",)
    assert followed(Options("m"), Settings(), now).tools == ("a",)
    switched_off = changed(beginning(now, "m"), tools=())
    assert remembered(keeping(FRESH, switched_off), now, "m").tools == ()


def test_a_session_is_asked_as_it_was_left():
    for options in (
        Options("m"),  # the settings' tier and bound were switched off
        Options("m", "Rhyme.", "auto", "high", 20, history=4),
        Options("m", temperature=0.0, top_p=0.5, seed=0, stop=("a", "b"), reasoning_format="raw"),
        beginning(SETTINGS, "m"),
    ):
        assert remembered(keeping(FRESH, options), SETTINGS, "other") == options


def test_parameters_of_a_newer_version_stay_and_values_of_another_type_are_not_sent():
    newer = replace(FRESH, parameters={"later": [1], "seed": "seven", "stop": ["a", 2], "top_p": 1})
    options = remembered(newer, SETTINGS, "m")
    assert (options.seed, options.stop, options.top_p) == (None, ("a",), 1)
    left = changed(options, seed=7, top_p=None)
    assert keeping(newer, left).parameters == {"later": [1], "seed": 7, "stop": ["a"]}
    assert kept_of(newer, left, ["effort"]) == {"effort": ""}
    assert kept_of(newer, left, ["seed"]) == {"parameters": keeping(newer, left).parameters}


def test_what_was_never_kept_of_a_session_is_as_in_a_new_one():
    old = replace(FRESH, model="old", system="Of old.")
    assert remembered(old, SETTINGS, "m") == Options("old", "Of old.", "flex", max_tokens=700)


def test_changed_settings_reach_a_new_session_but_not_what_was_chosen_for_it():
    chosen = changed(beginning(SETTINGS, "m"), service_tier=None, effort="low")
    now = replace(SETTINGS, model="own", system="At length.", service_tier="auto")
    followed_by = followed(chosen, SETTINGS, now)
    assert followed_by == Options("own", "At length.", None, "low", 700)


def test_what_was_refused_is_sent_again_once_it_is_set_anew_or_another_model_is_asked():
    refused = replace(Options("m"), dropped=frozenset({"reasoning_effort", "service_tier"}))
    assert changed(refused, effort="low").dropped == {"service_tier"}
    assert changed(refused, effort=None).dropped == refused.dropped
    assert changed(refused, model="other").dropped == frozenset()
