"""The client of ``openai``: where it sends, with which key, and what it does not send twice."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit, urlunsplit
from urllib.request import getproxies, proxy_bypass

from summarizer.errors import NotAuthorized, UsageError
from summarizer.llm.api_errors import Redactor, kind_of, read_error, reveal_status
from summarizer.settings import Settings

if TYPE_CHECKING:
    import httpx2
    from openai import OpenAI

OPENAI_URL = "https://api.openai.com/v1"  # where requests go when nobody says otherwise
CONNECT_SECONDS = 10.0  # a host that is there answers well within them; an answer takes far longer
PROBE_FAILURES = 3  # answers with status 500 after which a server that is probed is left alone
LOADING_SECONDS = 10  # to wait for a server that loads its model and does not say how long
NO_KEY = "none"  # sent where no key is set: the client does not start without one
_LOADING = re.compile(rb"(?i)loading|starting|warming|not ready|initiali[sz]ing")
_DEFAULT_PORTS = {"http": 80, "https": 443}
_PLUGIN = re.compile(r"(?!https?:)([a-z][a-z0-9-]*):[a-z]*")
_VISIBLE = re.compile(r"[!-~]*")  # ASCII without spaces
_HEADER = re.compile(r"([\w!#$%&'*+.^`|~-]+)\s*:\s*([ -~]*)", re.ASCII)  # RFC 9110
_KEY_HEADERS = {"authorization", "api-key", "x-api-key"}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A server's address in one spelling, without credentials: for cache keys and screens."""

    base_url: str

    @classmethod
    def of(cls, address: str) -> Endpoint:
        """Return the endpoint of an address or of a plug-in (``llm:``); a UsageError for others."""
        if plugin := _PLUGIN.fullmatch(address):
            return cls(f"{plugin[1]}:")
        parts, port = urlsplit(""), None
        with suppress(ValueError):
            port = urlsplit(address).port
            parts = urlsplit(address)
        host = parts.hostname or ""
        if parts.scheme not in _DEFAULT_PORTS or not host or not _VISIBLE.fullmatch(address):
            # Without what may be a password or a key in it.
            shown = re.split(r"[/?#;\s]", address.rpartition("://")[2].rpartition("@")[2])[0]
            raise UsageError(
                f"The address of the server cannot be: {shown!r}.",
                hint="base_url (or OPENAI_BASE_URL) looks like http://127.0.0.1:8080/v1.",
            )
        shown = f"[{host}]" if ":" in host else host
        if port is not None and port != _DEFAULT_PORTS[parts.scheme]:
            shown = f"{shown}:{port}"
        return cls(urlunsplit((parts.scheme, shown, parts.path.rstrip("/"), "", "")))

    @property
    def plugin(self) -> str:
        """The name of the plug-in that answers; "" where a server does."""
        return "" if "/" in self.base_url else self.base_url.removesuffix(":")

    @property
    def host(self) -> str:
        """The server's name and port: all of its address that a report shows."""
        return self.plugin or urlsplit(self.base_url).netloc

    @property
    def is_loopback(self) -> bool:
        """Whether it is on this machine, where no proxy leads to it."""
        host = urlsplit(self.base_url).hostname or ""
        with suppress(ValueError):
            return ip_address(host).is_loopback or ip_address(host).is_unspecified
        return host == "localhost" or host.endswith(".localhost")

    @property
    def proxy(self) -> str:
        """The name and port of the proxy that leads to it, "" for none."""
        parts = urlsplit(self.base_url)
        if self.is_loopback or proxy_bypass(parts.netloc):
            return ""
        proxies = getproxies()
        address = proxies.get(parts.scheme) or proxies.get("all") or ""
        return address.rpartition("://")[2].rpartition("@")[2].partition("/")[0]

    @property
    def is_openai(self) -> bool:
        """Whether it is OpenAI's own, in whatever region."""
        host = urlsplit(self.base_url).hostname or ""
        return host == "api.openai.com" or host.endswith(".api.openai.com")


def endpoint_of(settings: Settings, env: Mapping[str, str]) -> Endpoint:
    """Return where requests go; a UsageError where what is set is no address."""
    return Endpoint.of(_address_of(settings, env))


