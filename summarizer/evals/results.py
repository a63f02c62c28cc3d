"""Runs and baselines: what they hold, their files, and the figures of a run.

``evals/runs`` holds runs (not kept in git), the last one as ``last.json``; ``evals/baselines``
floors, and ``evals/recordings`` answers that are kept to be replayed. An unknown key is refused, so
that a slip in a file edited by hand does not pass for a floor.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from itertools import product
from pathlib import Path
from statistics import fmean
from typing import Annotated, Any, ClassVar, Literal, TypeVar

from pydantic import Field, TypeAdapter, ValidationError

from summarizer.errors import InputError, UsageError
from summarizer.evals.labelled_report import Ratio
from summarizer.evals.metrics import in_order
from summarizer.files import replace_file
from summarizer.schemas import first_problem
from summarizer.usage import NOTHING, Usage

LAST = "last"  # what stands for the last run where the file of a run is asked for
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")

Share = Annotated[float, Field(ge=0, le=1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResult:
    """One case run once: every metric by name, and what the run took."""

    case: str
    sample: int
    metrics: Mapping[str, Ratio]
    usage: Usage = field(default_factory=Usage)
    failures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptText:
    """All of a prompt that decides answers; ``reply`` names the schema of its reply."""

    version: int
    reply: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """What a run was made with.

    ``at`` is when it began, ISO 8601, UTC. ``code`` is the SHA-256 of the code that scores
    depend on; ``prompts`` and ``digests`` have those of prompts and cases by name, ``planted``
    that of the planted errors, empty where the judge was not tested. ``settings`` and ``texts``,
    those of the prompts by name, are what it takes to make the run again.
    """

    # Of the values inside, too: nothing unknown, no infinite number.
    __pydantic_config__: ClassVar = {"extra": "forbid", "allow_inf_nan": False}
    schema_version: Literal[1] = 1
    at: str
    engine: str
    judge: str
    model: str | None
    code: str
    prompts: Mapping[str, str]
    digests: Mapping[str, str]
    settings: Mapping[str, str | int | float | bool | None] = field(default_factory=dict)
    texts: Mapping[str, PromptText] = field(default_factory=dict)
    planted: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run(Configuration):
    """All cases run once or several times with one configuration.

    ``judge_metrics`` is how the judge did on the planted errors, ``judge_usage`` what that took.
    """

    results: tuple[CaseResult, ...]
    judge_metrics: Mapping[str, Ratio] = field(default_factory=dict)
    judge_usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True, slots=True)
class Mark:
    """What a blessed run had, and the floor made of it; both are shares, 0 to 1.

    For a metric that is better when lower the floor is the most it may be. None: not gated,
    or nothing was there to count.
    """

    floor: Share | None
    observed: Share | None


Marks = Mapping[str, Mark]  # by metric


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline(Configuration):
    """What a configuration has to keep up; ``usage`` is what the run took that it is made of."""

    name: str
    means: Marks
    cases: Mapping[str, Marks]
    judge_metrics: Marks = field(default_factory=dict)
    usage: Usage = field(default_factory=Usage)

    def as_run(self) -> Run:
        """Return the run that was blessed, as far as it is kept: one value a case and metric."""

        def ratios(marks: Marks) -> dict[str, Ratio]:
            values = {name: mark.observed for name, mark in marks.items()}
            return {n: Ratio(0, 0) if v is None else Ratio(v, 1) for n, v in values.items()}

        cases = {case: ratios(marks) for case, marks in self.cases.items()}
        return Run(
            **configuration(self),
            results=tuple(CaseResult(case=c, sample=0, metrics=m) for c, m in cases.items()),
            judge_metrics=ratios(self.judge_metrics),
            judge_usage=self.usage,
        )


Kept = TypeVar("Kept", Run, Baseline)


def configuration(of: Configuration) -> dict[str, Any]:
    """Return what a run or a baseline was made with, to make another one of."""
    return {item.name: getattr(of, item.name) for item in fields(Configuration)}


def evals_folder() -> Path:
    """Return the folder ``evals``: the one here, else the one of a checkout, else here."""
    here, checkout = Path("evals"), Path(__file__).parents[2] / "evals"
    # An installed package has a stranger's folder of that name beside it, or none.
    return checkout if (checkout / "cases").is_dir() and not here.is_dir() else here


def kept_path(name: str | Path, folder: str = "runs", suffix: str = ".json") -> Path:
    """Return a file: ``last``, the name of one in a folder of ``evals``, or a path."""
    inside = evals_folder() / folder / f"{name}{suffix}"
    is_inside = str(name) == LAST or (inside.is_file() and not Path(name).exists())
    return inside if is_inside else Path(name)


def baseline_path(name: str) -> Path:
    """Return the file of the baseline of that name; one that no file may have is a UsageError."""
    if not _FILE_NAME.fullmatch(name):
        raise UsageError(
            f"{name!r} cannot be the name of a baseline.",
            hint="Use letters, digits, dots, dashes and underscores, as in `extractive`.",
        )
    return evals_folder() / "baselines" / f"{name}.json"


def load_run(run: str | Path) -> Run:
    """Read a run: ``last``, the name of one in ``evals/runs``, or a file.

    No such file is a UsageError; one that is unreadable or no run is an InputError.
    """
    return _load_file(Run, kept_path(run), "`summarize eval run` makes one.")


def load_baseline(path: Path) -> Baseline:
    """Read a baseline from its file. Errors are those of ``load_run``."""
    return _load_file(Baseline, path, "`summarize eval bless` makes one.")


def find_baseline(name: str | None, engine: str) -> Baseline | None:
    """Read the baseline of that name, which must be there, or the engine's, if there is one."""
    path = baseline_path(name or engine)
    return load_baseline(path) if name is not None or path.exists() else None


