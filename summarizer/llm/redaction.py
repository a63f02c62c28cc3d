"""Secrets that a request carries, and texts without them: nothing else may show what came back.

A server may repeat what it was sent: its address with a password or a key in the query, its
headers, in any case. What it says goes through here before anybody reads it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote, quote_plus, unquote

if TYPE_CHECKING:
    import httpx2

HIDDEN = "…"
"""Stands for what may be a secret."""

SHORTEST = 4
"""Characters from which a value of an address can be a secret; headers' are longer."""

SHORTEST_HEADER = 6
"""Characters from which a header's value can be a secret; shorter ones are ordinary words."""

_WORD = re.compile(r"[a-z]{1,7}|\d{1,4}")
"""What is not looked for in what a model wrote, since it may be a word of the article."""

_KEY = re.compile(r"(?i)\bsk-[\w*.-]{3,}")
_VERSION = re.compile(r"v?[\d.]+|\d{4}-\d\d-\d\d(-preview)?|(?i:true|false|latest|preview)")
_PUBLIC_HEADERS = frozenset(
    {
        "accept",
        "accept-encoding",
        "connection",
        "content-length",
        "content-type",
        "host",
        "user-agent",
    }
)


class Redactor:
    """Takes secrets out of texts, in whatever case and encoding they are.

    Args:
        secrets: The secrets, as they are.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        forms = {form for secret in secrets for form in _forms(secret)}
        self._everywhere = _pattern(forms)
        self._in_answers = _pattern(form for form in forms if not _WORD.fullmatch(form))

    @classmethod
    def of(cls, request: httpx2.Request) -> Redactor:
        """Return what hides the secrets of a request: of its address and of its headers."""
        url = request.url
        secrets = {value for _, value in parse_qsl(url.query.decode("ascii", "replace"))}
        secrets = {value for value in secrets if not _VERSION.fullmatch(value)}
        secrets |= {url.username, url.password}
        secrets = {value for value in secrets if len(value) >= SHORTEST}
        for name, value in request.headers.items():
            if name not in _PUBLIC_HEADERS and not name.startswith("x-stainless-"):
                parts = {value, value.rpartition(" ")[2]}
                secrets |= {part for part in parts if len(part) >= SHORTEST_HEADER}
        return cls(secrets)

    def text(self, text: str) -> str:
        """Return a server's words without secrets."""
        return _KEY.sub(HIDDEN, self._everywhere.sub(HIDDEN, text))

    def answer(self, value: Any) -> Any:
        """Return a JSON value of an answer without secrets, in all its texts and names."""
        if isinstance(value, str):
            return self._in_answers.sub(HIDDEN, value)
        if isinstance(value, list):
            return [self.answer(item) for item in value]
        if isinstance(value, dict):
            return {self.answer(name): self.answer(item) for name, item in value.items()}
        return value


def _forms(secret: str) -> set[str]:
    plain = unquote(secret)
    forms = {secret, plain, quote(plain, safe=""), quote(plain), quote_plus(plain)}
    return {form for form in forms if form}


def _pattern(forms: Iterable[str]) -> re.Pattern[str]:
    ordered = sorted(forms, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, ordered)) or r"(?!)", re.IGNORECASE)
