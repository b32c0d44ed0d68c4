"""Files named in a prompt."""

import pytest

from groqchat.domain.errors import StorageError
from groqchat.ui.attachments import with_file, with_named_files
from tests.ui.stage import seen, until
from tests.ui.test_chat_screen import chatting, shows


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "notes.txt").write_text("Milk, @other.txt")
    (tmp_path / "other.txt").write_text("Never")
    (tmp_path / "two words.md").write_text("# Two")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\xff")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("prompt", ["What is @dataclass?", "me@notes.txt", "@", "@/ @.", "a\0 @\0"])
def test_what_names_no_file_stays(folder, prompt):
    assert with_named_files(prompt) == (prompt, [])


def test_files_stand_below_once_and_by_name(folder):
    prompt, names = with_named_files(
        f"Compare @notes.txt, @{folder}/notes.txt and @'two words.md'."
    )
    assert prompt.startswith("Compare notes.txt, notes.txt and two words.md.\n\nnotes.txt:\n```\n")
    assert prompt.count("Milk") == 2  # two ways to write a path are two files
    assert names == ["notes.txt", "notes.txt", "two words.md"]
    assert with_named_files("@notes.txt @notes.txt")[0].count("Milk") == 1


def test_a_file_with_fences_stands_in_a_longer_one(folder):
    (folder / "fences.md").write_text("```\nx\n```\n")
    assert with_named_files("@fences.md")[0] == (
        "fences.md\n\nfences.md:\n````\n```\nx\n```\n````\n"
    )


def test_what_is_no_file_is_said_to_be_none(folder):
    with pytest.raises(StorageError, match="is a folder"):
        with_file("", folder)


def test_a_file_that_is_no_text_is_an_error(folder):
    with pytest.raises(StorageError, match=r"picture\.png is not text in UTF-8"):
        with_named_files("Look at @picture.png")


async def test_files_are_seen_before_they_are_sent_and_name_no_more_of_them(groq, folder):
    async with chatting() as (pilot, screen):
        screen.composer.text = "Look at @picture.png"
        await pilot.press("enter")
        await shows(pilot, screen, "Nothing is attached")
        assert screen.composer.text == "Look at @picture.png"
        screen.composer.text = "Buy @notes.txt"
        await pilot.press("enter")
        await shows(pilot, screen, "notes.txt stands below the prompt now")
        assert not screen.conversation.is_busy
        await pilot.press("enter")
        await until(pilot, lambda: screen.figures.last_turn)
        path = await screen.parts.store.path(screen.conversation.branch.leaf_id)
        assert path[0].content.startswith("Buy notes.txt\n\nnotes.txt:\n```\nMilk, @other.txt\n```")
        assert "Never" not in seen(screen)