def _load_file(kind: type[Kept], path: Path, hint: str) -> Kept:
    what = kind.__name__.lower()
    try:
        return TypeAdapter(kind).validate_json(path.read_bytes())
    except FileNotFoundError:
        raise UsageError(f"There is no {what} {path}.", hint=hint) from None
    except OSError as problem:
        raise InputError(f"Cannot read {path}: {problem.strerror or problem}.") from None
    except ValidationError as problem:
        text = f"{path} is no {what} of this version: {first_problem(problem)}"
        raise InputError(text, hint=hint) from None


def document(kept: Run | Baseline) -> str:
    """Return a run or a baseline as its file has it."""
    return TypeAdapter(type(kept)).dump_json(kept, indent=1).decode("utf-8") + "\n"


def save(kept: Run | Baseline, path: Path) -> None:
    """Write the file of a run or a baseline; one that cannot be written is a UsageError."""
    _write_whole(document(kept), path)


def keep_run(run: Run) -> None:
    """Write a run as the last one, and under its date."""
    last, stamp = kept_path(LAST), run.at.replace(":", "").replace("+0000", "Z")
    # Two runs may begin in one second where all answers are stored.
    dated = (last.with_name(f"{stamp}-{run.engine}{n}.json") for n in ("", *range(2, 100)))
    for path in (last, next(path for path in dated if not path.exists())):
        save(run, path)


def save_recordings(rows: Iterable[Mapping[str, Any]], path: Path) -> int:
    """Write answers, as the cache has them, to a file, and return how many they are.

    They are sorted by what they are about, so that two recordings can be compared.
    """
    lines = [
        {
            "subject": row["subject"],
            "stage": row["stage"],
            "model": row["parts"]["model"],
            "answered_by": row["model"],
            "sample": int(row["parts"]["sample"]),
            "at": row["created"],
            "tokens": row["tokens"],
            **{name: row[name] for name in ("outcome", "detail") if row.get(name)},
            "answer": row["value"],
            "parts": {name: value for name, value in row["parts"].items() if name != "server"},
            "fingerprint": row["fingerprint"],
        }
        for row in rows
    ]
    lines.sort(key=lambda line: [line[k] for k in ("subject", "stage", "sample", "fingerprint")])
    _write_whole("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), path)
    return len(lines)


def _write_whole(text: str, path: Path) -> None:
    """Write a file whole or not at all: a run that broke off must not pass for a short one."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # The name of a file may hold what is no character; what was answered never does.
        replace_file(path, text.encode("utf-8", "replace"))
    except OSError as problem:
        raise UsageError(f"Cannot write {path}: {problem.strerror or problem}.") from None


Samples = tuple[float, ...]  # one metric of one case; samples with nothing to count left out


def scores(run: Run) -> Mapping[str, Mapping[str, Samples]]:
    """Return by metric and case what the samples gave, both in the order of a report."""
    names = in_order(name for result in run.results for name in result.metrics)
    by_metric: dict[str, dict[str, Samples]] = {name: {} for name in names}
    for name, result in product(names, run.results):
        value = result.metrics[name].value if name in result.metrics else None
        known = by_metric[name].get(result.case, ())
        by_metric[name][result.case] = known if value is None else (*known, value)
    return by_metric


def mean(values: Iterable[float | None]) -> float | None:
    """Return the mean of the values there are; None where there are none."""
    there = [value for value in values if value is not None]
    return fmean(there) if there else None


def failures(run: Run) -> Mapping[str, tuple[str, ...]]:
    """Return what went wrong, by case; only cases where something did."""
    by_case: dict[str, tuple[str, ...]] = {}
    for result in run.results:
        if result.failures:
            by_case[result.case] = (*by_case.get(result.case, ()), *result.failures)
    return by_case


def samples_per_case(run: Run) -> int:
    """Return how often the case with the most samples was run."""
    return max(Counter(result.case for result in run.results).values(), default=0)


def total_usage(run: Run) -> Usage:
    """Return what all cases and samples took together, and the test of the judge."""
    return sum((result.usage for result in run.results), NOTHING) + run.judge_usage
