"""Failures of commands: an exit code for each error, and its words and JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.cli.exit_codes import ExitCode
from groqchat.cli.output import (
    DIM,
    OutputError,
    abandon,
    flush,
    narrate_error,
    print_json,
    print_json_line,
    rounded,
)
from groqchat.domain.errors.cause import ErrorKind
from groqchat.domain.errors.tree import GroqchatError
from groqchat.domain.text.redact import without_keys

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable
    from pathlib import Path

_CODES = {
    ErrorKind.NO_KEY: ExitCode.NO_KEY,
    ErrorKind.KEY_REJECTED: ExitCode.KEY_REJECTED,
    ErrorKind.NOT_PERMITTED: ExitCode.NOT_PERMITTED,
    ErrorKind.MODEL_GONE: ExitCode.REFUSED,
    ErrorKind.TOO_LARGE: ExitCode.LIMITED,
    ErrorKind.RATE_LIMITED: ExitCode.LIMITED,
    ErrorKind.OVER_BUDGET: ExitCode.LIMITED,
    ErrorKind.TIER_FULL: ExitCode.SERVICE,
    ErrorKind.INVALID_REQUEST: ExitCode.REFUSED,
    ErrorKind.UNREACHABLE: ExitCode.UNREACHABLE,
    ErrorKind.SERVICE_ERROR: ExitCode.SERVICE,
    ErrorKind.STREAM_BROKEN: ExitCode.SERVICE,
    ErrorKind.NO_ANSWER: ExitCode.NO_ANSWER,
    ErrorKind.SCHEMA_MISMATCH: ExitCode.REFUSED,
    ErrorKind.STORAGE: ExitCode.MACHINE,
}


_NO_ARGUMENT = (
    "Do not write a key as an argument, since others can read it there: run `groqchat key add` "
    "and paste it, or pipe it in with --stdin."
)


class MisuseError(Exception):
    """A command line without sense; the message gives the reason in one sentence."""


def exit_code_of(error: GroqchatError) -> ExitCode:
    """The exit code of an error."""
    return exit_code_of_kind(error.kind)


def exit_code_of_kind(kind: ErrorKind) -> ExitCode:
    """The exit code of a kind of error."""
    return _CODES[kind]


def error_document(error: GroqchatError, kind: ErrorKind | None = None) -> dict[str, object]:
    """An error as ``--json`` prints it, of its own kind or another; unknown facts are left out."""
    facts = error.facts
    known = {
        "status": facts.status,
        "code": facts.code,
        "model": facts.model,
        "provider": facts.vendor,
        "bucket": facts.limit_kind,
        "limit": facts.limit,
        "used": facts.used,
        "requested": facts.requested,
        "retry_after_s": rounded(facts.retry_after_s),
        "parameter": facts.parameter,
        "value": facts.value or None,
        "allowed": facts.allowed or None,
        "replacement": facts.replacement,
        "request_id": facts.request_id,
        "finish_reason": facts.finish_reason,
        "partial": facts.partial or None,
        "failed_generation": facts.failed_generation or None,
    }
    stated = {name: value for name, value in known.items() if value is not None}
    words = {"message": error.message, "suggestion": error.command_suggestion}
    return {"error": {"kind": kind or error.kind, **stated, **words}}


SIGNALLED = 128
"""Above it is the exit code of a program that a signal ended, by its number."""


def guarded(run: Callable[[argparse.Namespace], int], args: argparse.Namespace) -> int:
    """Run a command; a failure is narrated and becomes an exit code."""
    code: int = ExitCode.DONE
    try:
        code = _outcome(run, args)
        flush()
    except BrokenPipeError:
        abandon()  # whoever read has seen enough
    except OutputError as error:
        abandon()
        narrate_error(f"groqchat: cannot write to stdout: {error}")
        # A hang-up took stdout away, and is what has happened.
        return code if code > SIGNALLED else ExitCode.MACHINE
    return code


def _outcome(run: Callable[[argparse.Namespace], int], args: argparse.Namespace) -> int:
    try:
        return run(args)
    except GroqchatError as error:
        return _report(error, args)
    except MisuseError as misuse:
        return refuse(misuse, as_json=args.json, as_lines=args.jsonl)
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except (BrokenPipeError, OutputError):
        raise
    except Exception as bug:  # noqa: BLE001  # the last frame there is: a bug is logged, not shown
        return _report_bug(bug, as_lines=args.jsonl)


def refuse(
    misuse: MisuseError, *, as_json: bool, as_lines: bool = False, usage: str = ""
) -> ExitCode:
    """Refuse a command line.

    Args:
        misuse: The sentence.
        as_json: Whether a JSON document is expected on stdout.
        as_lines: Whether JSON lines are.
        usage: The usage of the command, where the line could not be parsed.
    """
    written = str(misuse)
    said = without_keys(written)  # stderr may be a log that others read
    hint = "See `groqchat -h`, or -h behind the command."
    if said != written:
        said, hint = f"{said}. {_NO_ARGUMENT}", _NO_ARGUMENT
    document = {"kind": ErrorKind.INVALID_REQUEST, "message": said, "suggestion": hint}
    if as_json:
        print_json({"error": document})
    if as_lines:
        print_error_line({"error": document}, ExitCode.USAGE)
    narrate_error(f"{usage}groqchat: {said}")
    return ExitCode.USAGE


def _report(error: GroqchatError, args: argparse.Namespace) -> ExitCode:
    if args.json:
        print_json(error_document(error))
    if args.jsonl:
        print_error_line(error_document(error), exit_code_of(error))
    narrate_error(f"groqchat: {error.message} {error.command_suggestion}")
    if generated := error.facts.failed_generation:
        narrate_error(f"groqchat: the model had written: {generated}", DIM)
    return exit_code_of(error)


def print_error_line(document: dict[str, object], code: ExitCode) -> None:
    """Print the last line of ``--jsonl`` where there is no answer.

    Args:
        document: The error, see :func:`error_document`.
        code: The exit code.
    """
    print_json_line({"event": "error", **document, "exit_code": code})


def _report_bug(bug: Exception, *, as_lines: bool) -> ExitCode:
    """Write the traceback of a bug into the log, and one sentence to the screen."""
    place = _logged(bug)
    where = f"the details are in {place}" if place else "the details could not be written down"
    said = f"this is a bug in groqchat ({type(bug).__name__}); {where}."
    if as_lines:
        print_error_line({"error": {"kind": "bug", "message": said}}, ExitCode.BUG)
    narrate_error(f"groqchat: {said}")
    return ExitCode.BUG


def _logged(bug: Exception) -> Path | None:
    """The path of the log; None where the traceback could not be written."""
    import logging

    from groqchat.storage.log import LOGGER, open_log, stop_log
    from groqchat.storage.settings.paths import folders

    path = folders().log_file
    before = path.stat().st_size if path.is_file() else 0
    handler = open_log()
    logging.getLogger(LOGGER).error("a bug ended the program", exc_info=bug)
    stop_log(handler)
    return path if path.is_file() and path.stat().st_size != before else None
