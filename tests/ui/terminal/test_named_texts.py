"""Names in a prompt: files, lines of one, folders, patterns, changes; and what completes them."""

import subprocess

import pytest

from groqchat.domain.errors.tree import StorageError
from groqchat.domain.turns.token_estimate import estimate_tokens
from groqchat.ui.terminal import named_texts as module
from groqchat.ui.terminal import project_files as listing
from groqchat.ui.terminal.named_texts import named_texts
from groqchat.ui.terminal.path_finder import found_names
from groqchat.ui.terminal.project_files import changes, matching, project_files
from groqchat.ui.widgets.completions import paths


@pytest.fixture
def folder(tmp_path, monkeypatch):
    for name, text in {
        "notes.txt": "one\ntwo\nthree\n",
        "src/main.py": "print('hello')\n" * 300,
        "src/deep/composer_area.py": "pass\n",
        "src/deep/two words.md": "# Two\n",
        "build/made.py": "made = True\n",
        "node_modules/other.js": "other\n",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "src/picture.png").write_bytes(b"\x89PNG\0\xff")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def repository(folder):
    (folder / ".gitignore").write_text("build/\nnode_modules/\n")
    git("init", "-q")
    git("add", "src", "notes.txt")
    git("commit", "-q", "-m", "All of it so far")
    return folder


def git(*words):
    own = "-c", "user.name=Nobody", "-c", "user.email=nobody@example.org"
    subprocess.run(["git", *own, *words], check=True)


def texts(written):
    return dict(named_texts(written).texts)


def test_a_file_and_some_of_its_lines(folder):
    assert texts("notes.txt") == {"notes.txt": "one\ntwo\nthree\n"}
    assert texts("notes.txt:2-3") == {"notes.txt:2-3": "two\nthree"}
    assert texts("notes.txt:2") == {"notes.txt:2-2": "two"}
    assert texts("notes.txt:2-900") == {"notes.txt:2-3": "two\nthree"}
    for written in ("notes.txt:4-9", "notes.txt:0-2"):
        with pytest.raises(StorageError, match="has 3 lines"):
            named_texts(written)
    with pytest.raises(StorageError, match="the range 3-2 runs backward; 2-3 is the same forward"):
        named_texts("notes.txt:3-2")
    assert named_texts("nothing.txt:1-2") is None


def test_a_folder_is_its_text_files_and_says_what_is_none(folder):
    found = named_texts("src/")
    assert [title for title, _ in found.texts] == [
        "src/deep/composer_area.py", "src/deep/two words.md", "src/main.py",
    ]  # fmt: skip
    assert found.left_out == ("picture.png",)
    assert found.words == "src/ (3 files)"
    assert list(texts(f"{folder}/src/").values()) == list(texts("src/").values())
    assert named_texts("src") is None
    assert named_texts("/") is None


def test_a_pattern_is_all_that_match_within_a_folder_or_below(folder):
    assert matching("src/*.py") == ["src/main.py"]
    assert matching("src/**/*.py") == ["src/deep/composer_area.py", "src/main.py"]
    assert matching("**.md") == ["src/deep/two words.md"]
    assert matching(f"{folder}/n*.txt") == [f"{folder}/notes.txt"]
    assert texts("src/*.py").keys() == {"src/main.py"}
    assert named_texts("*.rs") is None
    assert named_texts("**") is None


def test_too_many_or_too_large_is_refused_with_the_bound(folder, monkeypatch):
    monkeypatch.setattr(module, "MOST_TOGETHER", 2)
    with pytest.raises(StorageError, match="names 4 files; at most 2 go at once"):
        named_texts("src/")
    monkeypatch.setattr(module, "MOST_TOGETHER", 4)
    monkeypatch.setattr(module, "_MOST_BYTES", 1000)
    with pytest.raises(StorageError, match=r"at most 1\.0 kB go at once"):
        named_texts("src/")


