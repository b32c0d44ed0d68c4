"""Measures groqchat beside its floors: ``python -m tests.benchmarks [--quick] [FIGURE …]``."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks import vitals
from tests.benchmarks.figures.answers import answers, memory
from tests.benchmarks.figures.ask import ask
from tests.benchmarks.figures.bulk import growth, importing
from tests.benchmarks.figures.comparison import comparison
from tests.benchmarks.figures.idle import idle
from tests.benchmarks.figures.keys import keys
from tests.benchmarks.figures.pace import first_token, pace
from tests.benchmarks.figures.parts import parts
from tests.benchmarks.figures.pauses import pauses
from tests.benchmarks.figures.resizing import resizing
from tests.benchmarks.figures.sending import sending
from tests.benchmarks.figures.sessions import listing, search, sessions
from tests.benchmarks.figures.sets import sets
from tests.benchmarks.figures.startup import startup
from tests.benchmarks.figures.team import team
from tests.benchmarks.figures.tokens import tokens
from tests.benchmarks.lab import Lab
from tests.benchmarks.table import Row, markdown

if TYPE_CHECKING:
    from collections.abc import Sequence

_ALL = (
    *(startup, parts, ask, sending, answers, memory, pace, keys, first_token),
    *(comparison, idle, sessions, sets, search, listing, pauses, resizing, tokens, team),
    *(importing, growth),
)
FIGURES = {figure.__name__.replace("_", "-"): figure for figure in _ALL}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what is asked for and print the table; 1 when something could not be measured."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("figures", nargs="*", metavar="FIGURE", help=", ".join(FIGURES))
    parser.add_argument("--quick", action="store_true", help="see that it works, in seconds")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the table there too")
    args = parser.parse_args(arguments)
    if unknown := set(args.figures) - set(FIGURES):
        parser.error(f"no such figure: {', '.join(sorted(unknown))}")
    machine = vitals.machine()
    rows: list[Row] = []
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        lab = Lab(Path(folder), is_quick=args.quick)
        try:
            for name in args.figures or FIGURES:
                print(f"{name} …", file=sys.stderr, flush=True)
                try:
                    rows += FIGURES[name](lab)
                except (TimeoutError, LookupError) as problem:
                    failures += 1
                    rows.append(Row(name, "–", "not measured"))
                    print(f"{name}: {problem}", file=sys.stderr)
        finally:
            lab.close()
    table = markdown(rows, machine, is_quick=args.quick)
    print(table, end="")
    if args.markdown:
        args.markdown.write_text(table, encoding="utf-8")
    return min(failures, 1)


if __name__ == "__main__":
    sys.exit(main())
