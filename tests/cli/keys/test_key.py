"""``groqchat key``: every outcome has its status and its exit code, and no key is ever shown."""

import pytest

from groqchat.cli.keys import key as key_module
from groqchat.domain.text.secret import Secret
from groqchat.services.account.keys import MemoryKeyStore
from tests.cli.conftest import KEY

OTHER = "gsk_test_zyxwvutsrqponmlkjihgf"


@pytest.fixture
def keyring(monkeypatch):
    """A keyring in memory that outlives single commands."""
    key_store = MemoryKeyStore()
    monkeypatch.setattr("groqchat.bootstrap.SystemKeyring", lambda: key_store)
    monkeypatch.delenv("GROQ_API_KEY", raising=False)
    return key_store


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        (None, "valid", 0),
        ("rate_limited", "limited", 0),
        ("key_rejected", "rejected", 4),
        ("rate_limited_untold", "limited", 0),
        ("org_restricted", "not_permitted", 5),
        ("terms_required", "not_permitted", 5),
        ("spend_limit", "not_permitted", 5),
        ("api_access_blocked", "not_permitted", 5),
        ("network_refused", "unreachable", 7),
        ("forbidden", "unreachable", 7),
        ("cloudflare_html", "unreachable", 7),
        ("cloudflare_1010", "unreachable", 7),
        ("flex_full", "service_error", 8),
        ("server_error_empty", "service_error", 8),
        ("bad_gateway", "service_error", 8),
        ("over_capacity", "service_error", 8),
        ("gateway_timeout", "service_error", 8),
        ("unsupported_key", "refused", 9),
        ("unprocessable", "refused", 9),
        ("model_not_found", "refused", 9),
    ],
)
def test_every_outcome_of_a_check(simulator, groqchat, fault, status, code):
    if fault:
        simulator.arm(f"{fault}@models")
    done = groqchat("key", "check", "--json")
    assert done.code == code
    told = done.json
    assert (told["status"], told["source"], told["profile"]) == (status, "env", "default")
    assert told["key"] == "gsk_…ghij"
    assert told["latency_ms"] >= 0
    assert (told["models"] is not None) == (status == "valid")
    assert "Groq " not in told["message"] + told["suggestion"]  # who was asked is somebody else
    assert KEY not in done.out + done.err
    words = groqchat("key", "check")
    assert words.code == code
    assert told["message"] in words.out


def test_what_cannot_be_a_key_is_rejected_unsent(simulator, groqchat):
    done = groqchat("key", "check", "--stdin", "--json", piped=b"gsk_test one two")
    assert (done.code, done.json["status"]) == (4, "rejected")
    assert "white space" in done.json["message"]


def test_no_key_at_all(groqchat):
    done = groqchat("key", "check", "--json")
    assert (done.code, done.json["status"], done.json["key"]) == (3, "missing", None)


def test_nobody_there(groqchat, monkeypatch, free_port):
    monkeypatch.setenv("GROQ_API_KEY", KEY)
    monkeypatch.setenv("GROQ_BASE_URL", f"http://127.0.0.1:{free_port}")
    done = groqchat("key", "check", "--json")
    assert (done.code, done.json["status"]) == (7, "unreachable")


def test_a_piped_key_is_checked_without_being_stored(simulator, groqchat, keyring):
    done = groqchat("key", "check", "--stdin", "--json", piped=f" {KEY}\n".encode())
    assert (done.code, done.json["source"], done.json["status"]) == (0, "stdin", "valid")
    assert groqchat("key", "list", "--json").json == []


def test_a_key_is_added_and_used(simulator, groqchat, keyring):
    done = groqchat("key", "add", "--stdin", piped=KEY.encode())
    assert done.code == 0
    assert done.out == "Stored gsk_…ghij as profile default in memory.\n"
    told = groqchat("key", "check", "--json").json
    assert (told["source"], told["store"], told["status"]) == ("keyring", "memory", "valid")
    assert groqchat("ask", "Hi").code == 0


def test_a_rejected_key_is_not_stored(simulator, groqchat, keyring):
    done = groqchat("key", "add", "--stdin", "--json", piped=b"gsk_test_rejected_0000")
    assert (done.code, done.json["status"]) == (4, "rejected")
    assert groqchat("key", "list", "--json").json == []


