"""``summarize judge`` and ``summarize eval judge``: a judge's answers, and how good they are."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Annotated, Any

import typer
from typer import Argument, Option

from summarizer import pipeline
from summarizer.cli.evals.cases import CasesOption, Format, laid_out
from summarizer.cli.options import Asking, JudgeOption, OutputOption, expanded, load_settings
from summarizer.cli.output import (
    JsonOption,
    Row,
    StatusReporter,
    as_lines,
    emit,
    exit_code,
    print_plan,
    usage_sentence,
)
from summarizer.errors import UsageError
from summarizer.evals import judging
from summarizer.evals.cases import find_cases_folder, list_cases
from summarizer.evals.labelled_report import ratio_values
from summarizer.evals.pages import NONE, judge_table, share
from summarizer.evals.runs import plan_tests
from summarizer.pipeline import Desk, Plan, Progress
from summarizer.render import tables
from summarizer.report.schema import DECIMALS
from summarizer.settings import Settings
from summarizer.types import Claim

ROW_VERDICTS = {"reported": "supported", "contradicted": "contradicted"}
"""What a verdict is called in a row: a pair asks for support, and part of it is not found."""


def judge_file(
    file: Path, output: Path | None, settings: Settings, asking: Asking, reporter: StatusReporter
) -> int:
    """Write the rows of a file with verdict and probability, and return the exit code."""
    hint = 'A row is {"id": "1", "document": "…", "claim": "…"}, all on one line.'
    numbered = {n: row.root for n, row in judging.read_rows(file, judging.PairRow, hint)}
    with _judging_desk(settings, reporter) as desk:
        rows = [*numbered.values()]
        if asking.dry_run:
            print_plan(_plan_rows(rows, settings, desk))
        judged = _judge_rows(rows, desk, reporter)
        emit(as_lines(row for row in judged if row is not None), output)
        for number, row in zip(numbered, judged, strict=True):
            if row is None:
                reporter.warn(f"{file}, line {number}: no verdict, left out.")
    return exit_code(desk.errors, partial=None in judged)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deciding:
    """From which probability on a claim is taken for supported."""

    threshold: Annotated[
        float | None,
        Option(
            min=0,
            max=1,
            metavar="P",
            help="The probability from which a claim counts as supported.  [default: the judge's "
            "own verdicts count]",
        ),
    ] = None
    fit: Annotated[
        Path | None,
        Option(
            metavar="OTHER.jsonl",
            help="Choose the threshold that has the best balanced accuracy on this other file.",
        ),
    ] = None
    scores: Annotated[
        Path | None,
        Option(metavar="OUT.jsonl", help="Write the label, probability and decision of each row."),
    ] = None


@expanded
def judge(
    *,
    file: Annotated[
        Path | None,
        Argument(
            metavar="FILE.jsonl",
            help="Rows with document, claim and label: supported or unsupported.",
        ),
    ] = None,
    planted: Annotated[
        bool, Option("--planted", help="Show how many planted errors it catches, by their kind.")
    ] = False,
    judge: JudgeOption = None,
    deciding: Deciding,
    cases_dir: CasesOption = None,
    json: JsonOption = False,
    output: OutputOption = None,
    asking: Asking,
    reporter: StatusReporter,
) -> None:
    """Measure a judge on people's labels or on planted errors.

    Prints balanced accuracy, ROC AUC and expected calibration error, each with a bootstrap
    interval. A row that gets no verdict is left out, and the exit code is 5.
    """
    if planted is (file is not None):
        raise UsageError("Give a file of labelled pairs, or --planted.", hint="One of the two.")
    if deciding.threshold is not None and deciding.fit is not None:
        raise UsageError("--threshold and --fit exclude each other.", hint="Give one of them.")
    settings = pipeline.judging_only(load_settings(asking, judge=judge))
    if file is None:
        values, blocks, code = _try_on_planted(cases_dir, settings, asking, reporter)
    else:
        values, blocks, code = _measure_judge(file, deciding, settings, asking, reporter)
    emit(laid_out(Format.JSON if json else Format.TERMINAL, blocks, values), output)
    raise typer.Exit(code)


Shown = tuple[Mapping[str, Any], list[tables.Block], int]
"""What a command has to say, as values and as blocks, and its exit code."""


def _try_on_planted(
    folder: Path | None, settings: Settings, asking: Asking, reporter: StatusReporter
) -> Shown:
    cases_folder = folder or find_cases_folder()
    cases, planted, parts = list_cases(cases_folder), cases_folder.parent / "planted", []
    with pipeline.open_desk(settings, warn=reporter.warn) as desk, reporter.progress() as progress:
        if asking.dry_run:
            print_plan(Plan(plan_tests(cases, planted, settings, desk)))
        for done, case in enumerate(cases):
            progress("cases", done, len(cases))
            parts.append(judging.try_judge(desk.judge, case, planted))
    caught = judging.add_up(parts)
    nothing = tables.Text("There are no planted errors for these cases.")
    return ratio_values(caught), [judge_table("planted error", caught) if caught else nothing], 0


def _measure_judge(
    file: Path, deciding: Deciding, settings: Settings, asking: Asking, reporter: StatusReporter
) -> Shown:
    files = {path: judging.load_pairs(path) for path in (file, deciding.fit) if path is not None}
    with _judging_desk(settings, reporter) as desk:
        if asking.dry_run:
            every = chain.from_iterable(files.values())
            print_plan(_plan_rows([pair.row for pair in every], settings, desk))
        scored = {path: _scored_pairs(path, each, desk, reporter) for path, each in files.items()}
    threshold = deciding.threshold
    origin = "the judge's own verdicts" if threshold is None else "given"
    if deciding.fit is not None:
        origin = f"fitted on {deciding.fit}"
        threshold = judging.fitted_threshold([*scored[deciding.fit].values()], str(deciding.fit))
    decided = {pair: judging.decided_at(point, threshold) for pair, point in scored[file].items()}
    if deciding.scores is not None:
        emit(as_lines(_score_row(*each) for each in decided.items()), deciding.scores)
    # Who answers typed questions is another model.
    session, typed = desk.session, desk.judge.name == "decisions"
    left_out = {path: len(files[path]) - len(of_path) for path, of_path in scored.items()}
    about = {
        "file": str(file),
        "judge": desk.judge.name,
        "model": (session.decider if typed else session.asker).model if session else None,
        "threshold_from": origin,
        "left_out": left_out[file],
    }
    code = exit_code(desk.errors, partial=any(left_out.values()))
    result = judging.score_judge([*decided.values()], threshold)
    return {**about, **asdict(result)}, _score_blocks(result, about), code


def _scored_pairs(
    path: Path, pairs: Sequence[judging.LabelledPair], desk: Desk, reporter: StatusReporter
) -> dict[judging.LabelledPair, judging.Point]:
    judged = _judge_rows([pair.row for pair in pairs], desk, reporter)
    scored = {}
    for pair, row in zip(pairs, judged, strict=True):
        if row is not None:
            taken = row["verdict"] == "supported"
            point = judging.Point(row["probability"], pair.supported, taken, pair.document)
            scored[pair] = point
    if len(scored) < len(pairs):
        reporter.warn(f"{path}: {len(pairs) - len(scored)} rows without a verdict are left out.")
    return scored


def _score_row(pair: judging.LabelledPair, point: judging.Point) -> Row:
    return {
        "id": pair.id,
        "line": pair.line,
        "label": point.supported,
        "probability": point.probability,
        "predicted": point.taken,
    }


def _score_blocks(result: judging.JudgeScore, about: Mapping[str, Any]) -> list[tables.Block]:
    who = f"{about['judge']} judge{', ' + about['model'] if about['model'] else ''}"
    at = "" if result.threshold is None else f"{result.threshold:.4f}, "
    head = (
        f"{who}: {result.pairs} pairs of {result.documents} documents, {result.supported} labelled "
        f"supported; supported from: {at}{about['threshold_from']}"
    )
    rows = []
    for name, figure in result.figures.items():
        around = figure.interval
        ends = f"{around.low:.3f} to {around.high:.3f}" if around else NONE
        shown = name.replace("_", " ").replace("roc auc", "ROC AUC")
        rows.append(tables.Row((shown, share(figure.value), ends)))
    columns = ("", "figure", f"95 % of {judging.RESAMPLES:,} draws of documents")
    return [tables.Text(head), tables.Table(columns, tuple(rows))]


@contextmanager
def _judging_desk(settings: Settings, reporter: StatusReporter) -> Iterator[Desk]:
    """Open a desk for a ``with``; say who judges, then what failed and what it took."""
    started = time.perf_counter()
    with pipeline.open_desk(settings, warn=reporter.warn) as desk:
        if desk.session is not None:
            reporter.note(f"{desk.judge.name} judge: {desk.described()}")
        yield desk
        for message in dict.fromkeys(error.message for error in desk.errors):
            reporter.warn(message)
        if desk.session is not None:
            reporter.note(usage_sentence(desk.usage(time.perf_counter() - started)))


def _judge_rows(rows: Sequence[Row], desk: Desk, reporter: StatusReporter) -> list[Row | None]:
    """Return the rows with verdict and probability; None where the judge has no answer.

    Where it has not one, the error of the first question is raised.
    """
    with reporter.progress() as progress:
        judged = _judge_documents(rows, desk, progress)
    if desk.errors and not any(judged):
        raise desk.errors[0]
    return judged


def _judge_documents(rows: Sequence[Row], desk: Desk, progress: Progress) -> list[Row | None]:
    """Judge rows of one document together; why there is no answer is noted at the desk."""
    judged: list[Row | None] = [None] * len(rows)

    def judge_document(document: str, places: Sequence[int]) -> None:
        article = pipeline.whole_text(document, f"document {places[0] + 1}")
        claims = [Claim(article=article, text=rows[i]["claim"], evidence=()) for i in places]
        step = partial(desk.judge.judge, claims, article)
        answer = desk.attempt("judging", article, step)
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


def _plan_rows(rows: Sequence[Row], settings: Settings, desk: Desk) -> Plan:
    if desk.session is None:
        return Plan()
    rehearsing, chat = pipeline.rehearsal(desk.session, desk, settings)
    _judge_documents(rows, rehearsing, pipeline.silent)
    return Plan(chat.meter.stages())
