"""Lengths, decoding and encoding of sound files, the same with every tool."""

from pathlib import Path

import pytest

from groqchat.media.ffmpeg import Ffmpeg
from groqchat.media.pyav import PyAv
from groqchat.media.tools import audio_tool, length
from groqchat.media.wav import wav_length
from groqchat.services.audio.loudness import levels, seconds
from groqchat.services.audio.ports import AudioTool, UnreadableAudioError
from tests.media.sounds import encoded, streamed_wav, tone, wav

TOOLS = [PyAv(), *([Ffmpeg()] if Ffmpeg.is_here() else [])]


@pytest.fixture(params=TOOLS, ids=lambda tool: tool.name)
def tool(request: pytest.FixtureRequest) -> AudioTool:
    return request.param


@pytest.mark.parametrize(
    ("ending", "codec", "form"),
    [
        ("flac", "flac", None),
        ("mp3", "libmp3lame", None),
        ("mp4", "aac", None),
        ("m4a", "aac", "ipod"),
        ("mpga", "mp2", "mp2"),
        ("ogg", "libopus", None),
        ("webm", "libopus", None),
    ],
)
def test_each_format_has_its_length_and_its_sound(
    tool: AudioTool, tmp_path: Path, ending: str, codec: str, form: str | None
) -> None:
    path = encoded(tmp_path / f"sound.{ending}", codec, tone(3.5), form=form)
    assert tool.length(path) == pytest.approx(3.5, abs=0.1)
    pcm = b"".join(tool.decode(path))
    assert seconds(len(pcm)) == pytest.approx(3.5, abs=0.1)
    loud = sorted(levels([pcm]))
    assert loud[len(loud) // 2] == pytest.approx(12_000 / 32_768, rel=0.1)


def test_a_streamed_wav_and_a_plain_one_are_as_long_as_their_sound(
    tool: AudioTool, tmp_path: Path
) -> None:
    for path in (
        wav(tmp_path / "plain.wav", tone(2.25)),
        streamed_wav(tmp_path / "streamed.wav", tone(2.25)),
    ):
        assert tool.length(path) == pytest.approx(2.25, abs=0.01)
        assert wav_length(path) == pytest.approx(2.25, abs=0.01)


def test_a_recording_of_a_browser_has_its_length_though_its_head_names_none(
    tool: AudioTool, tmp_path: Path
) -> None:
    path = encoded(tmp_path / "sound.webm", "libopus", tone(3.0))
    whole = path.read_bytes()
    # Matroska's element Duration (0x4489, a float of 8 bytes) becomes one to be ignored (Void).
    at = whole.index(b"\x44\x89\x88")
    path.write_bytes(whole[:at] + b"\xec\x89" + whole[at + 2 :])
    assert tool.length(path) == pytest.approx(3.0, abs=0.1)


def test_flac_pieces_hold_the_same_samples(tool: AudioTool, tmp_path: Path) -> None:
    pcm = tone(1.3, pauses=((0.5, 0.9),))
    path = tmp_path / "piece.flac"
    path.write_bytes(tool.encode(pcm))
    assert b"".join(tool.decode(path)) == pcm
    assert len(path.read_bytes()) < len(pcm)


def test_what_is_no_sound_is_told_and_not_raised_as_a_bug(tool: AudioTool, tmp_path: Path) -> None:
    path = tmp_path / "notes.mp3"
    path.write_text("These are my notes.\n" * 50)
    with pytest.raises(UnreadableAudioError):
        tool.length(path)
    with pytest.raises(UnreadableAudioError):
        list(tool.decode(path))


def test_a_file_whose_head_has_no_sound_behind_it_is_told(tool: AudioTool, tmp_path: Path) -> None:
    """Sent, it would be billed as ten seconds."""
    for read_with in (tool, None):
        with pytest.raises(UnreadableAudioError, match="it holds no sound"):
            length(wav(tmp_path / "empty.wav", b""), read_with)


def test_a_playlist_reads_no_other_file(tool: AudioTool, tmp_path: Path) -> None:
    secret = wav(tmp_path / "other.wav", tone(1))
    path = tmp_path / "sound.mp3"
    path.write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{secret}\n#EXT-X-ENDLIST\n")
    with pytest.raises(UnreadableAudioError):
        list(tool.decode(path))


def test_a_file_that_is_left_early_ends_its_reader(tool: AudioTool, tmp_path: Path) -> None:
    reading = tool.decode(wav(tmp_path / "long.wav", tone(60)))
    assert next(reading)
    reading.close()  # type: ignore[attr-defined]  # a generator


def test_without_a_tool_only_wav_has_a_length(tmp_path: Path) -> None:
    assert length(wav(tmp_path / "a.wav", tone(2)), None) == pytest.approx(2.0)
    (tmp_path / "a.flac").write_bytes(PyAv().encode(tone(2)))
    assert length(tmp_path / "a.flac", None) is None
    (tmp_path / "cut.wav").write_bytes((tmp_path / "a.wav").read_bytes()[:16])
    with pytest.raises(UnreadableAudioError):
        length(tmp_path / "cut.wav", None)


def test_pyav_is_preferred_and_programs_serve_where_it_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert isinstance(audio_tool(), PyAv)
    monkeypatch.setattr("groqchat.media.tools.find_spec", lambda _: None)
    monkeypatch.setattr("shutil.which", lambda name: f"/bin/{name}")
    assert isinstance(audio_tool(), Ffmpeg)
    monkeypatch.setattr("shutil.which", lambda _: None)
    assert audio_tool() is None
