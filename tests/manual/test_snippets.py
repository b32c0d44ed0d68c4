"""What the guides tell to write into files: settings, themes, sets, templates, Python."""

import asyncio
import textwrap
import tomllib

import pytest

from groqchat.domain.settings import read_settings
from tests.cli.conftest import groqchat
from tests.manual.examples import fences

__all__ = ["groqchat"]  # its fixture is used here

TABLES = [(page, tomllib.loads(block)) for page, _, block in fences("toml")]


def test_settings_are_read_without_a_mistake():
    tables = [(page, table) for page, table in TABLES if "primary" not in table]
    assert {page for page, _ in tables} >= {"settings", "keys", "compare"}
    mistakes = {page: read_settings(table)[1] for page, table in tables}
    assert not any(mistakes.values()), mistakes


def test_a_theme_of_ones_own_is_read(groqchat, groqchat_home):
    from groqchat.ui.workspace.themes import load_themes

    [block] = [block for page, _, block in fences("toml") if "primary =" in block]
    file = groqchat_home / "themes" / "mine.toml"
    file.parent.mkdir(parents=True)
    file.write_text(block)
    themes, mistakes = load_themes(file.parent)
    assert not mistakes
    assert "mine" in {theme.name for theme in themes}


@pytest.mark.parametrize(
    "block", [block for page, _, block in fences("json") if page == "sets"], ids=range(2)
)
def test_sets_are_read(groqchat, tmp_path, block):
    file = tmp_path / "prompts.jsonl"
    file.write_text(block)
    done = groqchat("sets", "export", file, "--format", "jsonl")
    assert (done.code, done.err) == (0, "")
    assert len(done.out.splitlines()) >= len(block.splitlines())


def test_a_template_is_read(groqchat, groqchat_home):
    [block] = [block for page, _, block in fences("markdown") if page == "prompts"]
    folder = groqchat_home / "prompts"
    (folder / "system").mkdir(parents=True)
    (folder / "review.md").write_text(block)
    (folder / "system" / "terse.md").write_text("Be terse.\n")
    shown = groqchat("prompts", "show", "review", "--var", "aspect=style", "--var", "input=x = 1")
    assert "Review this Python code for style:\n\nx = 1" in shown.out


async def test_the_simulator_is_used_from_python():
    [block] = [block for page, _, block in fences("python") if page == "simulator"]
    imports, _, body = block.partition("async with")
    lines = textwrap.indent(f"async with{body}", "    ").replace("...", "seen.append(groq.url)")
    seen, names = [], {}
    exec(f"{imports}\nasync def use(seen):\n{lines}", names)  # the page's own words
    await asyncio.wait_for(names["use"](seen), 30)
    assert seen[0].startswith("http://127.0.0.1:")
