"""What a request costs: a dated table of OpenAI's prices, or what the user says.

A price that is not known is None and never 0: "unknown" can be shown, a false 0 is believed.
"""

from __future__ import annotations

import math
import re
import tomllib
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from summarizer.errors import UsageError
from summarizer.llm.client import Endpoint
from summarizer.llm.request import Request, TokenUse

_TABLE: dict[str, Any] = tomllib.loads(Path(__file__).with_name("prices.toml").read_text("utf-8"))
_RULES: dict[str, float] = _TABLE["rules"]

AS_OF: date = _TABLE["as_of"]
"""The day the newest of the table's figures was checked."""

MILLION = 1_000_000
"""Tokens that a price is for."""

STANDARD_TIERS = frozenset({"", "auto", "default"})
"""Service tiers at the standard price. ``auto`` is what the project at OpenAI is set to."""

BATCH_TIER = "batch"
"""What the prices call a request that goes into a batch; the server is not told."""

_HOST = "api.openai.com"
_SNAPSHOT = re.compile(r"-20\d\d-\d\d-\d\d$")


@dataclass(frozen=True, slots=True)
class Price:
    """Dollars per million tokens: of the prompt, of its part that the cache had, of the answer.

    ``written`` is the price of a prompt that the server puts into its cache; None where it costs
    what other input does. With ``surcharge``, a very long prompt costs more.
    """

    input: float
    cached: float
    output: float
    written: float | None = field(default=None, kw_only=True)
    surcharge: bool = field(default=False, kw_only=True)

    @property
    def free(self) -> bool:
        """Whether nothing costs anything."""
        return not (self.input or self.cached or self.output or self.written)


@dataclass(frozen=True, slots=True)
class Tariff:
    """What each request of a run costs at an endpoint.

    The table is OpenAI's: a model of the same name elsewhere has another price. A dated
    snapshot costs what its family does, unless it has a row of its own. ``override`` is the
    setting ``prices``, for every model and tier; see ``parse_price``.

    Raises:
        UsageError: ``override`` is not a price: said here, before anything is paid for.
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
        """Return the price of a model in a tier, or None where it is not known.

        ``decisions`` says that typed questions are asked, whose answers are no output.
        """
        if self.override.strip():
            price = parse_price(self.override)
            return replace(price, output=0.0) if decisions else price
        row = _TABLE["models"].get(model) or _TABLE["models"].get(_SNAPSHOT.sub("", model))
        if row is None or not self.endpoint.is_openai:
            return None
        if service_tier not in STANDARD_TIERS | {"flex", BATCH_TIER}:
            return None
        into, cached, out, *holds = row
        # A model without flex is served at the standard price or not at all.
        has_tier = service_tier in {BATCH_TIER, *holds}
        factor = _RULES[service_tier] if has_tier else 1.0
        factor *= 1.0 if self.endpoint.host == _HOST else _RULES["regional"]
        price = Price(
            *(factor * each for each in (into, cached, out)),
            written=factor * into * _RULES["written"] if "writes" in holds else None,
            surcharge="surcharge" in holds,
        )
        if decisions:  # all of the input at one price, cached or not
            return replace(price, cached=price.input, output=0.0, written=None)
        return price


def parse_price(text: str) -> Price:
    """Return the price that "input/cached/output" says; "0/0/0" says that it is free.

    Raises:
        UsageError: It says something else.
    """
    try:
        numbers = [float(part) for part in text.split("/")]
    except ValueError:
        numbers = []
    if len(numbers) != 3 or not all(math.isfinite(n) and n >= 0 for n in numbers):
        raise UsageError(
            f"The setting prices is not a price: {text!r}.",
            hint='Write dollars per million tokens as "input/cached/output", '
            'such as "1.25/0.125/10".',
        )
    return Price(*numbers)


def cost(price: Price | None, tokens: TokenUse) -> float | None:
    """Return what one request cost in dollars, or None where that is not known.

    It is not known without a price, nor where the server counted no tokens, unless all is
    free. Where writing to the prompt cache has a price, all input of a prompt long enough
    counts as written that the cache did not have: a server writes all but the last few.
    """
    if price is None:
        return None
    if price.free:
        return 0.0
    if tokens.input == 0:
        return None
    plain = price.input
    if price.written is not None and tokens.input >= _RULES["least_written"]:
        plain = price.written
    cached = min(tokens.cached_input, tokens.input)
    dollars_in = (tokens.input - cached) * plain + cached * price.cached
    dollars_out = tokens.output * price.output
    if price.surcharge and tokens.input > _RULES["long_prompt"]:
        dollars_in, dollars_out = (
            dollars_in * _RULES["long_input"],
            dollars_out * _RULES["long_output"],
        )
    return (dollars_in + dollars_out) / MILLION


def dollars(amount: float) -> str:
    """Return an amount for people: two decimals, more where it is less than a cent."""
    if amount >= 0.01 or amount == 0:
        return f"${amount:.2f}"
    return f"${amount:.6f}".rstrip("0") if amount >= 1 / MILLION else "less than $0.000001"
