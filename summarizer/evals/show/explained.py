"""A case laid open: what it expects, what came, what changed, and the requests behind it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from summarizer.evals.detection_metrics import MATTERS
from summarizer.evals.explain import Changes, Expected, Explanation, Outcome, Turned
from summarizer.evals.gate import falls_short
from summarizer.evals.show import figures
from summarizer.evals.show.document import Block, Items, Row, Table, Text
from summarizer.evals.types import Marks
from summarizer.report.safe import one_line
from summarizer.types import Conflict, Fact

FACTS_SHOWN = 3
"""Facts of the report that are shown beside one label: what links wrongly links often."""
LISTED = 10
"""Lines of one list, the most salient first, unless everything is asked for."""
KEY_SHOWN = 12
"""Characters of a request's key that tell it from every other one, and fit a line."""

_WORST_FIRST = (Outcome.WRONG, Outcome.MISSED, Outcome.PARTLY, Outcome.FOUND)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplanationPage:
    """What is shown of one case.

    Args:
        explained: The case as it is now.
        since: What changed since another run; None where none was named.
        floors: What the baseline wants of the case, if there is one.
        everything: Whether lists are shown to their end, facts that were found among them.
        articles: Whether the articles are shown too, for a browser.
    """

    explained: Explanation
    since: Changes | None = None
    floors: Marks | None = None
    everything: bool = False
    articles: bool = False

    def blocks(self) -> Iterator[Block]:
        """Yield what is to be read, in order."""
        explained, since = self.explained, self.since
        yield Text(f"{explained.case.name}: {explained.case.about}", strong=True)
        yield self._metric_table()
        if since is not None:
            lost = map(_turned_text, since.lost)
            yield from self._list_block("labelled facts lost since", lost, always=True)
            yield from self._list_block("labelled facts won since", map(_turned_text, since.won))
            for word, faults in (("new", since.new_faults), ("gone", since.gone_faults)):
                for metric, texts in faults.items():
                    yield from self._list_block(f"{figures.title(metric)}: {word} since", texts)
        new = since.new_faults if since is not None else {}
        word = "not in order" if since is None else "not in order, and was not before"
        for metric, texts in explained.faults.items():
            old = (text for text in texts if text not in new.get(metric, ()))
            yield from self._list_block(f"{figures.title(metric)}: {word}", old)
        yield from self._fact_list()
        false = map(fact_text, explained.falsely_unique)
        yield from self._list_block("called unique, and several outlets report it", false)
        yield from self._list_block(
            "facts that no label says", map(fact_text, explained.unlabelled)
        )
        yield from self._conflict_list()
        yield from self._request_list()
        for each in explained.case.articles if self.articles else ():
            paragraphs = filter(str.strip, each.article.text.split("\n\n"))
            yield Items(f"article {each.label}: {each.article.outlet}", tuple(paragraphs))

    def _metric_table(self) -> Table:
        since, floors = self.since, self.floors or {}
        extra = [*(["before"] if since else []), *(["floor"] if floors else [])]
        rows = []
        for name, ratio in self.explained.result.metrics.items():
            floor = floors[name].floor if name in floors else None
            cells = [figures.title(name), figures.share(ratio.value)]
            if since is not None:
                cells.append(figures.share(since.metrics[name].value))
            if floors:
                cells.append("" if floor is None else figures.share(floor))
            below = floor is not None and (
                ratio.value is None or falls_short(name, ratio.value, floor)
            )
            count = f"{ratio.hits:.4g} of {ratio.of:g}{'  BELOW ITS FLOOR' if below else ''}"
            rows.append(Row((*cells, count)))
        return Table(("", "now", *extra, "counted"), tuple(rows), remark=True)

    def _fact_list(self) -> Iterator[Block]:
        facts = self.explained.facts
        counted = {o: sum(each.outcome is o for each in facts) for o in Outcome}
        heading = "labelled facts: " + ", ".join(f"{n} {o.value}" for o, n in counted.items())
        shown = [each for each in facts if self.everything or _is_shown(each)]
        shown.sort(key=lambda each: (-each.gold.salience, _WORST_FIRST.index(each.outcome)))
        listed = shown if self.everything else shown[:LISTED]
        texts = [text for each in listed for text in self._expected_lines(each)]
        left = len(facts) - counted[Outcome.FOUND] - len(listed)
        if left > 0 and not self.everything:
            texts.append(f"and {left} more that were not found as labelled; --all shows everything")
        yield Items(heading, tuple(texts))

    def _expected_lines(self, each: Expected) -> Iterator[str]:
        gold = each.gold
        yield f"{each.outcome.value}: {gold.id} (salience {gold.salience}) {gold.text}"
        yield f"- expected {gold.status.value}: {', '.join(each.outlets)}"
        texts = {a.label: a.article.text for a in self.explained.case.articles}
        for label, spans in gold.support.items():
            for span in spans if self.everything else spans[:1]:
                yield f"- in {label} “{span.of(texts[label])}”"
        for fact in each.facts[:FACTS_SHOWN]:
            yield f"- came {fact_text(fact)}"
        if len(each.facts) > FACTS_SHOWN:
            yield f"- and {len(each.facts) - FACTS_SHOWN} more; --json has all"
        if not each.facts:
            yield "- came nothing that rests on these words"

    def _conflict_list(self) -> Iterator[Block]:
        explained = self.explained
        if not explained.conflicts and not explained.unlabelled_conflicts:
            return
        met = sum(each.found for each in explained.conflicts)
        texts = []
        for each in sorted(explained.conflicts, key=lambda c: (c.found, -c.gold.salience)):
            gold, word = each.gold, "found" if each.found else "missed"
            values = " | ".join(position.value for position in gold.positions)
            texts.append(f"{word}: {gold.id} (salience {gold.salience}) {gold.topic}: {values}")
        texts += [f"no label: {conflict_text(each)}" for each in explained.unlabelled_conflicts]
        missed = len(explained.conflicts) - met
        yield Items(f"labelled conflicts: {met} found, {missed} missed", tuple(texts))

    def _request_list(self) -> Iterator[Block]:
        lookups = self.explained.lookups
        if lookups:
            hits = sum(lookup.hit for lookup in lookups)
            texts = [
                f"{'hit' if each.hit else 'miss'} {each.key[:KEY_SHOWN]} {each.stage}, "
                f"{each.subject}{'' if each.hit else f': {each.why}'}"
                for each in lookups
            ]
            heading = f"requests: {hits} found in the cache, {len(lookups) - hits} not"
            yield Items(heading, tuple(texts))
            yield Text("`summarize cache explain KEY` tells what such a request was made of.")

    def _list_block(
        self, title: str, lines: Iterable[str], *, always: bool = False
    ) -> Iterator[Block]:
        every = tuple(lines)
        if every or always:
            most = None if self.everything else LISTED
            yield Items(f"{title}: {len(every) or 'none'}", every, most, "; --all shows everything")


def _is_shown(each: Expected) -> bool:
    return each.outcome is not Outcome.FOUND and each.gold.salience >= MATTERS


def conflict_text(conflict: Conflict) -> str:
    """Return a conflict of a report on one line."""
    sides = (f"{one_line(p.value)} ({', '.join(p.outlets)})" for p in conflict.positions)
    return f"{conflict.kind.value}, {one_line(conflict.topic)}: {' | '.join(sides)}"


def fact_text(fact: Fact) -> str:
    """Return a fact of a report on one line."""
    sure = f", {fact.uniqueness.value}" if fact.uniqueness else ""
    return f"{fact.status.value}{sure}: {', '.join(fact.outlets)}: {one_line(fact.text)}"


def _turned_text(each: Turned) -> str:
    gold = each.gold
    return (
        f"{gold.id} (salience {gold.salience}) {each.before.value} -> {each.now.value}: {gold.text}"
    )
