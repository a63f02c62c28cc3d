"""Asking a server and reading its answers, whichever API it speaks.

Nothing in an answer is believed before it was looked at.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from summarizer.llm.api_errors import plain
from summarizer.llm.reply import Outcome, Reply, TokenUse
from summarizer.llm.request import Request
from summarizer.llm.sdk_errors import answered_error, no_json, secrets, translated

if TYPE_CHECKING:
    from openai._legacy_response import LegacyAPIResponse

SEEN = 60
"""Characters of an answer that is no JSON that are told: enough to recognise it by."""

TOLD = 120
"""Characters of a reply's detail, at most."""

CHARACTERS_PER_TOKEN = 4.6
"""At most so many in running text: English with a vocabulary of 200,000. Other scripts have
down to one; counted too low, they are only found cut later than English would be."""

READ_SHARE = 0.6
"""A server that counted less than this share of a prompt did not read all of it: tokenizers
differ by far less, once the tokens are counted at the fewest there can be."""

MISSING_TOKENS = 500
"""… and this many tokens must be missing, so that a short prompt is no cause for alarm."""


def conversation(request: Request, mark: str) -> list[dict[str, str]]:
    """Return a request's messages as servers take them, with the fence's mark in its places.

    Half a character (a lone surrogate), which cannot be sent, becomes a question mark.
    """
    return [
        {
            "role": message.role,
            "content": message.content.encode("utf-8", "replace").decode("utf-8"),
        }
        for message in request.fenced(mark)
    ]


def sent(
    create: Callable[..., LegacyAPIResponse[Any]], body: Mapping[str, Any], *, endpoint: str
) -> dict[str, Any]:
    """Send a request's body and return the JSON object that came back.

    Args:
        create: A method of the client that returns the answer as it came.
        body: The arguments of that method, the model among them.
        endpoint: The server's address, for messages.

    Raises:
        ServiceError: The server could not be asked, or did not answer with a JSON object.
    """
    model = str(body.get("model", ""))
    with translated(model, endpoint):
        response = create(**body).http_response
    try:
        answer = json.loads(response.content)
    except (ValueError, RecursionError):
        raise no_json(endpoint) from None
    if not isinstance(answer, dict):
        raise no_json(endpoint)
    if answer.get("error"):
        raise answered_error(
            answer["error"], model=model, endpoint=endpoint, secrets=secrets(response.request)
        )
    return answer


def settled(text: str, *, model: str, tokens: TokenUse) -> Reply:
    """Return the reply to a request whose answer has ended: complete, or invalid."""
    try:
        value = json_object(text)
    except ValueError as problem:
        detail = plain(str(problem), TOLD)
        return Reply(outcome=Outcome.INVALID, text=text, detail=detail, model=model, tokens=tokens)
    return Reply(outcome=Outcome.COMPLETE, value=value, text=text, model=model, tokens=tokens)


def json_object(text: str) -> dict[str, Any]:
    """Return the JSON object that a model wrote, also within a Markdown fence or after thoughts.

    Raises:
        ValueError: There is none; the message says what is there instead.
    """
    written = _bare(text)
    if not written:
        raise ValueError("the answer is empty")
    try:
        value = json.loads(written, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise ValueError(f"no JSON, but: {plain(written, SEEN)}") from None
    if not isinstance(value, dict):
        raise ValueError(f"no JSON object, but: {plain(written, SEEN)}")
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        raise ValueError("the JSON holds half a character (a lone surrogate)") from None
    return value


def token_use(usage: object, *, into: str, out: str) -> TokenUse:
    """Return the tokens that an answer's ``usage`` counts; what is missing counts as none.

    Args:
        usage: As it came.
        into: The name of the prompt's tokens, which is that of their details, too.
        out: The name of the answer's tokens.
    """
    if not isinstance(usage, dict):
        return TokenUse()
    details = usage.get(f"{into}_details")
    cached = details.get("cached_tokens") if isinstance(details, dict) else 0
    return TokenUse(
        input=_count(usage.get(into)), cached_input=_count(cached), output=_count(usage.get(out))
    )


def unless_cut(reply: Reply, texts: Sequence[str]) -> Reply:
    """Return a reply, or that the server read only a part of the prompt.

    Some servers drop what does not fit their context and answer all the same.

    Args:
        reply: What the server answered.
        texts: All the text of the prompt.
    """
    if reply.outcome not in {Outcome.COMPLETE, Outcome.INVALID} or not reply.tokens.input:
        return reply
    expected = sum(map(len, texts)) / CHARACTERS_PER_TOKEN
    # Some servers leave the cached tokens out of the count.
    read = reply.tokens.input + reply.tokens.cached_input
    if read >= READ_SHARE * expected or expected - read <= MISSING_TOKENS:
        return reply
    return replace(
        reply,
        outcome=Outcome.TRUNCATED,
        value=None,
        detail=f"the server read only {read} of about {expected:.0f} tokens",
    )


def _bare(text: str) -> str:
    """Return a model's JSON without what models like to put around it."""
    text = text.strip()
    if not text.startswith(("{", "```")) and "</think>" in text:
        text = text.partition("</think>")[2].strip()
    if not text.startswith("{") and "```" in text:
        inner = text[text.index("```") + 3 : text.rindex("```")]
        text = inner.partition("\n")[2].strip() or text
    return text


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no JSON")


def _count(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0
