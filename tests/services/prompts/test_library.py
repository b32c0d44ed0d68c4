"""The folder of named prompts: what is in it, what is new, and what cannot be read."""

import pytest

from groqchat.domain.prompts.prompt_file import PromptKind
from groqchat.services.prompts.library import PromptLibrary

TEMPLATE, SYSTEM = PromptKind


@pytest.fixture
def library(tmp_path):
    """A library without a folder."""
    return PromptLibrary(tmp_path / "prompts")


def test_a_folder_that_is_missing_holds_nothing(library):
    assert library.names(TEMPLATE) == library.names(SYSTEM) == []
    with pytest.raises(ValueError, match=r"no template is called x; .*prompts holds none"):
        library.read(TEMPLATE, "x")


def test_templates_and_system_prompts_have_folders_of_their_own(library):
    library.begun(TEMPLATE, "review").write_text("Review {{input}}.")
    library.begun(SYSTEM, "review").write_text("Be terse.")
    (library.folder / "notes.txt").write_text("no prompt")
    (library.folder / "-x.md").write_text("no name")
    assert (library.names(TEMPLATE), library.names(SYSTEM)) == (["review"], ["review"])
    assert library.read(TEMPLATE, "Review.md").text == "Review {{input}}."
    assert library.read(SYSTEM, "review").text == "Be terse."
    with pytest.raises(ValueError, match=r"no template is called rewiew; did you mean review\?"):
        library.read(TEMPLATE, "rewiew")


@pytest.mark.parametrize("name", ["../x", "a/b", "", ".x", "a b", "x" * 61])
def test_a_name_leads_to_no_other_folder(library, name):
    with pytest.raises(ValueError, match="no name of a prompt"):
        library.begun(TEMPLATE, name)
    with pytest.raises(ValueError, match="no template is called"):
        library.read(TEMPLATE, name)


@pytest.mark.parametrize("kind", PromptKind)
def test_a_new_prompt_begins_with_an_example_that_can_be_used_and_keeps_its_text(library, kind):
    path = library.begun(kind, "new")
    assert library.is_unchanged(kind, "new")
    assert library.read(kind, "new").filled({"topic": "a", "input": "b"})
    path.write_text("Mine.")
    assert library.begun(kind, "new").read_text() == "Mine."
    assert not library.is_unchanged(kind, "new")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"\xff\xfe", r"new\.md is not text in UTF-8$"),
        (b"a" * (2**20 + 1), r"new\.md is larger than 1 MB$"),
        (b"---\nx\n", r"new\.md: line 1: "),
    ],
)
def test_what_cannot_be_read_is_told_with_its_file(library, data, told):
    library.begun(TEMPLATE, "new").write_bytes(data)
    with pytest.raises(ValueError, match=told):
        library.read(TEMPLATE, "new")


def test_a_file_that_may_not_be_read_or_made_is_told(library):
    path = library.begun(TEMPLATE, "new")
    path.unlink()
    path.mkdir()
    with pytest.raises(ValueError, match=r"^cannot read .*new\.md: Is a directory"):
        library.read(TEMPLATE, "new")
    library.folder.joinpath("system").write_text("a file")
    with pytest.raises(ValueError, match=r"^cannot write .*new\.md: "):
        library.begun(SYSTEM, "new")
