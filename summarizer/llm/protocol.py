"""The face that every back end and every wrapper has."""

from __future__ import annotations

from typing import Protocol

from summarizer.llm.reply import Reply
from summarizer.llm.request import Request


class Chat(Protocol):
    """Answers requests. Safe to be used by several threads at once."""

    def ask(self, request: Request) -> Reply:
        """Return the answer to one request, with one of the named outcomes.

        Raises:
            ServiceError: The server could not be asked, or did not answer.
            BudgetReached: The request would pass the cap on cost; it was not sent.
        """
