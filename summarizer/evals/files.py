"""Runs and baselines on disk, and where they lie.

``evals/runs`` holds runs (not kept in git), the last one as ``last.json``;
``evals/baselines`` holds one file for each configuration that is gated, and
``evals/recordings`` the answers of models that are kept to be replayed. A key that nobody
knows is refused, so that a slip in a file edited by hand does not pass for a floor.
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from summarizer.errors import InputError, UsageError
from summarizer.evals.types import Baseline, Run

LAST = "last"
"""What stands for the last run where the file of a run is asked for."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")

Kept = TypeVar("Kept", Run, Baseline)


def evals_folder() -> Path:
    """Return the folder ``evals``: the one here, else the one of a checkout, else here."""
    here, checkout = Path("evals"), Path(__file__).parents[2] / "evals"
    # An installed package has a stranger's folder of that name beside it, or none.
    return checkout if (checkout / "cases").is_dir() and not here.is_dir() else here


def run_path(run: str | Path) -> Path:
    """Return the file of a run: ``last``, the name of one in ``evals/runs``, or a path."""
    if str(run) == LAST:
        return evals_folder() / "runs" / f"{LAST}.json"
    return _prefer_named(evals_folder() / "runs" / f"{run}.json", Path(run))


def recordings_path(name: str | Path) -> Path:
    """Return a file of recorded answers: the name of one in ``evals/recordings``, or a path."""
    return _prefer_named(evals_folder() / "recordings" / f"{name}.jsonl", Path(name))


def _prefer_named(inside: Path, path: Path) -> Path:
    return inside if not path.exists() and inside.is_file() else path


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
    written: bytes = _type_adapter(type(kept)).dump_json(kept, indent=1)
    return written.decode("utf-8") + "\n"


def save(kept: Run | Baseline, path: Path) -> None:
    """Write the file whole or not at all: a run that broke off must not pass for a short one."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(document(kept), encoding="utf-8", newline="\n")
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
        kept: Kept = _type_adapter(kind).validate_json(path.read_bytes())
    except FileNotFoundError:
        raise UsageError(f"There is no {what} {path}.", hint=hint) from None
    except OSError as problem:
        raise InputError(f"Cannot read {path}: {problem.strerror or problem}.") from None
    except ValueError as problem:
        raise InputError(
            f"{path} is no {what} of this version: {_first_error(problem)}", hint=hint
        ) from None
    return kept


def _first_error(problem: ValueError) -> str:
    """Return the first thing that pydantic complains of, with its place."""
    errors = getattr(problem, "errors", None)
    if errors is None:
        return str(problem)
    first = errors(include_url=False, include_input=False)[0]
    where = ".".join(map(str, first["loc"]))
    return f"{where}: {first['msg']}" if where else str(first["msg"])


def _type_adapter(kind: type[Run | Baseline]) -> Any:
    from pydantic import TypeAdapter

    return TypeAdapter(kind)
