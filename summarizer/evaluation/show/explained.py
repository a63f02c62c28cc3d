"""A case laid open: what it expects, what came, what changed, and the requests behind it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from summarizer.evaluation.baselines import Marks
from summarizer.evaluation.explain import Changes, Explanation, Met, Outcome, Turned
from summarizer.evaluation.found import MATTERS
from summarizer.evaluation.gate import falls_short
from summarizer.evaluation.show import figures
from summarizer.report.safe import one_line
from summarizer.types import Conflict, Fact

FACTS_SHOWN = 3
"""Facts of the report that are shown beside one label: what links wrongly links often."""
LISTED = 10
"""Lines of one list, the most salient first, unless everything is asked for."""
KEY_SHOWN = 12
"""Characters of a request's key that tell it from every other one, and fit a line."""
NAME = 26
"""Columns of a metric's title."""

_WORST_FIRST = (Outcome.WRONG, Outcome.MISSED, Outcome.PARTLY, Outcome.FOUND)


class Page:
    """What is shown of one case.

    Args:
        found: The case as it is now.
        since: What changed since another run; None where none was named.
        floors: What the baseline wants of the case, if there is one.
        everything: Whether lists are shown to their end, facts that were found among them.
        width: Columns to keep to.
    """

    def __init__(
        self,
        found: Explanation,
        since: Changes | None = None,
        floors: Marks | None = None,
        *,
        everything: bool = False,
        width: int = 100,
    ) -> None:
        self._found = found
        self._since = since
        self._floors = floors or {}
        self._all = everything
        self._width = width

    def text(self) -> str:
        """Return it."""
        return "".join(f"{line.rstrip()}\n" for line in self._lines())

    def _lines(self) -> Iterator[str]:
        found = self._found
        yield from self._wrapped(f"{found.case.name}: {found.case.about}")
        yield from self._figures()
        if self._since is not None:
            yield from self._changes(self._since)
        yield from self._faults()
        yield from self._facts()
        false, unlabelled = found.falsely_unique, found.unlabelled
        yield from self._section("called unique, and several outlets report it", map(_told, false))
        yield from self._section("facts that no label says", map(_told, unlabelled))
        yield from self._conflicts()
        yield from self._requests()

    def _figures(self) -> Iterator[str]:
        since, floors = self._since, self._floors
        titles = ["now", *(["before"] if since else []), *(["floor"] if floors else [])]
        yield ""
        yield f"{'':<{NAME}} {' '.join(f'{title:>6}' for title in titles)}  counted"
        for name, ratio in self._found.result.metrics.items():
            mark = floors.get(name)
            floor = mark.floor if mark else None
            cells = [figures.share(ratio.value)]
            if since is not None:
                cells.append(figures.share(since.metrics[name].value))
            if floors:
                cells.append("" if floor is None else figures.share(floor))
            shown = " ".join(f"{cell:>6}" for cell in cells)
            below = "  BELOW ITS FLOOR" if _is_below(name, ratio.value, floor) else ""
            count = f"{ratio.hits:.4g} of {ratio.of:g}{below}"
            yield f"{figures.title(name):<{NAME}} {shown}  {count}"

    def _changes(self, since: Changes) -> Iterator[str]:
        told = [*map(_turned, since.lost)]
        yield from self._section("labelled facts lost since", told, always=True)
        yield from self._section("labelled facts won since", map(_turned, since.won))
        for word, by_metric in (("new", since.new_faults), ("gone", since.gone_faults)):
            for metric, texts in by_metric.items():
                yield from self._section(f"{figures.title(metric)}: {word} since", texts)

    def _faults(self) -> Iterator[str]:
        """Yield what is not in order; what is new since another run stands there already."""
        new = self._since.new_faults if self._since is not None else {}
        word = "not in order" if self._since is None else "not in order, and was not before"
        for metric, texts in self._found.faults.items():
            old = [text for text in texts if text not in new.get(metric, ())]
            yield from self._section(f"{figures.title(metric)}: {word}", old)

    def _facts(self) -> Iterator[str]:
        facts = self._found.facts
        counted = {o: sum(met.outcome is o for met in facts) for o in Outcome}
        yield ""
        yield "labelled facts: " + ", ".join(f"{n} {o.value}" for o, n in counted.items())
        shown = [met for met in facts if self._all or self._matters(met)]
        shown.sort(key=lambda met: (-met.gold.salience, _WORST_FIRST.index(met.outcome)))
        listed = shown if self._all else shown[:LISTED]
        for met in listed:
            yield from self._met(met)
        left = len(facts) - counted[Outcome.FOUND] - len(listed)
        if left > 0 and not self._all:
            yield f"  and {left} more that were not found as labelled; --all shows everything"

    def _matters(self, met: Met) -> bool:
        return met.outcome is not Outcome.FOUND and met.gold.salience >= MATTERS

    def _met(self, met: Met) -> Iterator[str]:
        gold = met.gold
        about = f"{gold.id} (salience {gold.salience}) {gold.text}"
        yield from self._wrapped(about, 16, f"  {met.outcome.value:<14}")
        yield from self._beside("expected", f"{gold.status.value}: {', '.join(met.outlets)}")
        for label, quote in self._quotes(met):
            yield from self._beside("in", f"{label} “{quote}”")
        for fact in met.facts[:FACTS_SHOWN]:
            yield from self._beside("came", _told(fact))
        if len(met.facts) > FACTS_SHOWN:
            yield from self._beside("", f"and {len(met.facts) - FACTS_SHOWN} more; --json has all")
        if not met.facts:
            yield from self._beside("came", "nothing that rests on these words")

    def _quotes(self, met: Met) -> Iterator[tuple[str, str]]:
        """Yield the words that say a fact by article: the first of each, or all."""
        texts = {each.label: each.article.text for each in self._found.case.articles}
        for label, spans in met.gold.support.items():
            for span in spans if self._all else spans[:1]:
                yield label, span.of(texts[label])

    def _conflicts(self) -> Iterator[str]:
        found = self._found
        if not found.conflicts and not found.unlabelled_conflicts:
            return
        met = sum(each.found for each in found.conflicts)
        yield ""
        yield f"labelled conflicts: {met} found, {len(found.conflicts) - met} missed"
        for each in sorted(found.conflicts, key=lambda c: (c.found, -c.gold.salience)):
            gold, word = each.gold, "found" if each.found else "missed"
            values = " | ".join(position.value for position in gold.positions)
            text = f"{gold.id} (salience {gold.salience}) {gold.topic}: {values}"
            yield from self._wrapped(text, 16, f"  {word:<14}")
        for told in found.unlabelled_conflicts:
            yield from self._wrapped(conflict(told), 16, f"  {'no label':<14}")

    def _requests(self) -> Iterator[str]:
        lookups = self._found.lookups
        if not lookups:
            return
        hits = sum(lookup.hit for lookup in lookups)
        yield ""
        yield f"requests: {hits} found in the cache, {len(lookups) - hits} not"
        for each in lookups:
            word, why = ("hit", "") if each.hit else ("miss", f": {each.why}")
            line = f"{each.key[:KEY_SHOWN]} {each.stage}, {each.subject}{why}"
            yield from self._wrapped(line, 7, f"  {word:<5}")
        yield "`summarize cache explain KEY` tells what such a request was made of."

    def _section(self, title: str, lines: Iterable[str], *, always: bool = False) -> Iterator[str]:
        every = list(lines)
        if not every and not always:
            return
        yield ""
        yield f"{title}: {len(every) or 'none'}"
        for line in every if self._all else every[:LISTED]:
            yield from self._wrapped(line, 4, "  ")
        if len(every) > LISTED and not self._all:
            yield f"  and {len(every) - LISTED} more; --all shows everything"

    def _beside(self, word: str, text: str) -> Iterator[str]:
        return self._wrapped(text, 16, f"{word:>14}  ")

    def _wrapped(self, text: str, indent: int = 0, lead: str = "") -> Iterator[str]:
        yield from textwrap.wrap(
            one_line(text),
            width=self._width,
            initial_indent=lead,
            subsequent_indent=" " * indent,
            break_on_hyphens=False,
        )


def _is_below(metric: str, value: float | None, floor: float | None) -> bool:
    return floor is not None and (value is None or falls_short(metric, value, floor))


def conflict(told: Conflict) -> str:
    """Return a conflict of a report on one line."""
    sides = (f"{one_line(p.value)} ({', '.join(p.outlets)})" for p in told.positions)
    return f"{told.kind.value}, {one_line(told.topic)}: {' | '.join(sides)}"


def _turned(each: Turned) -> str:
    gold = each.gold
    return (
        f"{gold.id} (salience {gold.salience}) {each.before.value} -> {each.now.value}: {gold.text}"
    )


def _told(fact: Fact) -> str:
    sure = f", {fact.uniqueness.value}" if fact.uniqueness else ""
    return f"{fact.status.value}{sure}: {', '.join(fact.outlets)}: {one_line(fact.text)}"
