"""``summarize eval judge``: how far a judge agrees with people's labels, or sees planted errors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path
from typing import Annotated, Any

import typer

from summarizer.cli.evals.options import CasesOption, Format, laid_out
from summarizer.cli.judge import judge_rows, judging_desk, judging_exit_code, print_judging_plan
from summarizer.cli.options import Asking, JudgeOption, Saving, Talking, expanded
from summarizer.cli.output import JsonOption, StatusReporter, as_lines, emit
from summarizer.errors import UsageError
from summarizer.evals.cases import find_cases_folder, list_cases
from summarizer.evals.judging import (
    RESAMPLES,
    JudgeScore,
    LabelledPair,
    Point,
    add_up,
    decided_at,
    fitted_threshold,
    load_pairs,
    score_judge,
    try_judge,
)
from summarizer.evals.labelled_report import Ratio
from summarizer.evals.pages import NONE, share, title
from summarizer.pipeline import Desk, judging_only, open_desk
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

    @property
    def origin(self) -> str:
        """Where the threshold comes from."""
        if self.fit is not None:
            return f"fitted on {self.fit}"
        return "the judge's own verdicts" if self.threshold is None else "given"


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
    code, values = 0, dict[str, Any]()
    if file is None:
        caught = _try_on_planted(cases_dir, settings, reporter)
        values = {kind: asdict(r) | {"value": r.value} for kind, r in caught.items()}
        blocks = _planted_blocks(caught)
    else:
        result, about, code = _measure_judge(file, deciding, settings, asking, reporter)
        values, blocks = {**about, **asdict(result)}, _score_blocks(result, about)
    format = Format.JSON if json else Format.TERMINAL
    emit(laid_out(format, blocks, values, title=""), saving.output)
    raise typer.Exit(code)


def _try_on_planted(
    folder: Path | None, settings: Settings, reporter: StatusReporter
) -> Mapping[str, Ratio]:

    cases_folder = folder or find_cases_folder()
    cases, parts = list_cases(cases_folder), []
    with open_desk(settings, warn=reporter.warn) as desk, reporter.progress() as progress:
        for done, case in enumerate(cases):
            progress("cases", done, len(cases))
            parts.append(try_judge(desk.judge, case, cases_folder.parent / "planted"))
    return add_up(parts)


def _planted_blocks(caught: Mapping[str, Ratio]) -> Iterator[Block]:

    if not caught:
        yield Text("There are no planted errors for these cases.")
        return
    rows = [Row((title(kind), share(r.value), f"{r.of:g}")) for kind, r in caught.items()]
    yield Table(("planted error", "caught", "of"), tuple(rows))


def _measure_judge(
    file: Path, deciding: Deciding, settings: Settings, asking: Asking, reporter: StatusReporter
) -> tuple[JudgeScore, Mapping[str, Any], int]:
    """Return how a judge does on labelled pairs, who it was, and how the command is to end."""
    files = {path: load_pairs(path) for path in (file, deciding.fit) if path is not None}
    with judging_desk(settings, reporter) as desk:
        if asking.dry_run:
            every = chain.from_iterable(files.values())
            print_judging_plan([pair.row for pair in every], settings, desk)
        scored = {path: _scored_pairs(path, each, desk, reporter) for path, each in files.items()}
    threshold = deciding.threshold
    if deciding.fit is not None:
        threshold = fitted_threshold([*scored[deciding.fit].values()], str(deciding.fit))
    decided = {pair: decided_at(point, threshold) for pair, point in scored[file].items()}
    if deciding.scores is not None:
        emit(as_lines(_score_row(*each) for each in decided.items()), deciding.scores)
    # Who answers typed questions is another model.
    session, typed = desk.session, desk.judge.name == "decisions"
    left_out = {path: len(files[path]) - len(of_path) for path, of_path in scored.items()}
    about = {
        "file": str(file),
        "judge": desk.judge.name,
        "model": (session.decider if typed else session).model if session else None,
        "threshold_from": deciding.origin,
        "left_out": left_out[file],
    }
    code = judging_exit_code(desk, complete=not any(left_out.values()))
    return score_judge([*decided.values()], threshold), about, code


def _scored_pairs(
    path: Path, pairs: Sequence[LabelledPair], desk: Desk, reporter: StatusReporter
) -> dict[LabelledPair, Point]:
    """Return the pairs with what the judge says of them, but for those without a verdict."""
    judged = judge_rows([pair.row for pair in pairs], desk, reporter)
    scored = {
        pair: Point(
            row["probability"], pair.supported, row["verdict"] == "supported", pair.document
        )
        for pair, row in zip(pairs, judged, strict=True)
        if row is not None
    }
    if len(scored) < len(pairs):
        reporter.warn(f"{path}: {len(pairs) - len(scored)} rows without a verdict are left out.")
    return scored


def _score_row(pair: LabelledPair, point: Point) -> dict[str, object]:
    """Return what is written of a pair: enough to compute every figure from."""
    return {
        "id": pair.id,
        "line": pair.line,
        "label": point.supported,
        "probability": point.probability,
        "predicted": point.taken,
    }


def _score_blocks(result: JudgeScore, about: Mapping[str, Any]) -> Iterator[Block]:

    who = f"{about['judge']} judge{', ' + about['model'] if about['model'] else ''}"
    at = "" if result.threshold is None else f"{result.threshold:.4f}, "
    yield Text(
        f"{who}: {result.pairs} pairs of {result.documents} documents, {result.supported} labelled "
        f"supported; supported from: {at}{about['threshold_from']}"
    )
    rows = []
    for name, figure in result.figures.items():
        around = figure.interval
        ends = f"{around.low:.3f} to {around.high:.3f}" if around else NONE
        title = name.replace("_", " ").replace("roc auc", "ROC AUC")
        rows.append(Row((title, share(figure.value), ends)))
    yield Table(("", "figure", f"95 % of {RESAMPLES:,} draws of documents"), tuple(rows))
