"""Sound over real HTTP: what is sent, what is read, and what refusals become."""

import json

import pytest

from groqchat.domain.audio.requests import AudioOptions, AudioRequest, Timestamps
from groqchat.domain.audio.transcript import Segment, Word
from groqchat.domain.errors.cause import ErrorKind
from groqchat.domain.errors.tree import GroqchatError
from groqchat.domain.limits.quota import LimitKind
from groqchat.media.pyav import PyAv
from groqchat.provider.audio import form, read_transcript
from tests.media.sounds import tone

TURBO, LARGE = "whisper-large-v3-turbo", "whisper-large-v3"


def asked(seconds=12.0, name="talk.flac", content=None, **options):
    options = {"model": TURBO} | options
    content = PyAv().encode(tone(seconds)) if content is None else content
    return AudioRequest(name, content, seconds, AudioOptions(**options))


async def test_a_file_is_sent_through_the_sdk_and_read_with_its_times(sim, provider):
    answer = await provider.transcribe(asked(timestamps=Timestamps.WORD))
    transcript = answer.transcript
    assert transcript.text.startswith("Thank you all")
    assert transcript.duration_s == 12.0
    assert [word.text for word in transcript.words] == transcript.text.split()
    assert transcript.segments[-1].end == 12.0
    assert answer.request_id.startswith("req_")
    assert sim.state(TURBO)[LimitKind.ASH] == 7_200 - 12


async def test_translations_go_to_their_own_path(provider):
    answer = await provider.transcribe(asked(model=LARGE, translates=True))
    assert answer.transcript.text.startswith("Thank you all")
    with pytest.raises(GroqchatError) as refused:
        await provider.transcribe(asked(model=TURBO, translates=True))
    assert refused.value.kind is ErrorKind.INVALID_REQUEST


async def test_more_audio_than_the_hour_has_is_a_limit_and_more_than_it_ever_has_too_large(
    sim, provider
):
    sim.spend(TURBO, LimitKind.ASH, 7_195)
    with pytest.raises(GroqchatError) as refused:
        await provider.transcribe(asked())
    facts = refused.value.facts
    assert (refused.value.kind, facts.limit_kind) == (ErrorKind.RATE_LIMITED, LimitKind.ASH)
    assert (facts.limit, facts.requested) == (7_200, 12)
    assert facts.retry_after_s == pytest.approx(3.5, abs=0.6)


def test_translations_are_asked_for_without_what_they_do_not_take():
    fields = form(asked(model=LARGE, translates=True, language="de", prompt="names"))
    assert fields == {"model": LARGE, "prompt": "names", "response_format": "verbose_json"}
    fields = form(asked(language="de"))
    assert fields["language"] == "de"
    assert fields["timestamp_granularities"] == ["segment"]


def test_times_that_cannot_be_are_left_out_and_control_characters_with_them():
    body = {
        "text": " a\x1b[2Jb ",
        "language": 7,
        "duration": "long",
        "segments": [
            {"text": " a", "start": 0, "end": 1},
            {"text": " b", "start": -1, "end": 2},
            5,
        ],
        "words": [{"word": "a", "start": 2, "end": 1}, {"word": None, "start": 0, "end": 1}],
    }
    transcript = read_transcript(json.dumps(body).encode())
    assert "\x1b" not in transcript.text
    assert (transcript.language, transcript.duration_s) == (None, None)
    assert transcript.segments == (Segment(" a", 0.0, 1.0),)
    assert transcript.words == (Word("a", 2.0, 2.0),)


@pytest.mark.parametrize("body", [b"", b"[]", b"<html>", b'{"text": null}', b"[" * 10_000])
def test_an_answer_that_is_no_transcription_is_named_as_such(body):
    with pytest.raises(GroqchatError) as error:
        read_transcript(body)
    assert error.value.cause.name == "not_groq"
