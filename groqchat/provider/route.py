"""The route to a server: its proxy and the certificates to check it against.

A server on this machine is never reached through a proxy, and an address with ``http://`` needs no
certificates.
"""

from __future__ import annotations

import os
import re
import ssl
from functools import cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from groqchat.domain.errors.refusal_bodies import shown
from groqchat.domain.errors.table import failure

if TYPE_CHECKING:
    from groqchat.domain.errors.tree import GroqchatError

_CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR")
_PROXY_SCHEMES = ("http", "https", "socks5", "socks5h")


class Proxy(NamedTuple):
    """A proxy, and the environment variable that names it."""

    variable: str
    address: str

    @property
    def scheme(self) -> str:
        """The scheme of the proxy's address, in lower case."""
        return self.address.partition("://")[0].lower()

    def __str__(self) -> str:
        """The variable and its value, without user name and password."""
        scheme, _, rest = self.address.partition("://")
        return shown(f"{self.variable}={scheme}://{rest.rpartition('@')[2]}")


def proxy_for(scheme: str, host: str, port: int | None) -> Proxy | None:
    """The proxy for a server from the environment, else from the system; None without one.

    Args:
        scheme: ``http`` or ``https``.
        host: The host name or IP address, without brackets.
        port: The port; None is the default of the scheme.

    Raises:
        UnreachableError: The proxy's address is invalid.
    """
    from urllib.request import getproxies  # httpx reads the proxies there too

    known = getproxies()
    named = next((name for name in (scheme, "all") if known.get(name)), None)
    port = port or {"http": 80, "https": 443}[scheme]
    if named is None or is_here(host) or _is_exempt(scheme, host, port, known.get("no", "")):
        return None
    value = known[named]
    address = value if "://" in value else f"http://{value}"
    proxy = Proxy(_variable_of(named, value), address)
    if proxy.scheme not in _PROXY_SCHEMES:
        raise unusable(proxy)
    return proxy


def unusable(proxy: Proxy) -> GroqchatError:
    """The error of a proxy with an invalid address."""
    return failure("proxy_unreadable", parameter=proxy.variable, detail=str(proxy))


def is_here(host: str) -> bool:
    """Whether a host is this machine."""
    name = host.lower().rstrip(".")
    address = _ip(name)
    if address is None:
        return name == "localhost" or name.endswith(".localhost")
    address = getattr(address, "ipv4_mapped", None) or address
    return address.is_loopback or address.is_unspecified


def tls_context() -> ssl.SSLContext:
    """The TLS context with the trusted certificates.

    Raises:
        UnreachableError: The environment names certificates that cannot be read.
    """
    return _tls_context(*(os.environ.get(name, "") for name in _CERTIFICATES))


def blank_tls_context() -> ssl.SSLContext:
    """A TLS context without certificates, made at no cost, for connections without TLS."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def certificates_named() -> str:
    """The variable that names the user's certificates, with its value; empty without one."""
    named = ((name, os.environ.get(name)) for name in _CERTIFICATES)
    return next((shown(f"{name}={value}") for name, value in named if value), "")


@cache
def _tls_context(file: str, folder: str) -> ssl.SSLContext:
    """The TLS context for two values of the environment, cached: to load certificates is slow."""
    import httpx

    if not (file or folder):
        return httpx.create_ssl_context(trust_env=False)
    name, value = ("SSL_CERT_FILE", file) if file else ("SSL_CERT_DIR", folder)
    try:
        if not file and not any(Path(part).is_dir() for part in folder.split(os.pathsep)):
            raise NotADirectoryError(None, "no such folder")
        return ssl.create_default_context(cafile=file or None, capath=None if file else folder)
    except OSError as error:
        reason = error.strerror if isinstance(error.strerror, str) else str(error)
        if isinstance(error, ssl.SSLError):
            reason = "it holds no certificates in PEM form"
        detail = shown(f"{value} ({reason})")
        raise failure("certificates_unreadable", parameter=name, detail=detail) from error


def _variable_of(named: str, value: str) -> str:
    """The variable that holds a proxy's value; lower case wins over upper case."""
    names = (f"{named}_proxy", f"{named.upper()}_PROXY")
    given = (name for name in names if os.environ.get(name) == value)
    return next(given, "the system's proxy")


def _is_exempt(scheme: str, host: str, port: int, exceptions: str) -> bool:
    """Whether an entry of ``NO_PROXY`` matches a server; unknown entries match none."""
    return any(
        entry == "*" or _names(entry, scheme, host.lower().rstrip("."), port)
        for entry in re.split(r"[,\s]+", exceptions.strip().lower())
        if entry
    )


def _names(entry: str, scheme: str, host: str, port: int) -> bool:
    """Whether an entry (a domain, an address or a network, perhaps with a port) matches."""
    wanted, _, place = entry.rpartition("://")
    if wanted not in {"", "all", scheme}:
        return False
    address = _ip(host)
    if address is not None and _holds(place.replace("[", "").replace("]", ""), address):
        return True
    name, colon, number = place.rpartition(":")
    if colon and number.isdigit():
        return int(number) == port and _names(name, scheme, host, port)
    domain = place.lstrip("*").lstrip(".")
    return bool(domain) and (host == domain or host.endswith(f".{domain}"))


def _holds(network: str, address: IPv4Address | IPv6Address) -> bool:
    try:
        return address in ip_network(network, strict=False)
    except ValueError:
        return False


def _ip(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None
