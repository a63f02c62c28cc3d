"""What requests cost, the one account of a run, and the cap on it.

A price that is not known is None and never 0: "unknown" can be shown, a false 0 is believed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass, field, replace
from datetime import date
from math import fsum, inf, isfinite
from threading import Lock
from typing import Any

from summarizer.errors import BudgetReached, UsageError
from summarizer.llm.client import Endpoint
from summarizer.llm.request import Chat, Reply, Request, prompt_tokens
from summarizer.text.data import load
from summarizer.usage import NOTHING, Usage, format_dollars

_TABLE: dict[str, Any] = load("prices", __package__)
_RULES: dict[str, float] = _TABLE["rules"]
AS_OF: date = _TABLE["as_of"]  # the day the newest of the table's figures was checked
MILLION = 1_000_000  # tokens that a price is for
BATCH_TIER = "batch"  # what the prices call a request of a batch; the server is not told
STANDARD_TIERS = {"", "auto", "default"}  # "auto" is what the project at OpenAI is set to
DECIMALS = 9  # of a dollar that count against a cap: sums of fractions are off by less

# Tokens an answer is expected to have beyond those of its prompt: the JSON around short claims,
# reasoning that is not shown. Its limit would be surer, but is many times what answers have.
EXTRA_OUTPUT = 500
_SNAPSHOT = re.compile(r"-20\d\d-\d\d-\d\d$")


@dataclass(frozen=True, slots=True)
class Price:
    """Dollars per million tokens: of the prompt, of its part that the cache had, of the answer."""

    input: float
    cached: float
    output: float
    _: KW_ONLY
    written: float | None = None  # of input that is put into the cache, if it costs more
    surcharge: bool = False  # whether a very long prompt costs more


@dataclass(frozen=True, slots=True)
class Tariff:
    """What each request of a run costs at an endpoint.

    The table is OpenAI's: a model of the same name elsewhere has another price. ``override`` is
    the setting ``prices``, for every model and tier; a UsageError where it is no price.
    """

    endpoint: Endpoint
    override: str = ""

    def __post_init__(self) -> None:
        if self.override.strip():
            parse_price(self.override)

    def __call__(self, request: Request) -> Price | None:
        """Return the price of a request, or None where it is not known."""
        tier = request.sampling.service_tier or ""
        return self.of(request.model, service_tier=tier, decisions=bool(request.questions))

    def of(self, model: str, *, service_tier: str = "", decisions: bool = False) -> Price | None:
        """Return the price of a model in a tier, None if unknown; of ``decisions`` no output."""
        if self.override.strip():
            price = parse_price(self.override)
            return replace(price, output=0.0) if decisions else price
        models = _TABLE["models"]
        # A dated snapshot costs what its family does, unless it has a row of its own.
        row = models.get(model) or models.get(_SNAPSHOT.sub("", model))
        known_tier = service_tier in STANDARD_TIERS | {"flex", BATCH_TIER}
        if row is None or not known_tier or not self.endpoint.is_openai:
            return None
        dollars, holds = row[:3], row[3:]
        # A model without flex is served at the standard price or not at all.
        factor = _RULES[service_tier] if service_tier in {BATCH_TIER, *holds} else 1.0
        factor *= 1.0 if self.endpoint.host == "api.openai.com" else _RULES["regional"]
        into, cached, out = (factor * each for each in dollars)
        if decisions:  # all of the input at one price, cached or not
            return Price(into, into, 0.0, surcharge="surcharge" in holds)
        written = into * _RULES["written"] if "writes" in holds else None
        return Price(into, cached, out, written=written, surcharge="surcharge" in holds)


def parse_price(text: str) -> Price:
    """Return the price that "input/cached/output" says; a UsageError where it says none."""
    try:
        numbers = [float(part) for part in text.split("/")]
    except ValueError:
        numbers = []
    if len(numbers) != 3 or not all(isfinite(n) and n >= 0 for n in numbers):
        raise UsageError(
            f"The setting prices is not a price: {text!r}.",
            'Write dollars per million tokens as "input/cached/output", such as "1.25/0.125/10".',
        )
    return Price(*numbers)


def cost(price: Price | None, used: Usage) -> float | None:
    """Return what one request cost in dollars, or None where that is not known.

    It is not known where the server counted no tokens, unless all is free.
    """
    if price is None:
        return None
    if not used.input_tokens and (price.input or price.cached or price.output):
        return None
    uncached_price = price.input
    if price.written is not None and used.input_tokens >= _RULES["least_written"]:
        uncached_price = price.written  # a server puts all but the last few tokens into its cache
    cached = min(used.cached_input_tokens, used.input_tokens)
    dollars_in = (used.input_tokens - cached) * uncached_price + cached * price.cached
    dollars_out = used.output_tokens * price.output
    if price.surcharge and used.input_tokens > _RULES["long_prompt"]:
        dollars_in *= _RULES["long_input"]
        dollars_out *= _RULES["long_output"]
    return (dollars_in + dollars_out) / MILLION


@dataclass(slots=True, eq=False)
class UsageMeter:
    """Counts what a run takes, of all its models. Safe to be used by several threads at once."""

    # Dollars that count against a cap; of an answer without a count, what was held back for it.
    spent: float = 0.0
    _held: list[float] = field(default_factory=list)
    _uses: dict[str, Usage] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    @property
    def held(self) -> float:
        """Dollars held back for requests under way."""
        return fsum(self._held)

    def hold(self, amount: float, *, cap: float, what: str) -> None:
        """Hold dollars back for a request; a BudgetReached names ``what`` would pass the cap."""
        with self._lock:
            held = self.held
            if round(self.spent + held + amount, DECIMALS) > cap:
                raise BudgetReached(
                    f"{what} would pass the cap of {format_dollars(cap)}: "
                    f"{format_dollars(self.spent)} spent, {format_dollars(held)} held back for "
                    f"requests under way, up to {format_dollars(amount)} for this one.",
                    hint="Raise the setting max_cost; answers that came are kept and not paid for "
                    "again.",
                )
            self._held.append(amount)

    def release(self, amount: float, *, spent: float) -> None:
        """Let go of dollars that were held for a request, and count what was spent instead."""
        with self._lock:
            self._held.remove(amount)
            self.spent += spent

    def add(self, stage: str, used: Usage) -> None:
        """Add what was asked, of a server or of the cache, or what is only planned."""
        with self._lock:
            self._uses[stage] = self._uses.get(stage, NOTHING) + used

    def stages(self) -> dict[str, Usage]:
        """Return what each stage took, in the order they were first asked."""
        with self._lock:
            return dict(self._uses)

    def usage(self, seconds: float) -> Usage:
        """Return what the run took; the cost is None if any call had no known price."""
        return replace(sum(self.stages().values(), NOTHING), seconds=seconds)


@dataclass(frozen=True, slots=True)
class MeteredChat:
    """Books what every answer of a server cost, and refuses what would not fit under a cap.

    What a request is expected to cost at most is held back while it is under way. Once a request
    was refused, a smaller one may still pass: what is left pays for short articles. A request that
    raised has no count of its tokens and is not on the bill.
    """

    inner: Chat
    meter: UsageMeter
    price_for: Callable[[Request], Price | None]
    cap: float | None = None

    def ask(self, request: Request) -> Reply:
        """Ask, and book the answer, whatever its outcome; a BudgetReached if it does not fit."""
        price, spent = self.price_for(request), 0.0
        held, cap = 0.0, inf
        if self.cap is not None and price is not None:
            held, cap = worst_cost(request, price), self.cap
        self.meter.hold(held, cap=cap, what=request.title)
        try:
            reply = self.inner.ask(request)
            amount = cost(price, reply.usage)
            spent = held if amount is None else amount
            self.meter.add(request.stage, replace(reply.usage, cost_usd=amount))
            return reply
        finally:
            self.meter.release(held, spent=spent)


def worst_cost(request: Request, price: Price) -> float:
    """Return the most that a request is expected to cost, in dollars: nothing of it cached."""
    return cost(price, expected_usage(request)) or 0.0


def expected_usage(request: Request) -> Usage:
    """Return the tokens that a request and its answer are expected to have, at most."""
    prompt = prompt_tokens(request)
    if request.questions:
        return Usage(calls=1, input_tokens=prompt)
    limit, output = request.sampling.max_output_tokens, prompt + EXTRA_OUTPUT
    output = output if limit is None else min(output, limit)
    return Usage(calls=1, input_tokens=prompt, output_tokens=output)
