"""What the client of ``openai`` raises, as the errors a user can meet."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from summarizer.errors import ServerFailed, SummarizerError, TimedOut, Unreachable
from summarizer.llm.api_errors import (
    CHECK_ADDRESS,
    WAIT_LONGER,
    Complaint,
    meaning,
    plain,
    read,
)

if TYPE_CHECKING:
    import httpx2
    from openai import APIStatusError

SECRET_LENGTH = 6
"""Characters from which a header's value can be a secret; shorter ones are ordinary words."""

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


@contextmanager
def translated(model: str, endpoint: str) -> Iterator[None]:
    """Turn what the client raises inside the block into errors of ours.

    Anything else, such as a ``TypeError``, is a mistake in the program and stays as it is.

    Args:
        model: The model that is asked, for messages.
        endpoint: The server's address without credentials, for messages.

    Raises:
        ServiceError: The client raised.
    """
    import httpx2
    import openai

    known = (openai.OpenAIError, httpx2.HTTPError, json.JSONDecodeError, UnicodeError)
    try:
        yield
    except known as error:
        # Not with its cause, which holds the whole request: the key and the article.
        raise service_error(error, model=model, endpoint=endpoint) from None


def service_error(error: Exception, *, model: str, endpoint: str) -> SummarizerError:
    """Return what an error of the client means to a user."""
    import httpx2
    import openai

    if isinstance(error, openai.APIStatusError):
        return meaning(_complaint(error), model, endpoint)
    if isinstance(error, openai.APITimeoutError | httpx2.TimeoutException):
        return TimedOut(
            f"{endpoint} did not answer in time.",
            hint=WAIT_LONGER,
        )
    if isinstance(error, openai.APIConnectionError | httpx2.RequestError):
        return _unreachable(error, endpoint)
    if isinstance(error, openai.APIResponseValidationError | json.JSONDecodeError):
        return no_json(endpoint)
    return ServerFailed(
        f"{endpoint} could not be asked ({type(error).__name__}).",
        hint=CHECK_ADDRESS,
    )


def no_json(endpoint: str) -> ServerFailed:
    """Return the error for an answer whose body is no JSON object."""
    return ServerFailed(
        f"{endpoint} answered with something that is not its protocol's JSON.",
        hint=CHECK_ADDRESS,
    )


def answered_error(
    said: object, *, model: str, endpoint: str, secrets: tuple[str, ...] = ()
) -> SummarizerError:
    """Return what an error means that came in the body of an answer with status 200."""
    complaint = read(said, status=200, address=endpoint, secrets=secrets)
    status = next((int(n) for n in complaint.names if re.fullmatch("[45][0-9]{2}", n)), 500)
    if "rate_limit_exceeded" in complaint.names:
        status = 429
    return meaning(replace(complaint, status=status), model, endpoint)


def secrets(request: httpx2.Request) -> tuple[str, ...]:
    """Return what a request carried that must not be shown, the longest first."""
    found = {request.url.password}
    for name, value in request.headers.items():
        if name not in _PUBLIC_HEADERS and not name.startswith("x-stainless-"):
            found |= {value, value.rpartition(" ")[2]}
    return tuple(sorted((v for v in found if len(v) >= SECRET_LENGTH), key=len, reverse=True))


def _unreachable(error: Exception, endpoint: str) -> Unreachable:
    cause = error.__cause__ or error
    words = plain(str(cause)) or type(cause).__name__
    hint = "Check that the server runs and that base_url is its address."
    if "CERTIFICATE" in words:
        hint = "Set SSL_CERT_FILE to a file of the certificates that this machine trusts."
    return Unreachable(f"There is no connection to {endpoint}, or it broke: {words}", hint=hint)


def _complaint(error: APIStatusError) -> Complaint:
    """Return what a server said with an error status."""
    seconds = error.response.headers.get("retry-after", "")
    said = read(
        error.body,
        status=error.status_code,
        address=_shown(error.request.url),
        secrets=secrets(error.request),
    )
    if re.fullmatch("[0-9]{1,6}", seconds) and seconds.strip("0"):
        return replace(said, wait=f"; it asks to wait {seconds} seconds")
    return said


def _shown(url: httpx2.URL) -> str:
    """Return an address without credentials and query."""
    port = f":{url.port}" if url.port else ""
    return f"{url.scheme}://{url.host}{port}{url.path}"
