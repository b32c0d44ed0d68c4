"""The house keeps its order: floors, lint, types, and what a clean interpreter loads."""

import ast
import re
import subprocess
import sys
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HEAVY = {
    "textual", "rich", "groq", "openai", "httpx", "pydantic", "keyring", "sqlite3", "markdown_it",
    "filelock", "pypdf", "bs4", "markdownify", "pylatexenc", "psycopg",
}  # fmt: skip
# What the rules may know of the standard library: nothing that reads a clock, a disk or chance.
PURE = {
    "__future__", "base64", "bisect", "collections", "dataclasses", "decimal", "difflib", "enum",
    "fractions", "functools", "hashlib", "itertools", "json", "math", "re", "statistics", "string",
    "struct", "typing", "unicodedata",
    # They compare values with schemas, and fetch nothing as they are called.
    "jsonschema", "referencing",
}  # fmt: skip
LONGEST_MODULE, LONGEST_APP = 350, 150
# Lines of a function, methods of a class, arguments of a function beside self.
LONGEST_FUNCTION, MOST_METHODS, MOST_ARGUMENTS = 50, 25, 9
# What no docstring begins with: its subject is the noun that it documents.
PRONOUN = re.compile(
    r"(?:It|Its|They|Their|Them|Those|These|This|That|As|The same|Others?|Whoever|He|She|Both|Such"
    r"|So|Whose|Who)\b"
)
# Modules in a folder, and in that of the ui itself.
MOST_MODULES, MOST_UI_MODULES = 30, 10


def python(code):
    """Run code in a clean interpreter; returns what it printed."""
    return run("-c", code)


def run(*arguments):
    """Run the interpreter in the project's folder; what it says is the reason if it fails."""
    command = [sys.executable, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_floors():
    run("-c", "from importlinter import cli; raise SystemExit(cli.lint_imports(no_logo=True))")


def test_lint():
    run("-m", "ruff", "check", "--quiet", ".")


def test_format():
    run("-m", "ruff", "format", "--quiet", "--check", ".")


@pytest.mark.slow
def test_types():
    run("-m", "mypy")


@pytest.mark.parametrize(
    "loading",
    [
        "import groqchat",
        "import groqchat.__main__",
        "import groqchat.bootstrap; groqchat.bootstrap.LocalServices(groqchat.bootstrap.Launch())",
        "import groqchat.services.turns.chat",
        "import groqchat.services.account.keys, groqchat.services.account.models",
        "import groqchat.provider.groq_provider",
        "from groqchat.cli.main import *; [load_command(name) for name in COMMANDS.values()]",
    ],
)
def test_nothing_heavy_is_loaded_before_it_is_needed(loading):
    loaded = python(f"import sys; {loading}; print(*sys.modules)").split()
    assert not HEAVY & {name.partition(".")[0] for name in loaded}


def test_the_front_door_loads_next_to_nothing():
    loaded = python("import groqchat.__main__, sys; print(*sys.modules)").split()
    assert not {"asyncio", "decimal", "logging", "json"} & set(loaded)


def test_the_version_is_told_without_what_commands_load():
    code = """
import sys
from groqchat.cli.main import main
try:
    main(["--version"])
finally:
    print(*sys.modules)
    sys.exit(0)
"""
    told, loaded = python(code).splitlines()
    assert told.startswith("groqchat ")
    assert not {"asyncio", "dataclasses", "inspect", "logging", "json"} & set(loaded.split())


def test_the_first_frame_is_the_composer_alone():
    code = "import sys; import groqchat.cli.tui, groqchat.ui.app; print(*sys.modules)"
    loaded = set(python(code).split())
    rooms = {name for name in loaded if name.startswith("groqchat.")}
    floors = ("services", "reports", "provider", "simulator", "bootstrap", "ui.dialogs")
    assert not {name for name in rooms if name.removeprefix("groqchat.").startswith(floors)}
    shown = ("cards", "cost_meter", "find_bar", "quota_panel", "session_list", "toasts")
    assert not {f"groqchat.ui.widgets.{name}" for name in shown} & rooms
    assert not {name for name in rooms if name.startswith("groqchat.ui.transcript")}
    assert not {"json", "tomllib", "sqlite3", "groqchat.domain.settings"} & loaded


def test_the_rules_know_nothing_of_the_world():
    strangers = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in (ROOT / "groqchat/domain").rglob("*.py")
        for name in imported(path)
        if name.partition(".")[0] not in PURE
        and not name.startswith(("groqchat.domain", "groqchat.catalog"))
    }
    assert strangers == set()


