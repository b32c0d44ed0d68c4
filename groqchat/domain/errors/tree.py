"""The tree of expected errors.

GroqchatError
├── NoKeyError           no_key           there is no API key to send
├── KeyRejectedError     key_rejected     401
├── NotPermittedError    not_permitted    403; organisation, project, terms, spend block
├── ModelGoneError       model_gone       404 model_not_found, 400 model_decommissioned
├── TooLargeError        too_large        can never fit, however long one waits
├── RateLimitedError     rate_limited     429: fits later
├── OverBudgetError      over_budget      the user's own budget
├── TierFullError        tier_full        498
├── InvalidRequestError  invalid_request  400, 404, 422 for another reason
├── UnreachableError     unreachable      DNS, refused, TLS, proxy, blocked network
├── ServiceError         service_error    5xx
├── StreamBrokenError    stream_broken    the answer ended before its end
├── NoAnswerError        no_answer        the model ended without an answer
├── SchemaMismatchError  schema_mismatch  the answer is not the JSON that was asked for
└── StorageError         storage          database, keyring, disk, configuration

An error carries its :class:`~groqchat.domain.errors.cause.Cause` (what it means and what to do,
from one table) and the facts of this occurrence. ``message`` and ``suggestion`` are ready for a
person.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from groqchat.domain.errors.cause import ErrorKind
from groqchat.domain.errors.refused_values import words_about
from groqchat.domain.errors.servers import GROQ, server_of_endpoint
from groqchat.domain.text.humanize import count, countdown
from groqchat.domain.text.redact import without_keys

if TYPE_CHECKING:
    from groqchat.domain.errors.cause import Cause
    from groqchat.domain.errors.servers import Server
    from groqchat.domain.limits.quota import LimitKind, Reading


@dataclass(frozen=True, slots=True)
class Facts:
    """The known facts of one occurrence of an error; None for an unknown one.

    ``limit``, ``used`` and ``requested`` count what the bucket counts; ``reserved`` is the part of
    ``used`` that is set aside for answers under way, and given back as far as it is not needed.
    ``retry_after_s`` is the
    server's own word. ``detail`` is the server's message, redacted and free of control characters.
    ``partial`` is the text that had arrived when a stream broke, or in which a model refused.
    ``parameter`` is the request field that was refused. ``reading`` is what the headers of the
    refusal said about limits.
    ``room`` says what the replacement has left, in words. ``advice`` is what to do first where that
    depends on the machine at hand. ``failed_generation`` is what the model had said where that was
    what the server refused, made harmless. ``vendor`` is the endpoint of the settings that refused;
    None for Groq. ``allowed`` is what the model takes for the refused field, in words,
    and ``value`` is what it was sent.
    ``finish_reason`` is why the model ended, as the server told it.
    ``server`` is who was asked, for the words of sentences.
    """

    status: int | None = None
    code: str | None = None
    model: str | None = None
    limit_kind: LimitKind | None = None
    limit: int | None = None
    used: int | None = None
    requested: int | None = None
    reserved: int | None = None
    retry_after_s: float | None = None
    parameter: str | None = None
    replacement: str | None = None
    room: str = ""
    detail: str = ""
    request_id: str | None = None
    partial: str = ""
    reading: Reading | None = None
    failed_generation: str = ""
    vendor: str | None = None
    allowed: str = ""
    advice: str = ""
    finish_reason: str | None = None
    server: Server | None = None
    value: str = ""

    @property
    def asked(self) -> Server:
        """The server that the error is about; Groq's by default."""
        return self.server or (server_of_endpoint(self.vendor) if self.vendor else GROQ)

    @property
    def numbers(self) -> str:
        """The bucket and its numbers in words, as far as they were told, or an empty string."""
        mine = f" ({count(self.reserved)} reserved for answers under way)" if self.reserved else ""
        parts = [
            f"{word} {count(value)}{mine if word == 'used' else ''}"
            for word, value in (
                ("limit", self.limit),
                ("used", self.used),
                ("requested", self.requested),
            )
            if value is not None
        ]
        name = f"{self.limit_kind.meaning} ({self.limit_kind})" if self.limit_kind else ""
        return ": ".join(part for part in (name, ", ".join(parts)) if part)

    @property
    def its_limit(self) -> str:
        """The limit that a model is at, in words; what the server said where no number is in it."""
        if self.limit_kind:
            return f"its limit for {self.numbers}"
        if self.numbers:
            return f"one of its limits: {self.numbers}"
        if self.detail:
            return f"one of its limits; {self.vendor or 'the server'} says: {self.detail}"
        return "one of its limits; the server did not say which"


