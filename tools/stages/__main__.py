"""Which stage a difference between two runs comes from: ``python -m tools.stages A B``.

A and B are files of runs, or names of runs in ``evals/runs``; B alone may be left out, and A is
then compared with its baseline. ``--ask`` asks a model for the answers that are not stored.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from summarizer.errors import SummarizerError
from summarizer.evals.cases import find_cases_folder, list_cases
from summarizer.evals.compare import compare
from summarizer.evals.metrics import metric_of, some
from summarizer.evals.pages import signed, title
from summarizer.evals.results import baseline_path, load_baseline, load_run
from summarizer.render.tables import Block, Row, Table, Text, to_markdown, to_terminal
from summarizer.settings import load
from tools.stages.attribution import Attribution, Shares, Stage, attribute


def main(arguments: list[str] | None = None) -> int:
    """Print the stages that a difference comes from, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.stages", description=__doc__)
    parser.add_argument("before", metavar="A")
    parser.add_argument("after", metavar="B", nargs="?")
    parser.add_argument("--cases", type=Path, help="the folder of the cases")
    parser.add_argument("--ask", action="store_true", help="ask for answers that are not stored")
    parser.add_argument("--md", action="store_true", help="write Markdown")
    options = parser.parse_args(arguments)
    try:
        print(told(options), end="")
    except SummarizerError as error:
        print(f"Error: {error.message} {error.hint or ''}", file=sys.stderr)
        return error.exit_code
    return 0


def told(options: argparse.Namespace) -> str:
    """Return what is known of two runs, from the cases that differ between them."""
    after = load_run(options.after or options.before)
    if options.after is None:
        before = load_baseline(baseline_path(after.engine)).as_run()
    else:
        before = load_run(options.before)
    metrics = compare(before, after).metrics
    moved = {change.case for each in metrics for change in (*each.worse, *each.better)}
    listed = list_cases(options.cases or find_cases_folder())
    cases = [case for case in listed if case.name in moved]
    settings = load({"cache": "on" if options.ask else "offline"})
    page = stages_page(attribute(before, after, cases, settings))
    return to_markdown(page) if options.md else to_terminal(page)


def stages_page(attribution: Attribution) -> Iterator[Block]:
    """Yield which stage the differences come from."""
    yield Text(_stage_conclusion(attribution), strong=True)
    if attribution.rows:
        columns = ("WHERE IT COMES FROM", "diff", *Stage, "together")
        yield Table(columns, tuple(_stage_row(attribution, each) for each in attribution.rows))
        yield Text(
            "Each stage alone as in the run after, all others as before; deciding: what the "
            "present code makes of the answers before; =: the same in both runs."
        )
    if attribution.unknown:
        cases = dict.fromkeys(case for names in attribution.unknown.values() for case in names)
        yield Text(
            f"Not known of {' and '.join(attribution.unknown)} in {some(list(cases))}: "
            "these stages were never tried apart. `--ask` asks "
            "for the answers that are not stored."
        )


def _stage_conclusion(attribution: Attribution) -> str:
    """Return which stage made what worse, and in which cases, in one sentence."""
    if not attribution.metrics:
        return "Nothing differs in these cases, so no stage is to blame."
    parts = []
    for stage in Stage:
        blamed = [each for each in attribution.metrics if each.is_blamed_on(stage)]
        if blamed:
            titles = ", ".join(metric_of(each.metric).title for each in blamed)
            by_case = attribution.cases.items()
            cases = [case for case, rows in by_case if any(r.is_blamed_on(stage) for r in rows)]
            parts.append(f"{stage} made worse: {titles}, in {some(cases)}")
    if parts:
        text = "; ".join(parts)
        return f"{text[0].upper()}{text[1:]}."
    if not any(row.is_worse for row in attribution.rows):
        return "Nothing got noticeably worse in these cases."
    if attribution.unknown:
        stages = " and ".join(attribution.differing)
        return f"Which stage it comes from is not known: {stages} were changed together."
    return "No single stage accounts for what got worse."


def _stage_row(attribution: Attribution, each: Shares) -> Row:
    shares = (
        signed(each.shares[stage]) if stage in attribution.differing else "=" for stage in Stage
    )
    return Row((title(each.metric), signed(each.difference), *shares, signed(each.together)))


if __name__ == "__main__":
    sys.exit(main())
