"""An incognito chat says what it is at every size, and how it is left."""

import pytest

from groqchat.bootstrap import Launch, LocalServices
from groqchat.services.audio.transcription import Transcription
from tests.images import image
from tests.media.sounds import tone, wav
from tests.ui.stage import groqchat, seen, until

SIGN = "incognito: nothing is saved"


def incognito():
    return groqchat(LocalServices(Launch(incognito=True)), incognito=True)


async def ready(pilot):
    screen = pilot.app.screen
    await until(pilot, lambda: screen.has_chat and screen.connection)
    return screen


@pytest.mark.parametrize("size", [(200, 60), (120, 40), (80, 24), (40, 12)], ids=str)
async def test_it_is_seen_for_as_long_as_it_lasts(groq, size):
    app = incognito()
    async with app.run_test(size=size) as pilot:
        screen = await ready(pilot)
        words = ("groqchat incognito", "/incognito off")
        await until(pilot, lambda: all(word in seen(screen) for word in words))
        assert SIGN in seen(screen)
        screen.composer.text = "Hi"
        await pilot.pause()  # what the text has led to
        await pilot.press("enter")
        await until(pilot, lambda: screen.workspace.figures.last_turn is not None)
        assert SIGN in seen(screen)


async def test_it_begins_and_ends_by_a_command(groq):
    app = groqchat()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await ready(pilot)
        assert SIGN not in seen(screen)
        screen.composer.text = "/incognito off"
        await pilot.pause()  # what the text has led to
        await pilot.press("enter")
        await until(pilot, lambda: "This chat is saved" in seen(screen))
        screen.composer.text = "/incognito now"
        await pilot.pause()  # what the text has led to
        await pilot.press("enter")
        await until(pilot, lambda: "begins a chat that is not saved" in seen(screen))
        screen.composer.text = "/incognito"
        await pilot.pause()  # what the text has led to
        await pilot.press("enter")
        await until(pilot, lambda: app.return_value == "incognito")
    for words in ("/incognito", "/incognito off"):
        other = incognito()
        async with other.run_test(size=(80, 24)) as pilot:
            screen = await ready(pilot)
            screen.composer.text = words
            await pilot.pause()  # what the text has led to
            await pilot.press("enter")
            await until(pilot, lambda other=other: other.return_value == "kept")


async def test_no_editor_gets_the_text(groq, monkeypatch):
    app = incognito()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await ready(pilot)
        monkeypatch.setattr(screen.chat.composing, "_edit", lambda text: "written elsewhere")
        screen.composer.text = "My text"
        await pilot.pause()  # what the text has led to
        await pilot.press("ctrl+g")
        await until(pilot, lambda: "An editor writes files" in seen(screen))
        assert screen.composer.text == "My text"


async def test_no_transcript_is_kept_or_said_to_be(groq, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    wav(tmp_path / "a.wav", tone(12))
    app = incognito()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await ready(pilot)
        files = screen.chat.composing.files
        forgotten = []

        async def forget(self, source):
            forgotten.append(source)

        monkeypatch.setattr(Transcription, "forget", forget)
        await files.transcribe("a.wav")
        await until(pilot, lambda: forgotten and not files.is_running)
        assert files.kept == {}
        database = screen.workspace.services.database
        query = "SELECT count(*) FROM kept_pieces"
        assert await database.read(lambda db: db.execute(query).fetchone()[0]) == 0


async def test_a_title_by_a_model_and_an_image_are_kept_nowhere(groq, groqchat_home):
    shown = image("larch.png", 7)
    app = incognito()
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await ready(pilot)
        services = screen.workspace.services
        await services.store.keep_images([shown])
        await services.drafts.save_draft("new", shown.mark)
        assert await services.store.images([shown.digest]) == {shown.digest: shown}
        for words in ("How tall do larches grow?", "/rename auto"):
            screen.composer.text = words
            await pilot.pause()  # what the text has led to
            await pilot.press("enter")
            await until(pilot, lambda: not screen.conversation.is_busy)
            await until(pilot, lambda: screen.workspace.figures.last_turn is not None)
        await until(pilot, lambda: "for a title? It gets" in seen(pilot.app.screen))
        await pilot.press("y")
        await until(pilot, lambda: "called “How tall do larches grow?” now" in seen(screen))
        assert await services.saved.sessions() == []
        assert (await services.ledger.spent()).requests == 2
        files = [path for path in groqchat_home.rglob("*") if path.is_file()]
        assert any(path.name.startswith("groqchat.db") for path in files)
        traces = shown.data, shown.data_url[22:].encode(), shown.digest.encode(), b"larch.png"
        assert not [path for path in files for trace in traces if trace in path.read_bytes()]
