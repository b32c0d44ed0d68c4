"""``groqchat sessions list``, ``search`` and ``edit``: labels, operators, exit codes."""

import json

import pytest

TALK = [
    {"role": "user", "content": "What is a llama? It costs."},
    {"role": "assistant", "content": "A **camelid**.", "model": "openai/gpt-oss-20b"},
]


@pytest.fixture
def two(groqchat, tmp_path):
    """The sessions abc123 and abd456."""
    file = tmp_path / "two.jsonl"
    lines = [{"id": "abc123", "title": "One"}, {"id": "abd456", "title": "Two"}]
    file.write_text("".join(json.dumps({**line, "messages": TALK}) + "\n" for line in lines))
    assert groqchat("sessions", "import", file).code == 0


def ids(groqchat, *words):
    return sorted(each["id"] for each in groqchat("sessions", "list", *words, "--json").json)


def test_sessions_are_labelled_and_listed_by_their_labels(groqchat, two):
    done = groqchat("sessions", "edit", "abc", "--add-tag", "Tax-Return", "--pin", "--json")
    (edited,) = done.json
    assert (edited["tags"], edited["pinned"], edited["archived"]) == (["tax-return"], True, False)
    assert ids(groqchat, "--tag", "tax-return") == ["abc123"]
    assert ids(groqchat, "--tag", "Tax Return") == ["abc123"]
    assert "* One #tax-return" in groqchat("sessions", "list").out
    assert groqchat("sessions", "edit", "abc", "abd", "--archive").code == 0
    assert ids(groqchat) == []
    assert "in the archive: `groqchat sessions list --archived`" in groqchat("sessions", "list").err
    assert ids(groqchat, "--archived") == ["abc123", "abd456"]
    assert ids(groqchat, "--archived", "--tag", "tax-return") == ["abc123"]
    back = groqchat(
        "sessions", "edit", "abc", "--unarchive", "--unpin", "--remove-tag", "TAX-return"
    )
    assert (back.code, back.out) == (0, "Changed abc123 (One). It has no tags.\n")
    (kept,) = groqchat("sessions", "list", "--json").json
    assert (kept["id"], kept["tags"], kept["pinned"]) == ("abc123", [], False)


def test_tags_stand_between_commas_and_spaces_and_are_told(groqchat, two):
    added = groqchat("sessions", "edit", "abc", "--add-tag", "Work, home  tax", "--add-tag", "b,a")
    assert added.out == "Changed abc123 (One). Its tags are #a #b #home #tax #work.\n"
    left = groqchat("sessions", "edit", "abc", "--remove-tag", "a b,work", "--add-tag", "c")
    assert left.out == "Changed abc123 (One). Its tags are #c #home #tax.\n"
    pinned = groqchat("sessions", "edit", "abc", "--pin")
    assert pinned.out == "Changed abc123 (One).\n"


def test_an_edit_renames_without_keys_and_needs_something_to_do(groqchat, two):
    key = "gsk_" + "a1" * 26
    assert groqchat("sessions", "edit", "abc", "--title", f" New  {key} ").code == 0
    title = next(
        each["title"] for each in groqchat("sessions", "list", "--json").json
        if each["id"] == "abc123"
    )  # fmt: skip
    assert title.startswith("New ")
    assert key not in title
    for words, sentence in ((("abc",), "nothing to change"), (("abc", "--title", " "), "needs")):
        refused = groqchat("sessions", "edit", *words)
        assert refused.code == 2
        assert sentence in refused.err
    assert groqchat("sessions", "edit", "zzz", "--pin").code == 2


def test_a_search_takes_operators_and_marks_its_hits(groqchat, two):
    groqchat("sessions", "edit", "abc", "--add-tag", "work")
    (hit,) = groqchat("sessions", "search", "llama tag:work role:user", "--json").json
    assert (hit["session_id"], hit["archived"]) == ("abc123", False)
    ((begin, end),) = hit["matches"]
    assert hit["snippet"][begin:end] == "llama"
    assert len(groqchat("sessions", "search", "camelid model:gpt-oss", "--json").json) == 2
    assert groqchat("sessions", "search", "camelid model:qwen", "--json").json == []
    assert len(groqchat("sessions", "search", "camelid", "-n", "1", "--json").json) == 1


def test_an_operator_that_is_not_known_is_refused_in_a_sentence(groqchat, two):
    refused = groqchat("sessions", "search", "llama modle:gpt")
    assert (refused.code, refused.out) == (2, "")
    assert "modle: is no search operator; did you mean model:?" in refused.err
    as_json = groqchat("sessions", "search", "after:soon", "--json")
    assert as_json.code == 2
    assert "names no day" in as_json.json["error"]["message"]


def test_the_help_of_search_names_each_operator(groqchat):
    from groqchat.domain.sessions.queries import OPERATORS

    shown = groqchat("sessions", "search", "-h").out
    assert all(operator in shown for operator in OPERATORS)
