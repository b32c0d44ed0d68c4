"""A long speech through ``groqchat transcribe``: each word once, at its time, billed as sent."""

from functools import partial

import pytest

from groqchat.domain.audio.splitting import spans
from groqchat.services.audio import sources
from tests.cli.audio.transcripts import assert_whole
from tests.media.listener import Listener
from tests.media.sounds import wav
from tests.media.speech import bursts, spoken

VOICES = bursts()


@pytest.fixture
def short_pieces(monkeypatch):
    """Pieces of at most twelve seconds, so that half a minute is long."""
    monkeypatch.setattr(sources, "spans", partial(spans, longest=12.0))
    monkeypatch.setattr(sources, "UNSPLIT_S", 20.0)


def test_a_speech_in_pieces_is_told_whole(groqchat, tmp_path, monkeypatch, short_pieces):
    speech = spoken(40, VOICES)
    path = wav(tmp_path / "speech.wav", speech.pcm)
    with Listener(speech) as listener:
        monkeypatch.setenv("GROQ_BASE_URL", listener.url)
        monkeypatch.setenv("GROQ_API_KEY", "gsk_test_good")
        told = groqchat("transcribe", path, "--json", "--timestamps", "word").json
    assert len(listener.heard) >= 4
    assert_whole(told, speech, listener)


def test_a_speech_without_a_pause_is_told_whole_by_pieces_that_overlap(
    groqchat, tmp_path, monkeypatch, short_pieces
):
    speech = spoken(30, VOICES)
    # A hum fills the pauses, so that no cut is silent.
    hum = (b"\x00\x08\x00\xf8" * (len(speech.pcm) // 4 + 1))[: len(speech.pcm)]
    mixed = bytes(
        byte
        for a, b in zip(memoryview(speech.pcm).cast("h"), memoryview(hum).cast("h"), strict=True)
        for byte in max(-32_768, min(32_767, a + b)).to_bytes(2, "little", signed=True)
    )
    speech = type(speech)(speech.words, mixed)
    path = wav(tmp_path / "speech.wav", mixed)
    with Listener(speech) as listener:
        monkeypatch.setenv("GROQ_BASE_URL", listener.url)
        monkeypatch.setenv("GROQ_API_KEY", "gsk_test_good")
        told = groqchat("transcribe", path, "--json", "--timestamps", "word").json
    assert sum(end - start for start, end in listener.heard) > speech.length + 2
    assert_whole(told, speech, listener)
