"""``/transcribe`` in the chat: the text of sound files goes into the prompt."""

from functools import partial

import pytest

from groqchat.domain.audio import splitting
from groqchat.domain.limits.quota import LimitKind
from groqchat.services.audio import sources
from groqchat.simulator import audio
from groqchat.storage.settings.paths import folders
from groqchat.ui.audio.files import named_files
from tests.media.sounds import tone, wav
from tests.ui.chat.test_chat_screen import chatting, shows
from tests.ui.stage import held, seen, until

TURBO = "whisper-large-v3-turbo"
SPOKEN = "Thank you all for coming this morning."


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    wav(tmp_path / "short.wav", tone(12))
    wav(tmp_path / "two words.wav", tone(12))
    wav(tmp_path / "long.wav", tone(120))
    return tmp_path


@pytest.fixture(autouse=True)
def _unspent(groq):
    yield
    for kind, seconds in ((LimitKind.ASH, -1e6), (LimitKind.RPM, -1e6)):
        groq.spend(TURBO, kind, seconds)


async def command(pilot, screen, text):
    screen.composer.text = text
    await pilot.press("enter")


def test_files_are_named_with_and_without_quotation_marks(folder):
    assert [path.name for path in named_files("short.wav long.wav")] == ["short.wav", "long.wav"]
    assert [path.name for path in named_files("two words.wav")] == ["two words.wav"]
    assert [path.name for path in named_files("'two words.wav' x")] == ["two words.wav", "x"]
    assert named_files("") == []


async def test_a_short_text_stands_at_the_cursor_and_names_no_file(groq, folder, monkeypatch):
    asked = held(monkeypatch, type(groq_audio()), "transcribe")
    async with chatting() as (pilot, screen):
        await command(pilot, screen, "/transcribe short.wav")
        await shows(pilot, screen, "Transcribing short.wav")
        for words in ("12s of sound · $0.000133 at list price", "0ms of 12s of sound", "Esc stop"):
            await shows(pilot, screen, words)
        screen.prompt.type_text("Sum this up: , please.")
        screen.prompt.move_cursor((0, 13))
        asked.set()
        await until(pilot, lambda: SPOKEN in screen.composer.text)
        text = screen.composer.text
        assert text.startswith(f"Sum this up: {SPOKEN} ")
        assert text.endswith(" , please.")
        await shows(pilot, screen, "short.wav: 12s, $0.000133. Its text stands at the cursor.")
        spans = screen.prompt.foreign.spans(text)
        assert text[spans[0].start : spans[0].end].startswith(SPOKEN)


def groq_audio():
    from groqchat.provider.groq_provider import GroqProvider

    return GroqProvider.__new__(GroqProvider)


async def test_what_is_left_of_the_limits_of_sound_is_told(groq, folder):
    folders().settings_file.parent.mkdir(parents=True, exist_ok=True)
    folders().settings_file.write_text('plan = "free"\n')
    async with chatting() as (pilot, screen):
        await command(pilot, screen, "/transcribe short.wav")
        await shows(pilot, screen, f"{TURBO}: left: ASH 7,18")
        await shows(pilot, screen, "/28,800, RPM 19/20, RPD 1,")


async def test_a_long_text_and_several_files_are_attached_below_the_prompt(groq, folder):
    async with chatting() as (pilot, screen):
        screen.composer.text = "Compare"
        await screen.chat.composing.files.transcribe("short.wav 'two words.wav' long.wav")
        await until(pilot, lambda: screen.composer.text.count(SPOKEN) >= 3)
        await until(pilot, lambda: not screen.chat.composing.files.is_running)
        text = screen.composer.text
        assert text.startswith("Compare\n\n")
        for name in ("short.wav", "two words.wav", "long.wav"):
            assert f"{name}:\n```\n{SPOKEN}" in text


async def test_a_wait_for_a_limit_is_in_sight_and_esc_ends_it(groq, folder):
    groq.spend(TURBO, LimitKind.ASH, 7_199)
    async with chatting() as (pilot, screen):
        await command(pilot, screen, "/transcribe short.wav")
        await shows(pilot, screen, "waits for ASH")
        screen.prompt.type_text("kept")
        await pilot.press("escape")
        await until(pilot, lambda: not screen.chat.composing.files.is_running)
        await shows(pilot, screen, "Stopped; what is not finished is not in the prompt.")
        assert screen.composer.text == "kept"


