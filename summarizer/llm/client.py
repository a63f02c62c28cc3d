"""The client of ``openai``: where it sends, with which key, and what it does not send twice."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, parse_qsl, urlsplit, urlunsplit

from summarizer.errors import NotAuthorized, UsageError
from summarizer.llm.api_errors import QUOTA_CODES
from summarizer.settings import Settings

if TYPE_CHECKING:
    import httpx2
    from openai import OpenAI

OPENAI_URL = "https://api.openai.com/v1"
"""Where requests go when nobody says otherwise."""

NO_KEY = "none"
"""Sent as the key to a server of the user's own when no key is set: such servers need none,
and the client does not start without one."""

CONNECT_SECONDS = 10.0
"""Longest wait for a connection: a host that is there answers well within it, and the time
limit of an answer is far too long for noticing that it is not."""

_DEFAULT_PORTS = {"http": 80, "https": 443}
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")  # a "token" of RFC 9110
_KEY_HEADERS = frozenset({"authorization", "api-key", "x-api-key"})


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A server's address in one spelling, without credentials: for cache keys and screens."""

    base_url: str

    @classmethod
    def of(cls, address: str) -> Endpoint:
        """Return the endpoint of an address.

        Raises:
            UsageError: It is not an address of a server.
        """
        parts, port = _split(address)
        host = parts.hostname or ""
        shown = f"[{host}]" if ":" in host else host
        if port is not None and port != _DEFAULT_PORTS[parts.scheme]:
            shown = f"{shown}:{port}"
        return cls(urlunsplit((parts.scheme, shown, parts.path.rstrip("/"), "", "")))

    @property
    def is_openai(self) -> bool:
        """Whether it is OpenAI's own, in whatever region."""
        host = urlsplit(self.base_url).hostname or ""
        return host == "api.openai.com" or host.endswith(".api.openai.com")


def endpoint_of(settings: Settings, env: Mapping[str, str]) -> Endpoint:
    """Return where requests go.

    Raises:
        UsageError: What is set is not an address of a server.
    """
    return Endpoint.of(_address(settings, env))


def open_client(settings: Settings, env: Mapping[str, str]) -> OpenAI:
    """Return a client for the server that is set; whoever opens it closes it.

    It sends a request again as ``settings.retries`` says, but not where the account has no
    credit left, and follows no redirection, which would take headers and articles to
    another host.

    Raises:
        UsageError: The address, a header, or a proxy of the environment cannot be.
        NotAuthorized: No key is set, and the server is OpenAI's.
    """
    address = _address(settings, env)
    endpoint = Endpoint.of(address)
    headers = parse_headers(settings.headers)
    own_key = not _KEY_HEADERS.isdisjoint(name.lower() for name in headers)
    key = _key(endpoint, env, own_key=own_key)
    # Some servers try the placeholder first, and refuse it.
    spare = [_without_authorization] if key == NO_KEY and own_key else []
    query = dict(parse_qsl(urlsplit(address).query, keep_blank_values=True))
    from openai import OpenAI, Timeout

    return OpenAI(
        api_key=key,
        base_url=urlsplit(address)._replace(query="", fragment="").geturl(),
        default_headers=headers,
        default_query=query,
        timeout=Timeout(settings.timeout, connect=min(CONNECT_SECONDS, settings.timeout)),
        max_retries=settings.retries,
        http_client=_transport(spare),
    )


def parse_headers(text: str) -> dict[str, str]:
    """Return the headers that "Name: value; Name: value" says.

    Raises:
        UsageError: It says something else. The message does not show the value, which may
            be a key.
    """
    headers: dict[str, str] = {}
    for number, piece in enumerate(text.split(";"), start=1):
        if not piece.strip():
            continue
        name, colon, value = (part.strip() for part in piece.partition(":"))
        if not colon or not _HEADER_NAME.fullmatch(name) or not _is_plain(value):
            raise UsageError(
                f"Header {number} of the setting headers is not a name and a value.",
                hint='Write "Name: value; Name: value"; a value holds no semicolon.',
            )
        headers[name] = value
    return headers


def _address(settings: Settings, env: Mapping[str, str]) -> str:
    return (settings.base_url or env.get("OPENAI_BASE_URL") or OPENAI_URL).strip()


def _split(address: str) -> tuple[SplitResult, int | None]:
    """Return an address in its parts, and its port."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname or not _is_word(address):
        # Without what may be a password in it.
        shown = parts.hostname or address.rpartition("@")[2].partition("?")[0]
        raise UsageError(
            f"The address of the server cannot be: {shown!r}.",
            hint="base_url (or OPENAI_BASE_URL) looks like http://127.0.0.1:8080/v1.",
        )
    return parts, port


def _key(endpoint: Endpoint, env: Mapping[str, str], *, own_key: bool) -> str:
    key = env.get("OPENAI_API_KEY", "").strip()
    if not key:
        if endpoint.is_openai and not own_key:
            raise NotAuthorized(
                "No key is set for OpenAI.",
                hint="Set OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own.",
            )
        return NO_KEY
    if not _is_word(key):
        raise NotAuthorized(
            "OPENAI_API_KEY holds characters that no key has.",
            hint="Copy the key again, without quotes, spaces or line breaks.",
        )
    return key


def _is_plain(text: str) -> bool:
    """Return whether a text is printable ASCII, as the values of headers are."""
    return text.isascii() and text.isprintable()


def _is_word(text: str) -> bool:
    return _is_plain(text) and " " not in text


def _transport(on_request: Sequence[Callable[[httpx2.Request], None]]) -> httpx2.Client:
    from openai import DefaultHttpxClient

    try:
        return DefaultHttpxClient(
            follow_redirects=False,
            event_hooks={"request": list(on_request), "response": [_spare_retries]},
        )
    except (ImportError, OSError, ValueError) as problem:
        # Proxies and certificates are looked up in the environment as soon as it is made.
        raise UsageError(
            f"The network as the environment describes it cannot be used: {problem}.",
            hint="Check HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, SSL_CERT_FILE and SSL_CERT_DIR.",
        ) from None


def _without_authorization(request: httpx2.Request) -> None:
    """Take the placeholder for a key off a request; a header that the user set stays."""
    if request.headers.get("authorization") == f"Bearer {NO_KEY}":
        del request.headers["authorization"]


def _spare_retries(response: httpx2.Response) -> None:
    """Tell the client not to send again what will fail again.

    The client obeys the header, and would otherwise retry every 429 and every 5xx.
    """
    if response.status_code == 501 or (response.status_code == 429 and _is_quota(response.read())):
        response.headers["x-should-retry"] = "false"


def _is_quota(body: bytes) -> bool:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return False
    error = answer.get("error", answer) if isinstance(answer, dict) else None
    if not isinstance(error, dict):
        return False
    return not QUOTA_CODES.isdisjoint({str(error.get("code")), str(error.get("type"))})
