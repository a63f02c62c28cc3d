"""Budgets: what a day, and a channel in a day, may take. They hold over restarts."""

from __future__ import annotations

from datetime import UTC, datetime

from summarizer.errors import BudgetReached
from summarizer.settings import Settings
from summarizer.slackbot.jobs import Job
from summarizer.slackbot.store import Spent, Store


def book(store: Store, job: Job, settings: Settings) -> float | None:
    """Book a job, and return the dollars it may cost; None where there is no limit on dollars.

    What is booked is all that it may cost, so that jobs at the same time cannot pass the limit
    together, nor one that is interrupted and begun again.

    Raises:
        BudgetReached: The day, or the channel's day, is used up.
    """
    limited = (settings.slack_cost_a_day, settings.slack_channel_cost_a_day) != (None, None)

    def allowed(spent: Spent) -> float:
        _runs(spent.runs, settings.slack_runs_a_day, "for today")
        _runs(spent.channel_runs, settings.slack_channel_runs_a_day, "for this channel today")
        rooms = [
            limit - cost
            for limit, cost in (
                (settings.slack_cost_a_day, spent.cost),
                (settings.slack_channel_cost_a_day, spent.channel_cost),
            )
            if limit is not None
        ]
        if not rooms:
            return 0.0
        if min(rooms) <= 0:
            raise BudgetReached("What I may spend today is used up.")
        from summarizer.llm.session import DEFAULT_MAX_COST  # brings the client of a model

        most = DEFAULT_MAX_COST if settings.max_cost is None else settings.max_cost
        return min(most, *rooms)

    booked = store.spend(job, today(), allowed)
    return booked if limited else None


def today() -> str:
    """Return the day that a request counts for, in UTC."""
    return datetime.now(UTC).date().isoformat()


def _runs(runs: int, limit: float | None, when: str) -> None:
    if limit is not None and runs >= limit:
        raise BudgetReached(f"The {limit:,.0f} requests that I may work on {when} are used up.")
