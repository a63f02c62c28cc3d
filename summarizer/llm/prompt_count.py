"""Whether a server read all of a prompt: some drop what does not fit, and answer all the same."""

from __future__ import annotations

from collections import deque
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

    def check(self, reply: Reply, request: Request) -> Reply:
        """Return a reply, or that the server read only a part of the prompt."""
        if reply.outcome not in {Outcome.COMPLETE, Outcome.INVALID} or not reply.tokens.input:
            return reply
        text = "".join(message.content for message in request.messages)
        text += "".join(question.instructions for question in request.questions)
        # Some servers leave the cached tokens out of the count.
        read = reply.tokens.input + reply.tokens.cached_input
        if _covers(read, len(text)):
            self._whole.append(text)
            return reply
        shared = max((_shared(text, old) for old in [*self._whole]), default=0)
        if shared and _covers(read, len(text) - shared):
            return reply
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
