"""Runs and baselines: their files, and the figures of a run.

``evals/runs`` holds runs (not kept in git), the last one as ``last.json``; ``evals/baselines``
one file for each configuration that is gated, and ``evals/recordings`` answers that are kept to
be replayed. A key that nobody knows is refused, so that a slip in a file edited by hand does not
pass for a floor.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from statistics import fmean
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from summarizer.errors import InputError, UsageError
from summarizer.evals.metrics import in_order
from summarizer.evals.types import Baseline, Run
from summarizer.types import Usage

LAST = "last"
"""What stands for the last run where the file of a run is asked for."""

_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")

Kept = TypeVar("Kept", Run, Baseline)


def evals_folder() -> Path:
    """Return the folder ``evals``: the one here, else the one of a checkout, else here."""
    here, checkout = Path("evals"), Path(__file__).parents[2] / "evals"
    # An installed package has a stranger's folder of that name beside it, or none.
    return checkout if (checkout / "cases").is_dir() and not here.is_dir() else here


def run_path(run: str | Path) -> Path:
    """Return the file of a run: ``last``, the name of one in ``evals/runs``, or a path."""
    inside = evals_folder() / "runs" / f"{run}.json"
    return inside if str(run) == LAST else _prefer_named(inside, Path(run))


def recordings_path(name: str | Path) -> Path:
    """Return a file of recorded answers: the name of one in ``evals/recordings``, or a path."""
    return _prefer_named(evals_folder() / "recordings" / f"{name}.jsonl", Path(name))


def _prefer_named(inside: Path, path: Path) -> Path:
    return inside if not path.exists() and inside.is_file() else path


def baseline_path(name: str) -> Path:
    """Return the file of the baseline of that name; one that no file may have is a UsageError."""
    if not _FILE_NAME.fullmatch(name):
        raise UsageError(
            f"{name!r} cannot be the name of a baseline.",
            hint="Use letters, digits, dots, dashes and underscores, as in `extractive`.",
        )
    return evals_folder() / "baselines" / f"{name}.json"


def load_run(path: Path) -> Run:
    """Read a run from its file.

    Raises:
        UsageError: There is no such file.
        InputError: It cannot be read, or is no run.
    """
    return _load_file(Run, path, "`summarize eval run` makes one.")


def load_baseline(path: Path) -> Baseline:
    """Read a baseline from its file. Errors are those of ``load_run``."""
    return _load_file(Baseline, path, "`summarize eval bless` makes one.")


def document(kept: Run | Baseline) -> str:
    """Return a run or a baseline as its file has it."""
    return TypeAdapter(type(kept)).dump_json(kept, indent=1).decode("utf-8") + "\n"


def save(kept: Run | Baseline, path: Path) -> None:
    """Write the file whole or not at all: a run that broke off must not pass for a short one."""
    _write(document(kept), path)


def save_recordings(rows: Iterable[Mapping[str, Any]], path: Path) -> int:
    """Write answers, as the cache has them, to a file, and return how many they are.

    The lines are in the order of what they are about, so that two recordings can be compared.

    Raises:
        UsageError: The file cannot be written.
    """
    lines = sorted(map(_recorded, rows), key=_order)
    _write("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), path)
    return len(lines)


def _recorded(row: Mapping[str, Any]) -> dict[str, Any]:
    parts = row["parts"]
    return {
        "subject": row["subject"],
        "stage": row["stage"],
        "model": parts["model"],
        "answered_by": row["model"],
        "sample": int(parts["sample"]),
        "at": row["created"],
        "tokens": row["tokens"],
        **{name: row[name] for name in ("outcome", "detail") if row.get(name)},
        "answer": row["value"],
        "parts": {name: value for name, value in parts.items() if name != "server"},
        "fingerprint": row["fingerprint"],
    }


def _order(line: Mapping[str, Any]) -> tuple[Any, ...]:
    return line["subject"], line["stage"], line["sample"], line["fingerprint"]


def _write(text: str, path: Path) -> None:
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # The name of a file may hold what is no character; what was answered never does.
        beside.write_bytes(text.encode("utf-8", "replace"))
        beside.replace(path)
    except OSError as problem:
        raise UsageError(f"Cannot write {path}: {problem.strerror or problem}.") from None
    finally:
        with suppress(OSError):
            beside.unlink()


def keep_run(run: Run) -> None:
    """Write a run as the last one, and under its date."""
    last, stamp = run_path(LAST), run.at.replace(":", "").replace("+0000", "Z")
    # Two runs may begin in one second where all answers are stored.
    dated = (last.with_name(f"{stamp}-{run.engine}{n}.json") for n in ("", *range(2, 100)))
    for path in (last, next(path for path in dated if not path.exists())):
        save(run, path)


def _load_file(kind: type[Kept], path: Path, hint: str) -> Kept:
    what = kind.__name__.lower()
    try:
        return TypeAdapter(kind).validate_json(path.read_bytes())
    except FileNotFoundError:
        raise UsageError(f"There is no {what} {path}.", hint=hint) from None
    except OSError as problem:
        raise InputError(f"Cannot read {path}: {problem.strerror or problem}.") from None
    except ValidationError as problem:
        text = first_error(problem)
        raise InputError(f"{path} is no {what} of this version: {text}", hint=hint) from None


def first_error(problem: ValidationError) -> str:
    """Return the first thing that pydantic complains of, with its place."""
    first = problem.errors(include_url=False, include_input=False)[0]
    place = ".".join(map(str, first["loc"]))
    return f"{place}: {first['msg']}" if place else first["msg"]


@dataclass(frozen=True, slots=True)
class Score:
    """What the samples of one case gave for one metric; those that counted nothing left out."""

    samples: tuple[float, ...] = ()

    @property
    def value(self) -> float | None:
        """The mean of the samples; None where none of them had anything to count."""
        return fmean(self.samples) if self.samples else None


NOTHING = Score()
"""The score of a case where there was nothing to count."""

ByCase = Mapping[str, Score]
"""One metric: the score of each case, in the order of the run."""


def scores(run: Run) -> Mapping[str, ByCase]:
    """Return every metric's score of every case; a case without the metric has ``NOTHING``."""
    names = in_order(name for result in run.results for name in result.metrics)
    return {name: _by_case(run, name) for name in names}


def _by_case(run: Run, metric: str) -> ByCase:
    samples: dict[str, list[float]] = {}
    for result in run.results:
        values = samples.setdefault(result.case, [])
        ratio = result.metrics.get(metric)
        if ratio is not None and ratio.value is not None:
            values.append(ratio.value)
    return {case: Score(tuple(values)) for case, values in samples.items()}


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
    used = [*(result.usage for result in run.results), run.judge_usage]
    return reduce(add_usage, used, Usage(cost_usd=0.0))


def add_usage(left: Usage, right: Usage, sign: int = 1) -> Usage:
    """Return what two parts took together, or with ``sign`` -1 ``left`` without ``right``."""
    # What costs an unknown sum makes the whole unknown; no request costs nothing.
    known = all(usage.cost_usd is not None or not usage.calls for usage in (left, right))
    return Usage(
        calls=left.calls + sign * right.calls,
        cached_calls=left.cached_calls + sign * right.cached_calls,
        input_tokens=left.input_tokens + sign * right.input_tokens,
        cached_input_tokens=left.cached_input_tokens + sign * right.cached_input_tokens,
        output_tokens=left.output_tokens + sign * right.output_tokens,
        cost_usd=(left.cost_usd or 0) + sign * (right.cost_usd or 0) if known else None,
        seconds=left.seconds + sign * right.seconds,
    )
