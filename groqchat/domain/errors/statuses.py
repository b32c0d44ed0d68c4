"""The causes and names of HTTP statuses, for answers that explain themselves no further.

Names of IANA's registry of statuses, and of what gateways add: nginx (444, 494–499), Amazon's load
balancer (460–464, 561), Cloudflare (520–530), others (430, 440, 449, 450, 509, 529, 598, 599, 999).
"""

from __future__ import annotations

NAMES = {
    300: "Multiple Choices", 301: "Moved Permanently", 302: "Found", 303: "See Other",
    304: "Not Modified", 305: "Use Proxy", 307: "Temporary Redirect", 308: "Permanent Redirect",
    400: "Bad Request", 401: "Unauthorized", 402: "Payment Required", 403: "Forbidden",
    404: "Not Found", 405: "Method Not Allowed", 406: "Not Acceptable",
    407: "Proxy Authentication Required", 408: "Request Timeout", 409: "Conflict", 410: "Gone",
    411: "Length Required", 412: "Precondition Failed", 413: "Content Too Large",
    414: "URI Too Long", 415: "Unsupported Media Type", 416: "Range Not Satisfiable",
    417: "Expectation Failed", 418: "I'm a teapot", 421: "Misdirected Request",
    422: "Unprocessable Content", 423: "Locked", 424: "Failed Dependency", 425: "Too Early",
    426: "Upgrade Required", 428: "Precondition Required", 429: "Too Many Requests",
    430: "Security Rejection", 431: "Request Header Fields Too Large", 440: "Login Time-out",
    444: "closed without an answer", 449: "Retry With", 450: "Blocked by Parental Controls",
    451: "Unavailable For Legal Reasons", 460: "the gateway saw the client leave",
    463: "too many addresses in X-Forwarded-For", 464: "the gateway speaks another protocol",
    494: "Request Header Too Large", 495: "the certificate of this client is refused",
    496: "a client certificate is required", 497: "HTTP was sent to an HTTPS port",
    498: "Capacity Exceeded", 499: "the request was cancelled on its way",
    500: "Internal Server Error", 501: "Not Implemented", 502: "Bad Gateway",
    503: "Service Unavailable", 504: "Gateway Timeout", 505: "HTTP Version Not Supported",
    506: "Variant Also Negotiates", 507: "Insufficient Storage", 508: "Loop Detected",
    509: "Bandwidth Limit Exceeded", 510: "Not Extended", 511: "Network Authentication Required",
    520: "Cloudflare understood nothing of the server's answer",
    521: "the server behind Cloudflare is down",
    522: "Cloudflare could not connect to the server",
    523: "Cloudflare does not find the server", 524: "the server kept Cloudflare waiting",
    525: "no TLS between Cloudflare and the server",
    526: "the server behind Cloudflare has a bad certificate",
    527: "trouble between Cloudflare and the server", 529: "overloaded",
    530: "Cloudflare does not find the server", 561: "the gateway's own sign-in failed",
    598: "the gateway waited in vain for the server", 599: "the gateway could not connect",
    999: "Request Denied",
}  # fmt: skip

ROWS = {
    401: "key_rejected", 402: "payment_required", 403: "forbidden",
    404: "not_found", 405: "not_found", 410: "not_found", 421: "not_found",
    407: "proxy_failed", 408: "not_now", 409: "not_now", 423: "not_now", 425: "not_now",
    413: "body_too_large", 422: "unprocessable", 424: "failed_dependency",
    429: "rate_limited", 431: "headers_too_large", 494: "headers_too_large",
    430: "network_refused", 450: "network_refused", 451: "network_refused", 999: "network_refused",
    440: "network_sign_in", 511: "network_sign_in", 561: "network_sign_in",
    464: "address_refused", 495: "client_unknown", 496: "client_unknown", 497: "address_refused",
    460: "cancelled", 499: "cancelled", 498: "tier_full", 529: "over_capacity",
    501: "not_supported", 505: "not_supported", 506: "not_supported", 508: "not_supported",
    509: "not_supported", 510: "not_supported", 526: "not_supported",
}  # fmt: skip
"""The causes of statuses that are not told by their class alone."""


def row_of(status: int) -> str:
    """The name of the cause; an unknown status is taken as the first of its class (RFC 9110, 15).

    Statuses above 599 are taken as 500.
    """
    if row := ROWS.get(status):
        return row
    if status >= 500:
        return "service_error"
    return "invalid_request" if status >= 400 else "not_groq"


def name_of(status: int | None) -> str:
    """The name of a status with its number; empty for a status without a name."""
    return f"{status} {NAMES[status]}" if status in NAMES else ""
