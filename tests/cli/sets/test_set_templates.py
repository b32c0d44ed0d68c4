"""``compare --file`` with variables and with prompts of several turns."""

import json

from groqchat.domain.turns.chat import Role
from tests.cli.sets.test_compare_set import A, written

END = "write 12 tokens, end with {{mark}}"
TALK = [
    {"role": "system", "content": "Be brief."},
    {"role": "user", "content": "Hello"},
    {"role": "assistant", "content": "Hi!"},
    {"role": "user", "content": "write 12 tokens, end with P7"},
]


def test_every_row_of_values_is_a_prompt_of_its_own(simulator, groqchat, tmp_path):
    (tmp_path / "rows.csv").write_text("mark,note\nP1,one\nP2,two\n")
    rows = [
        {"id": "inline", "prompt": END, "vars": [{"mark": "P8"}], "contains": "{{mark}}"},
        {"id": "file", "prompt": END, "vars": "rows.csv", "contains": "{{mark}}"},
    ]
    asking = ["compare", "--file", written(tmp_path, rows), "-m", A]
    report = groqchat(*asking, "--json").json
    results = [(r["id"], r["prompt"][-2:], r["checks"][0]["passed"]) for r in report["results"]]
    assert results == [("inline-1", "P8", True), ("file-1", "P1", True), ("file-2", "P2", True)]
    (tmp_path / "rows.csv").write_text("mark\nP1\nP3\n")
    assert "2 of them there already" in groqchat(*asking).err
    (tmp_path / "rows.csv").unlink()
    done = groqchat(*asking)
    assert done.code == 2
    assert f"line 2: cannot read {tmp_path / 'rows.csv'}" in done.err


def test_turns_are_sent_as_history_and_answered_once(simulator, groqchat, tmp_path, asked):
    path = written(tmp_path, [{"id": "talk", "messages": TALK, "contains": "P7"}])
    report = groqchat("compare", "--file", path, "-m", A, "--json").json
    (result,) = report["results"]
    assert result["prompt"].startswith("User: Hello\n\nAssistant: Hi!\n\nUser: write")
    assert result["checks"][0]["passed"]
    (body,) = asked
    sent = [(message["role"], message["content"]) for message in body["messages"]]
    assert sent == [(each["role"], each["content"]) for each in TALK]
    again = groqchat("compare", "--file", path, "-m", A)
    assert "1 of them there already" in again.err
    session = groqchat("sessions", "export", report["session_id"], "--format", "json").json
    roles = [message["role"] for message in session["messages"]]
    assert roles == [Role.USER, Role.ASSISTANT, Role.USER, Role.ASSISTANT]
    assert len(asked) == 1
    changed = [*TALK[:2], {"role": "assistant", "content": "Ho!"}, TALK[3]]
    path.write_text(json.dumps({"id": "talk", "messages": changed}))
    assert groqchat("compare", "--file", path, "-m", A).code == 0
    assert len(asked) == 2


def test_messages_stand_alone(groqchat, simulator, tmp_path):
    path = written(tmp_path, [{"messages": TALK, "prompt": "Hi"}])
    done = groqchat("compare", "--file", path, "-m", A)
    assert (done.code, "messages hold the prompt and the system prompt" in done.err) == (2, True)
