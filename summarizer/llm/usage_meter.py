"""The one account of a run: what was asked, what it cost, and the cap on it."""

from __future__ import annotations

import json
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from math import fsum
from threading import Lock

from summarizer.errors import BudgetReached, ServiceError
from summarizer.llm.cache import CachedChat
from summarizer.llm.prices import Price, cost, dollars
from summarizer.llm.request import Chat, Reply, Request, TokenUse
from summarizer.tokens import estimate_tokens
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


class NotAsked(ServiceError):
    """The request was counted and not sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StagePlan:
    """What one stage would ask.

    ``tokens`` are those of the requests that would be sent, the output at most; ``cost`` is
    in dollars, None where the price is not known.
    """

    stage: str
    requests: int
    cached: int
    tokens: TokenUse
    cost: float | None

    def __add__(self, other: StagePlan) -> StagePlan:
        known = self.cost is not None and other.cost is not None
        return StagePlan(
            stage=self.stage,
            requests=self.requests + other.requests,
            cached=self.cached + other.cached,
            tokens=self.tokens + other.tokens,
            cost=(self.cost or 0) + (other.cost or 0) if known else None,
        )


class DryRunChat:
    """Gives the answers that are stored, and counts the requests that would be sent. A ``Chat``.

    Args:
        cache: What knows answers already given.
        price_for: What a request costs.
    """

    def __init__(self, cache: CachedChat, price_for: PriceFor) -> None:
        self._cache = cache
        self._price_for = price_for
        self._lock = Lock()
        self._requests: Counter[str] = Counter()
        self._cached: Counter[str] = Counter()
        self._tokens: dict[str, TokenUse] = defaultdict(TokenUse)
        self._costs: dict[str, list[float | None]] = defaultdict(list)

    def ask(self, request: Request) -> Reply:
        """Return the stored answer.

        Raises:
            NotAsked: There is none.
        """
        if self._cache.knows(request):
            with self._lock:
                self._cached[request.stage] += 1
            return self._cache.ask(request)
        tokens = expected_tokens(request)
        with self._lock:
            self._requests[request.stage] += 1
            self._tokens[request.stage] += tokens
            self._costs[request.stage].append(cost(self._price_for(request), tokens))
        raise NotAsked(f"{request.stage} of {request.subject} is not asked in a dry run.")

    def stages(self) -> tuple[StagePlan, ...]:
        """Return what each stage would ask, in the order of a run."""
        names = dict.fromkeys((*self._requests, *self._cached))
        return tuple(self._stage(name) for name in names)

    def _stage(self, name: str) -> StagePlan:
        costs = self._costs[name]
        known = [each for each in costs if each is not None]
        return StagePlan(
            stage=name,
            requests=self._requests[name],
            cached=self._cached[name],
            tokens=self._tokens[name],
            cost=sum(known) if len(known) == len(costs) else None,
        )
