"""``summarize eval judge``: how far a judge agrees with people's labels."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from summarizer.cli.options import Asking, Saving, Talking, expanded
from summarizer.cli.output import emit
from summarizer.cli.read import PARTIAL
from summarizer.cli.rows import JsonOption, Row
from summarizer.cli.status import StatusReporter
from summarizer.errors import BudgetReached, SummarizerError, UsageError

if TYPE_CHECKING:
    from summarizer.evaluation.judging import JudgeScore, LabelledPair, ScoredPair
    from summarizer.pipeline import Desk, Progress
    from summarizer.settings import Settings

TITLES = {
    "balanced_accuracy": "balanced accuracy",
    "roc_auc": "ROC AUC",
    "calibration_error": "calibration error",
}


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


@expanded
def judge(
    *,
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE.jsonl",
            help="Rows with document, claim and label: supported or unsupported.",
            show_default=False,
        ),
    ],
    judge: Annotated[
        str | None,
        typer.Option(
            help="Who judges: auto, lexical (offline), llm or decisions.  [default: auto: llm "
            "where OPENAI_API_KEY or OPENAI_BASE_URL is set, else lexical]"
        ),
    ] = None,
    deciding: Deciding,
    scores: Annotated[
        Path | None,
        typer.Option(metavar="OUT.jsonl", help="Write label, probability and decision a row."),
    ] = None,
    json: JsonOption = False,
    saving: Saving,
    asking: Asking,
    talking: Talking,
) -> None:
    """Measure a judge on pairs that people have labelled.

    Balanced accuracy, ROC AUC and expected calibration error, each with an interval that
    draws whole documents. A row without a verdict is left out, and the exit code is 5.
    """
    from summarizer.cli.pairs import judging_only
    from summarizer.cli.rows import as_lines
    from summarizer.evaluation.judging import fitted_threshold, load_pairs, score_judge, score_row
    from summarizer.settings import load

    if deciding.threshold is not None and deciding.fit is not None:
        raise UsageError("--threshold and --fit exclude each other.", hint="Give one of them.")
    settings = judging_only(load({"judge": judge, **asking.settings()}))
    files = {path: load_pairs(path) for path in (file, deciding.fit) if path is not None}
    made = _judged(files, settings, StatusReporter(talking), dry_run=asking.dry_run)
    scored, threshold = made.scored[file], deciding.threshold
    if deciding.fit is not None:
        threshold = fitted_threshold(made.scored[deciding.fit], str(deciding.fit))
    found = score_judge(scored, threshold)
    if scores is not None:
        emit(as_lines(score_row(each, threshold) for each in scored), scores)
    about = {
        "file": str(file),
        "judge": made.judge,
        "model": made.model,
        "threshold_from": _origin(deciding),
        "left_out": len(files[file]) - len(scored),
    }
    emit(_json(found, about) if json else "".join(_lines(found, about)), saving.output)
    raise typer.Exit(made.exit_code)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
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
) -> _Made:
    from summarizer.cli import pairs
    from summarizer.pipeline import open_desk

    started = time.perf_counter()
    with open_desk(settings, warn=reporter.warn) as desk:
        if desk.session is not None:
            reporter.note(f"{desk.judge.name} judge: {desk.described()}")
        if dry_run:
            rows = [_row(pair) for listed in files.values() for pair in listed]
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
        return _Made(
            judge=desk.judge.name, model=_model(desk), scored=scored, exit_code=_code(desk.errors)
        )


def _scored(
    listed: Sequence[LabelledPair], desk: Desk, progress: Progress
) -> tuple[ScoredPair, ...]:
    """Return the pairs with what the judge says of them, but for those without a verdict."""
    from summarizer.cli import pairs
    from summarizer.evaluation.judging import ScoredPair
    from summarizer.types import Verdict

    judged = pairs.judged([_row(pair) for pair in listed], desk, progress)
    return tuple(
        ScoredPair(
            pair=pair,
            probability=row["probability"],
            verdict=row["verdict"] == Verdict.SUPPORTED.value,
        )
        for pair, row in zip(listed, judged, strict=True)
        if row is not None
    )


def _row(pair: LabelledPair) -> Row:
    return {"id": pair.id, "document": pair.document, "claim": pair.claim}


def _model(desk: Desk) -> str | None:
    """Return the model that judges: that of typed questions is another one."""
    if desk.session is None:
        return None
    session = desk.session
    return session.decider.model if desk.judge.name == "decisions" else session.model


def _code(errors: Sequence[SummarizerError]) -> int:
    if any(isinstance(error, BudgetReached) for error in errors):
        return BudgetReached.exit_code
    return PARTIAL if errors else 0


def _origin(deciding: Deciding) -> str:
    if deciding.fit is not None:
        return f"fitted on {deciding.fit}"
    return "the judge's own verdicts" if deciding.threshold is None else "given"


def _json(found: JudgeScore, about: Mapping[str, Any]) -> str:
    import json
    from dataclasses import asdict

    from summarizer.evaluation.reliability import RESAMPLES
    from summarizer.evaluation.statistics import LEVEL, SEED

    bootstrap = {"resamples": RESAMPLES, "seed": SEED, "level": LEVEL, "clusters": "documents"}
    values = {**about, **asdict(found), "bootstrap": bootstrap}
    return json.dumps(values, indent=2, ensure_ascii=False) + "\n"


def _lines(found: JudgeScore, about: Mapping[str, Any]) -> Iterator[str]:
    from summarizer.evaluation.reliability import BINS, RESAMPLES

    who = f"{about['judge']} judge{', ' + about['model'] if about['model'] else ''}"
    yield f"{who}: {found.pairs} pairs of {found.documents} documents, "
    yield f"{found.supported} labelled supported\n"
    at = "" if found.threshold is None else f"{found.threshold:.4f}, "
    yield f"supported from: {at}{about['threshold_from']}\n\n"
    yield f"{'':<20}{'figure':>8}   95 % of {RESAMPLES:,} draws of documents\n"
    for name, figure in found.figures.items():
        value = "-" if figure.value is None else f"{figure.value:.3f}"
        around = figure.interval
        ends = "-" if around is None else f"{around.low:.3f} to {around.high:.3f}"
        yield f"{TITLES[name]:<20}{value:>8}   {ends}\n"
    yield f"\n{'probability':<14}{'pairs':>6}{'said':>8}{'were':>8}   ({BINS} equal bins)\n"
    for each in found.bins:
        if each.said is not None and each.were is not None:
            span = f"{each.low:.1f} to {each.high:.1f}"
            yield f"{span:<14}{each.pairs:>6}{each.said:>8.3f}{each.were:>8.3f}\n"
