"""What was expected of a case and what came, side by side, and what is shown of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from summarizer.evals.cases import Case, GoldFact
from summarizer.evals.gate import falls_short
from summarizer.evals.labelled_report import LabelledReport, Ratio, ratio_values
from summarizer.evals.metrics import MATTERS, fact_text, faults, score
from summarizer.evals.pages import share, title
from summarizer.evals.results import Marks
from summarizer.render.tables import Block, Items, Row, Table, Text
from summarizer.types import DiffReport, Status

FACTS_SHOWN = 3  # facts of the report that are shown beside one label
LISTED = 10  # lines of one list, the most salient first, unless everything is asked for

Faults = Mapping[str, tuple[str, ...]]  # by metric, one line a fault; none without faults


class Outcome(StrEnum):
    """What became of a labelled fact, the best first."""

    FOUND = "found"
    PARTLY = "partly"  # some of its outlets are linked, or more than report it
    WRONG = "wrong status"  # called unique though several report it, or shared though one does
    MISSED = "missed"


_RANKS = {outcome: rank for rank, outcome in enumerate(Outcome)}
_WORST_FIRST = (Outcome.WRONG, Outcome.MISSED, Outcome.PARTLY, Outcome.FOUND)


@dataclass(frozen=True, slots=True)
class Expected:
    """A labelled fact, its passages by article, how it fares, and what rests on these passages."""

    id: str
    text: str
    salience: int
    status: Status
    outlets: tuple[str, ...]
    quotes: Mapping[str, tuple[str, ...]]
    outcome: Outcome
    came: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A case beside its report; ``unlabelled`` are the report's facts that no label says."""

    case: str
    about: str
    engine: str
    metrics: Mapping[str, Ratio]
    facts: tuple[Expected, ...]
    faults: Faults
    unlabelled: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What is otherwise than in another run of the same case: labelled facts, and faults."""

    lost: tuple[str, ...]
    won: tuple[str, ...]
    new_faults: Faults
    gone_faults: Faults


def explain_report(case: Case, report: DiffReport) -> Explanation:
    """Lay a report on a case's articles beside its labels."""
    labelled = LabelledReport(case, report)
    unlabelled = (each for each in labelled.facts if not any(m.rests for m in each.mentions))
    return Explanation(
        case=case.name,
        about=case.about,
        engine=report.generated.engine,
        metrics=score(case, report),
        facts=tuple(_expect_fact(labelled, gold) for gold in case.facts),
        faults=faults(labelled),
        unlabelled=tuple(fact_text(each.fact) for each in unlabelled),
    )


def _expect_fact(labelled: LabelledReport, gold: GoldFact) -> Expected:
    resting = {each.fact.id: each for each, _ in labelled.touching(gold)}.values()
    outlets = {labelled.outlets[label] for label in gold.support}
    outcome = Outcome.PARTLY
    if not resting:
        outcome = Outcome.MISSED
    elif any(each.outlets == outlets for each in resting):
        outcome = Outcome.FOUND
    elif gold.status is Status.UNIQUE or all(each.is_unique for each in resting):
        outcome = Outcome.WRONG
    quotes = {
        label: tuple(span.of(labelled.articles[label].text) for span in spans)
        for label, spans in gold.support.items()
    }
    came = tuple(fact_text(each.fact) for each in resting)
    known = gold.id, gold.text, gold.salience, gold.status
    return Expected(*known, tuple(sorted(outlets)), quotes, outcome, came)


def changes(before: Explanation, now: Explanation) -> Changes:
    """Return what became of a case since it was run before."""
    lost: list[str] = []
    won: list[str] = []
    for then, each in zip(before.facts, now.facts, strict=True):
        if steps := _RANKS[each.outcome] - _RANKS[then.outcome]:
            change = f"{then.outcome.value} -> {each.outcome.value}: {then.text}"
            (lost if steps > 0 else won).append(f"{then.id} (salience {then.salience}) {change}")

    def only_in(here: Faults, there: Faults) -> Faults:
        only = {
            metric: tuple(text for text in texts if text not in there.get(metric, ()))
            for metric, texts in here.items()
        }
        return {metric: texts for metric, texts in only.items() if texts}

    return Changes(
        lost=tuple(lost),
        won=tuple(won),
        new_faults=only_in(now.faults, before.faults),
        gone_faults=only_in(before.faults, now.faults),
    )


