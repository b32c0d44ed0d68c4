"""A key that is typed where it does not belong is printed nowhere, by no command."""

import json

import pytest

from groqchat.cli.completion.tree import places
from groqchat.cli.main import build_parser

MISPLACED = "gsk_" + "abcdefghijklm" * 4
SECRET = MISPLACED[4:20]
SMALL, LARGE = "openai/gpt-oss-20b", "openai/gpt-oss-120b"
# What stands beside the misplaced key, so that a command comes as far as it can.
BESIDE = {
    ("ask",): ["Hi"],
    ("compare",): ["Hi", "-m", SMALL, "-m", LARGE],
    ("plan", "limits"): ["-m", SMALL, "--tokens", "5"],
    ("plan", "cost"): ["-m", SMALL, "--input", "5"],
    ("plan", "audio"): ["-m", "whisper-large-v3-turbo", "--hours", "1"],
    ("key", "rename"): ["default", "b"],
    ("sessions", "show"): ["SESSION"],
    ("sessions", "export"): ["SESSION"],
}
PASTED = b"gsk_test_zyxwvutsrqponmlkjihgf"


def command_lines():
    """The key as every value and as every argument of every command."""
    for place in places(build_parser(), ()):
        path, beside = list(place.path), BESIDE.get(place.path, [])
        if path == ["simulate"]:  # which would go on; its values are numbers and names of faults
            yield [*path, "--port", MISPLACED]
            yield [*path, "--fault", MISPLACED]
            continue
        if path == ["serve"]:  # which would go on with any profile or model
            yield [*path, "--port", MISPLACED]
            continue
        for option in place.options:
            if "--schema" in option.names:  # keys of the answer, which is printed to the letter
                continue
            if option.value:
                yield [*path, *beside, option.names[-1], MISPLACED]
            yield [*path, *beside, f"{option.names[-1]}={MISPLACED}"]
        yield [*path, *beside, MISPLACED]
        yield [*path, *beside, f"--{MISPLACED}"]
        if path not in (["ask"], ["compare"]):  # what is asked is quoted by the simulator
            yield [*path, MISPLACED, *beside[1:]]


@pytest.fixture
def said(simulator, groqchat, tmp_path, monkeypatch):
    """Runs a command line; fails where the key is repeated."""
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "tests.storage.keys.fake_keyrings.MemoryKeyring")
    monkeypatch.chdir(tmp_path)

    def run(*words, piped=PASTED):
        done = groqchat(*words, piped=piped)
        assert SECRET not in done.out + done.err, words
        return done

    return run


def test_no_command_repeats_a_key_that_was_typed_in_the_wrong_place(said, groqchat_home):
    said("ask", "Hi")
    session_id = said("sessions", "list", "--json").json[0]["id"]
    for line in command_lines():
        words = [session_id if word == "SESSION" else word for word in line]
        said(*words)
        said(*words, "--json")
    log = groqchat_home / "log.jsonl"
    assert not log.exists() or SECRET not in log.read_text()


def test_an_error_in_json_names_the_model_without_the_key(said):
    told = said("ask", "Hi", "-m", MISPLACED, "--json").json["error"]
    assert (told["kind"], told["model"]) == ("model_gone", "gsk_…")
    assert told["message"].startswith("gsk_… does not exist")


def test_what_a_model_wrote_is_printed_to_the_letter(groqchat, simulator, tmp_path):
    answer = groqchat("ask", f"Is {MISPLACED} mine?", "--json").json
    assert MISPLACED in answer["answer"]
    assert MISPLACED in groqchat("ask", f"Is {MISPLACED} mine?").out
    compared = groqchat("compare", f"Is {MISPLACED} mine?", "-m", SMALL, "-m", LARGE)
    assert MISPLACED in compared.out
    document = groqchat("sessions", "export", answer["session_id"], "--format", "json").json
    assert MISPLACED in json.dumps(document)


