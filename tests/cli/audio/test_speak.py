"""``groqchat speak``: a sound file, its price, and sentences for what cannot be spoken."""

import wave
from decimal import Decimal

import pytest

from groqchat.storage.settings.paths import folders
from tests.media.sounds import tone, wav

TURBO = "whisper-large-v3-turbo"
ENGLISH = "canopylabs/orpheus-v1-english"
LONG = "This is a sentence that somebody wrote for a test of speech. " * 10


def length(path):
    with wave.open(str(path)) as file:
        return file.getnframes() / file.getframerate()


def test_a_text_becomes_a_file_with_its_price_first(simulator, groqchat, tmp_path):
    path = tmp_path / "hello.wav"
    done = groqchat("speak", "Hello there, this is a test.", "-o", path)
    assert (done.code, done.out) == (0, "")
    assert done.err.startswith("groqchat: 28 characters, $0.000616 at list price.\n")
    assert length(path) == pytest.approx(28 / 15, abs=0.01)


def test_a_long_text_is_sent_in_pieces_and_joined_in_its_order(simulator, groqchat, tmp_path):
    path = tmp_path / "long.wav"
    told = groqchat("speak", "-o", path, "--json", piped=LONG.encode()).json
    assert told["requests"] == 4
    assert told["characters"] == len(LONG.strip()) - 3  # the spaces between pieces are not sent
    assert Decimal(told["cost_usd"]) == Decimal(22) * told["characters"] / 10**6
    assert length(path) == pytest.approx(told["characters"] / 15, abs=0.05)
    usage = groqchat("usage", "--json").json
    assert (usage["requests"], usage["cost_usd"]) == (4, told["cost_usd"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--voice", "dianna"), "did you mean diana?"),
        (("-m", "openai/gpt-oss-20b"), "does not speak"),
        (("-m", "nobody/knows-it"), "name one with --voice"),
    ],
)
def test_what_cannot_be_spoken_is_said_before_anything_is_sent(
    simulator, groqchat, tmp_path, words, said
):
    done = groqchat("speak", "Hi", "-o", tmp_path / "a.wav", *words)
    assert done.code == 2
    assert said in done.err
    assert not (tmp_path / "a.wav").exists()


@pytest.mark.parametrize("text", ["", "  "])
def test_speech_without_a_text_asks_for_one(simulator, groqchat, tmp_path, text):
    done = groqchat("speak", text, "-o", tmp_path / "a.wav")
    assert done.code == 2
    assert "there is no text to speak: write one, or pipe one in" in done.err


def test_a_file_that_is_there_is_never_overwritten(simulator, groqchat, tmp_path):
    (tmp_path / "a.wav").write_text("mine")
    done = groqchat("speak", "Hi", "-o", tmp_path / "a.wav")
    assert done.code == 2
    assert (tmp_path / "a.wav").read_text() == "mine"


def test_terms_that_were_not_accepted_are_explained(simulator, groqchat, tmp_path):
    simulator.arm("terms_required@audio")
    done = groqchat("speak", "Hi", "-o", tmp_path / "a.wav", "--json")
    assert done.code == 5
    error = done.json["error"]
    assert error["kind"] == "not_permitted"
    assert "An admin of the organisation accepts them" in error["suggestion"]


@pytest.mark.parametrize("name", ["nowhere/a.wav", "a.mp3"])
def test_where_nothing_can_be_written_nothing_is_sent(simulator, groqchat, tmp_path, name):
    done = groqchat("speak", "Hi", "-o", tmp_path / name, "--json")
    assert done.code == 2
    said = "give --output a name" if name.endswith("mp3") else "there is no folder "
    assert said in done.json["error"]["message"]
    assert groqchat("usage", "--json").json["requests"] == 0
    assert list(tmp_path.glob("*.wav")) == []


def test_usage_counts_seconds_heard_and_characters_spoken(simulator, groqchat, tmp_path):
    talk = wav(tmp_path / "talk.wav", tone(12))
    text = "One. Two."
    groqchat("speak", text, "-o", tmp_path / "a.wav")
    groqchat("transcribe", talk)
    told = groqchat("usage", "--json").json
    assert (told["audio_s"], told["characters"]) == (12.0, len(text))
    heard, spoken = sorted(told["rows"], key=lambda row: -row["audio_s"])
    assert (heard["key"], heard["audio_s"], heard["characters"]) == (TURBO, 12.0, 0)
    assert (spoken["audio_s"], spoken["characters"]) == (0.0, len(text))
    shown = groqchat("usage")
    assert shown.out.splitlines()[0].split() == [
        "model", "requests", "in", "cached", "share", "out", "heard", "spoken", "cost",
    ]  # fmt: skip
    assert "12s of sound transcribed and 9 characters spoken." in shown.err
    groqchat("ask", "Hi")
    by_day = groqchat("usage", "--by", "day", "--csv").out.splitlines()
    assert by_day[0].endswith(",cached_share,audio_s,characters")


def test_usage_tells_what_is_left_of_the_limits_on_sound(simulator, groqchat, tmp_path):
    folders().settings_file.parent.mkdir(parents=True, exist_ok=True)
    folders().settings_file.write_text('plan = "free"\n')
    groqchat("transcribe", wav(tmp_path / "talk.wav", tone(60)))
    limits = groqchat("usage", "--json").json["forecast"]["limits"]
    left = {row["bucket"]: row["remaining"] for row in limits if row["model"] == TURBO}
    assert 7_140 <= left["ASH"] < 7_200
    assert 28_740 <= left["ASD"] < 28_800
    assert f"{TURBO}: 7,1" in groqchat("usage").err


@pytest.mark.parametrize(
    ("text", "model", "said"),
    [
        (
            "مرحبا بكم في الاجتماع",
            ENGLISH,
            f"{ENGLISH} speaks English, and most letters of this text are Arabic: use -m canopy",
        ),
        ("Hello there", "canopylabs/orpheus-arabic-saudi", f"are Latin: use -m {ENGLISH}"),
        ("Добрый день, коллеги", ENGLISH, "are Cyrillic: no model that is known here speaks"),
        ("こんにちは", ENGLISH, "are Japanese: no model"),
    ],
)
def test_a_text_that_the_model_cannot_speak_is_not_sent(simulator, groqchat, text, model, said):
    done = groqchat("speak", text, "-m", model, "-o", "a.wav")
    assert done.code == 2
    assert said in done.err
    assert groqchat("usage", "--json").json["requests"] == 0


@pytest.mark.parametrize("text", ["2 + 2 = 4", "Grüße aus Zürich", "Hello, Борис"])
def test_a_text_in_letters_of_the_model_is_spoken(simulator, groqchat, tmp_path, text):
    assert groqchat("speak", text, "-o", tmp_path / "a.wav").code == 0
