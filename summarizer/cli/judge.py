"""``summarize judge``: does each document support the claim beside it?

``summarize eval judge`` puts its pairs to a judge in the same way.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.cli.options import Asking, JudgeOption, Saving, Talking, expanded
from summarizer.cli.output import Progress, Row, StatusReporter, as_lines, emit
from summarizer.cli.work import PARTIAL, print_plan, usage_sentence
from summarizer.errors import BudgetReached

if TYPE_CHECKING:
    from summarizer.pipeline import Desk, Plan
    from summarizer.settings import Settings

ROW_VERDICTS = {"reported": "supported", "contradicted": "contradicted"}
"""What a verdict is called in a row: a pair asks for support, and part of it is not found."""


@expanded
def judge(
    *,
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE.jsonl",
            help="Rows with id, document and claim; - for standard input.",
            show_default=False,
        ),
    ],
    judge: JudgeOption = None,
    saving: Saving,
    asking: Asking,
    talking: Talking,
) -> None:
    """Check whether documents support claims.

    Writes the same rows with verdict and probability. The verdict is supported, contradicted
    or not_found; the probability is always that the document supports the claim. Where one
    detail decided against a claim, a wrong name or figure, the row has the reason. A row on
    which a model gives no answer is left out, named on standard error, and the exit code is 5.
    """
    from summarizer.evals.judging import PairRow, read_rows
    from summarizer.pipeline import judging_only
    from summarizer.settings import load

    settings = judging_only(load({"judge": judge, **asking.settings()}))
    reporter = StatusReporter(talking)
    hint = 'A row is {"id": "1", "document": "…", "claim": "…"}, all on one line.'
    numbered = {number: row.root for number, row in read_rows(file, PairRow, hint)}
    with judging_desk(settings, reporter) as desk:
        rows = [*numbered.values()]
        if asking.dry_run:
            print_plan(plan_rows(rows, settings, desk))
        judged = judge_rows(rows, desk, reporter)
        emit(as_lines(row for row in judged if row is not None), saving.output)
        for number, row in zip(numbered, judged, strict=True):
            if row is None:
                reporter.warn(f"{file}, line {number}: no verdict, left out.")
    raise typer.Exit(judging_exit_code(desk, complete=None not in judged))


@contextmanager
def judging_desk(settings: Settings, reporter: StatusReporter) -> Iterator[Desk]:
    """Open a desk for a ``with``; say who judges, then what failed and what it took."""
    from summarizer.pipeline import open_desk

    started = time.perf_counter()
    with open_desk(settings, warn=reporter.warn) as desk:
        if desk.session is not None:
            reporter.note(f"{desk.judge.name} judge: {desk.described()}")
        yield desk
        for message in dict.fromkeys(error.message for error in desk.errors):
            reporter.warn(message)
        if desk.session is not None:
            reporter.note(usage_sentence(desk.usage(time.perf_counter() - started)))


def judging_exit_code(desk: Desk, *, complete: bool) -> int:
    """Return the code of a run: the cap on cost comes first, since the user can raise it."""
    if any(isinstance(error, BudgetReached) for error in desk.errors):
        return BudgetReached.exit_code
    return 0 if complete else PARTIAL


def judge_rows(rows: Sequence[Row], desk: Desk, reporter: StatusReporter) -> list[Row | None]:
    """Return the rows with verdict and probability; None where the judge has no answer.

    Raises:
        SummarizerError: There is not one answer; the error is that of the first question.
    """
    with reporter.progress() as progress:
        judged = _judge_documents(rows, desk, progress)
    if desk.errors and not any(judged):
        raise desk.errors[0]
    return judged


def _judge_documents(rows: Sequence[Row], desk: Desk, progress: Progress) -> list[Row | None]:
    """Judge rows of one document together; why there is no answer is noted at the desk."""
    from summarizer.pipeline import whole_text
    from summarizer.report.schema import DECIMALS
    from summarizer.types import Claim

    judged: list[Row | None] = [None] * len(rows)

    def judge_document(document: str, places: Sequence[int]) -> None:
        article = whole_text(document, f"document {places[0] + 1}")
        claims = [Claim(article=article, text=rows[i]["claim"], evidence=()) for i in places]
        step = partial(desk.judge.judge, claims, article)
        answer = desk.attempt_judging("judging", article, step)
        if answer is None:
            return
        for i, judgement in zip(places, answer.judgements, strict=True):
            if judgement is not None:
                verdict = ROW_VERDICTS.get(judgement.verdict, "not_found")
                probability = round(judgement.probability, DECIMALS)
                reason = {"reason": judgement.reason} if judgement.reason else {}
                judged[i] = {**rows[i], "verdict": verdict, "probability": probability, **reason}

    documents: dict[str, list[int]] = {}
    for i, row in enumerate(rows):
        documents.setdefault(row["document"], []).append(i)
    tasks = [partial(judge_document, *each) for each in documents.items()]
    desk.run(tasks, "judging", progress)
    return judged


def plan_rows(rows: Sequence[Row], settings: Settings, desk: Desk) -> Plan:
    """Return what judging the rows would ask and cost; nothing is sent."""
    from summarizer.pipeline import Plan, rehearsal, silent

    if desk.session is None:
        return Plan()
    rehearsing, chat = rehearsal(desk.session, desk, settings)
    _judge_documents(rows, rehearsing, silent)
    return Plan(chat.meter.stages())
