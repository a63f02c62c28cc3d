"""One page from the web, within limits, and never from the user's own network unasked.

Written on the standard library: the connection has to go to the very address that was checked (a
name may resolve to another one the next time it is asked for), which the HTTP clients in reach
hide. Proxies named in the environment are not used, since a proxy would resolve names itself.
"""

from __future__ import annotations

import http.client
import ipaddress
import re
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import quote, urljoin, urlsplit

from summarizer.errors import FetchFailed, FetchRefused
from summarizer.text.data import load
from summarizer.version import __version__

USER_AGENT = f"summarizer/{__version__} (news diff; reads single pages when a user asks)"

# What an article may come as; a page that says nothing is taken for HTML.
CONTENT_TYPES = frozenset({"text/html", "application/xhtml+xml", "text/plain", "text/markdown"})
SECONDS = 20.0  # for all of a page: names, redirects, headers and every byte
MEGABYTES = 10.0  # of a page, as sent and again as unpacked; a page of news has 0.1 to 3
MOST_REDIRECTS = 5

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_CONDITIONS = frozenset({"If-None-Match", "If-Modified-Since"})
_SAFE_PATH = "/%:@!$&'()*+,;=~-._"
_SAVE_IT = "Save the page in a browser and give the file."
_HINTS = {
    **dict.fromkeys((401, 402, 403, 451), _SAVE_IT),
    **dict.fromkeys((404, 410), "Check the address."),
    429: "Wait a while, or save the page in a browser and give the file.",
}

# How a member of a gzip file begins, and the window by which zlib reads one.
_GZIP_MEMBER, _GZIP_BITS = b"\x1f\x8b", 31
_FAILURES = (OSError, EOFError, ValueError, zlib.error, http.client.HTTPException)

# The list of special ranges is our own: what Python's ``ipaddress`` takes for public changes with
# its patch releases, and what may be fetched must not.
_NETWORKS = load("networks", __package__)
_RANGES = tuple(
    (ipaddress.ip_network(network), kind)
    for kind, networks in _NETWORKS["special"].items()
    for network in networks.split()
)
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
# Where a machine in a cloud gets its own passwords.
_METADATA_ADDRESSES = frozenset(map(ipaddress.ip_address, _NETWORKS["metadata"]))
_METADATA = "the metadata address of a cloud"


class Address(NamedTuple):
    """One address of a host: its family, and what ``socket.connect`` takes."""

    family: socket.AddressFamily
    endpoint: Any  # (host in digits, port), and two numbers more with IPv6


def resolve_host(host: str, port: int) -> Sequence[Address]:
    """Return the addresses of ``host``; raises socket.gaierror where it has none."""
    try:
        rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise socket.gaierror(str(error)) from error
    return tuple(Address(family, endpoint) for family, _, _, _, endpoint in rows)


