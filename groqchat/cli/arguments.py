"""Arguments that several commands share, and the start of the services for a command."""

from __future__ import annotations

import argparse
import asyncio
import math
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from groqchat.cli.failures import MisuseError
from groqchat.cli.main import examples
from groqchat.cli.output import narrate
from groqchat.domain.errors.table import failure

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from groqchat.bootstrap import LocalServices
    from groqchat.services.account.keys import FoundKey

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

# The database and the API count in 64 bits; nobody means a number with more digits.
MOST_DIGITS = 18
# What `-` means where a file to write is named; a file of that name is `./-`.
STDOUT = Path("-")


def add_json(parser: argparse._ActionsContainer, meaning: str = "print one JSON document") -> None:
    """Declare ``--json``."""
    parser.add_argument("--json", action="store_true", help=meaning)


def add_profile(parser: argparse.ArgumentParser, meaning: str = "the stored key to use") -> None:
    """Declare ``--profile``, which may also stand before the command."""
    parser.add_argument("--profile", metavar="NAME", default=argparse.SUPPRESS, help=meaning)


def add_system(parser: argparse.ArgumentParser, meaning: str, default: str | None = None) -> None:
    """Declare ``--system``, whose text ``prompts.read_system`` reads where it names a file."""
    parser.add_argument(
        "-s",
        "--system",
        metavar="TEXT|@FILE",
        default=default,
        help=f"{meaning}; @FILE takes the text of a file",
    )


def add_turn_options(parser: argparse.ArgumentParser) -> None:
    """Declare the prompt and the options that ``ask`` and ``compare`` have in common."""
    parser.add_argument("prompt", nargs="?", default="", metavar="PROMPT")
    add_system(parser, "the system prompt")
    parser.add_argument(
        "--max-tokens", type=whole, metavar="N", help="maximum length of the answer, in tokens"
    )
    parser.add_argument(
        "--max-wait",
        type=seconds,
        metavar="SECONDS",
        help="wait up to this long for limits to refill (60); 0: never wait",
    )
    parser.add_argument(
        "--over-budget",
        action="store_true",
        help="ask even if the budget in the settings is spent; --budget of a set still holds",
    )
    parser.add_argument("--no-save", action="store_true", help="do not save this conversation")
    add_profile(parser)


def add_over_budget(parser: argparse.ArgumentParser) -> None:
    """Declare ``--over-budget``."""
    meaning = "send even if the budget in the settings is spent"
    parser.add_argument("--over-budget", action="store_true", help=meaning)


def add_patient_wait(parser: argparse.ArgumentParser) -> None:
    """Declare ``--max-wait`` for work that waits for limits as long as it takes."""
    parser.add_argument(
        "--max-wait",
        type=seconds,
        metavar="SECONDS",
        help="longest wait for limits to refill (no bound); 0: never wait",
    )


def subcommand(
    commands: Commands,
    name: str,
    summary: str,
    example_lines: str,
    act: Callable[[argparse.Namespace], int],
) -> argparse.ArgumentParser:
    """Add a command below another one, with examples in its help."""
    parser = commands.add_parser(
        name,
        help=summary,
        description=summary,
        epilog=examples(example_lines),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(act=act)
    return parser


def add_id(command: argparse.ArgumentParser, what: str) -> None:
    """Declare the id of something stored, such as "session"."""
    command.add_argument("id", metavar="ID", help=f"the {what}'s id, or enough of its beginning")


def run_chosen(args: argparse.Namespace) -> int:
    """Run the command that :func:`subcommand` added and the command line chose."""
    code: int = args.act(args)
    return code


def whole(text: str) -> int:
    """A whole number above zero.

    Raises:
        ArgumentTypeError: The text is none.
    """
    number = int(text) if text.isdecimal() and len(text) <= MOST_DIGITS else 0
    if number == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number above zero")
    return number


def limit(text: str) -> int:
    """The most rows to show; "0" is -1, which to the database is no limit.

    Raises:
        ArgumentTypeError: The text is no number of rows.
    """
    try:
        return -1 if text == "0" else whole(text)
    except argparse.ArgumentTypeError:
        message = f"{text!r} is no number of rows; 0 shows all"
        raise argparse.ArgumentTypeError(message) from None


def output_file(text: str) -> Path:
    """A file to write to; a dash is ``STDOUT``."""
    return STDOUT if text == "-" else Path(text)


def check_output(path: Path) -> None:
    """Refuse a file in a folder that is not there, before anything is asked.

    Raises:
        MisuseError: The path cannot be that of a file.
    """
    if path.is_dir():
        raise MisuseError(f"cannot write {path}: it is a folder; name a file in it")
    if not path.absolute().parent.is_dir():
        raise MisuseError(f"cannot write {path}: there is no folder {path.parent}")


def seconds(text: str) -> float:
    """A time in seconds, zero included.

    Raises:
        ArgumentTypeError: The text is none.
    """
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} is no time in seconds")
    return value


