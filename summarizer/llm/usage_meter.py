"""The one account of a run: what was asked, what it took, what it cost, what is held back.

Who tells it, from the outside in::

    HitCountingChat     writes down the answers that the cache gave
    CachedChat
    ReaskingChat
    BudgetedChat        holds back what a request may cost, while it is under way
    MeteredChat         writes down every answer of the server, usable or not
    the back end

Money is counted next to the back end, so that an answer which is refused, cut short or asked
for again is on the bill like any other. A request that raised has no count of its tokens
and is not on it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from math import fsum

from summarizer.errors import BudgetReached
from summarizer.llm.prices import Price, cost, dollars
from summarizer.llm.reply import Chat, Reply, TokenUse
from summarizer.llm.request import Request
from summarizer.types import Usage

PriceFor = Callable[[Request], Price | None]
"""What a request costs; None where that is not known."""

DECIMALS = 9
"""Decimals of a dollar that count against a cap: sums of fractions are off by less."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StageUse:
    """What one stage took. ``cost_usd`` is None where a call had no known price."""

    stage: str
    calls: int = 0
    cached_calls: int = 0
    tokens: TokenUse = field(default_factory=TokenUse)
    cost_usd: float | None = 0.0


class UsageMeter:
    """Counts what a run takes. Safe to be used by several threads at once.

    Several models of one run (claims from one, decisions from another) share one meter, and
    so one cap.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._uses: dict[str, StageUse] = {}
        self._spent = 0.0
        self._held: dict[int, float] = {}  # by the thread that asks: it asks one at a time

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
            return fsum(self._held.values())

    @contextmanager
    def holding(self, amount: float, *, cap: float, what: str) -> Iterator[None]:
        """Hold an amount back while this thread asks one request, until its answer is booked.

        Args:
            amount: Dollars the request may cost.
            cap: Dollars that may be spent and held back in all.
            what: The request, as a user would call it.

        Raises:
            BudgetReached: The amount would pass the cap; nothing is held back then.
        """
        self._hold(amount, cap, what)
        try:
            yield
        finally:
            with self._lock:
                self._held.pop(threading.get_ident(), None)

    def book(self, stage: str, reply: Reply, price: Price | None) -> None:
        """Write down an answer of a server, and let go of what this thread held for it."""
        amount = cost(price, reply.tokens)
        with self._lock:
            held = self._held.pop(threading.get_ident(), 0.0)
            use = self._use(stage)
            known = amount is not None and use.cost_usd is not None
            self._uses[stage] = replace(
                use,
                calls=use.calls + reply.calls,
                tokens=use.tokens + reply.tokens,
                cost_usd=(use.cost_usd or 0.0) + (amount or 0.0) if known else None,
            )
            self._spent += held if amount is None else amount

    def book_cached(self, stage: str) -> None:
        """Write down an answer that came from the cache."""
        with self._lock:
            use = self._use(stage)
            self._uses[stage] = replace(use, cached_calls=use.cached_calls + 1)

    def stages(self) -> tuple[StageUse, ...]:
        """Return what each stage took, in the order they were first asked."""
        with self._lock:
            return tuple(self._uses.values())

    def usage(self, seconds: float) -> Usage:
        """Return what the run took.

        The cost is None if any call had no known price, and 0 only if nothing was paid for.

        Args:
            seconds: How long the run took.
        """
        stages = self.stages()
        tokens = sum((use.tokens for use in stages), TokenUse())
        costs = [use.cost_usd for use in stages if use.cost_usd is not None]
        return Usage(
            calls=sum(use.calls for use in stages),
            cached_calls=sum(use.cached_calls for use in stages),
            input_tokens=tokens.input,
            cached_input_tokens=tokens.cached_input,
            output_tokens=tokens.output,
            cost_usd=fsum(costs) if len(costs) == len(stages) else None,
            seconds=seconds,
        )

    def _use(self, stage: str) -> StageUse:
        return self._uses.get(stage, StageUse(stage=stage))

    def _hold(self, amount: float, cap: float, what: str) -> None:
        with self._lock:
            held = fsum(self._held.values())
            if round(self._spent + held + amount, DECIMALS) > cap:
                raise BudgetReached(
                    f"{what} would pass the cap of {dollars(cap)}: {dollars(self._spent)} spent, "
                    f"{dollars(held)} held back for requests under way, "
                    f"up to {dollars(amount)} for this one.",
                    hint="Raise --max-cost; answers that came are kept and not paid for again.",
                )
            self._held[threading.get_ident()] = amount


class MeteredChat:
    """Writes down every answer of a server, whatever its outcome. Next to the back end.

    Args:
        inner: The back end.
        meter: Where it is written.
        price_for: What a request costs.
    """

    def __init__(self, inner: Chat, meter: UsageMeter, price_for: PriceFor) -> None:
        self._inner = inner
        self._meter = meter
        self._price_for = price_for

    def ask(self, request: Request) -> Reply:
        """Ask, and write the answer down."""
        reply = self._inner.ask(request)
        self._meter.book(request.stage, reply, self._price_for(request))
        return reply


class HitCountingChat:
    """Writes down the answers that the cache gave. Outermost.

    Args:
        inner: The cache, and all that is behind it.
        meter: Where it is written.
    """

    def __init__(self, inner: Chat, meter: UsageMeter) -> None:
        self._inner = inner
        self._meter = meter

    def ask(self, request: Request) -> Reply:
        """Ask, and write down whether the cache had the answer."""
        reply = self._inner.ask(request)
        if reply.cached:
            self._meter.book_cached(request.stage)
        return reply
