"""A chat that sends nothing and counts what would be sent."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from threading import Lock

from summarizer.errors import ServiceError
from summarizer.llm.budget import expected_tokens
from summarizer.llm.cache import CachedChat
from summarizer.llm.prices import cost
from summarizer.llm.reply import Reply, TokenUse
from summarizer.llm.request import Request
from summarizer.llm.usage_meter import PriceFor


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
