"""Asks once more, with the error, where an answer is of no use or leaves something out."""

from __future__ import annotations

import json
from dataclasses import replace

from summarizer.errors import BudgetReached, ServiceError
from summarizer.llm.reply import Chat, Outcome, Reply
from summarizer.llm.request import Message, Request

WRITTEN_SHOWN = 2_000
"""Characters of its own answer that a model is shown again: enough to see the shape it had. A
model that repeated itself to the limit would otherwise double the prompt."""

PROBLEM_SHOWN = 500
"""Characters of the error that a model is told."""

ONCE_MORE = (
    "Your answer could not be used: {problem}\n"
    "Answer again, with the JSON of the schema only, complete, and nothing before or after it."
)


class ReaskingChat:
    """Checks complete answers against their shape, and asks once more for those that fail.

    So it does for those of the right shape that leave something out of what was asked; where
    the second one is no better, the first is used as far as it goes.

    It stands inside the cache, so that only what passed is stored, and stored for the
    request as it was first asked; and outside of what counts money, so that both attempts
    are paid for. An answer that was refused, cut short or filtered is passed on as it is:
    asking again in other words does not change it.

    Args:
        inner: Who is asked.
    """

    def __init__(self, inner: Chat) -> None:
        self._inner = inner

    def ask(self, request: Request) -> Reply:
        """Ask, and once more if the answer is invalid or lacks something.

        The second answer counts, unless only the first can be used.

        Raises:
            ServiceError: The server gave no answer that can be used at all.
            BudgetReached: The cap on cost does not allow an answer that can be used.
        """
        first = _checked(request, self._inner.ask(request))
        if first.outcome is not Outcome.INVALID and not first.lacks:
            return first
        try:
            second = _checked(request, self._inner.ask(_once_more(request, first)))
        except (ServiceError, BudgetReached):
            if first.lacks:
                return first
            raise
        return replace(
            _better(first, second),
            tokens=first.tokens + second.tokens,
            calls=first.calls + second.calls,
        )


def _better(first: Reply, second: Reply) -> Reply:
    """Return the second reply, unless only the first can be used."""
    if first.lacks and second.outcome is not Outcome.COMPLETE:
        return first
    if second.outcome is Outcome.INVALID:
        return replace(second, detail=f"{second.detail} (asked twice)".strip())
    return second


def _checked(request: Request, reply: Reply) -> Reply:
    """Return a reply with what it lacks, or as invalid where it is not what was asked for."""
    if reply.outcome is not Outcome.COMPLETE:
        return reply
    text = reply.text or json.dumps(reply.value, ensure_ascii=False)
    try:
        lacks = _lacks(request, reply.value)
    except ValueError as problem:
        return replace(reply, outcome=Outcome.INVALID, value=None, text=text, detail=str(problem))
    lacks = "; ".join(filter(None, (reply.lacks, lacks)))
    return replace(reply, text=text, lacks=lacks) if lacks else reply


def _lacks(request: Request, value: object) -> str:
    """Return what an answer leaves out, "" if nothing.

    Raises:
        ValueError: It is not of the shape that was asked for.
    """
    found = request.check(value)
    return request.lacking(found) if request.lacking else ""


def _once_more(request: Request, reply: Reply) -> Request:
    """Return the request that follows an invalid answer.

    Typed questions are asked as they were: there is nobody to talk to.
    """
    if request.questions:
        return request
    told = reply.lacks or reply.detail
    problem = _sendable(" ".join(told.split()), PROBLEM_SHOWN) or "it is not JSON."
    return request.followed_by(
        [
            Message("assistant", _sendable(reply.text, WRITTEN_SHOWN) or "(nothing)"),
            Message("user", ONCE_MORE.format(problem=problem)),
        ]
    )


def _sendable(text: str, limit: int) -> str:
    """Return a text cut to a length, without what cannot be encoded (JSON may escape it)."""
    cut = text.strip()[:limit]
    return cut.encode("utf-8", "replace").decode("utf-8")