@pytest.fixture(scope="module", autouse=True)
def _forget_syntax_trees():
    """Hundreds of thousands of objects would be looked through as garbage in all other tests."""
    yield
    nodes.cache_clear()


@cache
def nodes(path):
    """All parts of the syntax tree of a module, read once for all tests."""
    return list(ast.walk(ast.parse(path.read_text())))


def imported(path):
    """The names of all modules that a file imports."""
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module


def test_no_module_grows_past_reading():
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text().splitlines())
        for path in (ROOT / "groqchat").rglob("*.py")
    }
    assert {path for path, length in lengths.items() if length > LONGEST_MODULE} == set()
    assert lengths["groqchat/ui/app.py"] <= LONGEST_APP


def test_no_folder_grows_past_finding():
    modules = Counter(path.parent for path in (ROOT / "groqchat").rglob("*.py"))
    assert {folder for folder, n in modules.items() if n > MOST_MODULES} == set()
    assert modules[ROOT / "groqchat/ui"] <= MOST_UI_MODULES


def test_a_test_stands_where_the_module_of_its_name_stands():
    folders = {path.parent for path in (ROOT / "groqchat").rglob("*.py")}
    modules = defaultdict(set)
    for path in (ROOT / "groqchat").rglob("*/*.py"):
        package, *_ = path.relative_to(ROOT / "groqchat").parts
        modules[package, path.stem].add(path.parent)
    strays = []
    for path in (ROOT / "tests").rglob("*/test_*.py"):
        package = path.relative_to(ROOT / "tests").parts[0]
        mirrored = ROOT / "groqchat" / path.parent.relative_to(ROOT / "tests")
        at = modules.get((package, path.stem.removeprefix("test_")), {mirrored})
        if ROOT / "groqchat" / package in folders and not (mirrored in folders and mirrored in at):
            strays.append(str(path.relative_to(ROOT)))
    assert strays == []


def definitions(*kinds):
    """Every function or class of the program, with where it stands."""
    for path in (ROOT / "groqchat").rglob("*.py"):
        for node in nodes(path):
            if isinstance(node, kinds):
                yield f"{path.relative_to(ROOT)}: {getattr(node, 'name', 'module')}", node


FUNCTIONS = ast.FunctionDef, ast.AsyncFunctionDef


def test_no_function_grows_past_a_page():
    lengths = [(name, node.end_lineno - node.lineno + 1) for name, node in definitions(*FUNCTIONS)]
    assert [one for one in lengths if one[1] > LONGEST_FUNCTION] == []


def test_no_function_takes_more_than_one_can_name():
    counts = [
        (name, sum(one.arg != "self" for one in (*node.args.args, *node.args.kwonlyargs)))
        for name, node in definitions(*FUNCTIONS)
    ]
    assert [one for one in counts if one[1] > MOST_ARGUMENTS] == []


def test_no_class_grows_past_knowing():
    counts = [
        (name, sum(isinstance(one, FUNCTIONS) for one in node.body))
        for name, node in definitions(ast.ClassDef)
    ]
    assert [one for one in counts if one[1] > MOST_METHODS] == []


def test_docstrings_begin_with_what_they_document():
    documented = definitions(*FUNCTIONS, ast.ClassDef, ast.Module)
    first_words = [(name, ast.get_docstring(node) or "") for name, node in documented]
    assert [one for one in first_words if PRONOUN.match(one[1])] == []


def test_names_of_tests_are_the_same_in_every_process(request):
    """Processes that collect different names run nothing; gzip's bytes hold the time."""
    names = [item.nodeid for item in request.session.items]
    assert [name for name in names if r"\x1f\x8b" in name] == []
