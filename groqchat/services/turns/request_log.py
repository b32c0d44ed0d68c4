"""Log lines of requests: one when a request is sent, one when it ends."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.domain.turns.chat import Message
    from groqchat.domain.turns.request import ChatRequest

_LOG = logging.getLogger("groqchat.requests")
# Where no log is written, as in the demo, Python would write warnings over the screen instead.
_LOG.addHandler(logging.NullHandler())


def leaving(request: ChatRequest, attempt: int) -> None:
    """Log a request that is sent; its words are written only where the log is verbose."""
    options = request.options
    fields = {
        "model": options.model,
        "provider": options.provider,
        "service_tier": options.service_tier,
        "expected_tokens": request.prompt_tokens,
        "max_tokens": options.max_tokens,
        "attempt": attempt,
    }
    words = [f"{each.role}: {each.content}" for each in request.messages]
    _LOG.debug("request leaves", extra={"fields": fields, "content": words})


def answered(answer: Message) -> None:
    """Log an answer that is complete and recorded."""
    usage, timing = answer.usage, answer.timing
    fields = {
        "model": answer.model,
        "provider": answer.provider,
        "request_id": answer.request_id,
        "finish_reason": answer.finish_reason,
        "prompt_tokens": usage and usage.prompt_tokens,
        "cached_tokens": usage and usage.cached_tokens,
        "completion_tokens": usage and usage.completion_tokens,
        "time_to_first_token_s": timing and timing.time_to_first_token_s,
        "total_s": timing and timing.total_s,
        "cost_usd": answer.cost and str(answer.cost.total),
    }
    _LOG.info("answered", extra={"fields": fields, "content": answer.content})


def failed(error: GroqchatError, model: str) -> None:
    """Log a request that was refused or broke off."""
    facts = error.facts
    fields = {
        "kind": error.kind.value,
        "model": model,
        "status": facts.status,
        "code": facts.code,
        "finish_reason": facts.finish_reason,
        "bucket": facts.limit_kind,
        "limit": facts.limit,
        "used": facts.used,
        "requested": facts.requested,
        "retry_after_s": facts.retry_after_s,
        "request_id": facts.request_id,
    }
    # The server's own sentence may quote what was asked.
    words = [facts.detail, facts.partial]
    _LOG.warning(error.title, extra={"fields": fields, "content": words})
