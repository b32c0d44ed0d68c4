from __future__ import annotations

import io
import wave

import av
import httpx
import pytest
from groq import BadRequestError, RateLimitError

from groqchat.domain.errors.diagnosis import diagnose
from groqchat.domain.limits.quota import LimitKind
from groqchat.media.pyav import PyAv
from groqchat.media.tools import length_of_content
from groqchat.simulator.options import Options
from groqchat.simulator.server import Simulator
from groqchat.storage.catalog import load_catalog
from tests.media.sounds import tone

WHISPER = "whisper-large-v3"
TURBO = "whisper-large-v3-turbo"


def sound(seconds):
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(1)
        writer.setframerate(1000)
        writer.writeframes(bytes(range(250)) * (seconds * 4))
    return ("talk.wav", buffer.getvalue())


async def test_speech_becomes_text(groq, sim):
    answer = await groq.audio.transcriptions.create(model=TURBO, file=sound(60))
    assert answer.text.startswith(" Thank you all")
    assert answer.model_extra["x_groq"]["id"].startswith("req_")
    assert sim.state(TURBO)[LimitKind.ASH] == 7200 - 60
    assert sim.state(TURBO)[LimitKind.RPD] == 1999


async def test_at_least_ten_seconds_are_counted(groq, sim):
    await groq.audio.transcriptions.create(model=TURBO, file=sound(2))
    assert sim.state(TURBO)[LimitKind.ASD] == 28_800 - 10


async def test_one_file_above_the_whole_day_is_too_long_and_more_than_is_left_waits(http, sim):
    async def refused(seconds):
        reply = await http.post(
            "/openai/v1/audio/transcriptions",
            data={"model": TURBO},
            files={"file": sound(seconds)},
        )
        return diagnose(reply.status_code, reply.content, {})

    sim.spend(TURBO, LimitKind.ASD, 28_598)
    error = await refused(818)
    assert (error.facts.status, error.cause.name) == (429, "rate_limited")
    assert (error.facts.limit_kind, error.facts.limit) == (LimitKind.ASD, 28_800)
    assert (error.facts.used, error.facts.requested) == (28_598, 818)
    assert error.facts.retry_after_s == pytest.approx(1848, abs=1)  # 616 s of audio come back
    error = await refused(7_201)
    assert (error.facts.status, error.cause.name) == (413, "audio_too_long")
    assert error.facts.limit_kind is LimitKind.ASH


async def test_verbose_json_tells_when_things_were_said(groq):
    answer = await groq.audio.translations.create(
        model=WHISPER, file=sound(30), response_format="verbose_json"
    )
    extra = answer.model_extra
    assert extra["duration"] == 30
    segments = extra["segments"]
    assert "".join(segment["text"] for segment in segments) == answer.text
    assert segments[0]["start"] == 0
    assert segments[-1]["end"] == 30


async def test_text_comes_as_text(groq):
    answer = await groq.audio.transcriptions.create(
        model=TURBO, file=sound(10), response_format="text"
    )
    assert str(answer).startswith(" Thank you")


async def test_an_address_will_do_instead_of_a_file(groq):
    answer = await groq.audio.transcriptions.create(model=TURBO, url="https://example.org/a.mp3")
    assert answer.text


async def test_too_much_sound_is_refused_for_ever(http):
    name, content = sound(10_200)
    reply = await http.post(
        "/openai/v1/audio/transcriptions", data={"model": TURBO}, files={"file": (name, content)}
    )
    error = reply.json()["error"]
    assert reply.status_code == 413
    assert "on seconds of audio per hour (ASPH): Limit 7200, Requested 10200" in error["message"]
    assert error["type"] == "seconds"


async def test_a_spent_hour_is_a_429(groq, sim):
    sim.spend(TURBO, LimitKind.ASH, 7190)
    with pytest.raises(RateLimitError) as refused:
        await groq.audio.transcriptions.create(model=TURBO, file=sound(30))
    assert refused.value.response.headers["retry-after"] == "10"


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"model": "openai/gpt-oss-20b"}, "does not support transcription"),
        (
            {"response_format": "srt"},
            r"response_format must be one of `\[json, text, verbose_json\]`",
        ),
        ({"file": ("talk.doc", b"x")}, "file must be one of the following types"),
    ],
)
async def test_what_cannot_be_transcribed_is_refused(groq, more, message):
    with pytest.raises(BadRequestError, match=message):
        await groq.audio.transcriptions.create(**{"model": TURBO, "file": sound(1), **more})


async def test_the_turbo_model_does_not_translate(groq):
    with pytest.raises(BadRequestError, match="does not support translation"):
        await groq.audio.translations.create(model=TURBO, file=sound(1))


async def test_nothing_to_transcribe_is_refused(http):
    reply = await http.post("/openai/v1/audio/transcriptions", json={"model": TURBO})
    assert reply.status_code == 400


async def test_words_and_segments_are_timed_where_both_are_asked_for(groq):
    answer = await groq.audio.transcriptions.create(
        model=TURBO,
        file=sound(4),
        response_format="verbose_json",
        timestamp_granularities=["word", "segment"],
    )
    words = answer.model_extra["words"]
    assert " ".join(word["word"] for word in words) == answer.text.strip()
    assert (words[0]["start"], words[-1]["end"]) == (0.0, 4.0)
    assert answer.model_extra["segments"][-1]["end"] == 4.0


async def test_the_length_of_flac_is_that_in_its_head(groq, sim):
    pcm = bytes(2 * 16_000 * 12)
    await groq.audio.transcriptions.create(model=TURBO, file=("a.flac", PyAv().encode(pcm)))
    assert sim.state(TURBO)[LimitKind.ASD] == 28_800 - 12


def compressed(seconds):
    """A tone as MP3."""
    target = io.BytesIO()
    with av.open(target, "w", format="mp3") as container:
        stream = container.add_stream("mp3", rate=16_000)
        stream.layout = "mono"
        frame = av.AudioFrame(format="s16", layout="mono", samples=16_000 * seconds)
        frame.sample_rate = 16_000
        frame.planes[0].update(tone(seconds))
        fifo = av.AudioFifo()
        fifo.write(frame)
        while (part := fifo.read(576)) is not None:
            container.mux(stream.encode(part))
        container.mux(stream.encode(None))
    return target.getvalue()


@pytest.mark.parametrize(
    ("length_of", "seconds", "said"),
    [
        (length_of_content, 40.0, " s of audio"),
        (None, 10.0, "s of audio (guessed from its size; PyAV, the extra audio, reads it)"),
        (lambda _: None, 10.0, "s of audio (guessed from its size"),
    ],
)
async def test_the_length_of_compressed_sound_is_read_or_the_guess_is_said(
    length_of, seconds, said
):
    told = []
    options = Options(length_of=length_of)
    async with Simulator(load_catalog(), options, narrate=told.append) as sim:
        async with httpx.AsyncClient() as http:
            reply = await http.post(
                f"{sim.url}/openai/v1/audio/transcriptions",
                headers={"Authorization": "Bearer gsk_test_good"},
                data={"model": TURBO},
                files={"file": ("a.mp3", compressed(40))},
            )
        assert reply.status_code == 200
        assert 28_800 - sim.state(TURBO)[LimitKind.ASD] == pytest.approx(seconds, abs=1)
        assert said in told[0]


def test_what_is_no_sound_has_no_length():
    assert length_of_content(b"no sound at all") is None
