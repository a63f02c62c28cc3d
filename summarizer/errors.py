"""Every error a user can meet.

Each carries a ``hint``: the one thing to do next. The command line prints both and leaves with
``exit_code``; no traceback reaches a user.
"""

from __future__ import annotations

from typing import ClassVar


class SummarizerError(Exception):
    """Anything that went wrong and that a user can do something about.

    Args:
        message: What happened, in one sentence, naming the thing it happened to.
        hint: What to do next, in one sentence; may be empty.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(SummarizerError):
    """The command was called in a way that cannot work."""

    exit_code = 2


class InputError(SummarizerError):
    """No usable input."""

    exit_code = 3


class UnreadableSource(InputError):
    """A file, folder or stream cannot be read."""


class UnusableText(InputError):
    """What was read holds no article: empty, binary, a paywall stub, a cookie wall."""


class CannotWrite(InputError):
    """There is no room for a file, or it may not be written."""


class FetchRefused(InputError):
    """A URL that must not be fetched: private address, wrong scheme, wrong content type."""


class FetchFailed(InputError):
    """A URL that did not answer as hoped: too slow, too large, redirected too often, an error.

    ``status`` is that of the answer, 0 where none came; ``retry_after`` its header, "" without.
    """

    status: int = 0
    retry_after: str = ""


class ServiceError(SummarizerError):
    """The model or its server failed.

    ``hopeless`` is true where every other request of the run would fail alike, so that the
    run stops asking. ``kind`` names the row of the table of errors that it is, "" for none, and
    ``answer`` is what the server said.
    """

    exit_code = 4
    hopeless: ClassVar[bool] = False
    kind: str = ""
    answer: object = None


class NotAuthorized(ServiceError):
    """The key is missing, wrong, or may not do this."""

    hopeless = True


class ModelMissing(ServiceError):
    """The server has no model of that name."""

    hopeless = True


class QuotaExhausted(ServiceError):
    """The account has no credit left: waiting does not help."""

    hopeless = True


class RateLimited(ServiceError):
    """Too many requests, also after waiting as the server asked."""


class ServerFailed(ServiceError):
    """The server answered with an error of its own, also when asked again."""


class Unreachable(ServiceError):
    """No connection to the server, or one that broke, also when tried again."""


class TimedOut(ServiceError):
    """No answer in time."""


class RequestRejected(ServiceError):
    """The server does not take the request as it is."""


class PromptTooLong(RequestRejected):
    """The prompt is longer than the model can read."""


class AnswerUnusable(ServiceError):
    """The model answered, but refused, or wrote no JSON of the shape asked for."""


class AnswerTruncated(AnswerUnusable):
    """The answer was longer than the model may write, or the prompt was cut."""


class AnswerIncomplete(AnswerUnusable):
    """The answer left out, or declined, some of what it was asked; the rest of it is used."""


class NotRecorded(ServiceError):
    """Nothing may be sent, and the answer is neither in the cache nor among the recordings."""


class SlackFailed(SummarizerError):
    """Slack could not be reached, or does not let us do what is needed."""

    exit_code = 4


class BudgetReached(SummarizerError):
    """The next request would pass the cap on cost; it was not sent."""

    exit_code = 6


class GateFailed(SummarizerError):
    """An eval fell below the floors of its baseline, or its judge cannot be trusted."""

    exit_code = 100
