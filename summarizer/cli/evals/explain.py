"""``summarize eval explain``: what a case expects and what came, side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from summarizer.cli.evals.choosing import Choosing, Replaying, chosen
from summarizer.cli.options import Asking, Saving, Talking, Working, expanded
from summarizer.cli.rows import JsonOption
from summarizer.cli.screen import Voice, emit

if TYPE_CHECKING:
    from summarizer.evaluation.explain import Explanation, Met
    from summarizer.settings import Settings
    from summarizer.types import Conflict, Fact

KEY_SHOWN = 12
"""Characters of a request's key that tell it from every other one, and fit a line."""


FACTS_SHOWN = 3
"""Facts of the report that are shown beside one label: what links wrongly links often."""


@expanded
def explain(
    *,
    case: Annotated[
        str, typer.Argument(metavar="CASE", help="The case's name.", show_default=False)
    ],
    everything: Annotated[
        bool, typer.Option("--all", help="Show also the facts that were found as labelled.")
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
    from summarizer.render.json import dumps

    found = _explained(case, choosing, chosen(working, asking, replaying), Voice(talking))
    lines = (f"{line}\n" for line in _lines(found, everything=everything))
    emit(dumps(_row(found), indent=2) + "\n" if json else "".join(lines), saving.output)


def _explained(name: str, choosing: Choosing, settings: Settings, voice: Voice) -> Explanation:
    from summarizer.cli.work import at_desk, told
    from summarizer.evaluation import explain as side_by_side
    from summarizer.evaluation.runs import diff_case

    case = choosing.listed([name])[0].load()
    with at_desk(settings, voice) as desk:
        report = diff_case(case, settings, desk)
        lookups = desk.session.cache.lookups if desk.session else ()
    told(report, voice)
    return side_by_side.explain(case, report, lookups)


def _lines(found: Explanation, *, everything: bool) -> Iterator[str]:
    from summarizer.render.safe import one_line

    yield f"{found.case.name}: {one_line(found.case.about)}"
    yield ""
    for name, ratio in found.result.metrics.items():
        value = "    -" if ratio.value is None else f"{ratio.value:.3f}"
        yield f"  {name:<24}{value}  {ratio.hits:g} of {ratio.of:g}"
    yield from _fact_lines(found, everything=everything)
    yield from _section("called unique, and several outlets report it", found.falsely_unique)
    yield from _section("facts that no label says", found.unlabelled)
    yield from _conflict_lines(found)
    yield from _request_lines(found)


def _fact_lines(found: Explanation, *, everything: bool) -> Iterator[str]:
    from summarizer.evaluation.explain import Outcome

    counted = {o: sum(met.outcome is o for met in found.facts) for o in Outcome}
    yield ""
    yield "labelled facts: " + ", ".join(f"{n} {o.value}" for o, n in counted.items())
    for met in found.facts:
        if everything or met.outcome is not Outcome.FOUND:
            yield from _met_lines(met)


def _met_lines(met: Met) -> Iterator[str]:
    from summarizer.render.safe import one_line

    gold = met.gold
    yield f"  {met.outcome.value:<13}{gold.id} (salience {gold.salience}) {one_line(gold.text)}"
    yield f"{'expected':>14}  {gold.status.value}: {', '.join(met.outlets)}"
    for fact in met.facts[:FACTS_SHOWN]:
        yield f"{'came':>14}  {_told(fact)}"
    if len(met.facts) > FACTS_SHOWN:
        yield f"{'':>14}  and {len(met.facts) - FACTS_SHOWN} more; --json has all"


def _section(title: str, facts: tuple[Fact, ...]) -> Iterator[str]:
    if facts:
        yield ""
        yield f"{title}: {len(facts)}"
    for fact in facts:
        yield f"  {_told(fact)}"


def _told(fact: Fact) -> str:
    from summarizer.render.safe import one_line

    sure = f", {fact.uniqueness.value}" if fact.uniqueness else ""
    return f"{fact.status.value}{sure}: {', '.join(fact.outlets)}: {one_line(fact.text)}"


def _conflict_lines(found: Explanation) -> Iterator[str]:
    from summarizer.render.safe import one_line

    if found.conflicts or found.unlabelled_conflicts:
        yield ""
        met = sum(each.found for each in found.conflicts)
        yield f"labelled conflicts: {met} found, {len(found.conflicts) - met} missed"
    for each in found.conflicts:
        gold = each.gold
        values = " | ".join(one_line(position.value) for position in gold.positions)
        word = "found" if each.found else "missed"
        yield f"  {word:<13}{gold.id} (salience {gold.salience}) {one_line(gold.topic)}: {values}"
    for told in found.unlabelled_conflicts:
        yield f"  {'no label':<13}{_conflict(told)}"


def _conflict(told: Conflict) -> str:
    from summarizer.render.safe import one_line

    sides = (f"{one_line(p.value)} ({', '.join(p.outlets)})" for p in told.positions)
    return f"{told.kind.value}, {one_line(told.topic)}: {' | '.join(sides)}"


def _request_lines(found: Explanation) -> Iterator[str]:
    from summarizer.render.safe import one_line

    if not found.lookups:
        return
    yield ""
    hits = sum(lookup.hit for lookup in found.lookups)
    yield f"requests: {hits} found in the cache, {len(found.lookups) - hits} not"
    for each in found.lookups:
        word, why = ("hit", "") if each.hit else ("miss", f": {each.why}")
        yield f"  {word:<5}{each.key[:KEY_SHOWN]} {each.stage}, {one_line(each.subject + why)}"


def _row(found: Explanation) -> dict[str, Any]:
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
        "falsely_unique": [_fact_row(fact) for fact in found.falsely_unique],
        "unlabelled": [_fact_row(fact) for fact in found.unlabelled],
        "conflicts": [
            {"id": each.gold.id, "topic": each.gold.topic, "found": each.found}
            for each in found.conflicts
        ],
        "unlabelled_conflicts": [_conflict(told) for told in found.unlabelled_conflicts],
        "requests": [asdict(lookup) for lookup in found.lookups],
    }


def _fact_row(fact: Fact) -> dict[str, Any]:
    return {
        "id": fact.id,
        "text": fact.text,
        "status": fact.status.value,
        "uniqueness": fact.uniqueness.value if fact.uniqueness else None,
        "outlets": list(fact.outlets),
        "wordings": [mention.wording for mention in fact.mentions],
    }
