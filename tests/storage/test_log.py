"""The log: one document a line, nothing secret in any of them, and never a reason to stop."""

import json
import logging
import subprocess
import sys
from pathlib import Path

import pytest

from groqchat.storage import log
from groqchat.storage.log import start_log, stop_log

KEY = "gsk_fake0123456789abcdef"
LOGGER = logging.getLogger("groqchat.test")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "state" / "log.jsonl"


@pytest.fixture
def handler(path):
    handler = start_log(path)
    yield handler
    stop_log(handler)


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.usefixtures("handler")
def test_a_line_is_one_document(path):
    LOGGER.info("sent %s", "a\nb", extra={"fields": {"status": 200, "wait_s": 1.5, "model": None}})
    (line,) = lines(path)
    assert line["time"].endswith("+00:00")
    del line["time"]
    assert line == {
        "level": "info", "source": "groqchat.test", "message": "sent a\nb",
        "status": 200, "wait_s": 1.5, "model": None,
    }  # fmt: skip
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.usefixtures("handler")
def test_no_line_holds_a_secret_wherever_it_was_put(path):
    try:
        raise ValueError(f"bad key {KEY}")
    except ValueError:
        LOGGER.exception("with %s", KEY)
    LOGGER.warning(f"Authorization: Bearer {KEY} of org_01abcdefgh")
    headers = {
        "authorization": f"Bearer {KEY}",
        "list": [KEY, (KEY,)],
        KEY: object(),
        "b": KEY.encode(),
    }
    LOGGER.error("x", extra={"fields": {"headers": headers, "object": ValueError(KEY)}})
    text = path.read_text()
    assert KEY[4:] not in text
    assert "01abcdefgh" not in text
    assert len(lines(path)) == 3
    assert "ValueError" in lines(path)[0]["error"]


@pytest.mark.usefixtures("handler")
def test_prompts_and_answers_are_left_out(path):
    LOGGER.info("asked", extra={"content": "my secret diary"})
    LOGGER.debug("chatter")
    assert "diary" not in path.read_text()
    assert len(lines(path)) == 1


def test_unless_the_log_is_verbose(path):
    handler = start_log(path, verbose=True)
    LOGGER.debug("asked", extra={"content": f"diary {KEY}"})
    stop_log(handler)
    assert lines(path)[0]["content"] == "diary gsk_…"


@pytest.mark.usefixtures("handler")
def test_nothing_goes_anywhere_else(capfd, path):
    LOGGER.error("only in the file")
    assert capfd.readouterr() == ("", "")
    assert len(lines(path)) == 1


def test_old_files_are_dropped(path, monkeypatch):
    monkeypatch.setattr(log, "LARGEST_BYTES", 1000)
    handler = start_log(path)
    for number in range(100):
        LOGGER.info("line %d", number)
    stop_log(handler)
    found = sorted(file.name for file in path.parent.iterdir())
    assert (len(found), found[0]) == (3, "log.jsonl")
    assert all(file.stat().st_size <= 1000 for file in path.parent.iterdir())
    assert all(file.stat().st_mode & 0o777 == 0o600 for file in path.parent.iterdir())
    assert lines(path)[-1]["message"] == "line 99"


WRITER = """
import logging, sys
from pathlib import Path
from groqchat.storage import log
log.LARGEST_BYTES, log.OLDER_FILES = 2_000, 1_000
log.start_log(Path(sys.argv[1]))
sys.stdin.read()
for number in range(100):
    logging.getLogger("groqchat.test").info("%s %d", sys.argv[2], number)
"""


def test_processes_that_rotate_one_log_lose_no_line(path):
    command = [sys.executable, "-c", WRITER, path]
    writers = [subprocess.Popen([*command, f"p{n}"], stdin=subprocess.PIPE) for n in range(12)]
    for writer in writers:  # they begin together
        writer.stdin.close()
    assert [writer.wait() for writer in writers] == [0] * 12
    found = [line["message"] for file in path.parent.iterdir() for line in lines(file)]
    assert sorted(found) == sorted(f"p{n} {number}" for n in range(12) for number in range(100))


def test_whoever_paused_over_rotations_goes_on_in_the_new_file(path, handler, monkeypatch):
    monkeypatch.setattr(log, "LARGEST_BYTES", 1000)
    LOGGER.info("begun")
    other = log._Handler(path)
    other.setFormatter(handler.formatter)
    for number in range(100):
        other.handle(logging.makeLogRecord({"msg": f"line {number}"}))
    other.close()
    LOGGER.info("gone on")
    assert lines(path)[-1]["message"] == "gone on"
    assert {"line 98", "line 99"} <= said(path)
    (path.parent / "log.jsonl").unlink()
    LOGGER.info("made anew")
    assert "made anew" in said(path)


def said(path):
    return {line["message"] for file in path.parent.iterdir() for line in lines(file)}


def test_no_file_is_made_before_the_first_line(path):
    stop_log(start_log(path))
    assert not path.parent.exists()


@pytest.mark.parametrize("place", ["/dev/full", "/dev/null/x/log.jsonl"])
def test_a_log_that_cannot_be_written_stops_nothing(place, capfd, monkeypatch):
    monkeypatch.setattr(log, "LARGEST_BYTES", 0)
    handler = start_log(Path(place))
    LOGGER.error("lost")
    stop_log(handler)
    assert capfd.readouterr() == ("", "")


@pytest.mark.usefixtures("handler")
def test_broken_records_and_characters_stop_nothing(path, capfd):
    LOGGER.info("%d apples", "many")
    LOGGER.info("a\ud800b")
    assert lines(path)[-1]["message"].startswith("a")
    assert capfd.readouterr() == ("", "")


def test_a_full_log_is_renamed_when_this_process_has_it_closed(path, handler, monkeypatch):
    """Windows renames no open file."""
    rename, was_open = Path.rename, []

    def noted(self, target):
        was_open.append(handler._file is not None)
        return rename(self, target)

    monkeypatch.setattr(log, "LARGEST_BYTES", 300)
    monkeypatch.setattr(Path, "rename", noted)
    for number in range(5):
        LOGGER.info("line %d of some length, so that the file is full soon", number)
    assert was_open
    assert not any(was_open)