@dataclass(slots=True)
class RetryRules:
    """Tells the client of ``openai`` what to send again: it obeys the headers of an answer."""

    probing: bool = False  # whether it is found out what the server does
    _failures: int = 0

    def __call__(self, response: httpx2.Response) -> None:
        """Look at an answer before the client does."""
        response.read()
        reveal_status(response)
        if response.status_code < 400:
            return
        kind = kind_of(read_error(response, Redactor()))
        retry = kind.retry
        if kind.name == "failed" and self.probing:
            # A path that failed is left: there may be another.
            self._failures += 1
            if self._failures >= PROBE_FAILURES or response.url.path.endswith("/responses"):
                retry = False
        if retry is not None:
            response.headers["x-should-retry"] = str(retry).lower()
        elif response.status_code >= 500 and _LOADING.search(response.content):
            response.headers.setdefault("retry-after", str(LOADING_SECONDS))


def open_client(
    settings: Settings, env: Mapping[str, str], rules: RetryRules | None = None
) -> OpenAI:
    """Return a client for the server that is set; whoever opens it closes it.

    It follows no redirection, which would take headers and articles to another host. An address, a
    header or a proxy that cannot be is a UsageError, OpenAI without a key a NotAuthorized.
    """
    address = _address_of(settings, env)
    endpoint, url = Endpoint.of(address), urlsplit(address)
    headers = parse_headers(settings.headers)
    has_own = not _KEY_HEADERS.isdisjoint(name.lower() for name in headers)
    key = _key_of(endpoint, env, has_own=has_own)
    from openai import OpenAI, Timeout

    return OpenAI(
        api_key=key,
        base_url=url._replace(query="", fragment="").geturl(),
        default_headers=headers,
        default_query=dict(parse_qsl(url.query, keep_blank_values=True)),
        timeout=Timeout(settings.timeout, connect=min(CONNECT_SECONDS, settings.timeout)),
        max_retries=settings.retries,
        # Some servers try the placeholder for a key first, and refuse it.
        http_client=_open_transport(endpoint, rules or RetryRules(), spare=has_own),
    )


def parse_headers(text: str) -> dict[str, str]:
    """Return the headers that "Name: value; Name: value" says; a UsageError that shows none."""
    headers: dict[str, str] = {}
    for number, piece in enumerate(map(str.strip, text.split(";")), start=1):
        if header := _HEADER.fullmatch(piece):
            headers[header[1]] = header[2]
        elif piece:
            raise UsageError(
                f"Header {number} of the setting headers is not a name and a value.",
                hint='Write "Name: value; Name: value"; a value holds no semicolon.',
            )
    return headers


def _address_of(settings: Settings, env: Mapping[str, str]) -> str:
    return (settings.base_url or env.get("OPENAI_BASE_URL") or OPENAI_URL).strip()


def _key_of(endpoint: Endpoint, env: Mapping[str, str], *, has_own: bool) -> str:
    key = env.get("OPENAI_API_KEY", "").strip()
    if not key and endpoint.is_openai and not has_own:
        raise NotAuthorized(
            "No key is set for OpenAI.",
            hint="Set OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own.",
        )
    if not _VISIBLE.fullmatch(key):
        raise NotAuthorized(
            "OPENAI_API_KEY holds characters that no key has.",
            hint="Copy the key again, without quotes, spaces or line breaks.",
        )
    return key or NO_KEY


def _open_transport(endpoint: Endpoint, rules: RetryRules, *, spare: bool) -> httpx2.Client:
    from openai import DefaultHttpxClient

    try:
        return DefaultHttpxClient(
            follow_redirects=False,
            mounts={f"all://{endpoint.host}": None} if endpoint.is_loopback else {},
            # Proxies that cannot be used do not matter where none is used.
            trust_env=not (endpoint.is_loopback and endpoint.base_url.startswith("http:")),
            event_hooks={"request": [_drop_placeholder] * spare, "response": [rules]},
        )
    except (ImportError, OSError, ValueError):
        # Proxies and certificates are looked up in the environment as soon as it is made. What
        # is wrong with them is not shown: a proxy's address may hold a password.
        raise UsageError(
            "The network as the environment describes it cannot be used.",
            hint="Check HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, SSL_CERT_FILE and SSL_CERT_DIR.",
        ) from None


def _drop_placeholder(request: httpx2.Request) -> None:
    """Take the placeholder for a key off a request; a header that the user set stays."""
    if request.headers.get("authorization") == f"Bearer {NO_KEY}":
        del request.headers["authorization"]
