"""``summarize eval judge``: how far a judge agrees with people's labels, or sees planted errors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path
from typing import Annotated, Any

import typer

from summarizer.cli.evals.cases import CasesOption, Format, laid_out
from summarizer.cli.judge import judge_rows, judging_desk, judging_exit_code, plan_rows
from summarizer.cli.options import Asking, JudgeOption, Saving, Talking, expanded
from summarizer.cli.output import JsonOption, StatusReporter, as_lines, emit
from summarizer.cli.work import print_plan
from summarizer.errors import UsageError
from summarizer.evals import judging
from summarizer.evals.cases import find_cases_folder, list_cases
from summarizer.evals.pages import NONE, judge_table, share
from summarizer.evals.runs import plan_tests
from summarizer.pipeline import Desk, Plan, judging_only, open_desk
from summarizer.render.tables import Block, Row, Table, Text
from summarizer.settings import Settings, load


@dataclass(frozen=True, slots=True, kw_only=True)
class Deciding:
    """From which probability on a claim is taken for supported."""

    threshold: Annotated[
        float | None,
        typer.Option(
            min=0,
            max=1,
            metavar="P",
            help="The probability from which a claim counts as supported.  [default: the judge's "
            "own verdicts count]",
        ),
    ] = None
    fit: Annotated[
        Path | None,
        typer.Option(
            metavar="OTHER.jsonl",
            help="Choose the threshold that has the best balanced accuracy on this other file.",
        ),
    ] = None
    scores: Annotated[
        Path | None,
        typer.Option(
            metavar="OUT.jsonl", help="Write the label, probability and decision of each row."
        ),
    ] = None


@expanded
def judge(
    *,
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="FILE.jsonl",
            help="Rows with document, claim and label: supported or unsupported.",
            show_default=False,
        ),
    ] = None,
    planted: Annotated[
        bool,
        typer.Option("--planted", help="Show how many planted errors it catches, by their kind."),
    ] = False,
    judge: JudgeOption = None,
    deciding: Deciding,
    cases_dir: CasesOption = None,
    json: JsonOption = False,
    saving: Saving,
    asking: Asking,
    talking: Talking,
) -> None:
    """Measure a judge on people's labels or on planted errors.

    Prints balanced accuracy, ROC AUC and expected calibration error, each with a bootstrap
    interval. A row that gets no verdict is left out, and the exit code is 5.
    """
    if planted is (file is not None):
        raise UsageError("Give a file of labelled pairs, or --planted.", hint="One of the two.")
    if deciding.threshold is not None and deciding.fit is not None:
        raise UsageError("--threshold and --fit exclude each other.", hint="Give one of them.")
    reporter = StatusReporter(talking)
    settings = judging_only(load({"judge": judge, **asking.settings()}))
    if file is None:
        values, blocks, code = _try_on_planted(cases_dir, settings, asking, reporter)
    else:
        values, blocks, code = _measure_judge(file, deciding, settings, asking, reporter)
    emit(laid_out(Format.JSON if json else Format.TERMINAL, blocks, values), saving.output)
    raise typer.Exit(code)


Shown = tuple[Mapping[str, Any], list[Block], int]
"""What a command has to say, as values and as blocks, and its exit code."""


def _try_on_planted(
    folder: Path | None, settings: Settings, asking: Asking, reporter: StatusReporter
) -> Shown:
    cases_folder = folder or find_cases_folder()
    cases, planted, parts = list_cases(cases_folder), cases_folder.parent / "planted", []
    with open_desk(settings, warn=reporter.warn) as desk, reporter.progress() as progress:
        if asking.dry_run:
            print_plan(Plan(plan_tests(cases, planted, settings, desk)))
        for done, case in enumerate(cases):
            progress("cases", done, len(cases))
            parts.append(judging.try_judge(desk.judge, case, planted))
    caught = judging.add_up(parts)
    values = {kind: asdict(r) | {"value": r.value} for kind, r in caught.items()}
    if not caught:
        return values, [Text("There are no planted errors for these cases.")], 0
    return values, [judge_table("planted error", caught)], 0


def _measure_judge(
    file: Path, deciding: Deciding, settings: Settings, asking: Asking, reporter: StatusReporter
) -> Shown:
    files = {path: judging.load_pairs(path) for path in (file, deciding.fit) if path is not None}
    with judging_desk(settings, reporter) as desk:
        if asking.dry_run:
            every = chain.from_iterable(files.values())
            print_plan(plan_rows([pair.row for pair in every], settings, desk))
        scored = {path: _scored_pairs(path, each, desk, reporter) for path, each in files.items()}
    threshold = deciding.threshold
    origin = "the judge's own verdicts" if threshold is None else "given"
    if deciding.fit is not None:
        origin = f"fitted on {deciding.fit}"
        threshold = judging.fitted_threshold([*scored[deciding.fit].values()], str(deciding.fit))
    decided = {pair: judging.decided_at(point, threshold) for pair, point in scored[file].items()}
    if deciding.scores is not None:
        rows = (
            {
                "id": pair.id,
                "line": pair.line,
                "label": point.supported,
                "probability": point.probability,
                "predicted": point.taken,
            }
            for pair, point in decided.items()
        )
        emit(as_lines(rows), deciding.scores)
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
    code = judging_exit_code(desk, complete=not any(left_out.values()))
    result = judging.score_judge([*decided.values()], threshold)
    return {**about, **asdict(result)}, _score_blocks(result, about), code


def _scored_pairs(
    path: Path, pairs: Sequence[judging.LabelledPair], desk: Desk, reporter: StatusReporter
) -> dict[judging.LabelledPair, judging.Point]:
    """Return the pairs with what the judge says of them, but for those without a verdict."""
    judged = judge_rows([pair.row for pair in pairs], desk, reporter)
    scored = {
        pair: judging.Point(
            row["probability"], pair.supported, row["verdict"] == "supported", pair.document
        )
        for pair, row in zip(pairs, judged, strict=True)
        if row is not None
    }
    if len(scored) < len(pairs):
        reporter.warn(f"{path}: {len(pairs) - len(scored)} rows without a verdict are left out.")
    return scored


def _score_blocks(result: judging.JudgeScore, about: Mapping[str, Any]) -> list[Block]:
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
        rows.append(Row((shown, share(figure.value), ends)))
    columns = ("", "figure", f"95 % of {judging.RESAMPLES:,} draws of documents")
    return [Text(head), Table(columns, tuple(rows))]
