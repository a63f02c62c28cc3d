"""One page from the web, within limits, and never from the user's own network unasked.

Written on the standard library: the limit on the whole time has to hold the socket
itself, which the HTTP clients in reach hide, and so has a connection to the very address
that was checked (a name may resolve to another one the next time it is asked for).
Proxies named in the environment are not used, since a proxy would resolve names itself.
"""

from __future__ import annotations

import http.client
import io
import re
import socket
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from summarizer.errors import FetchFailed, FetchRefused
from summarizer.sources.addresses import Address, is_metadata, resolve_host, why_refused
from summarizer.sources.unpack import Unpacker
from summarizer.version import __version__

_BUFFER = 65_536  # bytes asked of the socket at once


class TimedSocket:
    """As much of a socket as ``http.client`` uses; a plain one has a limit for each wait only.

    Args:
        sock: A connected socket, which stays open when this is closed.
        remaining: Returns the seconds that are left, or raises TimeoutError if none are.
    """

    def __init__(self, sock: socket.socket, remaining: Callable[[], float]) -> None:
        self._sock, self._remaining = sock, remaining

    def sendall(self, data: bytes) -> None:
        """Send all of ``data``."""
        self._sock.settimeout(self._remaining())
        self._sock.sendall(data)

    def makefile(self, *_: Any, **__: Any) -> io.BufferedReader:
        """Return a file of what comes in."""
        return io.BufferedReader(_TimedReader(self._sock, self._remaining), _BUFFER)

    def close(self) -> None:
        """Leave the socket open: ``http.client`` closes it before the answer is read."""


class _TimedReader(io.RawIOBase):
    def __init__(self, sock: socket.socket, remaining: Callable[[], float]) -> None:
        self._sock, self._remaining = sock, remaining

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._sock.settimeout(self._remaining())
        return self._sock.recv_into(buffer)


USER_AGENT = f"summarizer/{__version__} (news diff; reads single pages when a user asks)"

CONTENT_TYPES = frozenset({"text/html", "application/xhtml+xml", "text/plain", "text/markdown"})
"""What an article may come as; a page that says nothing is taken for HTML."""

REDIRECTS = frozenset({301, 302, 303, 307, 308})

_CONDITIONS = frozenset({"If-None-Match", "If-Modified-Since"})
_BLOCK = 65_536  # bytes read at once
_SAFE_PATH = "/%:@!$&'()*+,;=~-._"
_SAVE_IT = "Save the page in a browser and give the file."
_HINTS = {
    401: _SAVE_IT,
    402: _SAVE_IT,
    403: _SAVE_IT,
    404: "Check the address.",
    410: "Check the address.",
    429: "Wait a while, or save the page in a browser and give the file.",
    451: _SAVE_IT,
}

Resolver = Callable[[str, int, float], Sequence[Address]]
"""Returns the addresses of a host and port, within so many seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchLimits:
    """What one page may cost; a page of news with its scripts is 0.1 to 3 MB."""

    seconds: float = 20.0
    """For all of it: names, redirects, headers and every byte of the page."""

    megabytes: float = 10.0
    """Of the page, as sent and again as unpacked; a megabyte is a million bytes."""

    redirects: int = 5

    @property
    def bytes(self) -> int:
        """The cap on the size, in bytes."""
        return int(self.megabytes * 1_000_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A page: the address it was found at in the end, its bytes, what its server says of it."""

    url: str
    data: bytes
    content_type: str
    charset: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    """What the server says beside it, names in lower case."""

    unchanged: bool = False
    """The server answered 304 to a conditional request; there are no bytes then."""


