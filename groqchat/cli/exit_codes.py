"""The exit codes of every command."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """The exit code of a command; ``meaning`` gives it in words."""

    DONE = 0
    BUG = 1
    USAGE = 2
    NO_KEY = 3
    KEY_REJECTED = 4
    NOT_PERMITTED = 5
    LIMITED = 6
    UNREACHABLE = 7
    SERVICE = 8
    REFUSED = 9
    MACHINE = 10
    GATE = 11
    UNKNOWN = 12
    NO_ANSWER = 13
    INTERRUPTED = 130

    @property
    def meaning(self) -> str:
        """The reason for the exit code, in words."""
        return _MEANINGS[self]


_MEANINGS = {
    ExitCode.DONE: "done",
    ExitCode.BUG: "a bug in groqchat; the message says where the log is",
    ExitCode.USAGE: "wrong usage",
    ExitCode.NO_KEY: "no API key",
    ExitCode.KEY_REJECTED: "the key was rejected (401)",
    ExitCode.NOT_PERMITTED: "not permitted (403): organisation, project, terms or a spend block",
    ExitCode.LIMITED: "limited: 429, 413, output tokens per minute, or your own budget",
    ExitCode.UNREACHABLE: "the server is not reached: DNS, refused, TLS, proxy or a network block",
    ExitCode.SERVICE: "trouble at the service: 498 or 5xx, or a stream that broke",
    ExitCode.REFUSED: "the request was refused: 400, 404 or 422; or JSON that does not fit",
    ExitCode.MACHINE: "this machine: database, keyring, disk or configuration",
    ExitCode.GATE: "a set of prompts missed its gate (`compare --min-pass`, `--baseline`)",
    ExitCode.UNKNOWN: "what is left of a limit is not known (quota --below)",
    ExitCode.NO_ANSWER: "the model ended without an answer: filtered, refused, or nothing said",
    ExitCode.INTERRUPTED: "interrupted",
}