def why_refused(address: str) -> str:
    """Return what kind of address this is if it is not one of the public network, else nothing."""
    try:
        ip: Any = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "which is no address"
    if ip in _NAT64:  # then, as in a mapped address, an IPv4 address is meant
        ip = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    ip = getattr(ip, "ipv4_mapped", None) or ip
    if ip in _METADATA_ADDRESSES:
        return _METADATA
    reserved = ip.version == 6 and ip not in _GLOBAL_UNICAST
    known = (kind for network, kind in _RANGES if ip in network)
    return next(known, "a reserved address" if reserved else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A page: the address it was found at in the end, its bytes, what its server says of it."""

    url: str
    data: bytes
    content_type: str
    charset: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)  # their names in lower case
    unchanged: bool = False  # answered 304 to a conditional request: there are no bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """How a page is asked for by who reads the same places again and again.

    Args:
        headers: Sent besides, such as ``If-None-Match``.
        content_types: What it may come as.
        gate: Entered with the address of each request, redirects too, and left after its answer;
            it may wait, which does not count as time, and may refuse by an error.
    """

    headers: Mapping[str, str] = field(default_factory=dict)
    content_types: frozenset[str] = CONTENT_TYPES
    gate: Callable[[str], AbstractContextManager[object]] = nullcontext


class _FetchTarget(NamedTuple):
    url: str
    scheme: str
    host: str
    port: int
    path: str


def fetch(
    url: str,
    *,
    allow_private: bool = False,
    seconds: float = SECONDS,
    resolve: Callable[[str, int], Sequence[Address]] = resolve_host,
    asking: Asking | None = None,
) -> Fetched:
    """Return the page at ``url``, an http or https address, within so many seconds.

    With ``allow_private`` also from private, loopback and link-local addresses. ``resolve`` looks
    up those of a host and port.

    Raises:
        FetchRefused: The address, one that it redirects to, or what is there may not be read.
        FetchFailed: No usable answer came within the limits.
    """
    asking = asking or Asking()
    left = seconds
    target = _parse_target(url)
    for _ in range(MOST_REDIRECTS + 1):
        with asking.gate(target.url):
            started = time.monotonic()
            request = _PageRequest(target, asking, resolve, allow_private)
            try:
                answer = request.answer_within(left)
            except _FAILURES as error:
                raise _translate_error(error, target, seconds) from error
            left -= time.monotonic() - started
        if isinstance(answer, Fetched):
            return answer
        try:
            target = _parse_target(urljoin(target.url, answer))
        except ValueError as error:
            raise FetchFailed(f"{target.url} redirects to no web address.", _SAVE_IT) from error
    hint = "Give the address that a browser shows in the end."
    raise FetchFailed(f"{url} redirects more than {MOST_REDIRECTS} times.", hint)


def _parse_target(url: str) -> _FetchTarget:
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
    return _FetchTarget(parts.geturl(), parts.scheme, host, port or default, path)


@dataclass(slots=True)
class _PageRequest:
    """One request, answered in a thread of its own, so that the whole of it has one limit on time.

    The limits of a socket and of the system's resolver are for each wait alone.
    """

    target: _FetchTarget
    asking: Asking
    resolve: Callable[[str, int], Sequence[Address]]
    allow_private: bool
    connected: socket.socket | None = None

    def answer_within(self, seconds: float) -> Fetched | str:
        """Return the page, or where the server redirects to; TimeoutError where it is late."""
        done: Future[Fetched | str] = Future()

        def answer() -> None:
            try:
                done.set_result(self._send_and_read(time.monotonic() + seconds))
            except Exception as error:  # it is raised where the answer is waited for
                done.set_exception(error)

        threading.Thread(target=answer, name="fetch", daemon=True).start()
        try:
            return done.result(max(0.0, seconds))
        finally:
            if self.connected is not None:
                with suppress(OSError):
                    self.connected.shutdown(socket.SHUT_RDWR)  # ends what the thread waits for

    def _send_and_read(self, deadline: float) -> Fetched | str:
        target = self.target
        connection = http.client.HTTPConnection(target.host, target.port)
        if target.scheme == "https":
            connection.default_port = 443  # else the Host header would name the port
        headers = {
            "User-Agent": USER_AGENT,
            "Accept": "text/html,application/xhtml+xml,text/plain;q=0.9,text/markdown;q=0.9",
            "Accept-Encoding": "gzip",
            "Connection": "close",
            **self.asking.headers,
        }
        with self._open_connection(deadline) as connection.sock:
            connection.request("GET", target.path, headers=headers)
            with connection.getresponse() as response:
                location = response.getheader("Location")
                if response.status in _REDIRECTS and location:
                    return location
                return self._read_response(response)

    def _open_connection(self, deadline: float) -> socket.socket:
        addresses = self.resolve(self.target.host, self.target.port)
        for address in addresses:
            self._check_address(str(address.endpoint[0]))
        failure: OSError = OSError("no address")
        for tried, address in enumerate(addresses):
            sock = self.connected = socket.socket(address.family, socket.SOCK_STREAM)
            try:
                # One address that swallows everything must leave time for the next.
                left = len(addresses) - tried
                sock.settimeout(max(0.001, deadline - time.monotonic()) / left)
                sock.connect(address.endpoint)
                if self.target.scheme == "https":
                    context = ssl.create_default_context()
                    with suppress(ImportError):
                        import certifi  # some Pythons come without any certificates

                        context.load_verify_locations(certifi.where())
                    sock = context.wrap_socket(sock, server_hostname=self.target.host)
                    self.connected = sock
                sock.settimeout(max(0.001, deadline - time.monotonic()))
                return sock
            except OSError as error:
                failure = error
                sock.close()
        raise failure

    def _check_address(self, ip: str) -> None:
        """Refuse an address that is not public.

        Only the hint has the address: the message may be shown in a chat, to people who are not to
        learn what is in the network of whoever runs this.
        """
        kind = why_refused(ip)
        leads, hint = f"{self.target.url} leads to {kind}, and is", f"Its address is {ip}."
        if kind == _METADATA:
            raise FetchRefused(f"{leads} never fetched.", hint)
        if kind and not self.allow_private:
            allow = "If you trust it, allow private addresses: the setting allow_private_urls."
            raise FetchRefused(f"{leads} not fetched.", f"{hint} {allow}")

    def _read_response(self, response: http.client.HTTPResponse) -> Fetched:
        url = self.target.url
        headers = {name.lower(): value for name, value in response.getheaders()}
        if response.status == 304 and _CONDITIONS & self.asking.headers.keys():
            return Fetched(url=url, data=b"", content_type="", headers=headers, unchanged=True)
        if response.status != 200:
            answer = f"{url} answered {response.status} {response.reason}".rstrip()
            failure = FetchFailed(f"{answer}.", _HINTS.get(response.status, "Try again later."))
            failure.status, failure.retry_after = response.status, headers.get("retry-after", "")
            raise failure
        stated = "content-type" in headers
        content_type = response.headers.get_content_type() if stated else "text/html"
        if content_type not in self.asking.content_types:
            reason = f"{url} is {content_type}, not a page of text."
            raise FetchRefused(reason, "Give the page of an article.")
        return Fetched(
            url=url,
            data=self._read_body(response),
            content_type=content_type,
            charset=response.headers.get_content_charset(),
            headers=headers,
        )

    def _read_body(self, response: http.client.HTTPResponse) -> bytes:
        url, cap = self.target.url, int(MEGABYTES * 1_000_000)
        coding = response.getheader("Content-Encoding", "").strip().lower()
        if coding not in {"", "identity", "gzip", "x-gzip"}:
            raise FetchFailed(f"{url} is packed in a way not asked for ({coding}).", _SAVE_IT)
        reason = f"{url} is larger than {MEGABYTES:g} MB."
        too_large = FetchFailed(reason, "Save its text and give the file.")
        if (response.length or 0) > cap:
            raise too_large
        data = response.read(cap + 1)
        if response.length:
            raise EOFError
        if "gzip" in coding and len(data) <= cap:
            data = _unpack_gzip(data, cap)
        if len(data) > cap:
            raise too_large
        return data


def _unpack_gzip(packed: bytes, cap: int) -> bytes:
    """Return the first ``cap`` bytes and one more; what follows the last member is padding."""
    data, goes_on = b"", True
    while goes_on:
        member = zlib.decompressobj(_GZIP_BITS)
        data += member.decompress(packed, cap + 1 - len(data))
        if not member.eof and len(data) <= cap:
            raise EOFError
        packed = member.unused_data
        goes_on = len(data) <= cap and packed.startswith(_GZIP_MEMBER)
    return data


def _translate_error(error: Exception, target: _FetchTarget, seconds: float) -> FetchFailed:
    url, hint = target.url, "Try again later."
    match error:
        case TimeoutError():
            reason = f"{url} did not answer in full within {seconds:g} seconds"
            hint = "Try again later, or save the page in a browser and give the file."
        case socket.gaierror():
            reason, hint = f"There is no host {target.host}", "Check the address and the network."
        case ssl.SSLError():
            why = getattr(error, "verify_message", "") or error.reason or "no secure connection"
            reason, hint = f"{url} cannot be trusted: {why.rstrip('.')}", _SAVE_IT
        case ConnectionRefusedError():
            reason, hint = f"{target.host} refuses connections", "Check the address."
        case EOFError() | http.client.IncompleteRead() | ConnectionError():
            reason = f"{url} broke off before its end"
        case zlib.error():
            reason = f"{url} could not be read: it is packed and damaged"
        case OSError():
            reason = f"{url} could not be read: {error.strerror or type(error).__name__}"
        case _:
            reason, hint = f"{url} could not be read: its server breaks the rules", _SAVE_IT
    return FetchFailed(f"{reason}.", hint)
