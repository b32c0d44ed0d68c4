"""Faults that refuse a request with a complete reply."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from groqchat.domain.limits.quota import LimitKind
from groqchat.simulator.exchange import HTML, Reply
from groqchat.simulator.faults import refusals
from groqchat.simulator.faults.refusals import error
from groqchat.simulator.limits import duration

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class ReplyFault:
    """A fault that replies in the place of the route.

    ``reply`` takes the model's id and the fault's value; ``value`` is the unit of that value, or
    empty where there is none.
    """

    name: str
    summary: str
    reply: Callable[[str, float], Reply]
    value: str = ""
    default: float = 0.0


def _limited(kind: LimitKind, limit: int) -> Callable[[str, float], Reply]:
    def reply(model: str, wait_s: float) -> Reply:
        where = (
            f"for model `{model}` in organization `{refusals.ORGANIZATION}` service tier"
            f" `on_demand` on {kind.meaning} ({kind}): Limit {limit}, "
        )
        requested = 1 if kind.counts == "requests" else 900
        over = wait_s * limit / kind.window_s
        used = max(0, min(limit, round(limit - requested + over)))
        refusal = refusals.limited(kind, where, used, requested, wait_s)
        return replace(refusal, headers={**refusal.headers, **_headers(kind, limit, used)})

    return reply


def _headers(kind: LimitKind, limit: int, used: int) -> dict[str, str]:
    """The rate limit headers of a refusal; empty for a bucket that has none."""
    name = {LimitKind.RPD: "requests", LimitKind.TPM: "tokens"}.get(kind)
    if name is None:
        return {}
    return {
        f"x-ratelimit-limit-{name}": str(limit),
        f"x-ratelimit-remaining-{name}": str(limit - used),
        f"x-ratelimit-reset-{name}": duration(used * kind.window_s / limit),
    }


def _without_retry_after(model: str, wait_s: float) -> Reply:
    reply = _limited(LimitKind.TPM, 8000)(model, wait_s)
    return Reply(429, reply.body)


def _output_too_large(model: str, _: float) -> Reply:
    return error(
        429,
        f"Request too large for model `{model}` in organization `{refusals.ORGANIZATION}` service"
        " tier `on_demand` on output tokens per minute (OTPM): Limit 1000, Requested 2048. The"
        " request's expected output tokens exceed the enforced limit; reduce max_tokens (or the"
        " request's expected output) and try again.",
        "tokens",
        code="rate_limit_exceeded",
    )


def _too_large(model: str, _: float) -> Reply:
    return error(
        413,
        f"Request too large for model `{model}` in organization `{refusals.ORGANIZATION}` service"
        " tier `on_demand` on tokens per minute (TPM): Limit 8000, Requested 16433, please reduce"
        " your message size and try again. Need more tokens? Upgrade to Dev Tier today at"
        " https://console.groq.com/settings/billing",
        "tokens",
        code="rate_limit_exceeded",
    )


def _fixed(
    status: int, message: str, kind: str | None = "invalid_request_error", **more: str
) -> Callable[[str, float], Reply]:
    return lambda model, _: error(status, message.replace("MODEL", model), kind, **more)


_SEE_STATUS = (
    "MODEL is currently over capacity. Please try again and back off exponentially. Visit"
    " https://groqstatus.com to see if there is an active incident."
)
_BLOCK_PAGE = (
    "<!DOCTYPE html>\n<html><head><title>Attention Required! | Cloudflare</title></head><body>"
    "<h1>Sorry, you have been blocked</h1><p>You are unable to access groq.com</p></body></html>\n"
)
_TERMS = (
    "The model `MODEL` requires terms acceptance. Please have the org admin accept the terms at"
    " https://console.groq.com/playground?model=MODEL"
)
_SPEND = (
    "Organization has blocked API access because a spend alert threshold was met. Please visit"
    " https://console.groq.com/settings/billing to manage your spend limits."
)
_RESTRICTED = (
    "Organization has been restricted. Please reach out to support if you believe this was in"
    " error."
)

REPLY_FAULTS = (
    ReplyFault("key_rejected", "401 Invalid API Key", lambda *_: refusals.invalid_key()),
    ReplyFault(
        "network_refused",
        "403 'check your network settings': the network is refused, not the key",
        _fixed(403, "Access denied. Please check your network settings.", None),
    ),
    ReplyFault(
        "forbidden", "403 'Forbidden', without type or code", _fixed(403, "Forbidden", None)
    ),
    ReplyFault(
        "cloudflare_html",
        "403 HTML page of Cloudflare",
        lambda *_: Reply(403, _BLOCK_PAGE.encode(), HTML, {"server": "cloudflare"}),
    ),
    ReplyFault(
        "cloudflare_1010",
        "403 plain 'error code: 1010'",
        lambda *_: refusals.plain(403, "error code: 1010"),
    ),
    ReplyFault(
        "blocked_org",
        "403 model blocked for the organisation",
        lambda model, _: refusals.blocked(model, "organization"),
    ),
    ReplyFault(
        "blocked_project",
        "403 model blocked for the project",
        lambda model, _: refusals.blocked(model),
    ),
    ReplyFault("model_not_found", "404 no such model", lambda model, _: refusals.not_found(model)),
    ReplyFault(
        "decommissioned",
        "400 model_decommissioned",
        lambda model, _: refusals.decommissioned(model),
    ),
    ReplyFault(
        "terms_required",
        "400 model_terms_required",
        _fixed(400, _TERMS, code="model_terms_required"),
    ),
    ReplyFault(
        "spend_limit", "400 spend_limit_reached", _fixed(400, _SPEND, code="spend_limit_reached")
    ),
    ReplyFault(
        "api_access_blocked",
        "400 blocked_api_access: the documented name of the spend block",
        _fixed(400, "API access blocked.", code="blocked_api_access"),
    ),
    ReplyFault(
        "org_restricted",
        "400 organization_restricted",
        _fixed(400, _RESTRICTED, code="organization_restricted"),
    ),
    ReplyFault(
        "context_length", "400 context_length_exceeded", lambda *_: refusals.context_length()
    ),
    ReplyFault(
        "max_tokens",
        "400 max_completion_tokens above the model's",
        _fixed(400, "`max_completion_tokens` must be less than or equal to `16384`"),
    ),
    ReplyFault(
        "effort_unsupported",
        "400 reasoning_effort not supported",
        _fixed(
            400, "`reasoning_effort` is not supported with this model", param="reasoning_effort"
        ),
    ),
    ReplyFault(
        "effort_wrong",
        "400 reasoning_effort must be another value",
        _fixed(
            400, "`reasoning_effort` must be one of `none` or `default`", param="reasoning_effort"
        ),
    ),
    ReplyFault(
        "unsupported_key",
        "400 unknown key in a message",
        _fixed(
            400,
            "'messages.1' : for 'role:user' the following must be satisfied"
            "[('messages.1' : property 'metadata' is unsupported)]",
        ),
    ),
    ReplyFault(
        "tool_use_failed",
        "400 tool_use_failed with failed_generation",
        _fixed(
            400,
            f"Failed to call a function. {refusals.SEE_FAILED}",
            code="tool_use_failed",
            failed_generation='<function=look_up>{"city": "Graz"}</function>',
        ),
    ),
    ReplyFault(
        "json_failed",
        "400 json_validate_failed with an empty failed_generation",
        lambda *_: refusals.json_failed("", has_schema=False),
    ),
    ReplyFault(
        "schema_failed",
        "400 json_validate_failed: JSON that does not match the schema",
        lambda *_: refusals.json_failed('{"name": 7}', has_schema=True),
    ),
    ReplyFault("too_large", "413 over TPM for ever", _too_large),
    ReplyFault(
        "too_large_html",
        "413 HTML: body over the proxy's limit",
        lambda *_: refusals.html(413, "413 Request Entity Too Large"),
    ),
    ReplyFault(
        "unprocessable",
        "422 semantic failure",
        _fixed(422, "Unprocessable entity: the request could not be followed."),
    ),
    ReplyFault(
        "dependency_failed",
        "424 a remote tool server failed",
        _fixed(424, "Failed dependency: the remote MCP server could not be authenticated."),
    ),
    ReplyFault(
        "rate_limited",
        "429 on TPM, retry-after as given",
        _limited(LimitKind.TPM, 8000),
        "seconds",
        2,
    ),
    ReplyFault(
        "rate_limited_untold", "429 on TPM without retry-after", _without_retry_after, "seconds", 2
    ),
    ReplyFault(
        "rate_limited_rpm", "429 on requests per minute", _limited(LimitKind.RPM, 30), "seconds", 2
    ),
    ReplyFault(
        "rate_limited_rpd",
        "429 on requests per day",
        _limited(LimitKind.RPD, 1000),
        "seconds",
        86.4,
    ),
    ReplyFault(
        "rate_limited_tpd",
        "429 on tokens per day",
        _limited(LimitKind.TPD, 200_000),
        "seconds",
        231.984,
    ),
    ReplyFault("output_too_large", "429 on OTPM for ever, without retry-after", _output_too_large),
    ReplyFault(
        "flex_full",
        "498 capacity_exceeded of the flex tier",
        _fixed(
            498,
            "`flex` tier capacity exceeded, please try again or use the `on_demand` tier.",
            code="capacity_exceeded",
        ),
    ),
    ReplyFault(
        "server_error",
        "500 Internal Server Error",
        _fixed(500, "Internal Server Error", "internal_server_error"),
    ),
    ReplyFault("server_error_empty", "500 with an empty body", lambda *_: refusals.plain(500, "")),
    ReplyFault(
        "bad_gateway",
        "502 HTML page of Cloudflare",
        lambda *_: refusals.html(502, "502 Bad Gateway"),
    ),
    ReplyFault(
        "over_capacity", "503 over capacity", _fixed(503, _SEE_STATUS, "internal_server_error")
    ),
    ReplyFault(
        "gateway_timeout",
        "504 HTML page of Cloudflare",
        lambda *_: refusals.html(504, "504 Gateway Time-out"),
    ),
)