Gate = Callable[[str], AbstractContextManager[object]]
"""Entered with the address of each request, redirects too, and left after its answer; it may wait,
which does not count against the limit on time, and may refuse by an error."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """How a page is asked for by who reads the same places again and again."""

    headers: Mapping[str, str] = field(default_factory=dict)
    """Sent besides, such as ``If-None-Match``."""

    content_types: frozenset[str] = CONTENT_TYPES
    """What it may come as."""

    gate: Gate = nullcontext


@dataclass(frozen=True, slots=True)
class _Target:
    url: str
    scheme: str
    host: str
    port: int
    path: str


@dataclass(frozen=True, slots=True)
class _Terms:
    limits: FetchLimits
    deadline: float
    allow_private: bool
    resolve: Resolver
    asking: Asking

    def remaining(self) -> float:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


def fetch(
    url: str,
    *,
    allow_private: bool = False,
    limits: FetchLimits | None = None,
    resolve: Resolver = resolve_host,
    asking: Asking | None = None,
) -> Fetched:
    """Return the page at ``url``.

    Args:
        url: An http or https address.
        allow_private: Fetch from private, loopback and link-local addresses too.
        limits: What the page may cost.
        resolve: Looks up the addresses of a host.
        asking: Headers, kinds of content and a gate other than those of a single page.

    Raises:
        FetchRefused: The address, one that it redirects to, or what is there may not be read.
        FetchFailed: No usable answer came within the limits.
    """
    limits = limits or FetchLimits()
    asking = asking or Asking()
    terms = _Terms(limits, time.monotonic() + limits.seconds, allow_private, resolve, asking)
    target = _parse_target(url)
    for _ in range(limits.redirects + 1):
        before = time.monotonic()
        with asking.gate(target.url):
            terms = replace(terms, deadline=terms.deadline + time.monotonic() - before)
            try:
                answer = _request_page(target, terms)
            except (OSError, http.client.HTTPException) as error:
                raise _translate_error(error, target, limits) from error
        if isinstance(answer, Fetched):
            return answer
        target = _parse_redirect(target, answer)
    raise FetchFailed(
        f"{url} redirects more than {limits.redirects} times.",
        "Give the address that a browser shows in the end.",
    )


def _parse_target(url: str) -> _Target:
    try:
        parts = urlsplit(url.strip())
        host, port = (parts.hostname or "").encode("idna").decode("ascii"), parts.port
        path, query = (quote(part, safe=_SAFE_PATH + "?") for part in (parts.path, parts.query))
    except ValueError as error:
        raise FetchRefused(f"{url} is not a web address.", "Check the address.") from error
    if parts.scheme not in {"http", "https"}:
        raise FetchRefused(f"{url} is not an http or https address.", "Give a web address.")
    if not host or re.search(r"[\x00-\x20\x7f]", host):
        raise FetchRefused(f"{url} names no host.", "Check the address.")
    if parts.username is not None or parts.password is not None:
        raise FetchRefused("An address with a name and a password in it is not fetched.", _SAVE_IT)
    path = f"{path or '/'}?{query}" if query else path or "/"
    default = 443 if parts.scheme == "https" else 80
    return _Target(parts.geturl(), parts.scheme, host, port or default, path)


def _parse_redirect(target: _Target, location: str) -> _Target:
    try:
        return _parse_target(urljoin(target.url, location))
    except ValueError as error:
        raise FetchFailed(f"{target.url} redirects to no web address.", _SAVE_IT) from error


def _request_page(target: _Target, terms: _Terms) -> Fetched | str:
    """Return the page, or where the server redirects to."""
    connection = http.client.HTTPConnection(target.host, target.port)
    if target.scheme == "https":
        connection.default_port = 443  # else the Host header would name the port
    sock = _open_connection(target, terms)
    try:
        # http.client asks no more of its socket than this wrapper has.
        connection.sock = TimedSocket(sock, terms.remaining)
        headers = {
            "User-Agent": USER_AGENT,
            "Accept": "text/html,application/xhtml+xml,text/plain;q=0.9,text/markdown;q=0.9",
            "Accept-Encoding": "gzip",
            "Connection": "close",
            **terms.asking.headers,
        }
        connection.request("GET", target.path, headers=headers)
        response = connection.getresponse()
        location = response.getheader("Location")
        if response.status in REDIRECTS and location:
            return location
        return _read_response(target, response, terms)
    finally:
        connection.close()
        sock.close()


def _open_connection(target: _Target, terms: _Terms) -> socket.socket:
    addresses = terms.resolve(target.host, target.port, terms.remaining())
    for address in addresses:
        _check_address(address.ip, target, terms)
    failure: OSError = OSError("no address")
    for left, address in zip(range(len(addresses), 0, -1), addresses, strict=True):
        try:
            # One address that swallows everything must leave time for the next.
            return _open_socket(address, target, terms, terms.remaining() / left)
        except OSError as error:
            failure = error
    raise failure


def _check_address(ip: str, target: _Target, terms: _Terms) -> None:
    """Refuse an address that is not public.

    Only the hint has the address: the message may be shown in a chat, to people who are not to
    learn what is in the network of whoever runs this.
    """
    reason = why_refused(ip)
    if is_metadata(ip):
        raise FetchRefused(
            f"{target.url} leads to {reason}, and is never fetched.", f"Its address is {ip}."
        )
    if reason and not terms.allow_private:
        raise FetchRefused(
            f"{target.url} leads to {reason}, and is not fetched.",
            f"Its address is {ip}. If you trust it, allow private addresses: "
            "the setting allow_private_urls.",
        )


def _open_socket(address: Address, target: _Target, terms: _Terms, seconds: float) -> socket.socket:
    sock = socket.socket(address.family, socket.SOCK_STREAM)
    try:
        sock.settimeout(seconds)
        sock.connect(address.endpoint)
        return _secure_socket(sock, target, terms) if target.scheme == "https" else sock
    except OSError:
        sock.close()
        raise


def _secure_socket(sock: socket.socket, target: _Target, terms: _Terms) -> socket.socket:
    context = ssl.create_default_context()
    with suppress(ImportError):  # some Pythons come without any certificates
        import certifi

        context.load_verify_locations(certifi.where())
    sock.settimeout(terms.remaining())
    return context.wrap_socket(sock, server_hostname=target.host)


def _read_response(target: _Target, response: http.client.HTTPResponse, terms: _Terms) -> Fetched:
    limits = terms.limits
    headers = {name.lower(): value for name, value in response.getheaders()}
    if response.status == 304 and _CONDITIONS & terms.asking.headers.keys():
        return Fetched(url=target.url, data=b"", content_type="", headers=headers, unchanged=True)
    if response.status != 200:
        failure = FetchFailed(
            f"{target.url} answered {response.status} {response.reason}".rstrip() + ".",
            _HINTS.get(response.status, "Try again later."),
        )
        failure.status, failure.retry_after = response.status, headers.get("retry-after", "")
        raise failure
    stated = response.getheader("Content-Type") is not None
    content_type = response.headers.get_content_type() if stated else "text/html"
    if content_type not in terms.asking.content_types:
        raise FetchRefused(
            f"{target.url} is {content_type}, not a page of text.", "Give the page of an article."
        )
    if (response.length or 0) > limits.bytes:
        raise _too_large(target, limits)
    charset = response.headers.get_content_charset()
    data = _read_body(target, response, limits)
    return Fetched(
        url=target.url, data=data, content_type=content_type, charset=charset, headers=headers
    )


def _read_body(target: _Target, response: http.client.HTTPResponse, limits: FetchLimits) -> bytes:
    coding = response.getheader("Content-Encoding", "identity").strip().lower()
    unpacker = Unpacker.of(coding, cap=limits.bytes)
    if unpacker is None:
        raise FetchFailed(f"{target.url} is packed in a way not asked for ({coding}).", _SAVE_IT)
    received = 0
    while block := response.read1(_BLOCK):
        received += len(block)
        unpacker.feed(block)
        if max(received, unpacker.size) > limits.bytes:
            raise _too_large(target, limits)
    if response.length or not unpacker.complete:
        raise FetchFailed(f"{target.url} broke off before its end.", "Try again later.")
    return unpacker.data


def _too_large(target: _Target, limits: FetchLimits) -> FetchFailed:
    return FetchFailed(
        f"{target.url} is larger than {limits.megabytes:g} MB.", "Save its text and give the file."
    )


def _translate_error(error: Exception, target: _Target, limits: FetchLimits) -> FetchFailed:
    """Return the error of this project that stands for one of the network."""
    if isinstance(error, TimeoutError):
        return FetchFailed(
            f"{target.url} did not answer in full within {limits.seconds:g} seconds.",
            "Try again later, or save the page in a browser and give the file.",
        )
    if isinstance(error, socket.gaierror):
        return FetchFailed(f"There is no host {target.host}.", "Check the address and the network.")
    if isinstance(error, ssl.SSLError):
        reason = getattr(error, "verify_message", "") or error.reason or "no secure connection"
        reason = reason.rstrip(".")
        return FetchFailed(f"{target.url} cannot be trusted: {reason}.", _SAVE_IT)
    if isinstance(error, ConnectionRefusedError):
        return FetchFailed(f"{target.host} refuses connections.", "Check the address.")
    if isinstance(error, http.client.IncompleteRead | ConnectionError):  # RemoteDisconnected, too
        return FetchFailed(f"{target.url} broke off before its end.", "Try again later.")
    if isinstance(error, OSError):
        reason = error.strerror or type(error).__name__
        return FetchFailed(f"{target.url} could not be read: {reason}.", "Try again later.")
    return FetchFailed(f"{target.url} could not be read: its server breaks the rules.", _SAVE_IT)
