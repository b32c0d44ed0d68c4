"""The types of the table of failures: a cause, its kind, and the actions that may help."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ErrorKind(StrEnum):
    """The name of an error in JSON and in the log."""

    NO_KEY = "no_key"
    KEY_REJECTED = "key_rejected"
    NOT_PERMITTED = "not_permitted"
    MODEL_GONE = "model_gone"
    TOO_LARGE = "too_large"
    RATE_LIMITED = "rate_limited"
    OVER_BUDGET = "over_budget"
    TIER_FULL = "tier_full"
    INVALID_REQUEST = "invalid_request"
    UNREACHABLE = "unreachable"
    SERVICE_ERROR = "service_error"
    STREAM_BROKEN = "stream_broken"
    NO_ANSWER = "no_answer"
    SCHEMA_MISMATCH = "schema_mismatch"
    STORAGE = "storage"


class Retry(StrEnum):
    """The prospects of sending the same request again."""

    NEVER = "never"
    BACKOFF = "backoff"
    AS_TOLD = "as told"


class Action(StrEnum):
    """An action that a person can take after a failure; the value is its key on a toast."""

    RETRY = "r"
    WAIT = "w"
    SWITCH_MODEL = "m"
    SHORTEN = "s"
    NEW_KEY = "k"
    DROP_PARAMETER = "p"
    CONTINUE = "c"
    SEND_ANYWAY = "o"
    DETAILS = "d"

    @property
    def label(self) -> str:
        """The label beside the key on a toast."""
        return _LABELS[self]


_LABELS = {
    Action.RETRY: "retry",
    Action.WAIT: "wait and send",
    Action.SWITCH_MODEL: "switch model",
    Action.SHORTEN: "shorten",
    Action.NEW_KEY: "new key",
    Action.DROP_PARAMETER: "drop it and resend",
    Action.CONTINUE: "continue",
    Action.SEND_ANYWAY: "send anyway",
    Action.DETAILS: "details",
}


@dataclass(frozen=True, slots=True)
class Cause:
    """One row of the table.

    The texts are templates over the facts of an occurrence: ``{model} {its_limit} {numbers} {wait}
    {replacement} {parameter} {allowed} {detail}``, and over who was asked: ``{vendor}`` and the
    other words of :class:`~groqchat.domain.errors.servers.Server`.
    ``command_fix`` is the first fix on the command line, where the screen's words make no sense
    there. ``lasting_fix`` is advice for a program that must not meet this again.
    """

    name: str
    kind: ErrorKind
    title: str
    sentence: str
    first_fix: str
    lasting_fix: str
    retry: Retry = Retry.NEVER
    actions: tuple[Action, ...] = (Action.RETRY, Action.DETAILS)
    command_fix: str = ""
