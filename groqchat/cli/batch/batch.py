"""``groqchat batch``: the arguments of its commands."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from groqchat.cli.arguments import (
    STDOUT,
    add_id,
    add_json,
    add_profile,
    add_system,
    limit,
    output_file,
    run_chosen,
    subcommand,
    whole,
    with_services,
)
from groqchat.cli.batch.listing import cancel, list_submissions, results, show
from groqchat.cli.batch.submit import resubmit, submit
from groqchat.cli.batch.words import WINDOWS

if TYPE_CHECKING:
    import argparse

    from groqchat.cli.arguments import Commands

HELP = "send many requests at half the price, to be answered within a day to a week"
EXAMPLES = """\
groqchat batch submit prompts.txt -m openai/gpt-oss-120b --wait
groqchat batch submit requests.jsonl --window 7d
groqchat batch submit urls.txt -m whisper-large-v3-turbo
groqchat batch list
groqchat batch results job_1m82pjvd -o results.jsonl
groqchat batch resubmit job_1m82pjvd --window 7d
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the commands."""
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _declare_submit(commands)
    _declare_list(commands)
    _declare_others(commands)
    _declare_resubmit(commands)
    for name, command in commands.choices.items():
        add_profile(command)
        if name == "results":
            add_json(command, "print JSON lines, as without it; an error is one JSON document")
        else:
            add_json(command)


def _declare_submit(commands: Commands) -> None:
    command = subcommand(
        commands,
        "submit",
        "check the lines of a file, say the price, and submit them as a batch",
        "groqchat batch submit prompts.txt -m 120b -s 'Answer in one sentence.'\n"
        "groqchat batch submit requests.jsonl --dry-run\n",
        with_services(submit, sends=True),
    )
    command.add_argument(
        "file",
        type=Path,
        metavar="FILE",
        help="JSON lines (prompt or messages, id, system, model; url and seconds for audio; or "
        "Groq's own form), CSV with a first line of such names, or text with a prompt or, for a "
        "model of speech, the address of audio in each line",
    )
    command.add_argument(
        "-m", "--model", metavar="ID", default="", help="the model of lines that name none"
    )
    add_system(command, "the system prompt of lines without one", default="")
    command.add_argument(
        "--max-tokens", type=whole, metavar="N", help="maximum length of each answer, in tokens"
    )
    command.add_argument("--translate", action="store_true", help="translate audio into English")
    command.add_argument(
        "--dry-run", action="store_true", help="check the file and say the price; send nothing"
    )
    command.add_argument(
        "--again", action="store_true", help="submit it although the same lines were submitted"
    )
    command.add_argument(
        "--window",
        choices=WINDOWS,
        default=WINDOWS[0],
        help="the time within which it is to be answered (24h); a longer one expires less often",
    )
    _add_sending(command)


def _declare_list(commands: Commands) -> None:
    command = subcommand(
        commands,
        "list",
        "list batches, the newest first",
        "groqchat batch list -n 10\n",
        with_services(list_submissions),
    )
    command.add_argument(
        "-n", "--limit", type=limit, default=50, help="the most to list (50); 0: all"
    )


def _declare_others(commands: Commands) -> None:
    shown = subcommand(
        commands,
        "show",
        "show one batch as it stands",
        "groqchat batch show job_1m82pjvd --wait\n",
        with_services(show),
    )
    found = subcommand(
        commands,
        "results",
        "print answers and errors as JSON lines, in the order of the input",
        "groqchat batch results job_1m82pjvd -o results.jsonl\n",
        with_services(results),
    )
    cancelled = subcommand(
        commands,
        "cancel",
        "cancel a batch; what is answered until then is kept and paid",
        "groqchat batch cancel job_1m82pjvd\n",
        with_services(cancel),
    )
    for command in (shown, found, cancelled):
        add_id(command, "batch")
    for command in (shown, found):
        command.add_argument(
            "--wait", action="store_true", help="follow it with a progress bar until it has ended"
        )
    found.add_argument(
        "-o", "--output", type=output_file, default=STDOUT, metavar="FILE", help="write to a file"
    )
    found.add_argument("--force", action="store_true", help="replace the file if it exists")


def _declare_resubmit(commands: Commands) -> None:
    command = subcommand(
        commands,
        "resubmit",
        "send the lines that failed or expired again, with a longer window",
        "groqchat batch resubmit job_1m82pjvd --window 7d\n",
        with_services(resubmit, sends=True),
    )
    add_id(command, "batch")
    command.add_argument(
        "--window", choices=WINDOWS, help="the new window; the next longer one if not named"
    )
    _add_sending(command)


def _add_sending(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--wait", action="store_true", help="follow it with a progress bar until it has ended"
    )
    command.add_argument(
        "--over-budget", action="store_true", help="send it even if the budget does not reach"
    )


run = run_chosen
