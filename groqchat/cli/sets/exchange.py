"""``groqchat sets``: sets of prompts from other programs, and for them."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from groqchat.cli.arguments import (
    STDOUT,
    add_json,
    check_output,
    output_file,
    run_chosen,
    subcommand,
)
from groqchat.cli.exit_codes import ExitCode
from groqchat.cli.failures import MisuseError
from groqchat.cli.models.names import model_id
from groqchat.cli.output import DIM, YELLOW, narrate, print_json, write
from groqchat.cli.prompts import read_text
from groqchat.cli.sets.value_rows import read_value_rows
from groqchat.domain.errors.table import failure
from groqchat.domain.text.humanize import count, counted
from groqchat.services.prompt_sets.exchange.config_files import ConfigFiles
from groqchat.services.prompt_sets.exchange.field_map import (
    FIELDS,
    mapped_rows,
    read_map,
    without_answer,
)
from groqchat.services.prompt_sets.exchange.promptfoo_export import write_promptfoo
from groqchat.services.prompt_sets.exchange.promptfoo_import import Imported, read_promptfoo
from groqchat.services.prompt_sets.exchange.yaml_text import INSTALL
from groqchat.services.prompt_sets.prompt_files import filled_file, form_of, read_prompts
from groqchat.storage.catalog import load_catalog
from groqchat.storage.export_files import save_export

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from groqchat.cli.arguments import Commands

HELP = "sets of prompts for compare --file: import promptfoo's YAML or public sets, export ours"
EXAMPLES = """\
groqchat sets import promptfooconfig.yaml -o prompts.jsonl
groqchat sets import questions.jsonl --map question=prompt,answer=expected -o prompts.jsonl
groqchat sets export prompts.jsonl -m openai/gpt-oss-20b -o promptfoo.yaml
groqchat sets export prompts.csv --format jsonl
"""
PROMPTFOO, JSONL = "promptfoo", "jsonl"
_MOST_TOLD = 20
_ROWS = {".jsonl", ".ndjson", ".csv"}  # what promptfoo keeps no configuration in


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the commands."""
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _declare_import(commands)
    _declare_export(commands)
    for command in commands.choices.values():
        command.add_argument(
            "-o",
            "--output",
            type=output_file,
            default=STDOUT,
            metavar="FILE",
            help="write to a file",
        )
        command.add_argument("--force", action="store_true", help="replace the file if it exists")
        add_json(command, "print a summary as JSON; the set goes to --output")


def _declare_import(commands: Commands) -> None:
    command = subcommand(
        commands,
        "import",
        "make a set of promptfoo's YAML, or of questions and answers with fields of other names",
        "groqchat sets import promptfooconfig.yaml -o prompts.jsonl\n"
        "groqchat sets import questions.csv --map question=prompt,answer=expected\n",
        _import,
    )
    command.add_argument(
        "file", type=Path, metavar="FILE", help="promptfoo's YAML; with --map JSON lines, JSON, CSV"
    )
    command.add_argument(
        "--map",
        metavar="PAIRS",
        help="the fields of a file of questions, such as question=prompt,answer=expected; a name "
        f"within another has a dot. Ours are {', '.join(FIELDS)}; expected is contains",
    )


def _declare_export(commands: Commands) -> None:
    command = subcommand(
        commands,
        "export",
        "write a set as YAML of promptfoo, or as JSON lines with values in place of variables",
        "groqchat sets export prompts.jsonl -m openai/gpt-oss-20b -o promptfoo.yaml\n",
        _export,
    )
    command.add_argument(
        "file", type=Path, metavar="FILE", help="a set, as compare --file takes it"
    )
    command.add_argument("--format", choices=(PROMPTFOO, JSONL), default=PROMPTFOO)
    command.add_argument(
        "-m",
        "--model",
        dest="models",
        action="append",
        default=[],
        metavar="ID",
        help="a model that promptfoo asks; may be repeated",
    )


def run(args: argparse.Namespace) -> int:
    """Run the command."""
    output: Path = args.output
    if args.json and output is STDOUT:
        raise MisuseError("--json prints a summary: write the set with --output FILE")
    if output is not STDOUT:
        check_output(output)
        if output.exists() and not args.force:
            raise MisuseError(f"{output} exists; --force replaces it")
    return run_chosen(args)


