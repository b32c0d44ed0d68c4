"""``/export``: where it goes, and over what."""

from tests.ui.chat.test_chat_screen import ask, chatting, shows
from tests.ui.stage import seen

KEY = "org_a1b2c3d4e5"


async def test_an_export_is_named_by_the_title_and_goes_over_nothing_of_the_users(
    groq, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "thesis.md").write_text("Mine")
    async with chatting(size=(160, 50)) as (pilot, screen):
        await ask(pilot, screen, "What is 2/3?")

        async def export(written, said):
            screen.composer.text = f"/export {written}".strip()
            await pilot.press("enter")
            await shows(pilot, screen, said)

        await export("", "What-is-2-3.md")
        await export("thesis.md", "is there already")
        assert screen.composer.text == "/export thesis.md"
        await export("thesis.pdf", "not in .pdf")
        await export("thesis.html", "thesis.html")
        await export("json", "What-is-2-3.json")
        await ask(pilot, screen, f"Is {KEY} a key?")
        await export("--redact safe.md", "secrets replaced")
        await ask(pilot, screen, "And 3/4?")
        await export("What-is-2-3.md", "Exported")
        assert "Nothing is exported" not in seen(screen).rpartition("Exported")[2]
    found = {path.name: path.read_text() for path in tmp_path.iterdir() if path.is_file()}
    assert found["thesis.md"] == "Mine"
    assert "And 3/4?" in found["What-is-2-3.md"]
    assert found["thesis.html"].startswith("<!doctype html>")
    assert found["What-is-2-3.json"].startswith("{")
    assert "thesis.pdf" not in found
    assert KEY not in found["safe.md"]
    assert "a key?" in found["safe.md"]
    assert KEY in found["What-is-2-3.md"]
