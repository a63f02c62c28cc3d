"""``summarize cache``: what is stored, why a request missed, and how to be rid of it."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer import Option

from summarizer.cli.options import (
    BYTES,
    SECONDS,
    OutputOption,
    expanded,
    load_settings,
    parse_amount,
)
from summarizer.cli.output import (
    JsonOption,
    StatusReporter,
    as_json,
    emit,
    field_line,
    print_status,
)
from summarizer.errors import UsageError
from summarizer.report.wording import one_line, plural

if TYPE_CHECKING:
    from summarizer.llm.store import Store

KEY_SHOWN = 12  # characters of a key that tell it from every other one, and fit a line

CacheDir = Annotated[
    str | None,
    Option(metavar="FOLDER", help="Where stored answers are.  [default: the user's cache folder]"),
]

app = typer.Typer(
    help="Show or remove the stored answers of models.", no_args_is_help=True, rich_markup_mode=None
)


@app.command()
@expanded
def info(
    *,
    cache_dir: CacheDir = None,
    json: JsonOption = False,
    output: OutputOption = None,
    reporter: StatusReporter,
) -> None:
    """Show where stored answers are, how many, of which stages and since when."""
    with _open_store(cache_dir, reporter) as store:
        stored = store.info()
    emit(as_json(stored) if json else "".join(_info_lines(stored)), output)


@app.command()
@expanded
def explain(
    *,
    cache_dir: CacheDir = None,
    json: JsonOption = False,
    output: OutputOption = None,
    reporter: StatusReporter,
) -> None:
    """Show why requests of the last run were not in the cache."""
    from dataclasses import asdict

    from summarizer.llm.cache import last_run

    with _open_store(cache_dir, reporter) as store:
        run = last_run(store)
    fields = asdict(run) if run else {}
    emit(as_json(fields) if json else "".join(_run_lines(fields)), output)


@app.command()
@expanded
def prune(
    *,
    older_than: Annotated[
        str | None, Option(metavar="AGE", help="Remove what was stored longer ago: 12h, 30d, 8w.")
    ] = None,
    max_size: Annotated[
        str | None,
        Option(metavar="SIZE", help="Remove the oldest until so much is left: 200MB, 1GB."),
    ] = None,
    cache_dir: CacheDir = None,
    reporter: StatusReporter,
) -> None:
    """Remove the stored answers that are old or too many."""
    if not (older_than or max_size):
        raise UsageError(
            "Nothing says what to remove.", hint="Give --older-than 30d, --max-size 200MB or both."
        )
    from rich.filesize import decimal

    age = parse_amount("--older-than", older_than, SECONDS) if older_than else None
    size = parse_amount("--max-size", max_size, BYTES) if max_size else None
    before = None if age is None else time.time() - age
    with _open_store(cache_dir, reporter) as store:
        removed = store.prune(before=before, max_bytes=None if size is None else int(size))
        left = store.info()
    print_status(
        f"Removed {plural(removed, 'answer')}; "
        f"{plural(left['entries'], 'answer')} ({decimal(left['bytes'])}) left."
    )


@app.command()
@expanded
def clear(
    *,
    yes: Annotated[bool, Option("--yes", "-y", help="Do not ask.")] = False,
    cache_dir: CacheDir = None,
    reporter: StatusReporter,
) -> None:
    """Remove all stored answers, and damaged databases that were set aside."""
    with _open_store(cache_dir, reporter) as store:
        stored = store.info()
        if not yes and not _user_agrees(
            f"Remove {plural(stored['entries'], 'answer')} from {stored['folder']}?"
        ):
            print_status("Nothing was removed.")
            return
        removed = store.clear()
    print_status(f"Removed {plural(removed, 'answer')}.")


def _open_store(cache_dir: str | None, reporter: StatusReporter) -> Store:
    """Open the store that the settings name; nothing is made where there is none."""
    from summarizer.llm.store import Store, chosen_folder

    folder = chosen_folder(load_settings(cache_dir=cache_dir).cache_dir)
    return Store(folder, make=False, warn=reporter.warn)


def _info_lines(stored: dict[str, Any]) -> Iterator[str]:
    from rich.filesize import decimal

    yield field_line("folder", stored["folder"])
    yield field_line("answers", f"{stored['entries']} ({decimal(stored['bytes'])})")
    for stage, each in stored["stages"].items():
        yield field_line(stage, f"{each['entries']} ({decimal(each['bytes'])})", indent=2)
    yield from (field_line(name, stored[name]) for name in ("oldest", "newest") if stored[name])
    yield from (field_line("damaged, set aside", path) for path in stored["set_aside"])


def _run_lines(run: dict[str, Any]) -> Iterator[str]:
    if not run:
        yield "No run is recorded here.\n"
        return
    lookups = run["lookups"]
    hits = sum(each["hit"] for each in lookups)
    yield f"{one_line(run['ended'])}, {one_line(run['endpoint'])}, cache {one_line(run['mode'])}\n"
    yield f"{hits} found, {len(lookups) - hits} not\n"
    for each in lookups:
        word, why = ("hit", "") if each["hit"] else ("miss", f": {each['why']}")
        about = ", ".join(filter(None, (each["stage"], each["subject"])))
        yield f"{word:<5} {each['key'][:KEY_SHOWN]} {one_line(about + why)}\n"
    if run["left_out"]:
        yield f"and {run['left_out']} more that were not kept\n"


def _user_agrees(question: str) -> bool:
    print(f"{one_line(question)} [y/N] ", end="", file=sys.stderr, flush=True)
    answer = sys.stdin.readline()
    if not answer:
        raise UsageError("Nobody answered, so nothing was removed.", hint="--yes does not ask.")
    return answer.strip().lower() in {"y", "yes"}
