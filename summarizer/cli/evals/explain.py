"""``summarize eval explain``: what a case expects and what came, side by side."""

from __future__ import annotations

from dataclasses import asdict, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from summarizer.cli.evals.options import BaselineOption, Setup, find_baseline, find_run
from summarizer.cli.options import Asking, Saving, Talking, Working, expanded
from summarizer.cli.output import emit, screen_columns
from summarizer.cli.rows import JsonOption
from summarizer.cli.status import StatusReporter
from summarizer.errors import UsageError

if TYPE_CHECKING:
    from summarizer.evals.explain import Changes, Explanation, Turned
    from summarizer.evals.types import Baseline, Case, Run
    from summarizer.settings import Settings
    from summarizer.types import Fact

BASELINE = "baseline"
"""What stands for the baseline of the engine where a run is asked for."""


class Format(StrEnum):
    """What an explanation is written as."""

    TERMINAL = "terminal"
    HTML = "html"
    JSON = "json"


@expanded
def explain(
    *,
    case: Annotated[
        str, typer.Argument(metavar="CASE", help="The case's name.", show_default=False)
    ],
    since: Annotated[
        str | None,
        typer.Option(
            metavar="RUN",
            help="Say what changed since a run: baseline, last, one in evals/runs, or a file. "
            "It is made again from stored answers.",
        ),
    ] = None,
    baseline: BaselineOption = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Show every list to its end, and facts that were found.")
    ] = False,
    format: Annotated[
        Format,
        typer.Option("--format", "-f", help="What to write; html has the articles beside it."),
    ] = Format.TERMINAL,
    setup: Setup,
    json: JsonOption = False,
    saving: Saving,
    working: Working,
    asking: Asking,
    talking: Talking,
) -> None:
    """Show what was expected of one case and what came.

    With the requests behind it. The case is run anew; a model's answers come from the cache
    where they are stored.
    """
    from summarizer.evals.explain import changes
    from summarizer.evals.show.document import to_html, to_terminal
    from summarizer.evals.show.explained import ExplanationPage
    from summarizer.render.json import dumps

    reporter, settings = StatusReporter(talking), setup.settings(working, asking)
    loaded = setup.listed([case])[0].load()
    explained = _explained(loaded, settings, reporter)
    floors = find_baseline(baseline, explained.report.generated.engine)
    turned = None
    if since is not None:
        turned = changes(_before(loaded, _since(since, floors), settings, reporter), explained)
    if json or format is Format.JSON:
        emit(dumps(_row(explained, turned), indent=2) + "\n", saving.output)
        return
    known = floors if floors and floors.digests.get(case) == loaded.digest else None
    page = ExplanationPage(
        explained=explained,
        since=turned,
        floors=known.cases[case] if known else None,
        everything=everything or format is Format.HTML,
        articles=format is Format.HTML,
    )
    if format is Format.HTML:
        emit(to_html(case, page.blocks()), saving.output)
    else:
        emit(to_terminal(page.blocks(), screen_columns()), saving.output)


def _explained(case: Case, settings: Settings, reporter: StatusReporter) -> Explanation:
    from summarizer.cli.work import at_desk, report_outcome
    from summarizer.evals.explain import explain
    from summarizer.evals.runs import diff_case

    with at_desk(settings, reporter) as desk:
        report = diff_case(case, settings, desk)
        lookups = desk.session.cache.lookups if desk.session else ()
    report_outcome(report, reporter)
    return explain(case, report, lookups)


def _since(named: str, baseline: Baseline | None) -> Run:
    if named != BASELINE:
        return find_run(named)
    if baseline is None:
        raise UsageError(
            "There is no baseline of this engine.", hint="`summarize eval bless` makes one."
        )
    return baseline.as_run()


def _before(case: Case, run: Run, settings: Settings, reporter: StatusReporter) -> Explanation:
    """Make a case again as another run had it, from stored answers only."""
    from summarizer.evals.explain import explain
    from summarizer.evals.provenance import code_digest, reopen_desk, settings_of
    from summarizer.evals.runs import diff_case

    unsent = replace(settings, cache="offline")
    with reopen_desk(run, unsent) as desk:
        report = diff_case(case, settings_of(run, unsent), desk)
    if run.code != code_digest():
        reporter.warn("The code has changed since: what it made then of answers is not shown.")
    if report.failures:
        reporter.warn(f"Not all answers of the run of {run.at} are stored: some may seem lost.")
    return explain(case, report)


def _row(explained: Explanation, since: Changes | None) -> dict[str, Any]:
    from summarizer.evals.show.explained import conflict_text

    return {
        "case": explained.case.name,
        "metrics": {
            name: asdict(ratio) | {"value": ratio.value}
            for name, ratio in explained.result.metrics.items()
        },
        "facts": [
            {
                "id": each.gold.id,
                "text": each.gold.text,
                "salience": each.gold.salience,
                "outcome": each.outcome,
                "expected": {"status": each.gold.status, "outlets": each.outlets},
                "came": [_fact_row(fact) for fact in each.facts],
            }
            for each in explained.facts
        ],
        "faults": explained.faults,
        "falsely_unique": [_fact_row(fact) for fact in explained.falsely_unique],
        "unlabelled": [_fact_row(fact) for fact in explained.unlabelled],
        "conflicts": [
            {"id": each.gold.id, "topic": each.gold.topic, "found": each.found}
            for each in explained.conflicts
        ],
        "unlabelled_conflicts": [conflict_text(each) for each in explained.unlabelled_conflicts],
        "requests": [asdict(lookup) for lookup in explained.lookups],
        "since": None if since is None else _since_row(since),
    }


def _since_row(since: Changes) -> dict[str, Any]:
    def rows(turned: tuple[Turned, ...]) -> list[dict[str, str]]:
        return [{"id": t.gold.id, "before": t.before, "now": t.now} for t in turned]

    faults = {"new_faults": since.new_faults, "gone_faults": since.gone_faults}
    return {"lost": rows(since.lost), "won": rows(since.won), **faults}


def _fact_row(fact: Fact) -> dict[str, Any]:
    kept = ("id", "text", "status", "uniqueness", "outlets")
    wordings = [mention.wording for mention in fact.mentions]
    return {**{name: getattr(fact, name) for name in kept}, "wordings": wordings}