async def test_what_is_paid_of_a_stopped_file_is_kept_and_not_sent_again(groq, folder, monkeypatch):
    monkeypatch.setattr(sources, "UNSPLIT_S", 20.0)
    monkeypatch.setattr(sources, "spans", partial(splitting.spans, longest=20.0))
    reply = audio._reply_to_audio

    def reply_once(*args):
        """The first piece takes all that is left, and what comes back in five minutes."""
        replied = reply(*args)
        groq.spend(TURBO, LimitKind.ASH, 7_800)
        return replied

    async with chatting() as (pilot, screen):
        with monkeypatch.context() as patched:
            patched.setattr(audio, "_reply_to_audio", reply_once)
            await command(pilot, screen, "/transcribe long.wav")
            await shows(pilot, screen, "20s of 2m 00s of sound")
        await pilot.press("escape")
        await shows(pilot, screen, " paid and kept")
        await until(pilot, lambda: not screen.chat.composing.files.is_running)
        query = "SELECT count(*) FROM kept_pieces"
        database = screen.workspace.services.database
        number = await database.read(lambda db: db.execute(query).fetchone()[0])
        assert number == 1
        groq.spend(TURBO, LimitKind.ASH, -1e6)
        clock = screen.workspace.services.clock
        now = clock.now
        clock.now = lambda: now() + 3_600  # which is long enough for all of the file
        asked = []
        monkeypatch.setattr(
            audio, "_reply_to_audio", lambda *args: asked.append(args) or reply(*args)
        )
        source = await screen.workspace.services.sound.sources().look_at(folder / "long.wav")
        await command(pilot, screen, "/transcribe long.wav")
        await until(pilot, lambda: SPOKEN in screen.composer.text)
        assert len(asked) == len(source.pieces) - number


async def test_what_cannot_be_read_is_a_toast_whose_retry_reads_it_again(groq, folder):
    (folder / "notes.wav").write_text("no sound at all")
    async with chatting() as (pilot, screen):
        await command(pilot, screen, "/transcribe notes.wav")
        await shows(pilot, screen, "notes.wav cannot be read as sound")
        await shows(pilot, screen, "r retry")
        wav(folder / "notes.wav", tone(12))
        await pilot.press("r")
        await until(pilot, lambda: SPOKEN in screen.composer.text)
        assert not screen.conversation.transcript.entries


async def test_a_refusal_can_be_tried_again_and_asks_the_model_nothing(groq, folder):
    groq.arm("unprocessable*1@audio")
    async with chatting() as (pilot, screen):
        await command(pilot, screen, "/transcribe short.wav")
        await shows(pilot, screen, "r retry")
        await pilot.press("r")
        await until(pilot, lambda: SPOKEN in screen.composer.text)
        assert not screen.conversation.transcript.entries


async def test_a_file_that_is_not_there_gives_the_command_back(groq, folder):
    async with chatting() as (pilot, screen):
        await command(pilot, screen, "/transcribe short.wav gone.wav")
        await shows(pilot, screen, "There is no file gone.wav; nothing was sent.")
        assert screen.composer.text == "/transcribe short.wav gone.wav"
        await command(pilot, screen, "/transcribe")
        await shows(pilot, screen, "Write /transcribe and the paths of sound files.")
        assert screen.composer.text == "/transcribe "


async def test_limits_on_sound_stand_in_the_panel_once_they_were_used(groq, folder):
    folders().settings_file.parent.mkdir(parents=True, exist_ok=True)
    folders().settings_file.write_text('plan = "free"\n')
    async with chatting() as (pilot, screen):
        assert "ASH" not in seen(screen)
        await command(pilot, screen, "/transcribe short.wav")
        await until(pilot, lambda: SPOKEN in screen.composer.text)
        await until(pilot, lambda: {"ASH", "ASD"} <= firsts(screen))
        assert TURBO in firsts(screen)


def firsts(screen):
    """The first words of the rows of the quota panel."""
    rows = (row.rpartition("▏")[2].split() for row in seen(screen).splitlines())
    return {row[0] for row in rows if row}
