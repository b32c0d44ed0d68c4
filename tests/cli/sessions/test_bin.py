"""``groqchat sessions delete``, ``restore``, ``bin``: nothing is lost by one command."""

import json
import time

import pytest

from groqchat.domain.sessions.groups import KEPT_IN_BIN_S

TALK = [{"role": "user", "content": "What is a llama?"}]


@pytest.fixture
def two(groqchat, tmp_path):
    """The sessions abc123 and abd456."""
    file = tmp_path / "two.jsonl"
    lines = [{"id": "abc123", "title": "One"}, {"id": "abd456", "title": "Two"}]
    file.write_text("".join(json.dumps({**line, "messages": TALK}) + "\n" for line in lines))
    assert groqchat("sessions", "import", file).code == 0


def listed(groqchat, *words):
    return sorted(each["id"] for each in groqchat("sessions", *words, "--json").json)


def test_what_is_deleted_goes_into_the_bin_and_comes_back(groqchat, two):
    done = groqchat("sessions", "delete", "abc")
    assert (done.code, done.out) == (0, "In the bin: abc123 (One).\n")
    assert "`groqchat sessions restore abc123` brings it back" in done.err
    assert listed(groqchat, "list") == ["abd456"]
    assert listed(groqchat, "bin") == ["abc123"]
    shown = groqchat("sessions", "bin").out.splitlines()
    assert shown[0].split() == ["id", "deleted", "days", "left", "title"]
    assert shown[1].split()[-2:] == ["30", "One"]
    assert groqchat("sessions", "search", "llama", "--json").json[0]["session_id"] == "abd456"
    assert groqchat("sessions", "show", "abc123").code == 2
    restored = groqchat("sessions", "restore", "abc", "--json")
    assert restored.json == {"id": "abc123", "ids": ["abc123"]}
    assert listed(groqchat, "list") == ["abc123", "abd456"]
    assert groqchat("sessions", "bin").err == "The bin is empty.\n"


def test_all_are_restored_or_none(groqchat, two):
    groqchat("sessions", "delete", "abc", "abd")
    refused = groqchat("sessions", "restore", "abc", "zzz")
    assert refused.code == 2
    assert "there is no session 'zzz' in the bin; see `groqchat sessions bin`" in refused.err
    assert listed(groqchat, "bin") == ["abc123", "abd456"]
    ambiguous = groqchat("sessions", "restore", "ab")
    assert ambiguous.code == 2
    assert "ambiguous" in ambiguous.err
    assert groqchat("sessions", "restore", "abc", "abd", "abc").code == 0
    assert listed(groqchat, "bin") == []


def test_what_was_never_deleted_is_not_restored(groqchat, two):
    refused = groqchat("sessions", "restore", "abc123")
    assert refused.code == 2
    assert "in the bin; it is not deleted" in refused.err


def test_forever_is_for_ever_also_from_the_bin(groqchat, two):
    groqchat("sessions", "delete", "abc")
    assert groqchat("sessions", "delete", "--forever", "abc").code == 2  # nobody can be asked
    assert listed(groqchat, "bin") == ["abc123"]
    done = groqchat("sessions", "delete", "--forever", "-y", "abc", "abd", "--json")
    assert done.json["ids"] == ["abc123", "abd456"]
    assert listed(groqchat, "bin") == listed(groqchat, "list") == []


def test_the_bin_is_emptied_when_that_is_agreed_to(groqchat, two):
    groqchat("sessions", "delete", "abc")
    assert groqchat("sessions", "bin", "--empty").code == 2
    done = groqchat("sessions", "bin", "--empty", "-y")
    assert (done.code, done.out) == (0, "1 session deleted for good.\n")
    assert listed(groqchat, "bin") == []
    assert groqchat("sessions", "bin", "--empty", "--json").json == {"ids": []}
    assert listed(groqchat, "list") == ["abd456"]


def test_after_30_days_the_next_command_removes_it(groqchat, two, monkeypatch):
    groqchat("sessions", "delete", "abc")
    later = time.time() + KEPT_IN_BIN_S + 60
    monkeypatch.setattr("groqchat.storage.database.bin.bin.time.time", lambda: later)
    assert listed(groqchat, "bin") == []
    assert listed(groqchat, "list") == ["abd456"]


def test_importing_what_is_in_the_bin_brings_it_back(groqchat, two, tmp_path):
    groqchat("sessions", "delete", "abc")
    again = groqchat("sessions", "import", tmp_path / "two.jsonl", "--json").json
    assert (again["added"], again["present"]) == (1, 1)
    assert listed(groqchat, "list") == ["abc123", "abd456"]
