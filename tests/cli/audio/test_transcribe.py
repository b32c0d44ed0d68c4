"""``groqchat transcribe``: text, subtitles and JSON on stdout, the rest on stderr."""

import json
import signal
import threading
import time
from decimal import Decimal

import pytest

from groqchat.domain.limits.quota import LimitKind
from groqchat.simulator import audio
from groqchat.simulator.request_context import RequestContext
from tests.media.sounds import tone, wav

TURBO = "whisper-large-v3-turbo"


@pytest.fixture
def talk(tmp_path):
    return wav(tmp_path / "talk.wav", tone(12))


def test_the_text_is_all_there_is_on_stdout(simulator, groqchat, talk):
    done = groqchat("transcribe", talk)
    assert done.code == 0
    assert done.out.startswith("Thank you all for coming this morning.")
    assert done.err == "groqchat: 1 file, 12s of sound, $0.000133 at list price.\n"


@pytest.mark.parametrize(
    ("lengths", "said"),
    [
        ((3,), "1 file, 3.0s of sound, billed as 10s, the minimum, $0.000111 at list price."),
        ((3, 12), "2 files, 15s of sound, billed as 22s, at least 10s a request, $0.000244 at"),
    ],
)
def test_short_sound_is_billed_as_the_minimum_and_that_is_said(
    simulator, groqchat, tmp_path, lengths, said
):
    files = [wav(tmp_path / f"{length}.wav", tone(length)) for length in lengths]
    assert said in groqchat("transcribe", *files).err


def test_json_has_the_promised_shape_and_goes_into_the_ledger(simulator, groqchat, talk):
    told = groqchat("transcribe", talk, "--json").json
    assert told["file"] == str(talk)
    assert told["model"] == TURBO
    assert (told["duration_s"], told["billed_s"]) == (12.0, 12.0)
    assert abs(Decimal(told["cost_usd"]) - Decimal("0.04") * 12 / 3600) < Decimal("1e-11")
    assert "segments" not in told
    usage = groqchat("usage", "--json").json
    assert usage["requests"] == 1
    assert usage["cost_usd"] == told["cost_usd"]


def test_several_files_are_one_list_in_their_order_and_a_bad_one_stops_no_other(
    simulator, groqchat, talk, tmp_path
):
    notes = tmp_path / "notes.mp3"
    notes.write_text("no sound at all")
    missing = tmp_path / "missing.wav"
    done = groqchat("transcribe", notes, talk, missing, "--json")
    assert done.code == 2
    bad, good, gone = done.json
    assert good["text"].startswith("Thank you all")
    assert bad["error"]["kind"] == gone["error"]["kind"] == "invalid_request"
    assert "notes.mp3 cannot be read as sound" in bad["error"]["message"]
    assert "No such file" in gone["error"]["message"]
    # as of batch submit and ask
    assert groqchat("transcribe", notes, "--json").code == 2
    assert groqchat("ask", "Hi", "--image", notes).code == 2
    assert groqchat("transcribe", talk, missing, "--json").code == 2
    assert groqchat("batch", "submit", missing, "-m", "openai/gpt-oss-20b").code == 2
    done = groqchat("transcribe", talk, talk)
    assert done.out.count(f"==> {talk} <==\nThank you") == 2


def test_subtitles_are_printed_or_written_beside_each_other(simulator, groqchat, talk, tmp_path):
    done = groqchat("transcribe", talk, "--format", "srt")
    assert done.out.startswith("1\n00:00:00,000 --> ")
    words = groqchat("transcribe", talk, "--format", "vtt", "--timestamps", "word")
    assert words.out.startswith("WEBVTT\n\n00:00:00.000 --> ")
    folder = tmp_path / "subtitles"
    done = groqchat("transcribe", talk, "--format", "vtt", "-o", folder)
    assert (done.code, done.out) == (0, "")
    assert (folder / "talk.vtt").read_text().startswith("WEBVTT\n")
    again = groqchat("transcribe", talk, "--format", "vtt", "-o", folder)
    assert again.code == 2
    assert "is there already" in again.err


def test_times_are_in_the_json_where_they_are_asked_for(simulator, groqchat, talk):
    told = groqchat("transcribe", talk, "--json", "--timestamps", "word").json
    assert [word["word"] for word in told["words"]] == told["text"].split()
    assert told["segments"][0]["start"] == 0.0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--translate", "--language", "de"), "takes neither --language"),
        (("-m", TURBO, "--translate"), "does no translation; use whisper-large-v3"),
        (("-m", "openai/gpt-oss-120b"), "does no transcription"),
        (("--prompt", "x" * 900), "--prompt may have 896 bytes"),
        (("--json", "--format", "srt"), "either --json or --format"),
    ],
)
def test_what_makes_no_sense_is_said_before_anything_is_sent(
    simulator, groqchat, talk, words, said
):
    done = groqchat("transcribe", talk, *words)
    assert done.code == 2
    assert said in done.err
    assert groqchat("usage", "--json").json["requests"] == 0


def test_two_files_of_subtitles_need_a_folder_and_names_of_their_own(
    simulator, groqchat, talk, tmp_path
):
    assert "need --output FOLDER" in groqchat("transcribe", talk, talk, "--format", "srt").err
    other = wav(tmp_path / "talk.WAV", tone(1))
    done = groqchat("transcribe", talk, other, "-o", tmp_path / "out")
    assert done.code == 2
    assert "would be written to talk.txt" in done.err


def test_a_translation_goes_to_the_model_that_can(simulator, groqchat, talk):
    told = groqchat("transcribe", talk, "--translate", "--json").json
    assert told["model"] == "whisper-large-v3"


