"""Runs and baselines on disk, and where they lie.

``evals/runs`` holds runs (not kept in git), the last one as ``last.json``;
``evals/baselines`` holds one file for each configuration that is gated, and
``evals/recordings`` the answers of models that are kept to be replayed.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from summarizer.errors import InputError, UsageError
from summarizer.evals.types import CaseResult, PromptText, Ratio, Run
from summarizer.types import Usage

if TYPE_CHECKING:
    from summarizer.evals.disk import OnDisk

LAST = "last"
"""What stands for the last run where the file of a run is asked for."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass(frozen=True, slots=True)
class Mark:
    """What a blessed run had, and the floor made of it.

    For a metric that is better when lower the floor is the most it may be. None: not gated,
    or nothing was there to count.
    """

    floor: float | None
    observed: float | None


Marks = Mapping[str, Mark]
"""By metric."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """What a configuration has to keep up, and the run it was blessed from."""

    name: str
    at: str
    engine: str
    judge: str
    model: str | None
    code: str
    prompts: tuple[tuple[str, str], ...]
    digests: Mapping[str, str]
    means: Marks
    cases: Mapping[str, Marks]
    judge_metrics: Marks = field(default_factory=dict)
    settings: Mapping[str, object] = field(default_factory=dict)
    texts: Mapping[str, PromptText] = field(default_factory=dict)
    planted: str = ""

    def as_run(self) -> Run:
        """Return the run that was blessed, as far as it is kept: one value a case and metric."""
        results = [
            CaseResult(case=case, sample=0, metrics={name: _ratio(marks[name]) for name in marks})
            for case, marks in self.cases.items()
        ]
        return Run(
            at=self.at,
            engine=self.engine,
            judge=self.judge,
            model=self.model,
            code=self.code,
            prompts=self.prompts,
            digests=self.digests,
            results=tuple(results),
            judge_metrics={name: _ratio(mark) for name, mark in self.judge_metrics.items()},
            settings=self.settings,
            texts=self.texts,
            planted=self.planted,
        )


def _ratio(mark: Mark) -> Ratio:
    return Ratio(0, 0) if mark.observed is None else Ratio(mark.observed, 1)


def evals_folder() -> Path:
    """Return the folder ``evals``: the one here, else the one of a checkout, else here."""
    here, checkout = Path("evals"), Path(__file__).parents[2] / "evals"
    # An installed package has a stranger's folder of that name beside it, or none.
    return checkout if (checkout / "cases").is_dir() and not here.is_dir() else here


def run_path(run: str | Path) -> Path:
    """Return the file of a run: ``last``, the name of one in ``evals/runs``, or a path."""
    if str(run) == LAST:
        return evals_folder() / "runs" / f"{LAST}.json"
    named = evals_folder() / "runs" / f"{run}.json"
    return named if not Path(run).exists() and named.is_file() else Path(run)


def recordings_path(name: str | Path) -> Path:
    """Return a file of recorded answers: the name of one in ``evals/recordings``, or a path."""
    named = evals_folder() / "recordings" / f"{name}.jsonl"
    return named if not Path(name).exists() and named.is_file() else Path(name)


def baseline_path(name: str) -> Path:
    """Return the file of the baseline of that name.

    Raises:
        UsageError: It is no name that a file may have.
    """
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"{name!r} cannot be the name of a baseline.",
            hint="Use letters, digits, dots, dashes and underscores, as in `extractive`.",
        )
    return evals_folder() / "baselines" / f"{name}.json"


def save_run(run: Run, path: Path) -> None:
    """Write a run to a file; its folder is made where there is none."""
    _write(run_document(run), path)


def run_document(run: Run) -> str:
    """Return a run as its file has it."""
    from summarizer.evals.disk import RunFile

    return _document(RunFile, asdict(run) | {"prompts": dict(run.prompts)})


def load_run(path: Path) -> Run:
    """Read a run from its file.

    Raises:
        UsageError: There is no such file.
        InputError: It cannot be read, or is no run.
    """
    from summarizer.evals.disk import RunFile

    values = _read(RunFile, path, "run", hint="`summarize eval run` makes one.")
    results = tuple(
        CaseResult(
            case=each["case"],
            sample=each["sample"],
            metrics=_ratios(each["metrics"]),
            usage=Usage(**each["usage"]),
            failures=tuple(each["failures"]),
        )
        for each in values["results"]
    )
    kept = ("at", "engine", "judge", "model", "code", "digests", "settings", "planted")
    return Run(
        **{name: values[name] for name in kept},
        prompts=tuple(values["prompts"].items()),
        results=results,
        judge_metrics=_ratios(values["judge_metrics"]),
        judge_usage=Usage(**values["judge_usage"]),
        texts=_texts(values["texts"]),
    )


def save_baseline(baseline: Baseline, path: Path) -> None:
    """Write a baseline to a file; its folder is made where there is none."""
    from summarizer.evals.disk import BaselineFile

    values = asdict(baseline) | {"prompts": dict(baseline.prompts)}
    _write(_document(BaselineFile, values), path)


def load_baseline(path: Path) -> Baseline:
    """Read a baseline from its file.

    Raises:
        UsageError: There is no such file.
        InputError: It cannot be read, or is no baseline.
    """
    from summarizer.evals.disk import BaselineFile

    values = _read(BaselineFile, path, "baseline", hint="`summarize eval bless` makes one.")
    kept = ("name", "at", "engine", "judge", "model", "code", "digests", "settings", "planted")
    return Baseline(
        **{name: values[name] for name in kept},
        prompts=tuple(values["prompts"].items()),
        means=_marks(values["means"]),
        cases={case: _marks(marks) for case, marks in values["cases"].items()},
        judge_metrics=_marks(values["judge_metrics"]),
        texts=_texts(values["texts"]),
    )


def _ratios(values: dict[str, Any]) -> dict[str, Ratio]:
    return {name: Ratio(**ratio) for name, ratio in values.items()}


def _texts(values: dict[str, Any]) -> dict[str, PromptText]:
    return {name: PromptText(**text) for name, text in values.items()}


def _marks(values: dict[str, Any]) -> dict[str, Mark]:
    return {name: Mark(**mark) for name, mark in values.items()}


def _read(model: type[OnDisk], path: Path, what: str, hint: str) -> dict[str, Any]:
    from summarizer.evals.disk import parsed

    try:
        document = path.read_bytes()
    except FileNotFoundError:
        raise UsageError(f"There is no {what} {path}.", hint=hint) from None
    except OSError as problem:
        raise InputError(f"Cannot read {path}: {problem.strerror or problem}.") from None
    try:
        return parsed(model, document)
    except ValueError as problem:
        raise InputError(f"{path} is no {what} of this version: {problem}", hint=hint) from None


def _document(model: type[OnDisk], values: dict[str, Any]) -> str:
    from summarizer.evals.disk import checked

    return json.dumps(checked(model, values), indent=1, ensure_ascii=False) + "\n"


def _write(document: str, path: Path) -> None:
    """Write the file whole or not at all: a run that broke off must not pass for a short one."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(document, encoding="utf-8", newline="\n")
        beside.replace(path)
    except OSError as problem:
        raise UsageError(f"Cannot write {path}: {problem.strerror or problem}.") from None
    finally:
        with suppress(OSError):
            beside.unlink()
