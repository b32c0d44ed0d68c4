"""``groqchat restore``: puts a backup in the place of the database, which is kept."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from groqchat.cli.archives.backup import counts, in_words
from groqchat.cli.arguments import add_json
from groqchat.cli.exit_codes import ExitCode
from groqchat.cli.failures import MisuseError
from groqchat.cli.output import print_json, say

if TYPE_CHECKING:
    import argparse

HELP = "put a backup in the place of the database, which is kept under another name"
EXAMPLES = """\
groqchat restore groqchat-backup.db

No other groqchat may run meanwhile. The file is checked first and is not changed; one that is
damaged, of another program or of a newer groqchat is refused. Exit codes: 0 done, 2 the file cannot
serve, 10 the disk fails or another groqchat runs; then nothing was changed.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("file", metavar="FILE", type=Path, help="a file of `groqchat backup`")
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Run the command."""
    from groqchat.storage.backups.copies import UnusableFileError
    from groqchat.storage.backups.restore import restore
    from groqchat.storage.settings.paths import folders

    database = folders().database_file
    try:
        done = restore(args.file, database, time.strftime("%Y%m%d-%H%M%S"))
    except UnusableFileError as mistake:
        raise MisuseError(f"{args.file} {mistake}; nothing was changed") from None
    aside = None if done.moved_aside is None else str(done.moved_aside)
    if args.json:
        known = {"database": str(database), "moved_aside": aside}
        print_json({"file": str(args.file.resolve()), **known, **counts(done.contents)})
        return ExitCode.DONE
    say(f"Restored {in_words(done.contents)}.")
    if aside is not None:
        say(f"The database before is now {aside}.")
    return ExitCode.DONE