def port(text: str) -> int:
    """A port to listen on; 0 is any free one.

    Raises:
        ArgumentTypeError: The text is none.
    """
    if not text.isdecimal() or int(text) > 65_535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port; it is a number up to 65535")
    return int(text)


def run_async(
    args: argparse.Namespace,
    act: Callable[[LocalServices], Awaitable[int]],
    *,
    keep: bool = True,
    sends: bool = False,
    may_forget: bool = False,
) -> int:
    """Start the services, narrate their notices, and run a command with them.

    Args:
        args: The command line, with the ``profile`` to use; ``within`` is the plain chat whose
            services it uses, if it was typed there.
        act: The command; returns the exit code.
        keep: Whether conversations are saved.
        sends: Whether prompts are sent; this needs readable settings, and with a budget also a
            ledger that can be written.
        may_forget: Whether the command only reads, so that it works where nothing can be written.

    Raises:
        StorageError: The disk cannot be used, or prompts must not be sent.
    """
    if (within := getattr(args, "within", None)) is not None:
        code: int = within.run(act)
        return code
    from groqchat.bootstrap import Launch, open_services
    from groqchat.cli.work_bar import work_bar

    async def started() -> int:
        launch = Launch(profile=args.profile, keep=keep, may_forget=may_forget)
        with ExitStack() as bar:
            show = bar.enter_context(work_bar("Adding up the ledger", "entries"))
            async with open_services(launch, show) as services:
                bar.close()
                services.keys.on_question(narrate_question)
                if sends:
                    _refuse_uncounted(services, args)
                for notice in (*services.mistakes, *_theme_mistakes(services), *services.notices):
                    narrate(f"groqchat: {notice}")
                return await act(services)

    return asyncio.run(started())


def with_services(
    act: Callable[[LocalServices, argparse.Namespace], Awaitable[int]],
    *,
    sends: bool = False,
    may_forget: bool = False,
) -> Callable[[argparse.Namespace], int]:
    """The function of a :func:`subcommand` that runs with the services; see :func:`run_async`."""
    return lambda args: run_async(
        args, lambda services: act(services, args), sends=sends, may_forget=may_forget
    )


def _refuse_uncounted(services: LocalServices, args: argparse.Namespace) -> None:
    """Refuse to send where a budget is set but requests cannot be recorded."""
    budget = services.settings_to_send_by().budget
    is_bounded = (budget.monthly_usd, budget.session_usd) != (None, None)
    if services.forgets and is_bounded and not getattr(args, "over_budget", False):
        raise failure("uncounted", detail=services.database_path)


def narrate_question(words: str) -> None:
    """Say at once that the keyring waits for its user."""
    if words:
        narrate(f"groqchat: {words}")


async def used_key(services: LocalServices) -> FoundKey:
    """The key to ask with; a key of the environment counts for no profile that is not stored.

    Raises:
        NoKeyError: There is none.
        StorageError: The keyring or the key command fails.
    """
    found = await services.find_key()
    if found.profile != services.profile:
        narrate(
            f"groqchat: no key is stored under the name {services.profile!r}; "
            f"GROQ_API_KEY is used, as {found.profile}."
        )
    return found


def _theme_mistakes(services: LocalServices) -> Iterator[str]:
    """The warning about a theme in the settings that does not exist."""
    if theme := services.settings.theme:
        from groqchat.ui.workspace.theme_files import has_theme

        if not has_theme(theme, services.themes_folder):
            yield f"There is no theme {theme}."