def test_titles_and_names_of_files_hold_no_key(said, groqchat, tmp_path):
    groqchat("ask", f"Is {MISPLACED} mine?")
    session = said("sessions", "list", "--json").json[0]
    assert session["title"] == "Is gsk_… mine?"
    assert "gsk_…" in said("sessions", "list").out
    said("sessions", "export", session["id"], "-o", tmp_path)
    assert [path.name for path in tmp_path.glob("*.md")] == ["Is-gsk_-mine.md"]


def test_no_key_becomes_the_name_of_a_stored_key(said):
    for words in (("add", "--stdin", "--profile"), ("add", "--stdin", "--organisation")):
        assert "choose another" in said("key", *words, MISPLACED).err
    assert said("key", "list", "--json").json == []
    assert said("key", "add", "--stdin").code == 0
    assert "choose another" in said("key", "rename", "default", MISPLACED).err


def test_settings_that_hold_a_key_are_not_quoted(said, groqchat_home):
    groqchat_home.mkdir(exist_ok=True)
    for text in (
        f'model = "{MISPLACED}"\ntheme = "{MISPLACED}"\nprofile = "{MISPLACED}"\n{MISPLACED} = 1',
        MISPLACED,
    ):
        (groqchat_home / "config.toml").write_text(text)
        for words in (("ask", "Hi"), ("doctor",), ("models",), ("key", "check")):
            said(*words)
            said(*words, "--json")


@pytest.mark.parametrize("form", ["http://127.0.0.1:1/{}", "http://{}", "http://u:{}@127.0.0.1:1"])
def test_an_address_that_holds_a_key_is_not_quoted(said, form, monkeypatch):
    monkeypatch.setenv("GROQ_BASE_URL", form.format(MISPLACED))
    for words in (("ask", "Hi"), ("doctor",), ("key", "check"), ("models",)):
        said(*words)
        said(*words, "--json")


def write_set(path, *rows):
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return path


def test_a_set_whose_prompts_hold_a_key_is_warned_of_and_repeats_none(said, groqchat, tmp_path):
    row = {"prompt": f"Is {MISPLACED} mine?", "id": "mine", "task": MISPLACED, "regex": MISPLACED}
    leaking = write_set(tmp_path / f"{MISPLACED}.jsonl", row, {"prompt": "Hi", "system": MISPLACED})
    both = ("-m", SMALL, "-m", LARGE)
    first = said("compare", "--file", leaking, *both)
    assert "2 prompts contain an API key (mine, 2); the server will read it" in first.err
    for form in ("--markdown", "--csv"):
        assert "contain" not in said("compare", "--file", leaking, "--report", form).err
    document = groqchat("compare", "--file", leaking, "--report", "--json").json
    for answer in document["results"]:
        assert answer.pop("answer")  # which quotes the prompt
    assert SECRET not in json.dumps(document)
    said("compare", "--file", leaking, "--report", "--html", "page.html")
    assert SECRET not in (tmp_path / "page.html").read_text()
    clean = write_set(tmp_path / "clean.jsonl", {"prompt": "Hi"})
    assert "1 prompt contains" in said("compare", "--file", clean, *both, "-s", MISPLACED).err
    assert "contain" not in said("compare", "--file", clean, *both).err
    wrong = write_set(tmp_path / "wrong.jsonl", {"prompt": "Hi", MISPLACED: 1})
    assert said("compare", "--file", wrong, *both).code == 2


def test_a_key_in_a_schema_is_warned_of(groqchat, simulator):
    warning = "the schema contains an API key; the server will read it"
    both = ("-m", SMALL, "-m", LARGE)
    for words in (("ask", "Hi", "--no-save"), ("compare", "Hi", *both, "--no-save")):
        assert warning in groqchat(*words, "--schema", f"{MISPLACED} str").err
    assert warning not in groqchat("ask", "Hi", "--schema", "name").err


def test_a_key_in_the_system_prompt_is_warned_of(said, groqchat_home):
    warning = "the system prompt contains an API key; the server will read it"
    assert warning in said("ask", "Hi", "-s", MISPLACED).err
    assert warning in said("ask", "-c", "And?").err
    assert warning in said("compare", "Hi", "-m", SMALL, "-m", LARGE, "-s", MISPLACED).err
    assert warning not in said("ask", "Hi").err