def _import(args: argparse.Namespace) -> int:
    text = read_text(args.file)
    try:
        found = _imported(args, text)
    except ImportError:
        raise MisuseError(f"YAML is read after: {INSTALL}") from None
    except ValueError as mistake:
        raise MisuseError(f"{args.file}: {mistake}") from None
    told = [str(left) for left in found.left_out]
    if not found.rows:
        _tell(told)
        raise MisuseError(f"no prompt of {args.file} can be imported")
    lines = "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in found.rows)
    read_prompts(lines, mark_of=str)
    _put(args, lines)
    _tell(told)
    for note in found.notes:
        narrate(f"{note[0].upper()}{note[1:]}.", YELLOW)
    narrate(f"Imported {counted(len(found.rows), 'prompt')}.", DIM)
    if not args.json:
        _tell_models(found.models, args.output)
        return ExitCode.DONE
    left = [{"where": each.where or None, "reason": each.why} for each in found.left_out]
    summary = {"prompts": len(found.rows), "models": found.models, "left_out": left}
    print_json({**summary, "notes": found.notes})
    return ExitCode.DONE


def _imported(args: argparse.Namespace, text: str) -> Imported:
    if args.map is None:
        if args.file.suffix.lower() in _ROWS:
            raise ValueError(
                "it is no YAML of promptfoo; name its fields, such as "
                "--map question=prompt,answer=expected"
            )
        return read_promptfoo(text, ConfigFiles(args.file.absolute().parent))
    names = read_map(args.map)
    rows = mapped_rows(text, names, is_csv=args.file.suffix.lower() == ".csv")
    bare = without_answer(rows, names)
    notes = [f"without an answer to check by: {count(bare)} of {counted(len(rows), 'row')}"]
    return Imported(rows, notes=notes if bare else [])


def _export(args: argparse.Namespace) -> int:
    text = read_text(args.file)
    form = form_of(args.file.name, text)
    rows_of = partial(read_value_rows, args.file.absolute().parent)
    left_out: Sequence[str] = ()
    is_text = args.format == JSONL
    if not is_text and not args.models:
        raise MisuseError("name the models that promptfoo asks: -m ID")
    try:
        prompts = read_prompts(text, form=form, mark_of=str if is_text else None, rows_of=rows_of)
        if is_text:
            rows = filled_file(text, form=form, rows_of=rows_of)
            written = "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)
        else:
            catalog = load_catalog()
            ids = [model_id(name, catalog) for name in args.models]
            exported = write_promptfoo(args.file.stem, prompts, ids)
            written, left_out = exported.text, exported.left_out
    except ImportError:
        raise MisuseError(f"YAML is written after: {INSTALL}") from None
    except ValueError as mistake:
        raise MisuseError(f"{args.file}: {mistake}") from None
    _put(args, written)
    _tell(left_out)
    if args.json:
        left = [{"where": None, "reason": each} for each in left_out]
        print_json({"prompts": len(prompts), "format": args.format, "left_out": left})
    return ExitCode.DONE


def _put(args: argparse.Namespace, text: str) -> None:
    """Print the text, or write it to the file."""
    output: Path = args.output
    if output is STDOUT:
        write(text)
    elif save_export(output, text, lambda _: True) is None:
        raise failure("disk", detail=str(output))
    else:
        narrate(f"Written to {output}.", DIM)


def _tell(sentences: Sequence[str]) -> None:
    """Say what was left out."""
    for sentence in sentences[:_MOST_TOLD]:
        narrate(f"Left out: {sentence}", YELLOW)
    if len(sentences) > _MOST_TOLD:
        narrate(f"… and {len(sentences) - _MOST_TOLD:,} more; --json lists them all.", YELLOW)


def _tell_models(models: Sequence[str], output: Path) -> None:
    """Say how the set is asked."""
    named = " ".join(f"-m {model}" for model in models) or "-m MODEL"
    file: Any = "FILE" if output is STDOUT else output
    narrate(f"Ask it: groqchat compare --file {file} {named}", DIM)
