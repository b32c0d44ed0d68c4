"""``groqchat simulate``: an imitation of Groq on this machine, to try clients against."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import signal
from dataclasses import replace
from typing import TYPE_CHECKING

from groqchat.cli.arguments import port
from groqchat.cli.exit_codes import ExitCode
from groqchat.cli.output import narrate, write
from groqchat.domain.limits.header_timing import HeaderTiming
from groqchat.domain.models.catalog import Plan

if TYPE_CHECKING:
    from groqchat.simulator.server import Simulator

HELP = "an imitation of Groq on 127.0.0.1, with its limits and with faults on demand"
EXAMPLES = """\
groqchat simulate
groqchat simulate --port 8790 --plan developer --rate 0
groqchat simulate --fault 'over_capacity*2' --fault cut=40
groqchat simulate --fault help
"""
_TIMINGS = {
    "reserved": HeaderTiming.RESERVED,
    "prompt": HeaderTiming.PROMPT,
    "used": HeaderTiming.USED,
    "nothing": HeaderTiming.NOTHING,
}
_PLANS = (Plan.FREE.value, Plan.DEVELOPER.value)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--port", type=port, default=0, help="the port to listen on (any free one)")
    parser.add_argument(
        "--plan", choices=_PLANS, default="free", help="the plan whose limits apply (free)"
    )
    parser.add_argument(
        "--rate",
        type=_rate,
        metavar="TOKENS_PER_S",
        help="speed of answers (each model's listed speed); 0: as fast as possible",
    )
    parser.add_argument(
        "--fault",
        action="append",
        default=[],
        metavar="NAME",
        help="NAME[=VALUE][*TIMES][@ENDPOINT], repeatable; `--fault help` lists them",
    )
    parser.add_argument(
        "--headers",
        choices=tuple(_TIMINGS),
        default="reserved",
        help="what the headers of a stream already count (reserved: the prompt and the longest "
        "possible answer; prompt: the prompt; used: what is really used; nothing)",
    )
    parser.add_argument("--seed", type=int, default=1, help="same seed, same answers (1)")
    parser.add_argument("--quiet", action="store_true", help="do not report requests on stderr")


def run(args: argparse.Namespace) -> int:
    """Serve until Ctrl+C."""
    from groqchat.simulator.faults.faults import fault_table
    from groqchat.simulator.options import Options
    from groqchat.simulator.server import Simulator
    from groqchat.storage.catalog import load_catalog

    if "help" in args.fault:
        write(f"{fault_table()}\n")
        return ExitCode.DONE
    from groqchat.media.tools import length_of_content

    options = Options(
        Plan(args.plan),
        faults=tuple(args.fault),
        seed=args.seed,
        header_timing=_TIMINGS[args.headers],
        length_of=length_of_content,
    )
    if args.rate is not None:
        options = replace(options, rate=args.rate)
    try:
        simulator = Simulator(load_catalog(), options, narrate=_silent if args.quiet else narrate)
    except ValueError as problem:
        narrate(f"groqchat simulate: {problem}.")
        return ExitCode.USAGE
    return asyncio.run(_serve(simulator, args.port, quiet=args.quiet))


async def _serve(simulator: Simulator, port: int, *, quiet: bool) -> ExitCode:
    try:
        await simulator.start(port)
    except OSError as problem:
        reason = os.strerror(problem.errno) if problem.errno else str(problem)
        narrate(f"groqchat simulate: cannot listen on 127.0.0.1:{port}: {reason}.")
        narrate("Choose another port with --port, or leave it out for any free one.")
        return ExitCode.MACHINE
    write(f"GROQ_BASE_URL={simulator.url}\n")
    if not quiet:
        narrate("Any key that begins with gsk_ will do. Ctrl+C stops.")
    try:
        await _asked_to_stop()
    finally:
        await simulator.close()
    return ExitCode.DONE


async def _asked_to_stop() -> None:
    """Return on Ctrl+C or SIGTERM, by which a server is ended."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        # Where the loop cannot take signals (Windows), Ctrl+C still raises KeyboardInterrupt.
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, stopped.set)
    await stopped.wait()


def _silent(line: str) -> None:
    del line


def _rate(text: str) -> float:
    try:
        rate = float(text)
    except ValueError:
        rate = -1.0
    if not 0 <= rate <= 1_000_000:
        message = f"{text!r} is no rate; it is tokens per second, up to a million"
        raise argparse.ArgumentTypeError(message)
    return rate
