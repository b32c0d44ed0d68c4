"""What records where: programs first, the library in a process of its own where there is none."""

import subprocess
import sys

import pytest

from groqchat.domain.errors.tree import GroqchatError
from groqchat.media import recorders
from groqchat.services.audio import recording
from groqchat.services.audio.recording import Recording
from tests.media.recorders import STREAMS, fake_recorder

# Stands in for the library: a tone in blocks, or what a machine without PortAudio says.
PLAYS = """
class PortAudioError(Exception): pass
class RawInputStream:
    def __init__(self, *, samplerate, channels, dtype):
        assert (samplerate, channels, dtype) == (16_000, 1, "int16")
    def __enter__(self): return self
    def __exit__(self, *_): pass
    def read(self, frames): return bytes([0, 64] * frames), False
"""
NO_PORTAUDIO = 'raise OSError("PortAudio library not found")'
NO_DEVICE = """
class PortAudioError(Exception): pass
def RawInputStream(**_): raise PortAudioError("Error querying device -1")
"""


@pytest.fixture
def library(tmp_path, monkeypatch):
    """A function that installs a stand-in for sounddevice, on a machine without a recorder."""

    def install(source):
        folder = tmp_path / "site"
        folder.mkdir()
        (folder / "sounddevice.py").write_text(source)
        monkeypatch.syspath_prepend(folder)
        monkeypatch.setenv("PYTHONPATH", str(folder))
        monkeypatch.setattr(recorders.shutil, "which", lambda _: None)
        return recorders.recorder()

    return install


def test_a_program_is_taken_before_the_library(library, tmp_path, monkeypatch):
    assert library(PLAYS).name == "sounddevice"
    monkeypatch.undo()
    monkeypatch.setenv("PATH", fake_recorder(tmp_path, STREAMS)[0])
    assert recorders.recorder().name == "arecord"


def test_without_either_nothing_records(monkeypatch):
    monkeypatch.setattr(recorders.shutil, "which", lambda _: None)
    monkeypatch.setattr(recorders, "find_spec", lambda _: None)
    assert recorders.recorder() is None
    said = recorders.what_to_install(lambda package: f"pip install '{package}'")
    assert said.endswith("or the library sounddevice with `pip install 'sounddevice>=0.5,<0.6'`")


async def test_the_library_records_until_it_is_stopped(library, monkeypatch):
    monkeypatch.setattr(recording, "LONGEST_S", 2.0)
    made = Recording(library(PLAYS))
    await made.record()
    assert made.length_s == 2.0
    assert made.level > 0.8


@pytest.mark.parametrize(
    ("source", "said"),
    [(NO_PORTAUDIO, "PortAudio library not found"), (NO_DEVICE, "Error querying device -1")],
)
async def test_what_the_library_cannot_do_is_told(library, source, said):
    with pytest.raises(GroqchatError) as caught:
        await Recording(library(source)).record()
    assert caught.value.cause.name == "recorder_failed"
    assert caught.value.message == f"sounddevice stopped recording: {said}."


def test_no_module_of_the_folder_is_run(library, tmp_path, monkeypatch):
    words = library(PLAYS).words()
    (tmp_path / "array.py").write_text("raise SystemExit('another array')")
    (tmp_path / "sounddevice.py").write_text("raise SystemExit('another library')")
    with subprocess.Popen(words, stdout=subprocess.PIPE, cwd=tmp_path) as child:
        assert child.stdout.read(6) == bytes([0, 64] * 3)
        child.kill()
    assert words[0] == sys.executable
