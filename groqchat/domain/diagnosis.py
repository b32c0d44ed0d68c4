"""From what a server or a connection did to the error that explains it.

Classified by structure (status, code, type, how the message begins), never by words inside
``failed_generation``, which echoes what users and models wrote.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from groqchat.domain.causes import failure
from groqchat.domain.errors import Facts
from groqchat.domain.quota import Bucket, parse_duration
from groqchat.domain.redact import redact
from groqchat.domain.sanitize import sanitize

if TYPE_CHECKING:
    from collections.abc import Mapping

    from groqchat.domain.errors import GroqchatError

LONGEST_DETAIL = 300

# "… on tokens per minute (TPM): Limit 8000, Used 7600, Requested 900. Please try again in 3.75s."
_LIMIT = re.compile(
    r"\bon (?:(?P<what>[a-z ]+?) \((?P<abbr>[A-Z]+)\))?\s*: Limit (?P<limit>\d+)"
    r"(?:, Used (?P<used>\d+))?, Requested ~?(?P<requested>\d+)"
)
_WAIT = re.compile(r"try again in (?P<wait>(?:\d+h)?(?:\d+m(?!s))?(?:\d+(?:\.\d+)?m?s)?)")
_MODEL = re.compile(
    r"^(?:The model|Rate limit reached for model|Request too large for model) `([^`]+)`"
)
_QUOTED = re.compile(r"`([a-z_]{3,40})`|property '([a-z_]{3,40})'")
_ABBREVIATIONS = {"ASPH": Bucket.ASH, "ASPD": Bucket.ASD} | {
    bucket.value: bucket for bucket in Bucket
}

_BY_CODE = {
    "invalid_api_key": "key_rejected",
    "model_not_found": "model_not_found",
    "model_decommissioned": "model_decommissioned",
    "model_terms_required": "terms_required",
    "organization_restricted": "organization_restricted",
    "spend_limit_reached": "spend_blocked",
    "blocked_api_access": "spend_blocked",
    "context_length_exceeded": "context_exceeded",
    "tool_use_failed": "generation_failed",
    "json_validate_failed": "generation_failed",
    "model_permission_blocked_org": "model_blocked_org",
    "model_permission_blocked_project": "model_blocked_project",
    "capacity_exceeded": "tier_full",
}
_BY_START = (
    ("Organization has blocked API access because a spend", "spend_blocked"),
    ("API access blocked", "spend_blocked"),
    ("Organization has been restricted", "organization_restricted"),
    ("Access denied. Please check your network settings", "network_refused"),
    ("Please reduce the length of the messages", "context_exceeded"),
    ("error code: 1010", "cloudflare_blocked"),
)
_BY_STATUS = {
    401: "key_rejected",
    403: "forbidden",
    404: "not_found",
    408: "timed_out",
    413: "body_too_large",
    422: "unprocessable",
    424: "failed_dependency",
    429: "rate_limited",
    498: "tier_full",
    503: "over_capacity",
}
# Refusals of one request field; the field's name stands in `param` or quoted in the message.
_PARAMETER_STARTS = re.compile(
    r"^(`[a-z_]+` (must be|is not supported|is unsupported)|property '|cannot specify both"
    r"|'messages\.\d+' :|unknown (field|parameter))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """The error object of an answer, whatever shape it came in."""

    message: str = ""
    type: str | None = None
    code: str | None = None
    param: str | None = None
    status: int | None = None
    is_html: bool = False
    extra: Mapping[str, Any] = field(default_factory=dict)


def read_refusal(body: object) -> Refusal:
    """Find the error object in a body: JSON text or bytes, a mapping (whole or inner), or prose."""
    if isinstance(body, bytes):
        body = body.decode("utf-8", "replace")
    if isinstance(body, str):
        text = body.strip()
        if text[:1] == "<":
            return Refusal(is_html=True)
        try:
            body = json.loads(text)
        except (ValueError, RecursionError):
            return Refusal(message=text)
    if isinstance(body, dict) and "error" in body:
        body = body["error"]
    if isinstance(body, str):
        return Refusal(message=body)
    if not isinstance(body, dict):
        return Refusal()
    return Refusal(
        message=_text(body.get("message")) or "",
        type=_text(body.get("type")),
        code=_text(body.get("code")),
        param=_text(body.get("param")),
        status=_status(body.get("status_code")),
    )


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
        body: What came with it, see :func:`read_refusal`.
        headers: Lower-case names.
        model: The model that was asked for.
    """
    refusal = read_refusal(body)
    facts = _facts(status, refusal, headers, model)
    return failure(_row(status, refusal, facts), facts)


