"""The cap on cost: a request that would pass it is not sent."""

from __future__ import annotations

import json
from collections.abc import Callable

from summarizer.llm.prices import Price, cost
from summarizer.llm.reply import Chat, Reply, TokenUse
from summarizer.llm.request import Request
from summarizer.llm.usage_meter import PriceFor, UsageMeter
from summarizer.tokens import estimate_tokens

EXTRA_OUTPUT = 500
"""Tokens an answer is expected to have beyond those of its prompt: the reasons, the JSON
around short claims, reasoning that is not shown. The limit of an answer would be the only
sure figure, but it is many times what answers have, and few requests would fit under a cap."""

MESSAGE_TOKENS = 8
"""Tokens that a message or a question takes beside its text: its role and its ends."""

Count = Callable[[str], int]
"""Returns the tokens of a text."""


class BudgetedChat:
    """Holds back what a request may cost while it is under way, and refuses what would not fit.

    It stands directly around ``MeteredChat``, which books what an answer really cost and so
    lets go of what was held. A request that raised costs nothing.

    What is held is the worst that is to be expected (``worst_cost``). Answers may be longer
    and costs pass the cap by the difference, never by a further request: what was really
    spent counts for the next.

    Once a request was refused, a smaller one may still pass. The cap is a sum and not a
    switch: what is left pays for the short articles of a run, which makes its partial result
    more, and what is refused costs nothing to ask for.

    Args:
        inner: Who is asked.
        meter: What was spent and is held back, also by other chats of the run.
        cap: Dollars; None for no cap.
        price_for: What a request costs.
        count: Returns the tokens of a text, rather too many than too few.
    """

    def __init__(
        self,
        inner: Chat,
        meter: UsageMeter,
        *,
        cap: float | None,
        price_for: PriceFor,
        count: Count = estimate_tokens,
    ) -> None:
        self._inner = inner
        self._meter = meter
        self._cap = cap
        self._price_for = price_for
        self._count = count

    def ask(self, request: Request) -> Reply:
        """Ask, if it fits under the cap.

        Raises:
            BudgetReached: It does not fit; it was not sent.
        """
        price = self._price_for(request)
        if self._cap is None or price is None:  # nothing can be held back
            return self._inner.ask(request)
        amount = worst_cost(request, price, self._count)
        what = f"{request.stage} of {request.subject}" if request.subject else request.stage
        with self._meter.holding(amount, cap=self._cap, what=what):
            return self._inner.ask(request)


def worst_cost(request: Request, price: Price, count: Count = estimate_tokens) -> float:
    """Return the most that a request is expected to cost, in dollars: nothing of it cached."""
    return cost(price, expected_tokens(request, count)) or 0.0


def expected_tokens(request: Request, count: Count = estimate_tokens) -> TokenUse:
    """Return the tokens that a request and its answer are expected to have, at most."""
    texts = [message.content for message in request.messages]
    texts += [f"{question.name} {question.instructions}" for question in request.questions]
    prompt = sum(count(text) + MESSAGE_TOKENS for text in texts)
    if request.shape is not None:
        prompt += count(json.dumps(request.shape.schema))
    if request.questions:
        return TokenUse(input=prompt)
    limit = request.sampling.max_output_tokens
    output = prompt + EXTRA_OUTPUT
    return TokenUse(input=prompt, output=output if limit is None else min(output, limit))
