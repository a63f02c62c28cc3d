"""Whether a server read all of a prompt: some drop what does not fit, and answer all the same."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from summarizer.llm.reply import Outcome, Reply
from summarizer.llm.request import Request

CHARACTERS_PER_TOKEN = 4.6
"""At most so many in running text: English with a vocabulary of 200,000. Other scripts have
down to one; counted too low, they are only found cut later than English would be."""

READ_SHARE = 0.6
"""A server that counted less than this share of a prompt did not read all of it: tokenizers
differ by far less, once the tokens are counted at the fewest there can be."""

MISSING_TOKENS = 500
"""… and this many tokens must be missing, so that a short prompt is no cause for alarm."""

KEPT = 64
"""Prompts counted in full that are kept, for others that begin as they do."""


class PromptCounts:
    """Compares what a server counted of each prompt with how long it is. Safe for threads.

    Some servers leave out of the count what their prompt cache had, and do not say how much
    that was. So a low count is no alarm where an earlier prompt was counted in full and the
    count covers what comes after the beginning that both share.
    """

    def __init__(self) -> None:
        self._whole: deque[str] = deque(maxlen=KEPT)
        self._under_way: list[str] = []
        self._changed = threading.Condition()

    @contextmanager
    def counting(self, request: Request) -> Iterator[Callable[[Reply], Reply]]:
        """Give, for the time that a request is under way, what checks the reply to it."""
        text = "".join(message.content for message in request.messages)
        text += "".join(question.instructions for question in request.questions)
        with self._changed:
            earlier = list(self._under_way)
            self._under_way.append(text)
        try:
            yield lambda reply: self._checked(reply, text, earlier)
        finally:
            with self._changed:
                self._under_way.remove(text)
                self._changed.notify_all()

    def _checked(self, reply: Reply, text: str, earlier: list[str]) -> Reply:
        """Return a reply, or that the server read only a part of the prompt."""
        if reply.outcome not in {Outcome.COMPLETE, Outcome.INVALID} or not reply.tokens.input:
            return reply
        # Some servers leave the cached tokens out of the count.
        read = reply.tokens.input + reply.tokens.cached_input

        def explains(other: str) -> bool:
            shared = _shared(text, other)
            return shared > 0 and _covers(read, len(text) - shared)

        with self._changed:
            if _covers(read, len(text)):
                self._whole.append(text)
                return reply
            siblings = [other for other in earlier if explains(other)]
            while any(map(explains, self._whole)) or siblings:
                if any(map(explains, self._whole)):
                    return reply
                # One that was sent before may yet be counted in full.
                siblings = [other for other in siblings if other in self._under_way]
                if siblings:
                    self._changed.wait()
        expected = len(text) / CHARACTERS_PER_TOKEN
        return replace(
            reply,
            outcome=Outcome.TRUNCATED,
            value=None,
            detail=f"the server read only {read} of about {expected:.0f} tokens",
        )


def _covers(read: int, characters: int) -> bool:
    expected = characters / CHARACTERS_PER_TOKEN
    return read >= READ_SHARE * expected or expected - read <= MISSING_TOKENS


def _shared(one: str, other: str) -> int:
    """Return how many characters two texts begin with alike."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if one[:middle] == other[:middle] else (low, middle - 1)
    return low
