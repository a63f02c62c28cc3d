"""The one account of a run: what was asked, what it cost, and the cap on it.

Money is counted next to the back end, so that an answer which is refused, cut short or asked for
again is on the bill like any other. A request that raised has no count of its tokens and is not.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from math import fsum, inf
from typing import TYPE_CHECKING

from summarizer.errors import BudgetReached, ServiceError
from summarizer.llm.prices import Price, cost, dollars
from summarizer.llm.request import Chat, Reply, Request, TokenUse, prompt_tokens
from summarizer.types import Usage

if TYPE_CHECKING:
    from summarizer.llm.cache import CachedChat

PriceFor = Callable[[Request], Price | None]

DECIMALS = 9
"""Decimals of a dollar that count against a cap: sums of fractions are off by less."""

EXTRA_OUTPUT = 500
"""Tokens an answer is expected to have beyond those of its prompt: the JSON around short claims,
reasoning that is not shown. The limit of an answer would be the only sure figure, but it is many
times what answers have, and few requests would fit under a cap."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StageUse:
    """What one stage took, or would take. ``cost_usd`` is None where a price is not known."""

    stage: str
    calls: int = 0
    cached_calls: int = 0
    tokens: TokenUse = field(default_factory=TokenUse)
    cost_usd: float | None = 0.0

    def __add__(self, other: StageUse) -> StageUse:
        known = self.cost_usd is not None and other.cost_usd is not None
        return StageUse(
            stage=self.stage,
            calls=self.calls + other.calls,
            cached_calls=self.cached_calls + other.cached_calls,
            tokens=self.tokens + other.tokens,
            cost_usd=(self.cost_usd or 0.0) + (other.cost_usd or 0.0) if known else None,
        )


class UsageMeter:
    """Counts what a run takes, of all its models. Safe to be used by several threads at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._uses: dict[str, StageUse] = {}
        self._spent = 0.0
        self._held: list[float] = []

    @property
    def spent(self) -> float:
        """Dollars that count against a cap.

        An answer whose tokens the server did not count stands in it with what was held back
        for it, though its cost is reported as unknown.
        """
        with self._lock:
            return self._spent

    @property
    def held(self) -> float:
        """Dollars held back for requests under way."""
        with self._lock:
            return fsum(self._held)

    def hold(self, amount: float, *, cap: float, what: str) -> None:
        """Hold dollars back for a request, until its answer is booked or they are released.

        Raises:
            BudgetReached: The amount would pass the cap; the message names ``what`` was asked.
        """
        with self._lock:
            held = fsum(self._held)
            if round(self._spent + held + amount, DECIMALS) > cap:
                raise BudgetReached(
                    f"{what} would pass the cap of {dollars(cap)}: {dollars(self._spent)} spent, "
                    f"{dollars(held)} held back for requests under way, "
                    f"up to {dollars(amount)} for this one.",
                    hint="Raise the setting max_cost; answers that came are kept and not paid for "
                    "again.",
                )
            self._held.append(amount)

    def release(self, amount: float) -> None:
        """Let go of dollars that were held for a request without an answer."""
        with self._lock:
            self._held.remove(amount)

    def book(self, stage: str, reply: Reply, price: Price | None, held: float) -> None:
        """Add an answer of a server in place of the dollars that were held for it."""
        amount = cost(price, reply.tokens)
        with self._lock:
            self._held.remove(held)
            self._spent += held if amount is None else amount
            use = StageUse(stage=stage, calls=reply.calls, tokens=reply.tokens, cost_usd=amount)
            self._add(use)

    def add(self, use: StageUse) -> None:
        """Add what is not paid for: an answer of the cache, a request that is only planned."""
        with self._lock:
            self._add(use)

    def stages(self) -> tuple[StageUse, ...]:
        """Return what each stage took, in the order they were first asked."""
        with self._lock:
            return tuple(self._uses.values())

    def usage(self, seconds: float) -> Usage:
        """Return what the run took, in so many seconds.

        The cost is None if any call had no known price, and 0 only if nothing was paid for.
        """
        stages = self.stages()
        total = sum(stages, StageUse(stage=""))
        costs = [use.cost_usd for use in stages if use.cost_usd is not None]
        return Usage(
            calls=total.calls,
            cached_calls=total.cached_calls,
            input_tokens=total.tokens.input,
            cached_input_tokens=total.tokens.cached_input,
            output_tokens=total.tokens.output,
            cost_usd=fsum(costs) if len(costs) == len(stages) else None,
            seconds=seconds,
        )

    def _add(self, use: StageUse) -> None:
        self._uses[use.stage] = self._uses.get(use.stage, StageUse(stage=use.stage)) + use


class MeteredChat:
    """Books what every answer of a server cost, and refuses what would not fit under a cap.

    What a request is expected to cost at most is held back while it is under way. Answers may be
    longer and costs pass the cap by the difference, never by a further request. Once a request was
    refused, a smaller one may still pass: what is left pays for the short articles of a run.

    ``cap`` is in dollars.
    """

    def __init__(
        self, inner: Chat, meter: UsageMeter, price_for: PriceFor, *, cap: float | None = None
    ) -> None:
        self._inner = inner
        self._meter = meter
        self._price_for = price_for
        self._cap = cap

    def ask(self, request: Request) -> Reply:
        """Ask, if it fits under the cap, and book the answer, whatever its outcome.

        Raises:
            BudgetReached: It does not fit; it was not sent.
        """
        price = self._price_for(request)
        held, cap = 0.0, inf
        if self._cap is not None and price is not None:
            held, cap = worst_cost(request, price), self._cap
        what = f"{request.stage} of {request.subject}" if request.subject else request.stage
        self._meter.hold(held, cap=cap, what=what)
        try:
            reply = self._inner.ask(request)
        except BaseException:
            self._meter.release(held)
            raise
        self._meter.book(request.stage, reply, price, held)
        return reply


class NotAsked(ServiceError):
    """The request was counted and not sent."""


class DryRunChat:
    """Gives the answers that are stored, and counts the requests that would be sent. A ``Chat``."""

    def __init__(self, cache: CachedChat, price_for: PriceFor) -> None:
        self._cache = cache
        self._price_for = price_for
        self._meter = UsageMeter()

    def ask(self, request: Request) -> Reply:
        """Return the stored answer.

        Raises:
            NotAsked: There is none.
        """
        reply = self._cache.stored(request)
        if reply is not None:
            self._meter.add(StageUse(stage=request.stage, cached_calls=1))
            return reply
        tokens = expected_tokens(request)
        amount = cost(self._price_for(request), tokens)
        self._meter.add(StageUse(stage=request.stage, calls=1, tokens=tokens, cost_usd=amount))
        raise NotAsked(f"{request.stage} of {request.subject} is not asked in a dry run.")

    def stages(self) -> tuple[StageUse, ...]:
        """Return what each stage would ask: the tokens and the cost at most."""
        return self._meter.stages()


def worst_cost(request: Request, price: Price) -> float:
    """Return the most that a request is expected to cost, in dollars: nothing of it cached."""
    return cost(price, expected_tokens(request)) or 0.0


def expected_tokens(request: Request) -> TokenUse:
    """Return the tokens that a request and its answer are expected to have, at most."""
    prompt = prompt_tokens(request)
    if request.questions:
        return TokenUse(input=prompt)
    limit = request.sampling.max_output_tokens
    output = prompt + EXTRA_OUTPUT
    return TokenUse(input=prompt, output=output if limit is None else min(output, limit))
