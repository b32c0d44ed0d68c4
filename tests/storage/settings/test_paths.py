"""Where things are kept."""

from pathlib import Path

import pytest

from groqchat.domain.errors.tree import StorageError
from groqchat.storage.settings.paths import folders, make_private_folder


def test_one_folder_for_everything(tmp_path):
    found = folders({"GROQCHAT_HOME": str(tmp_path / "here")})
    assert {found.config, found.data, found.state} == {tmp_path / "here"}
    names = [found.settings_file, found.database_file, found.log_file, found.themes]
    assert [path.name for path in names] == ["config.toml", "groqchat.db", "log.jsonl", "themes"]
    assert not (tmp_path / "here").exists()


def test_the_environment_of_the_process_counts_when_none_is_given(groqchat_home):
    assert folders().data == groqchat_home


def test_the_folder_may_be_relative_or_begin_with_a_tilde(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path / "me"))
    monkeypatch.chdir(tmp_path)
    assert folders({"GROQCHAT_HOME": "~/chat"}).data == tmp_path / "me" / "chat"
    assert folders({"GROQCHAT_HOME": "chat"}).data == tmp_path / "chat"


@pytest.mark.parametrize("environ", [{}, {"GROQCHAT_HOME": ""}])
def test_otherwise_the_places_of_the_platform(environ, monkeypatch, tmp_path):
    for name, folder in (("CONFIG", "c"), ("DATA", "d"), ("STATE", "s")):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / folder))
    monkeypatch.setattr("sys.platform", "linux")
    found = folders(environ)
    assert [path.parts[-1] for path in (found.config, found.data, found.state)] == ["groqchat"] * 3


def test_a_folder_is_made_for_its_owner_alone(tmp_path):
    make_private_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").stat().st_mode & 0o777 == 0o700


def test_a_folder_that_cannot_be_made_says_which():
    with pytest.raises(StorageError, match="/dev/null/x") as caught:
        make_private_folder(Path("/dev/null/x"))
    assert caught.value.cause.name == "disk"
