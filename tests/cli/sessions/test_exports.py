"""Options of ``groqchat sessions export``: redaction, front matter, OpenAI's shape."""

import json

import pytest

KEY = "gsk_" + "a1b2" * 8


@pytest.fixture
def talk(groqchat, tmp_path):
    """A session that holds a key."""
    file = tmp_path / "talk.json"
    said = [
        {"role": "user", "content": f"Is {KEY} right?"},
        {"role": "assistant", "content": "No.", "model": "m/1"},
    ]
    file.write_text(
        json.dumps({"id": "s1", "title": "Keys", "system": "Be kind.", "messages": said})
    )
    assert groqchat("sessions", "import", file).code == 0
    return groqchat("sessions", "list", "--json").json[0]["id"]


@pytest.mark.parametrize("form", ["markdown", "html", "json", "jsonl"])
def test_secrets_leave_only_unasked(groqchat, talk, form):
    assert KEY in groqchat("sessions", "export", talk, "--format", form).out
    redacted = groqchat("sessions", "export", talk, "--format", form, "--redact").out
    assert KEY not in redacted
    assert "Is gsk_… right?" in redacted


def test_front_matter_stands_before_markdown(groqchat, talk, tmp_path):
    done = groqchat("sessions", "export", talk, "--front-matter")
    assert done.out.startswith('---\ntitle: "Keys"\nid: "s1"\n')
    file = tmp_path / "notes.md"
    assert groqchat("sessions", "export", talk, "--front-matter", "-o", file).code == 0
    new = tmp_path / "talks"
    assert groqchat("sessions", "export", talk, "-o", f"{new}/").code == 0
    assert [each.suffix for each in new.iterdir()] == [".md"]
    assert groqchat("sessions", "export", talk, "-o", f"{new}/").code == 0
    refused = groqchat("sessions", "export", talk, "-o", f"{file}/")
    assert (refused.code, "cannot make the folder" in refused.err) == (2, True)
    # A new export goes over one of ours, whatever its options.
    assert groqchat("sessions", "export", talk, "--redact", "-o", file).code == 0
    assert file.read_text().startswith("# Keys\n")


def test_a_line_for_openai_needs_no_other_option(groqchat, talk, tmp_path):
    done = groqchat("sessions", "export", talk, "--openai", "--redact")
    assert json.loads(done.out)["messages"] == [
        {"role": "system", "content": "Be kind."},
        {"role": "user", "content": "Is gsk_… right?"},
        {"role": "assistant", "content": "No."},
    ]
    file = tmp_path / "x.jsonl"
    assert groqchat("sessions", "export", talk, "--openai", "-o", file).code == 0
    assert json.loads(file.read_text())["messages"][0]["role"] == "system"
    assert groqchat("sessions", "export", talk, "--openai", "-o", tmp_path).code == 0
    assert (tmp_path / "Keys.jsonl").exists()


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (("--openai", "--format", "html"), "--openai is a form of JSON lines, not of html"),
        (("--openai", "-o", "talk.md"), "--openai is a form of JSON lines, not of markdown"),
        (("--front-matter", "--format", "json"), "--front-matter is for Markdown, not for json"),
    ],
)
def test_an_option_of_another_form_is_refused(groqchat, talk, options, complaint):
    done = groqchat("sessions", "export", talk, *options)
    assert (done.code, done.out) == (2, "")
    assert complaint in done.err