def explanation_values(now: Explanation, before: Explanation | None) -> dict[str, Any]:
    """Return an explanation as values that JSON can hold, without the articles."""
    since = None if before is None else asdict(changes(before, now))
    return asdict(now) | {"metrics": ratio_values(now.metrics), "since": since}


def explanation_page(
    now: Explanation,
    before: Explanation | None = None,
    floors: Marks | None = None,
    *,
    everything: bool = False,
) -> Iterator[Block]:
    """Yield what is to be read of a case as it is now, and what changed since another run.

    ``floors`` is what the baseline wants of it; with ``everything`` no list is cut.
    """

    def listed(heading: str, lines: Sequence[str]) -> Iterator[Block]:
        if lines:
            most = None if everything else LISTED
            yield Items(f"{heading}: {len(lines)}", tuple(lines), most, "; --all shows everything")

    yield Text(f"{now.case}: {now.about}", strong=True)
    yield _metric_table(now, before, floors or {})
    new: Faults = {}
    if before is not None:
        since = changes(before, now)
        new = since.new_faults
        yield Items(f"labelled facts lost since: {len(since.lost) or 'none'}", since.lost)
        yield from listed("labelled facts won since", since.won)
        for word, turned in (("new", new), ("gone", since.gone_faults)):
            for metric, texts in turned.items():
                yield from listed(f"{title(metric)}: {word} since then", texts)
    word = "not in order" if before is None else "not in order, and was not before"
    for metric, texts in now.faults.items():
        old = [text for text in texts if text not in new.get(metric, ())]
        yield from listed(f"{title(metric)}: {word}", old)
    yield _fact_list(now.facts, everything)
    yield from listed("facts that no label says", now.unlabelled)


def _metric_table(now: Explanation, before: Explanation | None, floors: Marks) -> Table:
    rows = []
    for name, ratio in now.metrics.items():
        floor = floors[name].floor if name in floors else None
        cells = [title(name), share(ratio.value)]
        cells += [share(before.metrics[name].value)] if before else []
        cells += ["" if floor is None else share(floor)] if floors else []
        below = floor is not None and (ratio.value is None or falls_short(name, ratio.value, floor))
        count = f"{ratio.hits:.4g} of {ratio.of:g}{'  BELOW ITS FLOOR' if below else ''}"
        rows.append(Row((*cells, count)))
    extra = [*(["before"] if before else []), *(["floor"] if floors else [])]
    return Table(("", "now", *extra, "counted"), tuple(rows), remark=True)


def _fact_list(facts: Sequence[Expected], everything: bool) -> Items:
    counts = {o: sum(each.outcome is o for each in facts) for o in Outcome}
    heading = "labelled facts: " + ", ".join(f"{n} {o.value}" for o, n in counts.items())
    lost = [each for each in facts if each.outcome is not Outcome.FOUND]
    shown = facts if everything else [each for each in lost if each.salience >= MATTERS]
    shown = sorted(shown, key=lambda each: (-each.salience, _WORST_FIRST.index(each.outcome)))
    shown = shown if everything else shown[:LISTED]
    lines = [line for each in shown for line in _expected_lines(each, everything)]
    left = len(lost) - len(shown)
    if left > 0 and not everything:
        lines.append(f"and {left} more that were not found as labelled; --all shows everything")
    return Items(heading, tuple(lines))


def _expected_lines(each: Expected, everything: bool) -> Iterator[str]:
    yield f"{each.outcome.value}: {each.id} (salience {each.salience}) {each.text}"
    yield f"- expected {each.status.value}: {', '.join(each.outlets)}"
    for label, quotes in each.quotes.items():
        yield from (f"- in {label} “{quote}”" for quote in (quotes if everything else quotes[:1]))
    yield from (f"- came {fact}" for fact in each.came[:FACTS_SHOWN])
    if len(each.came) > FACTS_SHOWN:
        yield f"- and {len(each.came) - FACTS_SHOWN} more; --json has all"
    if not each.came:
        yield "- came nothing that rests on these words"


def article_blocks(case: Case) -> Iterator[Block]:
    """Yield the articles of a case, for a reader who has the room."""
    for each in case.articles:
        paragraphs = filter(str.strip, each.article.text.split("\n\n"))
        yield Items(f"article {each.label}: {each.article.outlet}", tuple(paragraphs))