def test_what_git_ignores_is_left_out_and_what_is_new_is_there(repository):
    (repository / "new.txt").write_text("new")
    assert set(project_files(repository)) == {
        ".gitignore", "new.txt", "notes.txt", "src/main.py", "src/picture.png",
        "src/deep/composer_area.py", "src/deep/two words.md",
    }  # fmt: skip
    assert matching("**/*.py") == ["src/deep/composer_area.py", "src/main.py"]


def test_without_git_a_walk_leaves_out_other_peoples_code(folder, monkeypatch):
    assert "build/made.py" in project_files(folder)
    assert "node_modules/other.js" not in project_files(folder)
    monkeypatch.setattr(listing, "MOST_FILES", 2)
    assert len(project_files(folder)) == 2


def test_git_that_is_not_there_or_does_not_end_is_no_git(repository, monkeypatch, tmp_path):
    monkeypatch.setattr(listing, "_GIT", ("no-such-program",))
    assert "build/made.py" in project_files(repository)
    monkeypatch.setattr(listing, "_GIT", ("sh", "-c", "exec sleep 600"))
    monkeypatch.setattr(listing, "LIMIT_S", 0.05)
    assert changes(repository) is None


def test_changes_are_those_since_the_last_commit(repository):
    with pytest.raises(StorageError, match="no changes since the last commit"):
        named_texts("git diff")
    assert named_texts("diff") is None
    (repository / "notes.txt").write_text("one\n2\nthree\n")
    (repository / "src/main.py").write_text("")
    git("add", "src")
    found = texts("diff")["git diff"]
    assert "-two\n+2\n" in found
    assert "src/main.py" in found


def test_no_repository_has_no_changes(folder):
    assert named_texts("diff") is None
    with pytest.raises(StorageError, match="git shows no changes here"):
        named_texts("git diff")


def test_a_program_of_the_repository_is_not_started(repository):
    started = repository / "started"
    program = repository / "watch.sh"
    program.write_text(f"#!/bin/sh\ntouch {started}\n")
    program.chmod(0o755)
    git("config", "core.fsmonitor", str(program))
    git("config", "diff.external", str(program))
    (repository / "notes.txt").write_text("changed")
    started.unlink(missing_ok=True)  # the commands above may have
    assert "changed" in changes(repository)
    assert "notes.txt" in project_files(repository)
    assert not started.exists()


def test_a_name_is_completed_by_any_of_its_letters_with_size_and_tokens(repository):
    assert [each.name for each in found_names("comparea")] == ["src/deep/composer_area.py"]
    assert next(found_names("main")).name == "src/main.py"
    tokens = round(estimate_tokens("print('hello')\n" * 300))
    told = dict(found_names("main"))["src/main.py"]
    assert told.startswith("4.5 kB, ≈ ")
    assert abs(int(told.split("≈ ")[1].split()[0].replace(",", "")) - tokens) < tokens / 50
    assert dict(found_names("pict"))["src/picture.png"] == "6 bytes, no text"
    assert list(found_names("made.py")) == []
    assert list(found_names("/etc/x")) == list(found_names("~")) == []


def test_completions_leave_out_what_is_ignored_and_begin_with_all_of_a_folder(repository):
    def on(text):
        return [one.text for one in paths(text)]

    assert on("see @") == ["see @notes.txt ", "see @src/"]
    assert on("@src/")[0] == "@src/ "
    assert on("@src/")[1:] == ["@src/deep/", "@src/main.py ", "@src/picture.png "]
    assert on("@two") == ['@"src/deep/two words.md" ']
    assert on("/attach b") == ["/attach build/"]
    (repository / "notes.txt").write_text("")
    assert on("@gi")[0] == "@git diff "


def test_folders_patterns_and_changes_are_told_before_they_go_in(repository):
    assert dict(found_names("src/"))["src/"].startswith("all in it: 4 files, 4.5 kB, ≈ ")
    assert dict(found_names("src/*.py"))["src/*.py"].startswith("1 file, 4.5 kB, ≈ ")
    assert list(found_names("*.rs")) == []
    assert "git diff" not in dict(found_names("git"))
    (repository / "notes.txt").write_text("")
    assert dict(found_names("gi"))["git diff"].startswith("changes in 1 file, ")
    assert [each.name for each in found_names("")] == ["git diff"]
