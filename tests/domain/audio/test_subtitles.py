"""Subtitles that players read."""

from groqchat.domain.audio.subtitles import CUE_CHARACTERS, CUE_S, cues_of_words, srt, vtt
from groqchat.domain.audio.transcript import Segment, Word

CUES = (
    Segment(" Hello\nthere", 0.0, 1.5),
    Segment("  ", 1.5, 2.0),
    Segment(" a --> b & <c>", 3661.0005, 3661.0),
)


def test_srt_numbers_its_cues_and_writes_commas() -> None:
    assert srt(CUES) == (
        "1\n00:00:00,000 --> 00:00:01,500\nHello there\n\n"
        "2\n01:01:01,000 --> 01:01:01,002\na → b & <c>\n"
    )


def test_vtt_has_a_head_points_and_entities() -> None:
    assert vtt(CUES) == (
        "WEBVTT\n\n00:00:00.000 --> 00:00:01.500\nHello there\n\n"
        "01:01:01.000 --> 01:01:01.002\na → b &amp; &lt;c&gt;\n"
    )


def test_no_speech_is_an_empty_file_of_its_format() -> None:
    assert srt(()) == ""
    assert vtt(()) == "WEBVTT\n"


def test_cues_of_words_end_at_pauses_and_before_they_are_too_long() -> None:
    words = [Word(f" word{n}", n * 0.4, n * 0.4 + 0.3) for n in range(60)]
    words += [Word(" later", 40.0, 40.5)]
    cues = cues_of_words(words)
    assert " ".join(cue.text for cue in cues).split() == [word.text.strip() for word in words]
    assert all(len(cue.text) <= CUE_CHARACTERS and cue.end - cue.start <= CUE_S for cue in cues)
    assert cues[-1].text == "later"
