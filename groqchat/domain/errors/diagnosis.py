"""The diagnosis of a refusal: from the answer of a server to the error that explains it.

Classified by structure (code, how the message begins, type, status), never by words inside
``failed_generation``, which echoes what users and models wrote.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from groqchat.domain.errors.refusal_bodies import quoted, read_refusal, shown, shown_name
from groqchat.domain.errors.refused_values import allowed_values, is_about_value
from groqchat.domain.errors.statuses import ROWS, name_of, row_of
from groqchat.domain.errors.table import failure
from groqchat.domain.errors.tree import Facts
from groqchat.domain.limits.limit_messages import LimitMessage, read_limit
from groqchat.domain.limits.quota import LimitKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from groqchat.domain.errors.refusal_bodies import RefusalBody
    from groqchat.domain.errors.tree import GroqchatError

__all__ = ["diagnose", "diagnose_event", "read_refusal"]

_BY_CODE = {
    "invalid_api_key": "key_rejected",
    "model_not_found": "model_not_found",
    "model_decommissioned": "model_decommissioned",
    "model_terms_required": "terms_required",
    "organization_restricted": "organization_restricted",
    "not_available_for_plan": "not_on_this_plan",
    "spend_limit_reached": "spend_blocked",
    "insufficient_quota": "spend_blocked",  # OpenAI's name of it, told with a 429
    "blocked_api_access": "spend_blocked",
    "context_length_exceeded": "context_exceeded",
    "tool_use_failed": "generation_failed",
    "json_validate_failed": "generation_failed",
    "model_permission_blocked_org": "model_blocked_org",
    "model_permission_blocked_project": "model_blocked_project",
    "capacity_exceeded": "tier_full",
    "unknown_url": "not_found",
}
# How messages begin; codes are missing from many bodies.
_BY_START = tuple(
    (re.compile(start), row)
    for start, row in (
        (r"Organization has blocked API access because a spend", "spend_blocked"),
        (r"API access blocked", "spend_blocked"),
        (r"Organization has been restricted", "organization_restricted"),
        (r"Access denied\. Please check your network settings", "network_refused"),
        (r"Please reduce the length of the messages", "context_exceeded"),
        (r"The model `[^`]*` does not exist", "model_not_found"),
        (r"The model `[^`]*` has been decommissioned", "model_decommissioned"),
        (r"The model `[^`]*` requires terms acceptance", "terms_required"),
        (r"The model `[^`]*` is blocked at the org", "model_blocked_org"),
        (r"The model `[^`]*` is blocked at the project", "model_blocked_project"),
        (r"(?:The model )?\S{1,200} is currently over capacity", "over_capacity"),
    )
)
# More than the whole limit, of what it counts.
_TOO_LARGE = {
    LimitKind.ITPM: "input_too_large",
    LimitKind.OTPM: "output_too_large",
    LimitKind.ASH: "audio_too_long",
    LimitKind.ASD: "audio_too_long",
}
_BY_TYPE = {
    "permissions_error": "forbidden",
    "authentication_error": "key_rejected",
    "internal_server_error": "service_error",
}
_MODEL = re.compile(
    r"(?:The model|Rate limit reached for model|Request too large for model) `([^`]{1,200})`"
)
# Refusals of one request field: its name stands in `param`, or quoted in the message.
_PARAMETER_START = re.compile(
    r"`[\w.]{1,60}` (?:must be|is not supported|is unsupported|is not a valid)|property '"
    r"|cannot specify both|'messages\.\d+' ?:|unknown (?:field|parameter)",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"`([a-z][a-z_]{1,39})`|property '([a-z][a-z_]{1,39})'")
_CLOUDFLARE = re.compile(r"error code: 1\d{3}\b")


def diagnose(
    status: int,
    body: object,
    headers: Mapping[str, str],
    *,
    model: str | None = None,
) -> GroqchatError:
    """Explain an answer with an error status.

    Args:
        status: The HTTP status.
        body: What came with it, see :func:`~groqchat.domain.errors.refusal_bodies.read_refusal`.
        headers: Lower-case names; ``retry-after`` in seconds.
        model: The model that was asked for.
    """
    refusal = read_refusal(body)
    limit = read_limit(refusal.message)
    facts = _facts(
        status,
        refusal,
        limit,
        model,
        header_wait_s=_seconds(headers.get("retry-after")),
        request_id=headers.get("x-request-id"),
    )
    return failure(_row(status, refusal, limit, facts), facts)


def diagnose_event(
    body: object, *, partial: str, model: str | None = None, has_begun: bool = False
) -> GroqchatError:
    """Explain an error that came in an answer's place although the request had been accepted.

    Where some of the answer had arrived it is a broken answer, whatever broke it: what arrived
    must be kept and marked, and nothing may be sent again by itself. What the server named (code,
    bucket, numbers, wait) is in the facts all the same. Where nothing had arrived, it is the
    refusal that the same error would have been before the headers; one that does not say whose
    fault it is counts as the service's.

    Args:
        body: See :func:`~groqchat.domain.errors.refusal_bodies.read_refusal`.
        partial: The text that had arrived.
        model: The model that was asked for.
        has_begun: Whether something else had arrived, such as reasoning.
    """
    refusal = read_refusal(body)
    limit = read_limit(refusal.message)
    facts = _facts(refusal.status, refusal, limit, model)
    if partial or has_begun:
        return failure("stream_error", replace(facts, partial=partial))
    status = refusal.status or (400 if refusal.type == "invalid_request_error" else 500)
    return failure(_row(status, refusal, limit, facts), facts)


def _row(status: int, refusal: RefusalBody, limit: LimitMessage, facts: Facts) -> str:
    """The name of the cause; signs are tried from the surest to the weakest."""
    return (
        _row_of_limit(status, refusal, limit)
        or _BY_CODE.get((refusal.code or "").lower())
        or next((row for start, row in _BY_START if start.match(refusal.message)), None)
        or _row_of_gateway(status, refusal)
        or _row_of_parameter(status, facts)
        or ROWS.get(status)
        or _BY_TYPE.get(refusal.type or "")
        or row_of(status)
    )


def _row_of_limit(status: int, refusal: RefusalBody, limit: LimitMessage) -> str | None:
    """The cause of a refusal over a limit, which may have status 429, 413 or 400; or None."""
    is_limit = (
        refusal.code == "rate_limit_exceeded"
        or refusal.message.startswith(("Request too large", "Rate limit reached"))
        or (limit.limit is not None and status in {413, 429})
    )
    if not is_limit:
        return None
    if limit.is_forever or status == 413 or refusal.message.startswith("Request too large"):
        return _TOO_LARGE.get(limit.limit_kind, "too_large") if limit.limit_kind else "too_large"
    return "rate_limited"


def _row_of_gateway(status: int, refusal: RefusalBody) -> str | None:
    """The cause of a refusal by a gateway, which sends HTML or plain text; None for others."""
    if refusal.code or refusal.type:
        return None
    if status == 403 and (refusal.is_html or _CLOUDFLARE.match(refusal.message)):
        return "cloudflare_blocked"
    if status == 403 and refusal.message:
        return "network_refused"
    if status == 401 and refusal.is_html:
        return "not_groq"
    return None


def _row_of_parameter(status: int, facts: Facts) -> str | None:
    if status not in {400, 422} or not facts.parameter:
        return None
    return "value_refused" if is_about_value(facts.detail) else "parameter_refused"


def _facts(
    status: int | None,
    refusal: RefusalBody,
    limit: LimitMessage,
    model: str | None,
    *,
    header_wait_s: float | None = None,
    request_id: str | None = None,
) -> Facts:
    named = _MODEL.match(refusal.message)
    parameter = _parameter(refusal)
    waits = [wait for wait in (header_wait_s, limit.wait_s) if wait is not None]
    return Facts(
        status=status,
        code=shown_name(refusal.code),
        model=model or shown_name(named[1] if named else None),
        limit_kind=limit.limit_kind,
        limit=limit.limit,
        used=limit.used,
        requested=limit.requested,
        # The header is in whole seconds, the message exact: the longer is the safe one.
        retry_after_s=max(waits, default=None),
        parameter=parameter,
        allowed=allowed_values(refusal.message) if parameter else "",
        detail=shown(refusal.message) or name_of(status),
        failed_generation=quoted(refusal.failed_generation),
        request_id=shown_name(request_id),
    )


def _seconds(text: str | None) -> float | None:
    try:
        seconds = float(text or "")
    except ValueError:
        return None
    return seconds if 0 <= seconds < 10**7 else None


def _parameter(refusal: RefusalBody) -> str | None:
    if refusal.param and refusal.param != "messages":
        return shown_name(refusal.param)
    if not _PARAMETER_START.match(refusal.message):
        return None
    quoted = _QUOTED.search(refusal.message)
    return (quoted[1] or quoted[2]) if quoted else None