def test_nobody_waits_longer_than_is_named(simulator, groqchat, talk):
    simulator.spend(TURBO, LimitKind.ASH, 7_200)
    done = groqchat("transcribe", talk, "--max-wait", "0", "--json")
    assert done.code == 6
    error = done.json["error"]
    assert (error["kind"], error["bucket"]) == ("rate_limited", "ASH")


def test_where_nothing_can_be_written_nothing_is_sent(simulator, groqchat, talk, tmp_path):
    assert "without it the text goes to stdout" in groqchat("transcribe", talk, "-o", "-").err
    (tmp_path / "taken").write_text("mine")
    for folder in ("taken", "taken/below"):
        done = groqchat("transcribe", talk, "-o", tmp_path / folder)
        assert done.code == 2
        said = " ".join(done.err.split())
        assert "--output takes a folder" in said
        assert "taken is a file. Nothing was sent" in said
    assert (tmp_path / "taken").read_text() == "mine"
    assert groqchat("usage", "--json").json["requests"] == 0


def test_a_file_that_fails_leaves_no_empty_one_behind(simulator, groqchat, talk, tmp_path):
    notes = tmp_path / "notes.mp3"
    notes.write_text("no sound at all")
    folder = tmp_path / "out"
    assert groqchat("transcribe", notes, talk, "-o", folder).code == 2
    assert [path.name for path in folder.iterdir()] == ["talk.txt"]


def test_short_names_of_models_and_of_languages_are_checked(simulator, groqchat, talk):
    done = groqchat("transcribe", talk, "-m", "20b")
    assert done.code == 2
    assert "openai/gpt-oss-20b does no transcription" in done.err
    done = groqchat("transcribe", talk, "--language", "klingon")
    assert done.code == 2
    assert "a code of two or three letters" in done.err


def test_ctrl_c_prints_what_there_is(process, simulator, talk, tmp_path):
    simulator.arm("slow_first_byte=60@audio")
    told = process("transcribe", talk, "--json", cold=True)
    told.stderr.readline()  # length and price; the request is on its way
    told.send_signal(signal.SIGINT)
    out, err = told.communicate(timeout=60)
    assert told.returncode == 130
    assert json.loads(out) == {"file": str(talk), "stopped": True}
    assert "stopped; 0 of 1 files" in (err if isinstance(err, str) else err.decode())


def test_after_a_kill_the_same_command_sends_only_what_is_not_paid(
    simulator, groqchat, process, tmp_path, monkeypatch
):
    pauses = tuple((at, at + 19) for at in range(1, 1_300, 20))  # silence is soon encoded
    path = wav(tmp_path / "lecture.wav", tone(1_300, pauses=pauses))
    sent, reached, killed = [], threading.Event(), threading.Event()
    inner = audio._reply_to_audio

    def reply(*args):
        sent.append(args)
        if len(sent) == 2:
            reached.set()
            assert killed.wait(60)
        return inner(*args)

    monkeypatch.setattr(audio, "_reply_to_audio", reply)
    told = process("transcribe", path, "--jobs", "1")
    assert reached.wait(60)
    told.kill()
    told.wait(60)
    killed.set()
    done = groqchat("transcribe", path, "--json")
    assert done.code == 0
    assert "1 piece of 3 is kept from a command that was stopped, and not sent again" in done.err
    assert len(sent) == 4  # the second one was under way when the process died
    assert done.json["duration_s"] == pytest.approx(1_300, abs=0.1)
    # The server has answered it, though nobody heard: its price is booked besides.
    usage = groqchat("usage", "--json").json
    assert usage["requests"] == 4
    lost = Decimal(usage["cost_usd"]) - Decimal(done.json["cost_usd"])
    assert lost == pytest.approx(Decimal(done.json["cost_usd"]) * 600 / 1_300, rel=Decimal("0.01"))
    again = groqchat("transcribe", path, "--json")
    assert "is kept" not in again.err
    assert len(sent) == 7


def test_a_text_that_was_not_printed_yet_is_kept_and_said(
    simulator, groqchat, process, tmp_path, monkeypatch
):
    """The third file is done, and waits for the second one, when Ctrl+C comes."""
    inner = RequestContext.inject_before_work

    first, slow, talk = (wav(tmp_path / f"{n}.wav", tone(20 + n)) for n in range(3))
    lengths = sorted(path.stat().st_size for path in (first, slow, talk))

    async def delay(self, clock, model):
        # The second file is known by its length, whichever request arrives first.
        if lengths[1] <= len(self.request.body) < lengths[2]:
            delayed.append(self)
        if delayed == [self]:
            await self.wait(clock, 60)
        await inner(self, clock, model)

    delayed = []
    monkeypatch.setattr(RequestContext, "inject_before_work", delay)
    told = process("transcribe", first, slow, talk, "--jobs", "2")
    while groqchat("usage", "--json").json["requests"] < 2:
        time.sleep(0.05)
    told.send_signal(signal.SIGINT)
    out, err = (text.decode() for text in told.communicate(timeout=60))
    assert told.returncode == 130
    assert out.startswith(f"==> {first} <==")
    assert str(talk) not in out
    assert "stopped; 1 of 3 files are written down" in err
    assert "2.wav: 1 piece of 1 is paid and kept for 7 days; the same command goes" in err
    done = groqchat("transcribe", slow, talk)
    assert "2 files, 43s of sound, $0.000233 at list price" in done.err  # of the first of them
    assert "1 piece of 2 is kept from a command that was stopped" in done.err
    assert done.out.count("<==\nThank you all") == 2
    assert groqchat("usage", "--json").json["requests"] == 3
