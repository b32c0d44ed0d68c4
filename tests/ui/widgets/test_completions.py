"""The composer completes commands, their values and paths, and Enter takes the only one."""

import pytest

from groqchat.ui.widgets.completions import completions, names_a_path, paths, the_only
from tests.ui.chat.test_type_ahead import started, typed
from tests.ui.stage import groqchat, seen, until

MODELS = ("openai/gpt-oss-120b", "openai/gpt-oss-20b", "qwen/qwen3.8-27b")
VALUES = {"model": lambda: MODELS, "effort": lambda: ("low", "medium", "high")}


def found(text):
    return [one.text for one in completions(text, VALUES)]


def test_commands_and_their_values():
    assert found("/mod") == ["/model "]
    assert found("/model 20b") == ["/model openai/gpt-oss-20b"]
    assert found("/model oss") == [f"/model {model}" for model in MODELS[:2]]
    assert found("/model ") == [f"/model {model}" for model in MODELS]
    assert found("/effort h") == ["/effort high"]
    assert found("/effort igh") == found("/model a question") == found("/system x") == []
    assert found("no command") == found("/mod\nel") == []


def test_the_only_one_says_more_than_the_text():
    only = the_only("/model 20b", completions("/model 20b", VALUES))
    assert (only.text, only.is_last) == ("/model openai/gpt-oss-20b", True)
    assert the_only("/effort low", completions("/effort low", VALUES)) is None
    assert the_only("/e", completions("/e", VALUES)) is None
    assert not the_only("/mod", completions("/mod", VALUES)).is_last


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "src").mkdir()
    for name in ("src/main.py", "src/two words.md", "notes.txt", ".hidden"):
        (tmp_path / name).touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_paths_behind_an_at_sign_or_attach(folder):
    def on(text):
        return [one.text for one in paths(text)]

    assert on("look at @") == ["look at @notes.txt ", "look at @src/"]
    assert on("@src/ma") == ["@src/main.py "]
    assert on("two\nlines @src/t") == ['two\nlines @"src/two words.md" ']
    assert on('@"src/two w') == ['@"src/two words.md" ']
    assert on("/attach N") == ["/attach notes.txt "]
    assert on("/transcribe N") == ["/transcribe notes.txt "]
    assert on("/transcribe 'a b.wav' x.wav src/t") == [
        "/transcribe 'a b.wav' x.wav \"src/two words.md\" "
    ]
    assert on(f"@{folder}/.h") == [f"@{folder}/.hidden "]
    assert on("Read @ht") == on("Read @https:/") == ["Read @https://"]
    assert on("@nowhere/x") == on("@\0") == []
    assert not names_a_path("me@example.org")
    assert not names_a_path("@notes.txt and")


async def test_enter_takes_the_only_completion_and_tab_a_path(groq, folder):
    app = groqchat()
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        chat = app._chat
        for key in typed("/mod\n20b\n"):
            app.post_message(key)
        await until(pilot, lambda: chat.conversation.options.model == "openai/gpt-oss-20b")
        assert chat.composer.text == ""
        for key in typed("say @no"):
            app.post_message(key)
        await until(pilot, lambda: "notes.txt" in seen(chat))
        await pilot.press("tab")
        await until(pilot, lambda: chat.composer.text == "say @notes.txt ")
        assert "@no" not in "".join(one.text or "" for one in chat.conversation.transcript.entries)
