"""``groqchat prompts``: the user's named prompts, which are Markdown files of their own."""

from __future__ import annotations

import math
import sys
from typing import TYPE_CHECKING

from groqchat.cli.arguments import add_json, run_chosen, subcommand
from groqchat.cli.exit_codes import ExitCode
from groqchat.cli.failures import MisuseError
from groqchat.cli.output import narrate, print_json, table, write
from groqchat.cli.templates.options import add_values, check_names, filled, values_of
from groqchat.domain.prompts.prompt_file import PromptKind, read_word
from groqchat.domain.text.humanize import count
from groqchat.domain.turns.token_estimate import estimate_tokens
from groqchat.services.prompts.library import PromptLibrary
from groqchat.storage.settings.paths import folders

if TYPE_CHECKING:
    import argparse

    from groqchat.domain.prompts.prompt_file import PromptFile

HELP = "your templates and system prompts: list, show, create and edit their files"
EXAMPLES = """\
groqchat prompts list
groqchat prompts edit review
groqchat prompts show review --var language=Rust
git diff | groqchat ask --template review --var language=Rust
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the commands."""
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    listed = subcommand(
        commands, "list", "list them with their variables", "groqchat prompts list\n", _list
    )
    show = subcommand(
        commands,
        "show",
        "print the text of one, with values in the place of its variables where given",
        "groqchat prompts show review\n"
        "groqchat prompts show review --var language=Rust --var input=@main.rs\n",
        _show,
    )
    edit = subcommand(
        commands,
        "edit",
        "open one in $VISUAL or $EDITOR; a new one is created",
        "groqchat prompts edit review\ngroqchat prompts edit --system terse\n",
        _edit,
    )
    for command in (show, edit):
        command.add_argument(
            "name",
            metavar="PROMPT",
            help="the name of its file, without .md; system/NAME is a system prompt",
        )
        command.add_argument(
            "--system", action="store_true", help="a system prompt instead of a template"
        )
    add_values(show)
    add_json(listed)
    add_json(show)


run = run_chosen


def _library() -> PromptLibrary:
    return PromptLibrary(folders().prompts)


def _list(args: argparse.Namespace) -> int:
    library = _library()
    rows: list[list[str]] = []
    documents: list[dict[str, object]] = []
    for kind in PromptKind:
        for name in library.names(kind):
            try:
                prompt = library.read(kind, name)
            except ValueError as mistake:
                narrate(f"groqchat: {mistake}")
                rows.append([name, kind, "", "", "its file has a mistake"])
                documents.append({"name": name, "kind": kind, "mistake": str(mistake)})
            else:
                rows.append(_row(prompt))
                documents.append(_document(prompt, library))
        for path, sentence in library.misnamed(kind):
            narrate(f"groqchat: {sentence}")
            documents.append({"name": path.stem, "kind": kind, "mistake": sentence})
    if args.json:
        print_json(documents)
    elif rows:
        table(("name", "kind", "tokens>", "variables", "description"), rows)
    elif not documents:
        narrate(f"There are no prompts in {library.folder} yet: groqchat prompts edit NAME.")
    return ExitCode.DONE


def _row(prompt: PromptFile) -> list[str]:
    variables = " ".join(
        each.name if each.default is None else f"{each.name}={each.default}"
        for each in prompt.variables
    )
    tokens = f"≈ {count(_tokens(prompt.text))}"
    return [prompt.name, prompt.kind, tokens, variables, prompt.description]


def _document(prompt: PromptFile, library: PromptLibrary) -> dict[str, object]:
    return {
        "name": prompt.name,
        "kind": prompt.kind,
        "description": prompt.description,
        "file": str(library.path_of(prompt.kind, prompt.name)),
        "estimated_tokens": _tokens(prompt.text),
        "variables": [{"name": each.name, "default": each.default} for each in prompt.variables],
        "model": prompt.model or None,
        "system": prompt.system or None,
        "parameters": dict(prompt.parameters),
        "text": prompt.text,
    }


def _tokens(text: str) -> int:
    return math.ceil(estimate_tokens(text))


def _show(args: argparse.Namespace) -> int:
    library = _library()
    try:
        kind, name = _named(args)
        prompt = library.read(kind, name)
    except ValueError as mistake:
        raise MisuseError(str(mistake)) from None
    values = values_of(args.var)
    check_names([prompt], values)
    if args.json:
        text = {"filled": filled(prompt, values)} if values else {}
        print_json(_document(prompt, library) | text)
    else:
        write(f"{filled(prompt, values) if values else prompt.text}\n")
    return ExitCode.DONE


def is_interactive() -> bool:
    """Whether an editor can be used here."""
    return sys.stdin.isatty()


def _edit(args: argparse.Namespace) -> int:
    from groqchat.services.editor import run_editor

    if not is_interactive():
        raise MisuseError("an editor needs a terminal")
    library = _library()
    kind, name = _named(args)
    try:
        path = library.begun(kind, name)
        run_editor(path)
        if library.is_unchanged(kind, name):
            path.unlink(missing_ok=True)
            narrate(f"{name} was left as the example, so that no prompt was created.")
            return ExitCode.DONE
        library.read(kind, name)
    except ValueError as mistake:
        raise MisuseError(str(mistake)) from None
    option = "--system-name" if kind is PromptKind.SYSTEM else "--template"
    narrate(f"{path} is {option} {name}.")
    return ExitCode.DONE


def _named(args: argparse.Namespace) -> tuple[PromptKind, str]:
    """The kind and the name of the prompt on a command line."""
    kind, name = read_word(args.name)
    return (PromptKind.SYSTEM if args.system else kind), name
