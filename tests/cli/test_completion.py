"""``completion``: what the shells offer, without running or changing anything."""

import shutil
import subprocess

import pytest


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
    assert complete(script, "groqchat", "se") == ["sessions"]
    assert complete(script, "groqchat", "sessions", "ex") == ["export"]
    assert complete(script, "groqchat", "ask", "--tier", "f") == ["flex"]
    assert complete(script, "groqchat", "key", "add", "--st") == ["--stdin"]
    assert "--session" in complete(script, "groqchat", "--s")
    assert complete(script, "groqchat", "ask", "ask", "--over") == ["--over-budget"]
