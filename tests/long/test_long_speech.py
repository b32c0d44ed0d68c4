"""Real speech by espeak-ng, encoded by ffmpeg, as files of every format that Groq takes.

Needs the programs ``espeak-ng`` and ``ffmpeg``.
"""

import json
import os
import subprocess
import sys

import pytest

from tests.cli.audio.transcripts import assert_whole
from tests.media.listener import Listener
from tests.media.sounds import streamed_wav, wav
from tests.media.speech import spoken, synthesised

FORMATS = {
    "flac": ["-c:a", "flac"],
    "mp3": ["-c:a", "libmp3lame"],
    "mp4": ["-c:a", "aac"],
    "mpeg": ["-c:a", "mp2", "-f", "mpeg"],
    "mpga": ["-c:a", "mp2", "-f", "mp2"],
    "m4a": ["-c:a", "aac", "-f", "ipod"],
    "ogg": ["-c:a", "libvorbis"],
    "wav": ["-c:a", "pcm_s16le"],
    "webm": ["-c:a", "libopus"],
}


@pytest.fixture(scope="module")
def voices(tmp_path_factory):
    return synthesised(tmp_path_factory.mktemp("voices"))


@pytest.fixture(scope="module")
def four_minutes(voices):
    return spoken(240, voices, seed=4)


def encoded(folder, speech, ending, words):
    source = wav(folder / "source.wav", speech.pcm)
    path = folder / f"speech.{ending}"
    command = ["ffmpeg", "-v", "error", "-y", "-i", str(source), *words, str(path)]
    subprocess.run(command, check=True)
    return path


def transcribed(path, listener, home, *options):
    environment = os.environ | {
        "GROQ_BASE_URL": listener.url,
        "GROQ_API_KEY": "gsk_test_good",
        "GROQCHAT_HOME": str(home),
    }
    command = [sys.executable, "-m", "groqchat", "transcribe", str(path), "--json"]
    done = subprocess.run(
        [*command, "--timestamps", "word", *options],
        env=environment,
        capture_output=True,
        check=True,
    )
    return json.loads(done.stdout), done.stderr.decode()


def test_forty_minutes_of_mp3(voices, tmp_path):
    speech = spoken(2_400, voices, seed=40)
    path = encoded(tmp_path, speech, "mp3", FORMATS["mp3"])
    with Listener(speech, "ffmpeg") as listener:
        told, said = transcribed(path, listener, tmp_path)
    assert "in 5 pieces" in said
    assert len(listener.heard) == 5
    assert_whole(told, speech, listener)


@pytest.mark.parametrize("ending", FORMATS)
def test_four_minutes_of_every_format(ending, four_minutes, tmp_path):
    path = encoded(tmp_path, four_minutes, ending, FORMATS[ending])
    with Listener(four_minutes, "ffmpeg") as listener:
        told, said = transcribed(path, listener, tmp_path)
    assert "1 file, 4m 0" in said
    assert_whole(told, four_minutes, listener)


def test_files_that_do_not_tell_their_length(four_minutes, tmp_path):
    mp3 = ["-c:a", "libmp3lame", "-q:a", "6", "-write_xing", "0", "-id3v2_version", "0"]
    paths = [
        encoded(tmp_path, four_minutes, "mp3", mp3),
        encoded(tmp_path, four_minutes, "webm", ["-c:a", "libopus", "-live", "1"]),
        streamed_wav(tmp_path / "streamed.wav", four_minutes.pcm),
    ]
    for path in paths:
        with Listener(four_minutes, "ffmpeg") as listener:
            told, said = transcribed(path, listener, tmp_path)
        assert "1 file, 4m 0" in said
        assert_whole(told, four_minutes, listener)
