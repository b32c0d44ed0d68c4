"""Refusals: a repeated request keeps the error and the wait that the server gave it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from groqchat.domain.errors.cause import ErrorKind
from groqchat.domain.errors.table import Retry, failure
from groqchat.domain.limits.quota import LimitKind

if TYPE_CHECKING:
    from groqchat.domain.errors.tree import Facts, GroqchatError
    from groqchat.domain.turns.request import ChatRequest
    from groqchat.services.quota.quota import QuotaService

# Clocks in fractions of a second do not add up to the last digit.
_SLACK_S = 1e-6


@dataclass(frozen=True, slots=True)
class Refusal:
    """An error by which the server refused a request, and when it may be sent again (monotonic).

    A ``retry-after`` is a floor (RFC 9110, 10.2.3): our own sum may tell a longer wait, never a
    shorter one. It binds this turn; the ledger keeps it for the turns and processes that follow.
    """

    error: GroqchatError
    until: float

    @classmethod
    def waited_out(cls, error: GroqchatError | None, now: float) -> Refusal | None:
        """A refusal whose wait is over; None for a wait of our own, which has no status."""
        return cls(error, now) if error is not None and error.facts.status is not None else None

    @classmethod
    def at(cls, error: GroqchatError, now: float) -> Refusal:
        """A refusal that came at this monotonic second."""
        return cls(error, now + (error.facts.retry_after_s or 0.0))

    def admission_error(self, own: GroqchatError | None, now: float) -> GroqchatError | None:
        """The error that keeps the request from being sent again now, in the server's words.

        Args:
            own: The error of our own check, or None. It would say that nothing was sent, which is
                untrue of a request that was sent once.
            now: Monotonic seconds.
        """
        floor = self.until - now
        if own is None:
            return self.error.with_facts(retry_after_s=floor) if floor > _SLACK_S else None
        if own.kind is ErrorKind.TOO_LARGE:
            is_same = self.error.kind is ErrorKind.TOO_LARGE
            return self.error if is_same else failure("too_large", self._facts_of(own))
        wait = max(floor, own.facts.retry_after_s or 0.0)
        if own.kind is ErrorKind.SERVICE_ERROR:  # the pause after an outage, which this was part of
            facts = self.error.facts
            return own.with_facts(
                status=facts.status, request_id=facts.request_id, retry_after_s=wait
            )
        if self.error.cause.retry is Retry.NEVER:  # only its size was refused; that has changed
            return failure("rate_limited", self._facts_of(own)).with_facts(retry_after_s=wait)
        return self.error.with_facts(retry_after_s=wait)

    def _facts_of(self, own: GroqchatError) -> Facts:
        """The server's facts, with the numbers of the limit that is in the way now."""
        facts = own.facts
        return replace(
            self.error.facts,
            limit_kind=facts.limit_kind,
            limit=facts.limit,
            used=facts.used,
            requested=facts.requested,
            retry_after_s=facts.retry_after_s,
        )


def resized(
    request: ChatRequest, sent: ChatRequest, quota: QuotaService, error: GroqchatError
) -> ChatRequest | None:
    """The request in the size or form that a refusal calls for; None: another size does not help.

    The prompt may be longer than was estimated; or less is left, or the limit is lower, than was
    believed, so that the answer was bounded too generously. Or the server does not take the form of
    reasoning that its model takes at Groq.
    """
    facts, longest = error.facts, sent.options.max_tokens
    is_about_form = "reasoning_format" in f"{facts.parameter} {facts.detail}"
    if sent.options.reasoning_format and is_about_form:
        return replace(request, options=replace(request.options, reasoning_format=None))
    if facts.limit_kind in {LimitKind.TPM, LimitKind.TPD} and facts.requested:
        size = facts.requested - (longest or facts.requested)
        was_guessed = sent.doubt > 0 and error.kind is ErrorKind.TOO_LARGE
        if size > sent.prompt_tokens or (size > 0 and was_guessed):
            return replace(request, prompt_tokens=size, doubt=0, excess=0)
    bound = quota.bounded(request).options.max_tokens
    if not facts.limit or bound is None or (longest is not None and bound >= longest):
        return None
    match error.kind:
        case ErrorKind.TOO_LARGE:
            is_news = longest is None or sent.prompt_tokens + longest > facts.limit
        case ErrorKind.RATE_LIMITED:
            is_news = facts.used is not None and quota.admission_error(request) is None
        case _:
            is_news = False
    return request if is_news else None
