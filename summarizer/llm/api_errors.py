"""What a server says when it declines a request, and what that means to a user.

A message is one line. It quotes the server's own words, cut short, without control
characters, secrets, or the request's own text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

from summarizer.errors import (
    ModelMissing,
    NotAuthorized,
    PromptTooLong,
    QuotaExhausted,
    RateLimited,
    RequestRejected,
    ServerFailed,
    ServiceError,
    TimedOut,
)

QUOTA_CODES = frozenset({"insufficient_quota", "billing_not_active", "billing_hard_limit_reached"})
"""What OpenAI calls an account without credit. It answers 429 then, as to too many requests."""

QUOTED = 200
"""Characters of a server's own message that are shown, at most: enough for a sentence or two."""

SCANNED = 10_000
"""Characters of it that are read: what it means stands near its beginning."""

TRY_LATER = "Lower --jobs, or try again later."
WAIT_LONGER = "Raise the setting timeout, or lower --jobs."
RUN_DOCTOR = "Run `summarize doctor` to see what the server offers."
CHECK_ADDRESS = "Check base_url, which mostly ends in /v1. " + RUN_DOCTOR

_KEY = re.compile(r"\bsk-[\w*.-]{3,}")
_ECHO = re.compile(r"""["']input["']\s*:""")  # where a validator begins to repeat the request
_TITLE = re.compile(r"(?is)<title>(.{0,200}?)</title>")
_LENGTH_CODES = frozenset({"context_length_exceeded", "exceed_context_size_error"})
_LENGTH_WORDS = re.compile(
    r"(?i)context (?:length|window|size)|prompt is too long|too many (?:input )?tokens"
)
_NO_MODEL = re.compile(
    r"(?i)\bmodel\b.{0,200}\b(?:not found|does not exist|not exist)|no such model"
    r"|not a valid model|(?:unknown|invalid) model"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """What a server said when it declined: the HTTP status and the words of the body."""

    status: int
    names: frozenset[str] = frozenset()
    param: str = ""
    message: str = ""
    address: str = ""
    wait: str = ""


@dataclass(frozen=True, slots=True)
class _Rule:
    """What a complaint means; in ``happened`` and ``hint`` its particulars are filled in."""

    applies: Callable[[Complaint], bool]
    error: type[ServiceError]
    happened: str
    hint: str


def _is_model_missing(complaint: Complaint) -> bool:
    said = complaint.status in {400, 404} and _NO_MODEL.search(complaint.message)
    return "model_not_found" in complaint.names or bool(said)


def _is_too_long(complaint: Complaint) -> bool:
    if complaint.status == 413:
        return True
    if complaint.status not in {400, 422, 500}:
        return False
    named = not _LENGTH_CODES.isdisjoint(complaint.names)
    return named or _LENGTH_WORDS.search(complaint.message) is not None


_RULES = (
    _Rule(
        lambda c: c.status == 402 or not QUOTA_CODES.isdisjoint(c.names),
        QuotaExhausted,
        "The account at {endpoint} has no credit left",
        "Add credit, or set OPENAI_API_KEY to the key of another account.",
    ),
    _Rule(
        _is_model_missing,
        ModelMissing,
        "{endpoint} has no model {model!r}",
        "Choose another with --model. " + RUN_DOCTOR,
    ),
    _Rule(
        lambda c: c.status == 401,
        NotAuthorized,
        "{endpoint} does not accept the key",
        "Set OPENAI_API_KEY to a key that is valid there.",
    ),
    _Rule(
        lambda c: c.status == 403,
        NotAuthorized,
        "{endpoint} does not allow this request",
        "Check what the key in OPENAI_API_KEY may do.",
    ),
    _Rule(
        _is_too_long,
        PromptTooLong,
        "The prompt is longer than the model {model!r} can read",
        "Lower the setting chunk_tokens, or give the server a longer context.",
    ),
    _Rule(
        lambda c: c.status in {404, 405, 501},
        RequestRejected,
        "There is nothing at {address}",
        CHECK_ADDRESS,
    ),
    _Rule(
        lambda c: 300 <= c.status < 400,
        RequestRejected,
        "{address} sends elsewhere, which is not followed",
        "Set base_url to the address it sends to.",
    ),
    _Rule(
        lambda c: c.status == 408,
        TimedOut,
        "{endpoint} did not answer in time",
        WAIT_LONGER,
    ),
    _Rule(
        lambda c: c.status == 429,
        RateLimited,
        "{endpoint} takes no more requests for now{wait}",
        TRY_LATER,
    ),
    _Rule(
        lambda c: c.status >= 500,
        ServerFailed,
        "{endpoint} failed with status {status}",
        TRY_LATER,
    ),
    _Rule(
        lambda c: bool(c.param),
        RequestRejected,
        "{endpoint} does not take the request because of {param}",
        "Unset or change that setting. " + RUN_DOCTOR,
    ),
    _Rule(
        lambda c: True,
        RequestRejected,
        "{endpoint} does not take the request (status {status})",
        RUN_DOCTOR,
    ),
)
"""The first rule that applies is the meaning of a complaint; the last one always does."""


def meaning(complaint: Complaint, model: str, endpoint: str) -> ServiceError:
    """Return what a complaint means to a user."""
    rule = next(rule for rule in _RULES if rule.applies(complaint))
    happened = rule.happened.format(
        endpoint=endpoint,
        model=model,
        status=complaint.status,
        address=complaint.address or endpoint,
        param=complaint.param,
        wait=complaint.wait,
    )
    words = plain(complaint.message)
    return rule.error(f"{happened}: “{words}”" if words else f"{happened}.", hint=rule.hint)


def read(said: object, *, status: int, address: str, secrets: tuple[str, ...]) -> Complaint:
    """Return the complaint in an error's JSON, whichever of the usual forms it has."""
    if not isinstance(said, dict):
        return Complaint(
            status=status,
            message=_words(said if said is not None else "", secrets),
            address=address,
        )
    message = next((said[key] for key in ("message", "detail", "error") if said.get(key)), "")
    param = said.get("param")
    return Complaint(
        status=status,
        names=frozenset(str(said[key]) for key in ("code", "type") if said.get(key)),
        param=plain(param, 40) if isinstance(param, str) else "",
        message=_words(message, secrets),
        address=address,
    )


def _words(said: object, secrets: tuple[str, ...]) -> str:
    """Return a server's words without secrets, the request's own text, or a page's markup."""
    text = said if isinstance(said, str) else json.dumps(said, ensure_ascii=False)
    for secret in secrets:
        text = text.replace(secret, "…")
    text = _KEY.sub("…", text)
    if text.lstrip().startswith("<"):
        title = _TITLE.search(text)
        return title[1] if title else ""
    echo = _ECHO.search(text)
    return text[: min(echo.start(), SCANNED) if echo else SCANNED]


def plain(text: str, limit: int = QUOTED) -> str:
    """Return a text on one line, without control characters, of ``limit`` characters at most."""
    line = " ".join(text.split())
    line = "".join(character for character in line if character.isprintable())
    return line if len(line) <= limit else line[: limit - 1] + "…"
