"""The man page read by real programs, which find nothing wrong in it."""

import subprocess

from tests.long.programs import needs

programs_are_there = needs("mandoc groff man-db", "mandoc", "groff", "man")


def said(*command):
    """What a program prints, warnings included."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout, done.stderr


def test_mandoc_groff_and_man_show_the_page_without_a_warning(groqchat, tmp_path, monkeypatch):
    monkeypatch.setenv("MANWIDTH", "80")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    page = str(tmp_path / "groqchat.1")
    (tmp_path / "groqchat.1").write_text(groqchat("help", "--man").out)
    assert said("mandoc", "-T", "lint", "-W", "warning", page) == (0, "", "")
    code, _, warnings = said("groff", "-man", "-ww", "-T", "utf8", page)
    assert (code, warnings) == (0, "")
    code, shown, warnings = said("man", "--warnings=w", "-l", page)
    assert (code, warnings) == (0, "")
    for line in ("NAME", "   groqchat sessions export", "OPTIONS", "EXIT STATUS"):
        assert f"\n{line}\n" in f"\n{shown}"
    assert "--max-tokens N" in shown
