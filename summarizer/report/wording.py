"""How numbers are worded."""

from __future__ import annotations


def plural(count: int, noun: str, many: str = "") -> str:
    """Return ``1 outlet``, ``1,200 outlets``; ``many`` where more are not called by an s."""
    return f"{count:,} {noun if count == 1 else many or f'{noun}s'}"


def format_dollars(amount: float | None) -> str:
    """Return an amount with four places, where it is known."""
    return "unknown" if amount is None else f"${amount:.4f}"
