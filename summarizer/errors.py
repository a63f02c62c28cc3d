"""Every error a user can meet, as one tree.

SummarizerError
├── UsageError          the command was called in a way that cannot work        exit 2
├── InputError          no usable input                                         exit 3
│   ├── UnreadableSource  a file, folder or stream cannot be read
│   ├── UnusableText      what was read holds no article
│   ├── FetchRefused      a URL that must not or may not be fetched
│   └── FetchFailed       a URL that did not answer as hoped
├── ServiceError        the model or its server failed                          exit 4
└── BudgetReached       the next request would pass the cap                     exit 6

Each carries a ``hint``: the one thing to do next. The command line prints both and
leaves with ``exit_code``; no traceback reaches a user.
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


class FetchRefused(InputError):
    """A URL that must not be fetched: private address, wrong scheme, wrong content type."""


class FetchFailed(InputError):
    """A URL that did not answer as hoped: too slow, too large, redirected too often, an error."""


class ServiceError(SummarizerError):
    """The model or its server failed."""

    exit_code = 4


class BudgetReached(SummarizerError):
    """The next request would pass the cap on cost."""

    exit_code = 6