def diagnose_event(body: object, *, partial: str, model: str | None = None) -> GroqchatError:
    """Explain an error that arrived inside a stream; what had arrived is kept in the facts.

    A limit or spend block that was named stays what it is; everything else is a broken stream.
    """
    refusal = read_refusal(body)
    facts = _facts(refusal.status, refusal, {}, model)
    facts = Facts(**{name: getattr(facts, name) for name in Facts.__slots__} | {"partial": partial})
    row = _row(refusal.status, refusal, facts) if refusal.status else "stream_error"
    named = row in {"rate_limited", "too_large", "output_too_large", "spend_blocked", "tier_full"}
    return failure(row if named and not partial else "stream_error", facts)


def _row(status: int | None, refusal: Refusal, facts: Facts) -> str:
    """The name of the cause; the order is from the surest sign to the weakest."""
    by_sign = _row_by_sign(refusal, facts)
    if by_sign:
        return by_sign
    if refusal.is_html and status in {401, 403}:
        return "cloudflare_blocked"
    if status is not None and status >= 500:
        return "over_capacity" if "over capacity" in refusal.message[:160] else "service_error"
    if status == 403 and refusal.code is None and refusal.type is None:
        return "network_refused" if refusal.message else "forbidden"
    if status in {400, 422} and facts.parameter:
        return "parameter_refused"
    return _BY_STATUS.get(status or 0, "invalid_request")


def _row_by_sign(refusal: Refusal, facts: Facts) -> str | None:
    if refusal.message.startswith("Request too large"):
        return "output_too_large" if facts.bucket is Bucket.OTPM else "too_large"
    if refusal.message.startswith("Rate limit reached"):
        never = facts.limit is not None and (facts.requested or 0) > facts.limit
        return "too_large" if never else "rate_limited"
    if refusal.code in _BY_CODE:
        return _BY_CODE[refusal.code]
    for start, row in _BY_START:
        if refusal.message.startswith(start):
            return row
    return None


def _facts(
    status: int | None, refusal: Refusal, headers: Mapping[str, str], model: str | None
) -> Facts:
    message = refusal.message
    limit = _LIMIT.search(message)
    numbers = limit.groupdict() if limit else {}
    named = _MODEL.match(message)
    return Facts(
        status=status,
        code=refusal.code,
        model=named[1] if named else model,
        bucket=_ABBREVIATIONS.get(numbers.get("abbr") or ""),
        limit=_count(numbers.get("limit")),
        used=_count(numbers.get("used")),
        requested=_count(numbers.get("requested")),
        retry_after_s=_retry_after(message, headers),
        parameter=_parameter(refusal),
        detail=shown(message),
        request_id=headers.get("x-request-id"),
    )


def _retry_after(message: str, headers: Mapping[str, str]) -> float | None:
    """The longer of the header (whole seconds) and the message (exact), where either is told."""
    told = [_seconds(headers.get("retry-after"))]
    if wait := _WAIT.search(message):
        told.append(parse_duration(wait["wait"]))
    known = [seconds for seconds in told if seconds is not None]
    return max(known) if known else None


def _seconds(text: str | None) -> float | None:
    try:
        seconds = float(text or "")
    except ValueError:
        return None
    return seconds if 0 <= seconds < 10**7 else None


def _parameter(refusal: Refusal) -> str | None:
    if refusal.param and refusal.param != "messages":
        return shown(refusal.param)
    if not _PARAMETER_STARTS.match(refusal.message):
        return None
    quoted = _QUOTED.search(refusal.message)
    return (quoted[1] or quoted[2]) if quoted else None


def shown(message: str) -> str:
    """A server's words as a person may see them: redacted, clean, one line, not too long."""
    line = " ".join(sanitize(redact(message)).split())
    return line if len(line) <= LONGEST_DETAIL else line[: LONGEST_DETAIL - 1] + "…"


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _status(value: object) -> int | None:
    return value if isinstance(value, int) and 100 <= value < 600 else None


def _count(digits: str | None) -> int | None:
    return int(digits) if digits and len(digits) <= 15 else None
