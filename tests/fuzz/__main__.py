"""Many random sequences, in several processes: ``python -m tests.fuzz SEED [--runs N] [--to N]``.

Each run is one program with a seed of its own, SEED and those behind it.
"""

import argparse
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.fuzz.playing import play


def _run(seed, count, habits):
    with tempfile.TemporaryDirectory() as folder:
        return play(Path(folder) / "home", seed, count, habits)


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("seed", type=int)
    parser.add_argument("--runs", type=int, default=1, help="runs of the program")
    parser.add_argument("--to", type=int, default=25, help="sequences of each run")
    parser.add_argument("--jobs", type=int, default=2, help="runs at once")
    parser.add_argument(
        "--habits",
        action="store_true",
        help="edit as in Emacs or vi, and change settings and keys; letters may vanish",
    )
    args = parser.parse_args()
    seeds = range(args.seed, args.seed + args.runs)
    faults, windows = 0, set()
    with ProcessPoolExecutor(args.jobs) as pool:
        results = pool.map(_run, seeds, [args.to] * args.runs, [args.habits] * args.runs)
        for seed, (fault, opened) in zip(seeds, results, strict=True):
            faults += fault is not None
            windows.update(opened)
            print(seed, fault or f"{args.to} sequences, nothing lost", flush=True)
    print(f"{args.runs} runs, {faults} faults; windows: {', '.join(sorted(windows))}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
