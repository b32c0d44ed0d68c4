"""The README says what the program says: commands, keys, codes, variables, faults, files."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from groqchat.catalog.guides import GUIDES, guide_text
from groqchat.cli.exit_codes import ExitCode
from groqchat.cli.main import COMMANDS, build_parser
from groqchat.domain.setting_facts import Kind, setting_facts
from groqchat.domain.settings import Settings
from groqchat.simulator.faults.faults import FAULTS
from groqchat.ui import commands as ui
from groqchat.ui.dialogs.help import PLACES, WRITING

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
PAGES = {name: (ROOT / "groqchat" / guide.path).read_text() for name, guide in GUIDES.items()}
# All that is said about how to use it.
MANUAL = "\n".join((README, *PAGES.values()))
DOCUMENTS = (
    *("README.md", "CONTRIBUTING.md", "CHANGELOG.md"),
    *(f"groqchat/{guide.path}" for guide in GUIDES.values()),
)
SYMBOLS = {"escape": "Esc", "pageup": "PgUp", "pagedown": "PgDn"}
# The SDK's own variable, which groqchat only takes away.
SILENCED = {"GROQ_LOG"}


def table(*heads):
    """The body of the table with this head, row by row, cell by cell."""
    head = re.escape(f"| {' | '.join(heads)} |")
    found = re.search(rf"^{head}\n\|[-|]+\|\n((?:\|.*\|\n)+)", MANUAL, re.MULTILINE)
    assert found, f"no table with the head {heads}"
    return [
        [cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:-1]]
        for row in found[1].splitlines()
    ]


def written(key):
    """A key as people write it: ``ctrl+n`` is ``Ctrl+N``."""
    return "+".join(SYMBOLS.get(part, part.capitalize()) for part in key.split("+"))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_shown(name):
    assert f"groqchat {name} " in PAGES["commands"] + PAGES["simulator"]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_paragraph_below_a_table_is_no_row_of_it(name):
    lines = (ROOT / name).read_text().splitlines()
    rows = [at for at, line in enumerate(lines[:-1]) if re.match(r"\s*\|.*\|\s*$", line)]
    assert [lines[at + 1] for at in rows if not re.match(r"\s*(\||<!--|$)", lines[at + 1])] == []


def test_backups_made_while_trying_things_are_kept_out_of_the_repository():
    assert "groqchat-*.db" in (ROOT / ".gitignore").read_text().splitlines()


def test_no_command_is_made_up():
    code = re.findall(r"^(?:\$ |.*\| )?groqchat ([a-z]+) ", MANUAL, re.MULTILINE)
    assert set(code) <= set(COMMANDS)


@pytest.mark.parametrize("option", ["--demo", "--version"])
def test_options_that_are_shown_exist(option):
    assert option in build_parser().format_help()


def test_every_key_is_told():
    keys = {written(key) for command in ui.COMMANDS for key in command.keys.split(",") if key}
    assert keys <= set(re.findall(r"`([^`\n]+)`", MANUAL))


def test_the_slash_commands_are_those_there_are():
    told = PAGES["chat"].partition("## Slash commands")[2].partition("\n## ")[0]
    assert set(re.findall(r"(?:(?<=\s)|(?<=`))/([a-z-]+)", told)) == set(ui.BY_SLASH)


def test_exit_codes():
    rows = table("code", "when", "code", "when")
    told = {int(row[at]): row[at + 1] for row in rows for at in (0, 2) if row[at]}
    assert told.keys() == {code.value for code in ExitCode}
    for code in ExitCode:
        assert statuses(code.meaning) == statuses(told[code])


def statuses(text):
    """The HTTP statuses that a text names: ``401``, ``5xx``."""
    return set(re.findall(r"\b[1-5](?:\d\d|xx)\b", text))


@pytest.mark.parametrize("name", [each.name for each in fields(Settings)])
def test_every_setting_is_shown(name):
    in_example = re.search(rf"^(?:{name} = |\[{name}[.\]])", MANUAL, re.MULTILINE)
    assert in_example or re.search(rf"`{name}[` ]|^{name} = ", MANUAL)


def test_settings_are_told_in_the_sentences_of_the_program():
    said = [
        (
            f"`{each.name}`",
            each.default_words and f"`{each.default_words}`",
            "" if each.kind in {Kind.TEXT, Kind.TABLE} else each.takes,
            each.sentence,
        )
        for each in setting_facts()
    ]
    rows = [tuple(row) for row in table("setting", "default", "takes", "what it does")]
    assert rows == said


def test_environment_variables():
    told = {name for row in table("variable", "meaning") for name in re.findall(r"`(\w+)`", row[0])}
    sources = "".join(path.read_text() for path in (ROOT / "groqchat").rglob("*.py"))
    own = set(re.findall(r'"(GROQ(?:CHAT)?_[A-Z_]+)"', sources)) - SILENCED
    assert {name for name in told if name.startswith("GROQ")} == own
    assert all(f'"{name}"' in sources for name in told)


def test_faults():
    told = {row[0].strip("`"): row[1] for row in table("Fault", "What happens (default value)")}
    assert list(told) == list(FAULTS)
    for name, fault in FAULTS.items():
        assert told[name].startswith(fault.summary)


def test_help_and_readme_promise_the_same_of_the_log_and_of_undo():
    places = {name: words for name, _, words in PLACES}
    assert all("GROQCHAT_LOG=debug" in text for text in (places["log.jsonl"], PAGES["settings"]))
    undo = next(words for key, _, words in WRITING if key == "Ctrl+Z")
    assert "deleted" not in undo  # sessions that were deleted do not come back
    assert "| `Ctrl+Z` `Alt+Z` | undo and redo in the composer |" in PAGES["chat"]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_lead_somewhere(document):
    source = ROOT / document
    for target in re.findall(r"\]\((?!https?:)([^)\s]+)\)", source.read_text()):
        path, _, heading = target.partition("#")
        file = source.parent / path if path else source
        assert file.is_file(), target
        if heading:
            headings = re.findall(r"^#+ (.+)$", file.read_text(), re.MULTILINE)
            assert heading in {title.lower().replace(" ", "-") for title in headings}


def test_the_readme_names_each_guide():
    rows = {row[0]: row[1] for row in table("guide", "about")}
    assert rows == {
        f"[{name}](groqchat/{guide.path})": guide.about for name, guide in GUIDES.items()
    }


@pytest.mark.parametrize("name", GUIDES)
def test_guides_of_the_terminal_have_a_title_and_no_pictures(name):
    text = guide_text(name)
    assert re.match(r"# [A-Z]", text)
    assert "](" not in re.sub(r"`[^`]*`", "", text.replace("](http", ""))


MAP = (ROOT / "CONTRIBUTING.md").read_text()


@pytest.mark.parametrize("place", sorted(set(re.findall(r"`([\w.*]+/[\w./*]*)`", MAP))))
def test_places_on_the_map_exist(place):
    """A file or folder; a name behind it (``domain/turns/chat.Options``) stands in that file."""
    path, _, name = place.partition(".")
    if place.endswith((".py", ".toml", ".tcss", ".md")) or not name:
        path, name = place, ""
    found = [
        file
        for root in (ROOT, ROOT / "groqchat")
        for file in (*root.glob(path), *root.glob(f"{path}.py"))
    ]
    assert found
    if name:
        assert re.search(rf"\b{name.split('.')[-1]}\b", found[0].read_text())


@pytest.mark.parametrize("mark", ["demo-command", "test-command"])
def test_commands_to_paste_are_one_line(mark):
    between = re.search(
        rf"^<!-- {mark} -->\n```sh\n(.*)\n```\n<!-- /{mark} -->$", README, re.MULTILINE
    )
    assert between, f"no one-line command between the marks {mark}"
    assert "-c constraints.txt" in between[1]
