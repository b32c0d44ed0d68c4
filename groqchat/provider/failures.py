"""From what the SDK and its transport raise to our errors."""

from __future__ import annotations

import socket
import ssl
import sys
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from groqchat.domain.errors.diagnosis import diagnose
from groqchat.domain.errors.refusal_bodies import shown
from groqchat.domain.errors.table import failure
from groqchat.domain.errors.tree import Facts
from groqchat.provider.limit_headers import read_limits
from groqchat.provider.retry_after import in_seconds
from groqchat.provider.route import certificates_named, proxy_for
from groqchat.provider.transport import redirect_target

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

    from groqchat.domain.errors.tree import GroqchatError


_SDK_ERRORS = (("groq", "GroqError"), ("openai", "OpenAIError"))
# httpx lets this one of its SOCKS package through.
_SOCKS_ERROR = ("socksio", "SOCKSError")
# How OpenSSL calls an answer that is no TLS, such as plain HTTP.
_NO_TLS = "WRONG_VERSION_NUMBER"
_PATHS = ("/chat/completions", "/models")
# Failures of the way, which a proxy is a part of.
_ON_THE_WAY = frozenset({"connection_failed", "dns_failed", "proxy_failed", "tls_failed"})


def expected() -> tuple[type[Exception], ...]:
    """What a request may raise before its answer begins.

    Beside their own, SDK and httpx let ``ValueError`` through where a header or a body cannot be
    written.
    """
    import httpx

    plain = (httpx.HTTPError, TimeoutError, ValueError)
    # An SDK that was not needed so far is not imported for this; and one that another thread is
    # importing at this moment has no such name yet.
    named = map(_loaded, (*_SDK_ERRORS, _SOCKS_ERROR))
    return (*plain, *(error for error in named if error is not None))


def _loaded(name: tuple[str, str]) -> type[Exception] | None:
    """The class of errors of a package, if that was imported."""
    package, error = name
    return getattr(sys.modules.get(package), error, None)


def explain(
    error: BaseException, *, model: str | None, now: float, base_url: str, setting: str
) -> GroqchatError:
    """The error for one of :func:`expected`.

    Args:
        error: What was raised.
        model: The model that was asked for.
        now: The Unix time.
        base_url: The server that was to be asked.
        setting: Where the user sets that address.
    """
    import httpx

    chain = list(_chain(error))
    for link in chain:
        # The SDK's errors and httpx's own hold the answer under the same name.
        response = getattr(link, "response", None)
        if isinstance(response, httpx.Response):
            if response.has_redirect_location:
                return _redirected(response, model, setting)
            return _refused(response, model, now)
    row, detail = _row(chain)
    way = _way(base_url) if row in _ON_THE_WAY else ""
    advice = ""
    if row == "tls_failed":
        speaks_none = _NO_TLS in detail and not way
        advice = _advice_on_plain_text(setting) if speaks_none else _advice_on_certificates()
    return failure(row, Facts(model=model, detail=shown(detail + way), advice=advice))


def _way(base_url: str) -> str:
    """By which proxy, in words; nothing where there is none."""
    url = urlsplit(base_url)
    proxy = proxy_for(url.scheme, url.hostname or "", url.port)
    return f", by way of {proxy}" if proxy else ""


def _advice_on_plain_text(setting: str) -> str:
    """What to do where whoever answered does not speak TLS: no certificate would help."""
    return (
        "The server did not answer with TLS: check the port, or if the server has no TLS, "
        f"begin {setting} with http://."
    )


def _advice_on_certificates() -> str:
    """What to do where the certificates that servers are checked against are the user's own."""
    named = certificates_named()
    return named and (
        f"{named} takes the place of the usual certificates: add the one that is missing, "
        "or unset the variable."
    )


def _redirected(response: httpx.Response, model: str | None, setting: str) -> GroqchatError:
    """A redirect that was not followed: where it leads, and what to set if that is right."""
    target = redirect_target(response)
    if target == response.request.url:
        return failure("redirect_loop", Facts(response.status_code, model=model))
    # What stands behind a question mark may be a secret, and so may a name and its password.
    told = f"{target.scheme}://{target.netloc.decode()}{target.path}" if target else ""
    base = next((told.removesuffix(path) for path in _PATHS if told.endswith(path)), "")
    advice = base and shown(f"If that is the right server, set {setting} to {base}") + "."
    facts = Facts(response.status_code, model=model, detail=shown(told), advice=advice)
    return failure("redirected", replace(facts, parameter=setting))


def _refused(response: httpx.Response, model: str | None, now: float) -> GroqchatError:
    headers = in_seconds(response.headers, now)
    error = diagnose(response.status_code, _body(response), headers, model=model)
    reading = read_limits(response, now)
    return error.with_facts(reading=reading) if reading.gauges else error


def _body(response: httpx.Response) -> bytes:
    """Return the body of a response, or nothing where it was cut off after the headers."""
    import httpx

    try:
        return response.content
    except httpx.ResponseNotRead:
        return b""


def _row(chain: list[BaseException]) -> tuple[str, str]:
    """The name of the cause and the words for its detail; the surest sign counts."""
    import httpx

    from groqchat.provider.http.unpacking import UnaskedEncodingError

    by_type: tuple[tuple[type[BaseException], str], ...] = (
        (UnaskedEncodingError, "encoding_unasked"),
        (httpx.DecodingError, "stream_garbled"),
        (httpx.ProxyError, "proxy_failed"),
        (_loaded(_SOCKS_ERROR) or httpx.ProxyError, "proxy_failed"),
        (httpx.ConnectTimeout, "connection_failed"),
        (httpx.PoolTimeout, "connection_failed"),
        (httpx.TimeoutException, "timed_out"),
        (TimeoutError, "timed_out"),
        (socket.gaierror, "dns_failed"),
        (ssl.SSLError, "tls_failed"),
        (httpx.UnsupportedProtocol, "address_malformed"),
        (httpx.TooManyRedirects, "redirect_loop"),
        (ConnectionRefusedError, "connection_failed"),
        (httpx.LocalProtocolError, "invalid_request"),
        (httpx.ConnectError, "connection_failed"),
        (httpx.NetworkError, "connection_lost"),
        (httpx.RemoteProtocolError, "connection_lost"),
        (OSError, "connection_failed"),
        (httpx.HTTPError, "connection_failed"),
        (ValueError, "invalid_request"),
    )
    for kind, row in by_type:
        for link in chain:
            if isinstance(link, kind):
                return row, _words(link)
    return "connection_failed", _words(chain[-1])


def _words(error: BaseException) -> str:
    if isinstance(error, ConnectionRefusedError):
        return "connection refused"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An error, what caused it, and the members of groups, each once."""
    waiting, seen = [error], set[int]()
    while waiting:
        link = waiting.pop(0)
        if id(link) in seen:
            continue
        seen.add(id(link))
        yield link
        waiting.extend(cause for cause in (link.__cause__, link.__context__) if cause)
        if isinstance(link, BaseExceptionGroup):
            waiting.extend(link.exceptions)
