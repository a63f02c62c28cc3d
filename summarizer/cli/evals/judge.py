"""``summarize eval judge``: how far a judge agrees with people's labels, or sees planted errors."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from summarizer.cli.evals.options import CasesOption
from summarizer.cli.options import Asking, Saving, Talking, expanded
from summarizer.cli.output import emit, screen_columns
from summarizer.cli.read import PARTIAL
from summarizer.cli.rows import JsonOption
from summarizer.cli.status import StatusReporter
from summarizer.errors import BudgetReached, SummarizerError, UsageError

if TYPE_CHECKING:
    from summarizer.evals.judging import JudgeScore, LabelledPair, ScoredPair
    from summarizer.evals.show.document import Block
    from summarizer.evals.types import Ratio
    from summarizer.pipeline import Desk, Progress
    from summarizer.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Deciding:
    """From which probability on a claim is taken for supported."""

    threshold: Annotated[
        float | None,
        typer.Option(
            min=0,
            max=1,
            metavar="P",
            help="Take a claim for supported from this probability on.  [default: go by the "
            "judge's verdicts]",
        ),
    ] = None
    fit: Annotated[
        Path | None,
        typer.Option(
            metavar="OTHER.jsonl",
            help="Fit that threshold on another file, by the best balanced accuracy.",
        ),
    ] = None
    scores: Annotated[
        Path | None,
        typer.Option(metavar="OUT.jsonl", help="Write label, probability and decision a row."),
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
    judge: Annotated[
        str | None,
        typer.Option(
            help="Who judges: auto, lexical (offline), llm or decisions.  [default: auto: llm "
            "where OPENAI_API_KEY or OPENAI_BASE_URL is set, else lexical]"
        ),
    ] = None,
    deciding: Deciding,
    cases_dir: CasesOption = None,
    json: JsonOption = False,
    saving: Saving,
    asking: Asking,
    talking: Talking,
) -> None:
    """Measure a judge: on pairs that people have labelled, or on planted errors.

    Balanced accuracy, ROC AUC and expected calibration error, each with an interval that
    draws whole documents. A row without a verdict is left out, and the exit code is 5.
    """
    from summarizer.cli.pairs import judging_only
    from summarizer.settings import load

    settings = judging_only(load({"judge": judge, **asking.settings()}))
    if planted is (file is not None):
        raise UsageError("Give a file of labelled pairs, or --planted.", hint="One of the two.")
    if file is None:
        emit(_planted(cases_dir, settings, StatusReporter(talking), json=json), saving.output)
        return
    if deciding.threshold is not None and deciding.fit is not None:
        raise UsageError("--threshold and --fit exclude each other.", hint="Give one of them.")
    _measure(file, deciding, settings, saving, asking, StatusReporter(talking), json=json)


def _planted(
    folder: Path | None, settings: Settings, reporter: StatusReporter, *, json: bool
) -> str:
    """Return how many planted errors a judge catches, as JSON or as a table."""
    from summarizer.evals.cases import find_cases_folder, list_cases
    from summarizer.evals.planted import summed, try_judge
    from summarizer.evals.show.document import to_terminal
    from summarizer.pipeline import open_desk
    from summarizer.render.json import dumps

    cases_folder = folder or find_cases_folder()
    with open_desk(settings, warn=reporter.warn) as desk, reporter.progress() as progress:
        cases, parts = list_cases(cases_folder), []
        for done, case in enumerate(cases):
            progress("cases", done, len(cases))
            parts.append(try_judge(desk.judge, case, cases_folder.parent / "planted"))
    caught = summed(parts)
    if json:
        return (
            dumps({k: asdict(r) | {"value": r.value} for k, r in caught.items()}, indent=2) + "\n"
        )
    return to_terminal(_planted_blocks(caught), screen_columns())


def _planted_blocks(caught: Mapping[str, Ratio]) -> Iterator[Block]:
    from summarizer.evals.show.document import Row, Table, Text
    from summarizer.evals.show.figures import share, title

    if not caught:
        yield Text("There are no planted errors for these cases.")
        return
    rows = [Row((title(kind), share(r.value), f"{r.of:g}")) for kind, r in caught.items()]
    yield Table(("planted error", "caught", "of"), tuple(rows))


def _measure(
    file: Path,
    deciding: Deciding,
    settings: Settings,
    saving: Saving,
    asking: Asking,
    reporter: StatusReporter,
    *,
    json: bool,
) -> None:
    """Measure a judge on labelled pairs, and leave with 5 where it gave no verdict on some."""
    from summarizer.cli.rows import as_lines
    from summarizer.evals.judging import fitted_threshold, load_pairs, score_judge, score_row
    from summarizer.evals.show.document import to_terminal
    from summarizer.render.json import dumps

    files = {path: load_pairs(path) for path in (file, deciding.fit) if path is not None}
    judged = _judged(files, settings, reporter, dry_run=asking.dry_run)
    scored, threshold = judged.scored[file], deciding.threshold
    if deciding.fit is not None:
        threshold = fitted_threshold(judged.scored[deciding.fit], str(deciding.fit))
    result = score_judge(scored, threshold)
    if deciding.scores is not None:
        emit(as_lines(score_row(each, threshold) for each in scored), deciding.scores)
    about = {
        "file": str(file),
        "judge": judged.judge,
        "model": judged.model,
        "threshold_from": deciding.origin,
        "left_out": len(files[file]) - len(scored),
    }
    if json:
        emit(dumps({**about, **asdict(result)}, indent=2) + "\n", saving.output)
    else:
        emit(to_terminal(_blocks(result, about), screen_columns()), saving.output)
    raise typer.Exit(judged.exit_code)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    """What a judge said of the pairs of each file, and how the command is to end."""

    judge: str
    model: str | None
    scored: Mapping[Path, Sequence[ScoredPair]]
    exit_code: int


def _judged(
    files: Mapping[Path, Sequence[LabelledPair]],
    settings: Settings,
    reporter: StatusReporter,
    *,
    dry_run: bool,
) -> _Judged:
    from summarizer.cli import pairs
    from summarizer.pipeline import open_desk

    started = time.perf_counter()
    with open_desk(settings, warn=reporter.warn) as desk:
        if desk.session is not None:
            reporter.note(f"{desk.judge.name} judge: {desk.described()}")
        if dry_run:
            rows = [pair.row for listed in files.values() for pair in listed]
            emit(f"{pairs.planned(rows, settings, desk)}\n")
            raise typer.Exit
        with reporter.progress() as progress:
            scored = {path: _scored(listed, desk, progress) for path, listed in files.items()}
        for path, listed in files.items():
            if not scored[path] and desk.errors:
                raise desk.errors[0]
            if len(scored[path]) < len(listed):
                missing = len(listed) - len(scored[path])
                reporter.warn(f"{path}: {missing} rows without a verdict are left out.")
        for message in dict.fromkeys(error.message for error in desk.errors):
            reporter.warn(message)
        if desk.session is not None:
            reporter.note(pairs.took(desk.usage(time.perf_counter() - started)))
        return _Judged(
            judge=desk.judge.name, model=_model(desk), scored=scored, exit_code=_code(desk.errors)
        )


def _scored(
    listed: Sequence[LabelledPair], desk: Desk, progress: Progress
) -> tuple[ScoredPair, ...]:
    """Return the pairs with what the judge says of them, but for those without a verdict."""
    from summarizer.cli import pairs
    from summarizer.evals.judging import ScoredPair
    from summarizer.types import Verdict

    judged = pairs.judged([pair.row for pair in listed], desk, progress)
    return tuple(
        ScoredPair(
            pair=pair,
            probability=row["probability"],
            verdict=row["verdict"] == Verdict.REPORTED.value,
        )
        for pair, row in zip(listed, judged, strict=True)
        if row is not None
    )


def _model(desk: Desk) -> str | None:
    """Return the model that judges: that of typed questions is another one."""
    if desk.session is None:
        return None
    return desk.session.decider.model if desk.judge.name == "decisions" else desk.session.model


def _code(errors: Sequence[SummarizerError]) -> int:
    if any(isinstance(error, BudgetReached) for error in errors):
        return BudgetReached.exit_code
    return PARTIAL if errors else 0


def _blocks(result: JudgeScore, about: Mapping[str, Any]) -> Iterator[Block]:
    from summarizer.evals.reliability import BINS, RESAMPLES
    from summarizer.evals.show.document import Row, Table, Text

    who = f"{about['judge']} judge{', ' + about['model'] if about['model'] else ''}"
    at = "" if result.threshold is None else f"{result.threshold:.4f}, "
    yield Text(
        f"{who}: {result.pairs} pairs of {result.documents} documents, {result.supported} labelled "
        f"supported; supported from: {at}{about['threshold_from']}"
    )
    rows = []
    for name, figure in result.figures.items():
        value = "–" if figure.value is None else f"{figure.value:.3f}"
        around = figure.interval
        ends = "–" if around is None else f"{around.low:.3f} to {around.high:.3f}"
        title = name.replace("_", " ").replace("roc auc", "ROC AUC")
        rows.append(Row((title, value, ends)))
    yield Table(("", "figure", f"95 % of {RESAMPLES:,} draws of documents"), tuple(rows))
    bins = [
        Row((f"{b.low:.1f} to {b.high:.1f}", f"{b.pairs}", f"{b.said:.3f}", f"{b.were:.3f}"))
        for b in result.bins
        if b.said is not None
    ]
    yield Table((f"probability ({BINS} equal bins)", "pairs", "said", "were"), tuple(bins))
