"""Translates the exceptions of SDKs and transports into groqchat's errors."""

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
# httpx does not translate the error of its SOCKS package.
_SOCKS_ERROR = ("socksio", "SOCKSError")
# OpenSSL's name for an answer without TLS, such as plain HTTP.
_NO_TLS = "WRONG_VERSION_NUMBER"
_PATHS = ("/chat/completions", "/models")
# Failures on the route to the server, of which a proxy is a part.
_OF_THE_ROUTE = frozenset({"connection_failed", "dns_failed", "proxy_failed", "tls_failed"})


def expected() -> tuple[type[Exception], ...]:
    """The exceptions that a request may raise before its answer begins.

    The SDK and httpx also raise ``ValueError`` where a header or a body cannot be encoded.
    """
    import httpx

    plain = (httpx.HTTPError, TimeoutError, ValueError)
    # Looked up without an import: an SDK may not be needed, and one that another thread is
    # importing at this moment may lack the name.
    named = map(_loaded, (*_SDK_ERRORS, _SOCKS_ERROR))
    return (*plain, *(error for error in named if error is not None))


def _loaded(name: tuple[str, str]) -> type[Exception] | None:
    """The error class of a package, if the package is imported."""
    package, error = name
    return getattr(sys.modules.get(package), error, None)


def explain(
    error: BaseException, *, model: str | None, now: float, base_url: str, setting: str
) -> GroqchatError:
    """The groqchat error for one of :func:`expected`.

    Args:
        error: The exception.
        model: The model of the request, if there is one.
        now: The Unix time in seconds.
        base_url: The address of the server.
        setting: The name of the setting that holds this address.
    """
    import httpx

    chain = list(_chain(error))
    for link in chain:
        # The errors of the SDKs and of httpx hold the response under one name.
        response = getattr(link, "response", None)
        if isinstance(response, httpx.Response):
            if response.has_redirect_location:
                return _redirected(response, model, setting)
            return _refused(response, model, now)
    row, detail = _row(chain)
    proxy_words = _proxy_words(base_url) if row in _OF_THE_ROUTE else ""
    advice = ""
    if row == "tls_failed":
        speaks_none = _NO_TLS in detail and not proxy_words
        advice = _advice_on_plain_text(setting) if speaks_none else _advice_on_certificates()
    return failure(row, Facts(model=model, detail=shown(detail + proxy_words), advice=advice))


def _proxy_words(base_url: str) -> str:
    """Words that name the proxy on the route; empty without one."""
    url = urlsplit(base_url)
    proxy = proxy_for(url.scheme, url.hostname or "", url.port)
    return f", by way of {proxy}" if proxy else ""


def _advice_on_plain_text(setting: str) -> str:
    """The advice for a server that answers without TLS, which no certificate can help."""
    return (
        "The server did not answer with TLS: check the port, or if the server has no TLS, "
        f"begin {setting} with http://."
    )


def _advice_on_certificates() -> str:
    """The advice where the user has named certificates; empty where not."""
    named = certificates_named()
    return named and (
        f"{named} takes the place of the usual certificates: add the one that is missing, "
        "or unset the variable."
    )


def _redirected(response: httpx.Response, model: str | None, setting: str) -> GroqchatError:
    """The error of a redirect that was not followed, with its target and the setting to change."""
    target = redirect_target(response)
    if target == response.request.url:
        return failure("redirect_loop", Facts(response.status_code, model=model))
    # The query may hold a secret, and so may the user information of the address.
    location = f"{target.scheme}://{target.netloc.decode()}{target.path}" if target else ""
    base = next((location.removesuffix(path) for path in _PATHS if location.endswith(path)), "")
    advice = base and shown(f"If that is the right server, set {setting} to {base}") + "."
    facts = Facts(response.status_code, model=model, detail=shown(location), advice=advice)
    return failure("redirected", replace(facts, parameter=setting))


def _refused(response: httpx.Response, model: str | None, now: float) -> GroqchatError:
    headers = in_seconds(response.headers, now)
    error = diagnose(response.status_code, _body(response), headers, model=model)
    reading = read_limits(response, now)
    return error.with_facts(reading=reading) if reading.buckets else error


def _body(response: httpx.Response) -> bytes:
    """The body of a response; empty where it was cut off after the headers."""
    import httpx

    try:
        return response.content
    except httpx.ResponseNotRead:
        return b""


def _row(chain: list[BaseException]) -> tuple[str, str]:
    """The name of the cause and its detail in words; earlier rows of the table win."""
    import httpx

    from groqchat.provider.http.decompression import UnexpectedEncodingError

    by_type: tuple[tuple[type[BaseException], str], ...] = (
        (UnexpectedEncodingError, "encoding_unasked"),
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
    """An error, its causes and contexts, and the members of groups, each once."""
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
