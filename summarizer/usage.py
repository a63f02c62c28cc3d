"""What a run, or a part of one, took: added up, and as an amount of money."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What a run took. Tokens are the server's own count; ``cost_usd`` None means unknown."""

    calls: int = 0
    cached_calls: int = 0
    input_tokens: int = 0
    cached_input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float | None = None
    seconds: float = 0.0

    def __add__(self, other: Usage) -> Usage:
        return self._with(other, 1)

    def __sub__(self, other: Usage) -> Usage:
        return self._with(other, -1)

    def _with(self, other: Usage, sign: int) -> Usage:
        # What costs an unknown sum makes the whole unknown; no request costs nothing.
        known = all(part.cost_usd is not None or not part.calls for part in (self, other))
        dollars = (self.cost_usd or 0.0) + sign * (other.cost_usd or 0.0)
        return Usage(
            calls=self.calls + sign * other.calls,
            cached_calls=self.cached_calls + sign * other.cached_calls,
            input_tokens=self.input_tokens + sign * other.input_tokens,
            cached_input_tokens=self.cached_input_tokens + sign * other.cached_input_tokens,
            output_tokens=self.output_tokens + sign * other.output_tokens,
            cost_usd=dollars if known else None,
            seconds=self.seconds + sign * other.seconds,
        )


NOTHING = Usage(cost_usd=0.0)
"""What was taken before anything was asked."""

LEAST_SHOWN = 0.0001
"""Dollars: the least amount that four places show."""


def format_dollars(amount: float | None) -> str:
    """Return an amount with four places, where it is known."""
    if amount is None:
        return "unknown"
    return f"${amount:.4f}" if not 0 < amount < LEAST_SHOWN else f"less than ${LEAST_SHOWN}"