# What stands for a name in a sentence, which may begin with it.
_UNNAMED = ("this model ", "the ")


class GroqchatError(Exception):
    """The root of all expected failures; catch this one, let bugs through."""

    kind: ClassVar[ErrorKind]

    def __init__(self, cause: Cause, facts: Facts | None = None) -> None:
        self.cause = cause
        self.facts = facts or Facts()
        super().__init__(self.message)

    @property
    def message(self) -> str:
        """The failure in one or two plain sentences."""
        return self._fill(self.cause.sentence)

    @property
    def suggestion(self) -> str:
        """The first advice, in the words of the screen."""
        return without_keys(self.facts.advice) or self._fill(self.cause.first_fix)

    @property
    def command_suggestion(self) -> str:
        """The first advice, in the words of the command line."""
        advice = without_keys(self.facts.advice)
        return advice or self._fill(self.cause.command_fix or self.cause.first_fix)

    @property
    def lasting_fix(self) -> str:
        """The advice for a program that must not meet this error again."""
        return self._fill(self.cause.lasting_fix)

    @property
    def title(self) -> str:
        """The title of a toast: a few words with the status code."""
        status = f"{self.facts.status} · " if self.facts.status else ""
        return status + self._fill(self.cause.title)

    def with_facts(self, **changes: object) -> GroqchatError:
        """Return a copy with more facts, for callers on a higher floor that know them."""
        return type(self)(self.cause, replace(self.facts, **changes))  # type: ignore[arg-type]  # names are the dataclass's own

    def _fill(self, template: str) -> str:
        facts = self.facts
        wait = facts.retry_after_s
        values = {
            "model": facts.model or "this model",
            "its_limit": facts.its_limit,
            "numbers": f": {facts.numbers}" if facts.numbers else "",
            "wait": f"in {countdown(wait)}" if wait is not None else "a little later",
            "replacement": facts.replacement or "a live model",
            "parameter": facts.parameter or "the refused field",
            "detail": facts.detail or "no reason given",
            "allowed": f"; it takes {facts.allowed}" if facts.allowed else "",
            **words_about(facts.parameter or "the refused field", facts.value),
            **facts.asked.words(),
        }
        # The name of a model, say, may be a key that was typed in the wrong place.
        filled = without_keys(template.format_map(values))
        return filled[:1].upper() + filled[1:] if filled.startswith(_UNNAMED) else filled


class NoKeyError(GroqchatError):
    """No API key is stored or given."""

    kind = ErrorKind.NO_KEY


class KeyRejectedError(GroqchatError):
    """The server does not know the key."""

    kind = ErrorKind.KEY_REJECTED


class NotPermittedError(GroqchatError):
    """The key is known, but may not do this."""

    kind = ErrorKind.NOT_PERMITTED


class ModelGoneError(GroqchatError):
    """The model does not exist, or no longer."""

    kind = ErrorKind.MODEL_GONE


class TooLargeError(GroqchatError):
    """The request can never fit, however long one waits."""

    kind = ErrorKind.TOO_LARGE


class RateLimitedError(GroqchatError):
    """The request fits later."""

    kind = ErrorKind.RATE_LIMITED


class OverBudgetError(GroqchatError):
    """The user's own budget is spent."""

    kind = ErrorKind.OVER_BUDGET


class TierFullError(GroqchatError):
    """The flex tier has no capacity right now."""

    kind = ErrorKind.TIER_FULL


class InvalidRequestError(GroqchatError):
    """The server refused the request as it stands."""

    kind = ErrorKind.INVALID_REQUEST


class UnreachableError(GroqchatError):
    """The server was not reached, or the network in between refused."""

    kind = ErrorKind.UNREACHABLE


class ServiceError(GroqchatError):
    """The service failed on its side."""

    kind = ErrorKind.SERVICE_ERROR


class StreamBrokenError(GroqchatError):
    """The answer ended before its end; ``facts.partial`` holds what arrived."""

    kind = ErrorKind.STREAM_BROKEN


class NoAnswerError(GroqchatError):
    """The model ended without an answer; ``facts.finish_reason`` is the reason it gave."""

    kind = ErrorKind.NO_ANSWER


class SchemaMismatchError(GroqchatError):
    """The answer is not the JSON that was asked for; ``facts.partial`` holds it."""

    kind = ErrorKind.SCHEMA_MISMATCH


class StorageError(GroqchatError):
    """The database, the keyring, the disk or the configuration of this machine failed."""

    kind = ErrorKind.STORAGE
