"""Talking into the prompt, with a program in the place of the recorder."""

from pathlib import Path

import pytest

from groqchat.domain.limits.quota import LimitKind
from groqchat.services.audio import recording
from groqchat.storage.settings.paths import folders
from tests.media.recorders import DIES, RECORDS, fake_recorder
from tests.media.sounds import tone
from tests.ui.chat.test_chat_screen import chatting, shows
from tests.ui.stage import until

TURBO = "whisper-large-v3-turbo"
SPOKEN = "Thank you all for coming this morning."


@pytest.fixture
def fake(tmp_path, monkeypatch):
    """A function that puts a script in the place of ``arecord``; returns its folder."""

    def of(script, seconds=5.0):
        path, out = fake_recorder(tmp_path, script, seconds)
        monkeypatch.setenv("PATH", path)
        return out

    return of


@pytest.fixture(autouse=True)
def _unspent(groq):
    yield
    for kind in (LimitKind.ASH, LimitKind.RPM):
        groq.spend(TURBO, kind, -1e6)


async def records(pilot, screen):
    await pilot.press("f9")
    await shows(pilot, screen, "● Recording")
    await shows(pilot, screen, "5.0s of 10m 00s at most")


def files_with(place, content):
    return [path for path in Path(place).rglob("*") if path.is_file() and content in _read(path)]


def _read(path):
    try:
        return path.read_bytes()
    except OSError:  # a lock, or gone meanwhile
        return b""


@pytest.mark.parametrize("key", ["f9", "enter"])
async def test_what_is_said_stands_at_the_cursor(groq, fake, key):
    out = fake(RECORDS)
    async with chatting() as (pilot, screen):
        screen.composer.text = "Reply: "
        await records(pilot, screen)
        await shows(pilot, screen, "▮▮▮▮▮▮▮▮▯▯  5.0s")
        await shows(pilot, screen, "Enter or F9 write it down  Esc discard")
        await pilot.press("s", "o", "space")
        await pilot.press(key)
        await until(pilot, lambda: SPOKEN in screen.composer.text)
        assert screen.composer.text.startswith(f"Reply: so {SPOKEN}")
        assert not screen.conversation.transcript.entries
        await until(pilot, lambda: "Recording" not in str(screen.toasts._cards))
        assert (out / "ended").exists()
        assert "gsk_" not in (out / "environment").read_text()


async def test_esc_discards_and_nothing_is_kept_or_sent(groq, fake, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    fake(RECORDS)
    async with chatting() as (pilot, screen):
        screen.composer.text = "kept"
        before = groq.state(TURBO)
        await records(pilot, screen)
        places = (folders().database_file.parent, tmp_path)
        found = [path for place in places for path in files_with(place, tone(5.0)[:4096])]
        assert [path.name for path in found] == ["tone"]
        await pilot.press("escape")
        await shows(pilot, screen, "The recording is discarded.")
        assert screen.composer.text == "kept"
        after = groq.state(TURBO)
        assert all(after[kind] >= left for kind, left in before.items())
        found = [path for place in places for path in files_with(place, tone(5.0)[:4096])]
        assert [path.name for path in found] == ["tone"]


async def test_a_recorder_that_dies_is_told_and_what_it_heard_is_used(groq, fake):
    fake(DIES)
    async with chatting() as (pilot, screen):
        await pilot.press("f9")
        await shows(pilot, screen, "arecord stopped recording: arecord: audio open error: No such")
        await until(pilot, lambda: SPOKEN in screen.composer.text)


async def test_a_recorder_that_hears_nothing_sends_nothing(groq, fake):
    fake(DIES, seconds=0.1)
    async with chatting() as (pilot, screen):
        await pilot.press("f9")
        await shows(pilot, screen, "Check that a microphone is connected and allowed")
        await shows(pilot, screen, "Nothing was recorded.")
        assert screen.composer.text == ""


async def test_without_a_recorder_it_says_what_to_install(groq, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    async with chatting() as (pilot, screen):
        screen.composer.text = "/talk"
        await pilot.press("enter")
        await shows(pilot, screen, "No program that records from a microphone is installed.")
        await shows(pilot, screen, "Install arecord (package alsa-utils), SoX or FFmpeg")


async def test_a_refused_recording_is_sent_again_by_its_toast(groq, fake):
    fake(RECORDS)
    groq.arm("unprocessable*1@audio")
    async with chatting() as (pilot, screen):
        await records(pilot, screen)
        await pilot.press("enter")
        await shows(pilot, screen, "r retry")
        await pilot.press("r")
        await until(pilot, lambda: SPOKEN in screen.composer.text)


async def test_a_recording_ends_by_itself_at_its_longest(groq, fake, monkeypatch):
    monkeypatch.setattr(recording, "LONGEST_S", 2.0)
    fake(RECORDS)
    async with chatting() as (pilot, screen):
        await pilot.press("f9")
        await until(pilot, lambda: "Thank you all for coming" in screen.composer.text)


async def test_a_recording_ends_where_it_is_no_longer_seen(groq, fake):
    fake(RECORDS)
    async with chatting() as (pilot, screen):
        await records(pilot, screen)
        await pilot.press("f1")
        await until(pilot, lambda: pilot.app.screen is not screen)
        await until(pilot, lambda: SPOKEN in screen.composer.text)
