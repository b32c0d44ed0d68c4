"""Refusals with the statuses and bodies that were observed from Groq."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from groqchat.domain.limits.quota import LimitKind
from groqchat.domain.turns.service_tier import ServiceTier
from groqchat.simulator.exchange import HTML, TEXT, RefusedError, Reply, json_reply
from groqchat.simulator.limits import duration

if TYPE_CHECKING:
    from groqchat.simulator.limits import OverLimitError

ORGANIZATION = "org_01k0simulator0000000000000"
_UPGRADE = (
    " Need more tokens? Upgrade to Dev Tier today at https://console.groq.com/settings/billing"
)
SEE_FAILED = "Please adjust your prompt. See 'failed_generation' for more details."
"""The end of the messages of refusals that hold ``failed_generation``."""

# Groq abbreviates audio per hour and day otherwise than its own limits page does.
_SPELLED = {
    LimitKind.ASH: "seconds of audio per hour (ASPH)",
    LimitKind.ASD: "seconds of audio per day (ASPD)",
}


def error(
    status: int, message: str, kind: str | None = "invalid_request_error", **more: str
) -> Reply:
    """An error in Groq's shape; ``more`` holds code, param or failed_generation."""
    inner = {"message": message} | ({"type": kind} if kind else {}) | more
    return json_reply({"error": inner}, status)


def bad_request(message: str, **more: str) -> RefusedError:
    """A 400 to raise."""
    return RefusedError(error(400, message, **more))


def json_failed(text: str, *, has_schema: bool) -> Reply:
    """The 400 for a generated text that is not the JSON that was asked for.

    The words about schemas are documented (structured outputs page), the others observed.
    """
    what = (
        "Generated JSON does not match the expected schema."
        if has_schema
        else "Failed to validate JSON."
    )
    message = f"{what} {SEE_FAILED}"
    return error(400, message, code="json_validate_failed", failed_generation=text)


def over_limit(model: str, refusal: OverLimitError, tier: str = ServiceTier.ON_DEMAND) -> Reply:
    """The 413 or 429 for a request that exceeds a limit."""
    kind = refusal.kind
    what = _SPELLED.get(kind, f"{kind.meaning} ({kind})")
    where = (
        f"for model `{model}` in organization `{ORGANIZATION}` service tier `{tier}` on {what}: "
        f"Limit {refusal.limit}, "
    )
    if refusal.wait_s is None:
        return _too_large(kind, where, refusal.requested)
    return limited(kind, where, refusal.used, refusal.requested, refusal.wait_s)


def limited(kind: LimitKind, where: str, used: int, requested: int, wait_s: float) -> Reply:
    """The 429 of a request that fits later."""
    message = (
        f"Rate limit reached {where}Used {used}, Requested {requested}. "
        f"Please try again in {duration(max(wait_s, 0.001))}.{_UPGRADE}"
    )
    reply = error(429, message, kind.counts, code="rate_limit_exceeded")
    return Reply(429, reply.body, headers={"retry-after": str(max(1, math.ceil(wait_s)))})


def _too_large(kind: LimitKind, where: str, requested: int) -> Reply:
    if kind is LimitKind.OTPM:
        advice = (
            f"Request too large {where}Requested {requested}. The request's expected output tokens"
            " exceed the enforced limit; reduce max_tokens (or the request's expected output) and"
            f" try again.{_UPGRADE}"
        )
        return error(429, advice, "tokens", code="rate_limit_exceeded")
    message = (
        f"Request too large {where}Requested {requested}, please reduce your message size and try"
        f" again.{_UPGRADE}"
    )
    return error(413, message, kind.counts, code="rate_limit_exceeded")


def invalid_key() -> Reply:
    """401: the key is invalid."""
    return error(401, "Invalid API Key", code="invalid_api_key")


def unknown_url(method: str, path: str) -> Reply:
    """404: no such endpoint."""
    message = (
        f"Unknown request URL: {method} {path}. Please check the URL for typos, or see the docs at"
        " https://console.groq.com/docs/"
    )
    return error(404, message, code="unknown_url")


def not_found(model: str) -> Reply:
    """404: no such model, or none for this account."""
    message = f"The model `{model}` does not exist or you do not have access to it."
    return error(404, message, code="model_not_found")


def decommissioned(model: str) -> Reply:
    """400: the model was shut down."""
    message = (
        f"The model `{model}` has been decommissioned and is no longer supported. Please refer to"
        " https://console.groq.com/docs/deprecations for a recommendation on which model to use"
        " instead."
    )
    return error(400, message, code="model_decommissioned")


def blocked(model: str, level: str = "project") -> Reply:
    """403: an admin of the organisation or project has switched the model off."""
    what = {"project": "project", "organization": "org"}[level]
    message = (
        f"The model `{model}` is blocked at the {level} level. Please have a {what} admin enable"
        f" this model in the {what} settings at https://console.groq.com/settings/{level}/limits"
    )
    return error(403, message, "permissions_error", code=f"model_permission_blocked_{what}")


def context_length() -> Reply:
    """400: the prompt and the answer exceed the context window."""
    message = "Please reduce the length of the messages or completion."
    return error(400, message, code="context_length_exceeded", param="messages")


def html(status: int, title: str) -> Reply:
    """An HTML page of the proxy in front of Groq."""
    page = (
        f"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1>"
        "</center>\r\n<hr><center>cloudflare</center>\r\n</body>\r\n</html>\r\n"
    )
    return Reply(status, page.encode(), HTML, {"server": "cloudflare"})


def plain(status: int, text: str) -> Reply:
    """A reply of plain text from the proxy."""
    return Reply(status, text.encode(), TEXT, {"server": "cloudflare"})
