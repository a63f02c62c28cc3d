"""Pairs of a document and a claim, put to a judge: the work of ``summarize judge``."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

from summarizer.cli.output import Row, StatusReporter
from summarizer.cli.work import PARTIAL
from summarizer.compare.judges import create_judge
from summarizer.errors import BudgetReached
from summarizer.llm.costs import dollars
from summarizer.pipeline import Desk, Plan, Progress, open_desk, pool, silent
from summarizer.pipeline.checking import whole_text
from summarizer.report.schema import DECIMALS
from summarizer.report.wording import plural
from summarizer.settings import Settings
from summarizer.types import Claim, Verdict

ROW_VERDICTS = {
    Verdict.REPORTED: "supported",
    Verdict.PARTLY: "not_found",
    Verdict.CONTRADICTED: "contradicted",
    Verdict.ABSENT: "not_found",
}
"""What a verdict is called in a row: a pair asks for support, and part of it is none."""


@contextmanager
def judging_desk(settings: Settings, reporter: StatusReporter) -> Iterator[Desk]:
    """Open a desk for a ``with``; say who judges, then what failed and what it took."""
    started = time.perf_counter()
    with open_desk(settings, warn=reporter.warn) as desk:
        if desk.session is not None:
            reporter.note(f"{desk.judge.name} judge: {desk.described()}")
        yield desk
        for message in dict.fromkeys(error.message for error in desk.errors):
            reporter.warn(message)
        if desk.session is not None:
            usage = desk.usage(time.perf_counter() - started)
            reporter.note(
                f"{plural(usage.calls, 'request')}, {usage.cached_calls} from the cache, "
                f"{usage.input_tokens:,} tokens in, {usage.output_tokens:,} out, "
                f"cost {_cost(usage.cost_usd)}, {usage.seconds:.1f} s."
            )


def exit_code(desk: Desk, *, complete: bool) -> int:
    """Return the code of a run: the cap on cost comes first, since the user can raise it."""
    if any(isinstance(error, BudgetReached) for error in desk.errors):
        return BudgetReached.exit_code
    return 0 if complete else PARTIAL


def judged(rows: Sequence[Row], desk: Desk, progress: Progress) -> list[Row | None]:
    """Return the rows with verdict and probability; None where the judge has no answer.

    Why it has none is noted at the desk. Rows of one document are judged together.
    """
    found: list[Row | None] = [None] * len(rows)

    def put(document: str, places: Sequence[int]) -> None:
        article = whole_text(document, f"document {places[0] + 1}")
        claims = [Claim(article=article, text=rows[i]["claim"], evidence=()) for i in places]
        answer = desk.attempt("judging", article, lambda: desk.judge.judge(claims, article))
        if answer is None:
            return
        for failure in answer.failures:
            desk.note("judging", article, failure)
        for i, judgement in zip(places, answer.judgements, strict=True):
            if judgement is not None:
                found[i] = {
                    **rows[i],
                    "verdict": ROW_VERDICTS[judgement.verdict],
                    "probability": round(judgement.probability, DECIMALS),
                    **({"reason": judgement.reason} if judgement.reason else {}),
                }

    documents: dict[str, list[int]] = {}
    for i, row in enumerate(rows):
        documents.setdefault(row["document"], []).append(i)
    tasks = [partial(put, document, places) for document, places in documents.items()]
    pool.run(tasks, desk.jobs, lambda done: progress("judging", done, len(tasks)))
    return found


def planned(rows: Sequence[Row], settings: Settings, desk: Desk) -> str:
    """Return in words what judging the rows would ask and cost, asking nothing."""
    if desk.session is None:
        return "Nothing is asked: the offline judge needs no model."
    from summarizer.llm.costs import DryRunChat

    session = desk.session
    chat = DryRunChat(session.cache, session.tariff)
    asker = session.decider if desk.judge.name == "decisions" else session.asker
    judge = create_judge(desk.judge.name, replace(asker, chat=chat), settings)
    judged(rows, Desk(desk.engine, desk.aligner, judge, session=session), silent)
    plan = Plan(chat.stages())
    cached = sum(stage.cached_calls for stage in plan.stages)
    tokens = sum(stage.tokens.input for stage in plan.stages)
    return (
        f"{plural(plan.requests, 'request')}, {cached} from the cache, about {tokens:,} tokens in, "
        f"at most {_cost(plan.cost)}."
    )


def _cost(amount: float | None) -> str:
    return "unknown" if amount is None else dollars(amount)