def test_an_unreachable_server_does_not_keep_a_key_from_being_stored(
    groqchat, keyring, monkeypatch, free_port
):
    monkeypatch.setenv("GROQ_BASE_URL", f"http://127.0.0.1:{free_port}")
    done = groqchat("key", "add", "--stdin", piped=KEY.encode())
    assert done.code == 0
    assert "not known to work" in done.err
    assert len(groqchat("key", "list", "--json").json) == 1


def test_profiles_are_listed_chosen_renamed_and_removed(simulator, groqchat, keyring):
    groqchat("key", "add", "--stdin", piped=KEY.encode())
    groqchat("key", "add", "--stdin", "--profile", "work", piped=OTHER.encode())
    assert groqchat("key", "use", "work").code == 0
    listed = groqchat("key", "list", "--json").json
    assert [(each["name"], each["default"]) for each in listed] == [
        ("default", False), ("work", True),
    ]  # fmt: skip
    assert groqchat("key", "check", "--json").json["key"] == "gsk_…ihgf"
    assert groqchat("key", "check", "--profile", "default", "--json").json["key"] == "gsk_…ghij"
    assert groqchat("key", "rename", "work", "office").code == 0
    assert groqchat("key", "check", "--json").json["profile"] == "office"
    assert "valid" in groqchat("key", "list").out
    assert groqchat("key", "remove", "office").code == 0
    assert groqchat("key", "check", "--json").code == 3


def test_the_environment_beats_the_keyring_and_this_is_said(
    simulator, groqchat, keyring, monkeypatch
):
    groqchat("key", "add", "--stdin", piped=OTHER.encode())
    monkeypatch.setenv("GROQ_API_KEY", KEY)
    assert groqchat("key", "check", "--json").json["source"] == "env"
    assert "GROQ_API_KEY (gsk_…ghij) is set" in groqchat("key", "list").err
    assert "instead of" in groqchat("key", "add", "--from-env", "--profile", "copy").err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["key", "add"], "stdin is not a terminal, so the key cannot be typed"),
        (["key", "add", "--stdin"], "is empty"),
        (["key", "add", "--from-env"], "there is no key in GROQ_API_KEY"),
        (["key", "use", "nobody"], "no key is stored under the name 'nobody'"),
        (["key", "remove", "nobody"], "no key is stored under the name 'nobody'"),
        (["key", "rename", "nobody", "x"], "no key is stored under the name 'nobody'"),
        (["key", "use"], "say which profile"),
    ],
)
def test_misuse_is_one_sentence(groqchat, keyring, words, sentence):
    done = groqchat(*words)
    assert (done.code, done.out) == (2, "")
    assert sentence in done.err


def test_a_key_is_typed_unseen(simulator, groqchat, keyring, monkeypatch):
    monkeypatch.setattr(key_module, "typed_key", lambda: Secret(KEY))
    assert groqchat("key", "add").code == 0


def test_without_a_keyring_adding_is_exit_10_and_says_what_to_do(simulator, groqchat):
    done = groqchat("key", "add", "--stdin", "--json", piped=KEY.encode())
    assert (done.code, done.json["error"]["kind"]) == (10, "storage")
    assert "GROQ_API_KEY" in done.err


@pytest.mark.parametrize(
    "words",
    [
        ("key", "add", "PASTED"),
        ("key", "check", "PASTED"),
        ("key", "use", "PASTED"),
        ("PASTED",),
        ("ask", "Hi", "--tier", "PASTED"),
    ],
)
@pytest.mark.parametrize("form", [(), ("--json",)])
def test_a_key_as_an_argument_is_not_repeated_and_its_way_is_told(groqchat, keyring, words, form):
    pasted = "gsk_" + "abcdefghijklm" * 4
    done = groqchat(*(pasted if word == "PASTED" else word for word in words), *form)
    assert done.code == 2
    assert pasted not in done.out + done.err
    assert "--stdin" in done.err
    if form:
        assert "--stdin" in done.json["error"]["suggestion"]


def test_a_key_in_place_of_a_name_is_not_repeated_on_stderr(simulator, groqchat):
    pasted = "gsk_" + "abcdefghijklm" * 4
    for option in ("--model", "--profile"):
        done = groqchat("ask", "Hi", option, pasted)
        assert "gsk_…" in done.err
        assert pasted not in done.err
