"""A chat that learns from what a server refuses, and asks again in a way that it takes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from summarizer.errors import PromptTooLong, RequestRejected, ServiceError
from summarizer.llm.backends import CompletionsChat, ResponsesChat
from summarizer.llm.capabilities import Capabilities, learn, prompt_tokens
from summarizer.llm.prompt_count import PromptCounts
from summarizer.llm.reply import Reply
from summarizer.llm.request import Request

if TYPE_CHECKING:
    from openai import OpenAI

LESSONS = 5
"""What one request may teach, at most: two steps of the ladder, a name, a cap and a context."""


def ignore(known: Capabilities) -> None:
    """Keep nothing."""


class AdaptiveChat:
    """Asks in the way that a server is known to take, and learns where it refuses. A ``Chat``.

    What one request learns holds for all others. A prompt that cannot fit is not sent: one as
    long as one that was refused, or longer.

    Args:
        client: Who sends.
        capabilities: What is known of the server.
        mark: The run's random mark for the fence around untrusted text.
        remember: Told what is known, each time it is more.
        climbs: Whether a schema that is refused is tried in a simpler form.
    """

    def __init__(
        self,
        client: OpenAI,
        capabilities: Capabilities,
        *,
        mark: str = "",
        remember: Callable[[Capabilities], None] = ignore,
        climbs: bool = True,
    ) -> None:
        self.capabilities = capabilities
        self._client = client
        self._mark = mark
        self._remember = remember
        self._climbs = climbs
        self._counts = PromptCounts()
        self._refused: int | None = None
        self._lock = threading.Lock()

    def ask(self, request: Request) -> Reply:
        """Return the answer to one request; see ``Chat.ask``."""
        for _ in range(LESSONS):
            known = self.capabilities
            sent = known.fit(request)
            self._require_room(request, known)
            try:
                return self._back_end(known).ask(sent)
            except RequestRejected as error:
                if not self._learn(known, error, sent):
                    self._note(error, request)
                    raise
        return self._back_end(self.capabilities).ask(self.capabilities.fit(request))

    def _back_end(self, known: Capabilities) -> CompletionsChat | ResponsesChat:
        kind = ResponsesChat if known.api == "responses" else CompletionsChat
        return kind(self._client, mark=self._mark, capabilities=known, counts=self._counts)

    def _require_room(self, request: Request, known: Capabilities) -> None:
        """Raise PromptTooLong, without asking, where one like it did not fit."""
        size = prompt_tokens(request)
        if self._refused is None or (known.holds(request) and size < self._refused):
            return
        context = f" of {known.context} tokens" if known.context else ""
        raise PromptTooLong(
            f"The prompt of about {size} tokens does not fit the server's context{context}.",
            hint="Give the server a longer context, or lower the setting chunk_tokens.",
        )

    def _learn(self, known: Capabilities, error: ServiceError, sent: Request) -> bool:
        """Return whether more is known of the server than when the request was sent."""
        with self._lock:
            if self.capabilities != known:
                return True  # by another request
            if error.kind == "schema" and not self._climbs:
                return False
            learnt = learn(known, error, sent)
            if learnt == known:
                return False
            self.capabilities = learnt
            self._remember(learnt)
            return True

    def _note(self, error: ServiceError, request: Request) -> None:
        if isinstance(error, PromptTooLong):
            size = prompt_tokens(request)
            with self._lock:
                self._refused = size if self._refused is None else min(size, self._refused)
