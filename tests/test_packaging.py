"""The wheel alone is the program: what is inside, what it asks for, and that it starts."""

import ast
import os
import re
import shutil
import subprocess
import sys
import zipfile
from email.parser import HeaderParser
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from groqchat import __version__

ROOT = Path(__file__).parent.parent
TEXTS = {".py", ".md", ".toml", ".tcss"}
SOURCES = ("pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "groqchat", "themes")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built without a network from a copy of what is needed to build it."""
    checkout, dist = tmp_path_factory.mktemp("checkout"), tmp_path_factory.mktemp("dist")
    for name in SOURCES:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, checkout / name)
    run("-m", "hatchling", "build", "-t", "wheel", "-d", dist, cwd=checkout)
    [built] = dist.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def metadata(wheel):
    """What the wheel says about itself."""
    with zipfile.ZipFile(wheel) as archive:
        written = archive.read(f"groqchat_tui-{__version__}.dist-info/METADATA").decode()
    return HeaderParser().parsestr(written)


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """A folder with groqchat as installed from the wheel, without what it depends on."""
    folder = tmp_path_factory.mktemp("installed")
    offline = ("--no-deps", "--no-index", "--no-compile", "--disable-pip-version-check")
    run("-m", "pip", "install", "--quiet", *offline, "--target", folder, wheel)
    return folder


@pytest.fixture
def groqchat(installed, tmp_path):
    """Runs code or a module with the installed groqchat, far from the checkout."""
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    return lambda *arguments: run(*arguments, env=environment, cwd=tmp_path)


def run(*arguments, **options):
    """Run the interpreter; what it says is the reason if it fails."""
    command = [sys.executable, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_program_starts(groqchat, installed):
    assert groqchat(installed / "bin/groqchat", "--version").strip() == f"groqchat {__version__}"
    assert "groqchat ask" in groqchat("-m", "groqchat", "--help")


def test_the_distribution_has_a_name_of_its_own(metadata):
    assert metadata["Name"] == "groqchat-tui"


INSTALLS_A_STRANGER = re.compile(
    r"(?:pip|pipx|uv|uv tool)[\"',\s]+(?:install|inject|run|add)\b[^`&;\n]*[ '\"]groqchat(?![\w-])"
    r"|uvx[^`&;\n]* groqchat(?![\w-])|\bgroqchat\["
)


@pytest.mark.parametrize(
    "told", ["pip install 'groqchat[x]'", "pipx install groqchat", "uvx groqchat"]
)
def test_what_would_install_a_stranger_is_recognised(told):
    assert INSTALLS_A_STRANGER.search(told)
    assert not INSTALLS_A_STRANGER.search(told.replace("groqchat", "groqchat-tui"))


def test_no_text_of_ours_installs_the_stranger_of_our_name():
    sources = [*ROOT.glob("*.md"), *ROOT.glob("*.t*"), *ROOT.glob(".ci/*")]
    sources += [path for path in (ROOT / "groqchat").rglob("*") if path.suffix in TEXTS]
    told = {path.name: INSTALLS_A_STRANGER.findall(path.read_text()) for path in sources}
    assert not {name: found for name, found in told.items() if found}


def test_themes_and_catalogue_are_inside(groqchat, installed):
    shipped = groqchat(
        "-c",
        "import groqchat; from groqchat.ui.workspace.themes import load_themes\n"
        "from groqchat.storage.catalog import load_catalog\n"
        "from groqchat.catalog.changelog import changelog, releases\n"
        "assert releases(changelog())[0].version == groqchat.__version__\n"
        "themes, mistakes = load_themes(); names = sorted(theme.name for theme in themes)\n"
        "print(groqchat.__file__, len(load_catalog().models), mistakes, *names)",
    ).split()
    assert Path(shipped[0]).is_relative_to(installed)
    assert int(shipped[1]) > 10
    assert shipped[2:] == ["[]", *sorted(path.stem for path in (ROOT / "themes").glob("*.toml"))]


def test_every_file_of_the_program_is_inside_and_nothing_else(wheel):
    information = f"groqchat_tui-{__version__}.dist-info"
    files = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "groqchat").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    themes = {f"groqchat/themes/{path.name}" for path in (ROOT / "themes").glob("*.toml")}
    inside = set(zipfile.ZipFile(wheel).namelist())
    files |= themes | {"groqchat/CHANGELOG.md"}
    assert {name for name in inside if not name.startswith(information)} == files
    assert {"groqchat/py.typed", f"{information}/licenses/LICENSE"} <= inside


def test_it_asks_for_what_it_imports_and_nothing_else(metadata):
    names = packages_distributions()
    imported = {names[module][0] for module in strangers() - EXTRAS}
    asked = [line for line in metadata.get_all("Requires-Dist") if "extra ==" not in line]
    assert distributions(asked) == {plain(name) for name in imported}
    assert metadata["Requires-Python"] == ">=3.11"


# What is asked for by an extra: "openai", "audio", "mic", "pdf", "images", "yaml", "team", "web"
# with one more, and "mcp" with three more.
EXTRAS = {
    "openai", "av", "sounddevice", "pypdf", "PIL", "mcp", "mcp_types", "httpx2", "pydantic",
    "psycopg", "yaml", "textual_serve", "aiohttp",
}  # fmt: skip


def strangers():
    """The top-level modules of other people that groqchat imports anywhere, late imports too."""
    trees = (ast.parse(path.read_text()) for path in (ROOT / "groqchat").rglob("*.py"))
    imports = {name.partition(".")[0] for tree in trees for name in imported_names(tree)}
    return imports - sys.stdlib_module_names - {"groqchat"}


def imported_names(tree):
    """Every module that a module's text imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module


def distributions(requirements):
    """The names that requirements begin with."""
    return {plain(re.match(r"[\w.-]+", line)[0]) for line in requirements}


def plain(name):
    """A distribution's name in its one canonical spelling."""
    return re.sub(r"[-_.]+", "-", name).lower()


def test_the_tried_versions_cover_every_dependency(metadata):
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", pin) for pin in pins)
    names = {plain(pin.partition("==")[0]) for pin in pins}
    assert distributions(metadata.get_all("Requires-Dist")) <= names
