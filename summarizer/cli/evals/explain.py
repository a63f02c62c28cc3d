"""``summarize eval explain``: what a case expects and what came, side by side."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from summarizer.cli.evals.choosing import Choosing, Replaying, chosen
from summarizer.cli.options import Asking, Saving, Talking, Working, expanded
from summarizer.cli.output import emit, screen_columns
from summarizer.cli.rows import JsonOption
from summarizer.cli.status import StatusReporter

if TYPE_CHECKING:
    from summarizer.evaluation.baselines import Marks
    from summarizer.evaluation.explain import Changes, Explanation, Turned
    from summarizer.evaluation.types import Case, Run
    from summarizer.settings import Settings
    from summarizer.types import Fact

BASELINE = "baseline"
"""What stands for the baseline of the engine where a run is asked for."""


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
    everything: Annotated[
        bool, typer.Option("--all", help="Show every list to its end, and facts that were found.")
    ] = False,
    choosing: Choosing,
    json: JsonOption = False,
    saving: Saving,
    replaying: Replaying,
    working: Working,
    asking: Asking,
    talking: Talking,
) -> None:
    """Show what was expected of one case and what came, with the requests behind it.

    The case is run anew; a model's answers come from the cache where they are stored.
    """
    from summarizer.evaluation.explain import changes
    from summarizer.evaluation.show.explained import Page
    from summarizer.render.json import dumps

    reporter, settings = StatusReporter(talking), chosen(working, asking, replaying)
    loaded = choosing.listed([case])[0].load()
    found = _explained(loaded, settings, reporter)
    engine = found.report.generated.engine
    turned = None
    if since is not None:
        turned = changes(_before(loaded, _run(since, engine), settings, reporter), found)
    if json:
        emit(dumps(_row(found, turned), indent=2) + "\n", saving.output)
        return
    page = Page(
        found, turned, _floors(engine, loaded), everything=everything, width=screen_columns()
    )
    emit(page.text(), saving.output)


def _explained(case: Case, settings: Settings, reporter: StatusReporter) -> Explanation:
    from summarizer.cli.work import at_desk, report_outcome
    from summarizer.evaluation import explain as side_by_side
    from summarizer.evaluation.runs import diff_case

    with at_desk(settings, reporter) as desk:
        report = diff_case(case, settings, desk)
        lookups = desk.session.cache.lookups if desk.session else ()
    report_outcome(report, reporter)
    return side_by_side.explain(case, report, lookups)


def _run(named: str, engine: str) -> Run:
    from summarizer.cli.evals.baselines import find_run
    from summarizer.evaluation.baselines import baseline_path, load_baseline

    if named == BASELINE:
        return load_baseline(baseline_path(engine)).as_run()
    return find_run(named)


def _before(case: Case, run: Run, settings: Settings, reporter: StatusReporter) -> Explanation:
    """Make a case again as another run had it, from stored answers only."""
    from summarizer.evaluation import explain as side_by_side
    from summarizer.evaluation.remaking import desk_of, remade
    from summarizer.evaluation.runs import diff_case
    from summarizer.evaluation.stored import code_digest

    unsent = replace(settings, cache="offline")
    with desk_of(run, unsent) as desk:
        report = diff_case(case, remade(run, unsent), desk)
    if run.code != code_digest():
        reporter.warn("The code has changed since: what it made then of answers is not shown.")
    if report.failures:
        reporter.warn(f"Not all answers of the run of {run.at} are stored: some may seem lost.")
    return side_by_side.explain(case, report)


def _floors(engine: str, case: Case) -> Marks | None:
    """Return what the baseline of an engine wants of a case, if it knows it as it is."""
    from summarizer.evaluation.baselines import baseline_path, load_baseline

    path = baseline_path(engine)
    baseline = load_baseline(path) if path.is_file() else None
    known = baseline is not None and baseline.digests.get(case.name) == case.digest
    return baseline.cases[case.name] if baseline is not None and known else None


def _row(found: Explanation, since: Changes | None) -> dict[str, Any]:
    from summarizer.evaluation.show.explained import conflict

    return {
        "case": found.case.name,
        "metrics": {
            name: {"value": ratio.value, "hits": ratio.hits, "of": ratio.of}
            for name, ratio in found.result.metrics.items()
        },
        "facts": [
            {
                "id": met.gold.id,
                "text": met.gold.text,
                "salience": met.gold.salience,
                "outcome": met.outcome.value,
                "expected": {"status": met.gold.status.value, "outlets": list(met.outlets)},
                "came": [_fact_row(fact) for fact in met.facts],
            }
            for met in found.facts
        ],
        "faults": {metric: list(texts) for metric, texts in found.faults.items()},
        "falsely_unique": [_fact_row(fact) for fact in found.falsely_unique],
        "unlabelled": [_fact_row(fact) for fact in found.unlabelled],
        "conflicts": [
            {"id": each.gold.id, "topic": each.gold.topic, "found": each.found}
            for each in found.conflicts
        ],
        "unlabelled_conflicts": [conflict(told) for told in found.unlabelled_conflicts],
        "requests": [asdict(lookup) for lookup in found.lookups],
        "since": None if since is None else _since_row(since),
    }


def _since_row(since: Changes) -> dict[str, Any]:
    return {
        "lost": [_turned_row(each) for each in since.lost],
        "won": [_turned_row(each) for each in since.won],
        "new_faults": {metric: list(texts) for metric, texts in since.new_faults.items()},
        "gone_faults": {metric: list(texts) for metric, texts in since.gone_faults.items()},
    }


def _turned_row(each: Turned) -> dict[str, str]:
    return {"id": each.gold.id, "before": each.before.value, "now": each.now.value}


def _fact_row(fact: Fact) -> dict[str, Any]:
    return {
        "id": fact.id,
        "text": fact.text,
        "status": fact.status.value,
        "uniqueness": fact.uniqueness.value if fact.uniqueness else None,
        "outlets": list(fact.outlets),
        "wordings": [mention.wording for mention in fact.mentions],
    }
