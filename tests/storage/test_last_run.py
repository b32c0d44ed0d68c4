"""What is remembered from one start to the next."""

import stat

import pytest

from groqchat.storage.last_run import LastRun, LastRunFile, read_last_run


def test_what_is_noted_is_known_at_the_next_start(tmp_path):
    file = LastRunFile(tmp_path / "state", is_kept=True)
    assert file.known == LastRun("", has_seen_tour=False, is_light=False)
    file.note(version="0.1.0")
    file.note(is_light=True)
    file.note(has_seen_tour=True, is_light=False)
    assert read_last_run(tmp_path / "state") == LastRun("0.1.0", has_seen_tour=True, is_light=False)
    [written] = (tmp_path / "state").iterdir()
    assert stat.S_IMODE(written.stat().st_mode) == 0o600


def test_nothing_is_written_that_shall_not_be_kept_or_is_known(tmp_path):
    LastRunFile(tmp_path, is_kept=False).note(version="0.1.0")
    LastRunFile(tmp_path, is_kept=True).note(version="", is_light=False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", [b"", b"\xff\xfe", b"version\n\n", b"{}"])
def test_a_file_that_cannot_be_read_counts_as_none(tmp_path, text):
    (tmp_path / "last-run").write_bytes(text)
    assert read_last_run(tmp_path) == LastRun()


def test_a_folder_that_cannot_be_written_harms_nothing(tmp_path):
    (tmp_path / "state").write_text("a file")
    file = LastRunFile(tmp_path / "state", is_kept=True)
    file.note(version="0.1.0")
    assert file.known.version == "0.1.0"
