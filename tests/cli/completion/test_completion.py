"""``completion``: what the shells offer, without running or changing anything."""

import asyncio
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from groqchat.domain.profiles import Profile
from groqchat.domain.turns.chat import Session
from groqchat.storage.database.database import Database
from groqchat.storage.database.sessions import Sessions
from groqchat.storage.keys.profiles import Profiles
from groqchat.storage.settings.paths import folders


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_knows_commands_and_options(groqchat, shell):
    script = groqchat("completion", shell).out
    words = ("sessions", "export", "over-budget", "on_demand", "rename")
    assert [word for word in words if word not in script] == []


def complete(script, *words):
    """What bash would offer for the last word."""
    line = " ".join(f"'{word}'" for word in words)
    probe = f"{script}\nCOMP_WORDS=({line}); COMP_CWORD={len(words) - 1}; _groqchat\n"
    probe += 'printf "%s\\n" "${COMPREPLY[@]}"'
    command = [shutil.which("bash"), "--norc", "-c", probe]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_bash_completes(groqchat):
    script = groqchat("completion", "bash").out
    assert complete(script, "groqchat", "ses") == ["sessions"]
    assert complete(script, "groqchat", "sessions", "ex") == ["export"]
    assert complete(script, "groqchat", "ask", "--tier", "f") == ["flex"]
    assert complete(script, "groqchat", "key", "add", "--st") == ["--stdin"]
    assert "--session" in complete(script, "groqchat", "--s")
    assert complete(script, "groqchat", "ask", "ask", "--over") == ["--over-budget"]
    assert complete(script, "groqchat", "completion", "z") == ["zsh"]
    assert complete(script, "groqchat", "ask", "--tier", "=", "f") == ["flex"]


def test_what_may_be_given_several_times_is_offered_again_by_zsh(groqchat):
    script = groqchat("completion", "zsh").out
    assert "'*'{-f,--file=}'[" in script
    assert "'(-m --model)'{-m,--model=}'[the model to ask]" in script
    assert "'*:sessions: _groqchat_values sessions'" in script


def test_fish_reads_the_commands_from_the_first_word_on(groqchat):
    script = groqchat("completion", "fish").out
    assert "-n '__groqchat_at \"sessions\"' -a export" in script
    assert "-n '__groqchat_at \"quota\"'\n" in script  # no file follows


# -- values that are looked up ------------------------------------------------------------------

MODEL = "openai/gpt-oss-120b"


@pytest.fixture
def script(groqchat, monkeypatch):
    """The script for bash, which asks the program of these tests."""
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
    return groqchat("completion", "bash").out


def values(groqchat, kind):
    """What stands before the tabs."""
    done = groqchat("completion", "--values", kind)
    assert (done.code, done.err) == (0, "")
    return [line.split("\t")[0] for line in done.out.splitlines()]


async def keep(*sessions, profiles=()):
    """Put sessions and profiles into this home's database."""
    database = Database(folders().database_file, print)
    store = Sessions(database)
    for session in sessions:
        await store.create_session(session)
    for name in profiles:
        await Profiles(database).save_profile(Profile(name, 1.0))
    await database.close()


def test_bash_completes_models_after_the_option(script):
    assert complete(script, "groqchat", "ask", "-m", "openai/gpt-oss-1") == [MODEL]
    assert MODEL in complete(script, "groqchat", "--model", "")
    assert complete(script, "groqchat", "models", "--for", "cod") == ["coding"]
    assert complete(script, "groqchat", "help", "lim") == ["limits"]
    assert complete(script, "groqchat", "help", "doc") == ["doctor"]
    assert complete(script, "groqchat", "compare", "--judge", "openai/gpt-oss-1") == [MODEL]


def test_bash_completes_files_where_they_are_taken_and_nothing_that_is_free(
    script, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my notes.md").touch()
    (tmp_path / "list.jsonl").touch()
    for words in (
        ("ask", "-f", "li"),
        ("compare", "--file", "li"),
        ("compare", "--html", "li"),
        ("compare", "--baseline", "li"),
        ("compare", "--junit", "li"),
        ("sets", "import", "li"),
        ("sessions", "import", "li"),
        ("sessions", "export", "-o", "li"),
    ):
        assert complete(script, "groqchat", *words) == ["list.jsonl"]
    assert complete(script, "groqchat", "ask", "-f", "my") == ["my", "notes.md"]  # one name
    assert len(complete(script, "groqchat", "sessions", "import", "")) == 3
    assert "--json" in complete(script, "groqchat", "sessions", "import", "--j")
    for option in ("--system", "--max-tokens"):
        assert complete(script, "groqchat", "ask", option, "") == []


def test_bash_completes_sessions_and_profiles(script):
    kept = (Session("0b", "New", 2.0, 2.0), Session("0a", "Old", 1.0, 1.0))
    asyncio.run(keep(*kept, profiles=("work", "default")))
    assert complete(script, "groqchat", "ask", "--session", "0") == ["0b", "0a"]
    assert complete(script, "groqchat", "--session", "0a") == ["0a"]
    assert complete(script, "groqchat", "sessions", "show", "0b") == ["0b"]
    assert complete(script, "groqchat", "sessions", "show", "--f") == ["--format"]
    assert complete(script, "groqchat", "key", "check", "--profile", "") == ["default", "work"]
    assert complete(script, "groqchat", "key", "use", "w") == ["work"]


def test_models_of_the_last_list_are_offered_too(groqchat, unlimited):
    assert "nobody/knows-it" not in values(groqchat, "models")
    groqchat("models")
    offered = values(groqchat, "models")
    assert "nobody/knows-it" in offered
    assert MODEL in offered
    assert "llama-3.1-8b-instant" not in offered
    assert len(offered) == len(set(offered))


def test_efforts_are_offered_with_the_models_that_take_them(groqchat):
    offered = groqchat("completion", "--values", "efforts").out.splitlines()
    assert offered[-1] == "off\tthe model's default"
    [high] = [line for line in offered if line.startswith("high\t")]
    assert "gpt-oss-120b" in high


def test_without_a_database_nothing_is_offered_and_none_is_made(groqchat, groqchat_home):
    assert [values(groqchat, kind) for kind in ("sessions", "profiles")] == [[], []]
    assert not groqchat_home.exists()


def test_a_file_that_is_no_database_is_left_alone(groqchat):
    path = folders().database_file
    path.parent.mkdir(parents=True)
    path.write_text("not a database, but something long enough to look like one " * 20)
    assert values(groqchat, "sessions") == []
    assert path.read_text().startswith("not a database")


def test_nothing_that_a_shell_would_run_is_offered(groqchat):
    kept = (
        Session("$(touch x)", "a", 1.0, 1.0),
        Session("a b", "b", 2.0, 2.0),
        Session("0k", "\x1b\x9b31mtwo\nlines\tand a tab", 3.0, 3.0),
    )
    asyncio.run(keep(*kept))
    assert groqchat("completion", "--values", "sessions").out == "0k\ttwo lines and a tab\n"


def test_a_look_up_loads_neither_the_sdk_nor_the_screen():
    code = (
        "import sys; from groqchat.cli.main import main; "
        "main(['completion', '--values', 'sessions']); print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in done.stderr.split()}
    assert not {"groq", "httpx", "textual", "asyncio", "keyring"} & loaded


def test_completion_without_a_shell_names_them(groqchat):
    done = groqchat("completion")
    assert (done.code, done.out) == (2, "")
    assert "bash, zsh, fish" in done.err
