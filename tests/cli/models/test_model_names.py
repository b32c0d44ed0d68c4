"""Models are named alike in every command: by an id, its last part, or what means one alone."""

import pytest

A, B = "openai/gpt-oss-20b", "openai/gpt-oss-120b"


def test_ask_finds_the_model_that_a_name_means(simulator, groqchat):
    done = groqchat("ask", "Hi", "-m", "gpt-oss-20b", "--json")
    assert (done.code, done.json["model"]) == (0, A)
    assert f"gpt-oss-20b is {A}." in done.err
    assert simulator.answer(done.json["request_id"]).content == done.json["answer"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("gpt", f"'gpt' may be {B}, {A}: write more of it"),
        ("whisper-large-v3", "whisper-large-v3 does not chat"),
    ],
)
def test_what_is_not_clear_is_exit_2_and_nothing_is_sent(simulator, groqchat, tmp_path, name, said):
    prompts = tmp_path / "prompts.jsonl"
    prompts.write_text('{"prompt": "Hi"}\n')
    for words in (
        ("ask", "Hi", "-m", name),
        ("compare", "Hi", "-m", A, "-m", name),
        ("compare", "--file", prompts, "-m", A, "-m", name),
    ):
        done = groqchat(*words)
        assert done.code == 2, words
        assert said in done.err
    assert groqchat("usage", "--json").json["requests"] == 0


def test_what_the_server_does_not_list_is_asked_all_the_same(simulator, groqchat):
    done = groqchat("ask", "Hi", "-m", "gpt-os-20b")
    assert done.code == 9
    assert f"does not list gpt-os-20b; did you mean {A}? It is asked anyway." in done.err
    assert f"Choose {A} with --model" in done.err


def test_two_names_of_one_model_are_one(simulator, groqchat, tmp_path):
    done = groqchat("compare", "Hi", "-m", A, "-m", "20b")
    assert (done.code, f"{A} is named twice" in done.err) == (2, True)
    prompts = tmp_path / "prompts.jsonl"
    prompts.write_text('{"prompt": "Hi"}\n')
    done = groqchat("compare", "--file", prompts, "-m", "20b", "-m", "120b", "--json")
    assert done.code == 0
    assert sorted(each["model"] for each in done.json["models"]) == [B, A]
    again = groqchat("compare", "--file", prompts, "--report", "-m", "20b", "--json")
    assert [each["model"] for each in again.json["models"]] == [A]


def test_the_settings_may_name_models_too(simulator, groqchat, groqchat_home):
    groqchat_home.mkdir(exist_ok=True)
    (groqchat_home / "config.toml").write_text('model = "20b"\n')
    assert groqchat("ask", "Hi", "--json").json["model"] == A
    (groqchat_home / "config.toml").write_text('model = "gpt"\n')
    done = groqchat("ask", "Hi", "--json")
    assert done.json["model"] == A, "the one used last"
    assert "“model” in config.toml: 'gpt' may be" in done.err


def test_plan_takes_the_same_names(groqchat):
    done = groqchat("plan", "limits", "-m", "20b", "--tokens", "2000", "--json")
    assert (done.code, done.json["model"]) == (0, A)
    done = groqchat("plan", "audio", "-m", "v3-turbo", "--hours", "1", "--json")
    assert done.json["model"] == "whisper-large-v3-turbo"
