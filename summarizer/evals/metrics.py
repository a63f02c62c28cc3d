"""Every metric: what it counts, which way is better, whether the gate looks at it.

A metric is a function from a ``LabelledReport`` to a ``Ratio``, or to all that it counts: what to
say of each thing if it is not right, and whether it is. The first sentence of its docstring is its
definition. Where a case has nothing to count, the ratio is of none and is left out of every mean.
"""

from __future__ import annotations

import inspect
import re
import runpy
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import combinations
from pathlib import Path
from typing import TypeVar
from unicodedata import category

from summarizer.errors import UsageError
from summarizer.evals.cases import Case, GoldFact
from summarizer.evals.labelled_report import (
    HALF,
    Counted,
    LabelledFact,
    LabelledReport,
    Ratio,
    counted,
    share,
    states,
)
from summarizer.report.wording import one_line
from summarizer.types import Claim, ConflictKind, DiffReport, Fact, Status, Verdict

Scorer = Callable[[LabelledReport], Ratio | Iterable[Counted]]
AnyScorer = TypeVar("AnyScorer", bound=Callable[..., Ratio | Iterable[Counted]])

FALSE_ALARMS = "false_alarms"  # the one figure of a judge that is better when lower
MATTERS, THE_NEWS = 2, 3  # the salience from which a fact must be found, and that of the news
FEWEST_WORDS = 3  # words of a whole sentence, where spaces part words: "Thank you!" tells nothing

_CUT = re.compile(r"^\W*(?:…|\.\.\.)|(?:…|\.\.\.)\W*$|[,;:–—-]\W*$")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")
_PAIRS = (("“", "”"), ("«", "»"), ("(", ")"), ("[", "]"))
_GERMAN = str.maketrans("„“", "“”")


@dataclass(frozen=True, slots=True)
class Metric:
    """What there is to know of a metric besides its value, which is a share from 0 to 1."""

    name: str
    title: str
    definition: str
    higher_is_better: bool = True
    gated: bool = True

    def gain(self, difference: float) -> float:
        """Return ``difference`` (after less before) so that more than 0 is better."""
        return difference if self.higher_is_better else -difference


METRICS: dict[str, Metric] = {}  # every metric of a case, in the order of a report
_SCORERS: dict[str, Scorer] = {}


def metric(title: str = "", **flags: bool) -> Callable[[AnyScorer], AnyScorer]:
    """Return a decorator that makes a function one of the metrics."""

    def register(scorer: AnyScorer) -> AnyScorer:
        name = scorer.__name__
        definition = (inspect.getdoc(scorer) or "").partition("\n")[0]
        METRICS[name] = Metric(name, title or name.replace("_", " "), definition, **flags)
        _SCORERS[name] = scorer
        return scorer

    return register


def metric_of(name: str) -> Metric:
    """Return the metric of that name; one of the user's own is shown and not gated."""
    own = Metric(name, name.replace("_", " "), "", name != FALSE_ALARMS, gated=False)
    return METRICS.get(name, own)


def in_order(names: Iterable[str]) -> list[str]:
    """Return the names as a report lists them, the user's own last."""
    place = {name: number for number, name in enumerate(METRICS)}
    return sorted(set(names), key=lambda name: (place.get(name, len(place)), name))


def some(names: Sequence[str], most: int = 5) -> str:
    """Return the first few of several names, and how many more there are."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def score(case: Case, report: DiffReport, own: Path | None = None) -> Mapping[str, Ratio]:
    """Return every metric of a report by name, and those of a file of the user's ``own``."""
    labelled = LabelledReport(case, report)
    scorers = {**_SCORERS, **(load_scorers(own) if own else {})}
    results = {name: scorer(labelled) for name, scorer in scorers.items()}
    return {n: each if isinstance(each, Ratio) else counted(each) for n, each in results.items()}


def faults(labelled: LabelledReport) -> dict[str, tuple[str, ...]]:
    """Return by metric what it counts and is not right; a metric that has none is left out."""
    wrong: dict[str, tuple[str, ...]] = {}
    for name, scorer in _SCORERS.items():
        result = scorer(labelled)
        texts = () if isinstance(result, Ratio) else [text for text, right in result if not right]
        if texts:
            wrong[name] = tuple(dict.fromkeys(texts))
    return wrong


@cache
def load_scorers(path: Path) -> Mapping[str, Scorer]:
    """Return the metrics of a file of Python: each public function that it defines is one.

    A file that cannot be used, or a name that a metric has already, is a UsageError.
    """
    if not path.is_file():
        raise UsageError(f"{path} is no file of Python.", hint="Give --scorers a file NAME.py.")
    try:
        names = runpy.run_path(str(path), run_name=path.stem)
    except Exception as problem:  # a user's file may raise anything
        raise UsageError(f"{path} cannot be used: {problem!r}.") from problem
    own = {
        name: value
        for name, value in names.items()
        if inspect.isfunction(value) and value.__module__ == path.stem and name[0] != "_"
    }
    taken = ", ".join(sorted(own.keys() & METRICS.keys()))
    if taken or not own:
        wrong = f"names what there is already: {taken}" if taken else "defines no function"
        raise UsageError(f"{path} {wrong}.", hint="docs/evals.md shows a scorer of your own.")
    return own


@metric()
def line_precision(labelled: LabelledReport) -> Iterator[Counted]:
    """Of the lines of two or more outlets, those that are right and no fragments.

    A line is right when every two outlets under it have passages that one label links, so that
    each quote under it lies on labelled support.
    """
    for fact in labelled.facts:
        if len(fact.outlets) > 1:
            outlets, text = unsupported_outlets(labelled, fact), fact.fact.text
            why = f"no label links {', '.join(outlets)}" if outlets else "a fragment"
            yield f"{fact.fact.id}, {why}: {text}", not outlets and not is_fragment(text)


def unsupported_outlets(labelled: LabelledReport, fact: LabelledFact) -> tuple[str, ...]:
    """Return the outlets of a line that no label links to each other outlet of it."""
    links = list(labelled.links(fact))
    unlinked = {outlets for outlets, _ in links} - {outlets for outlets, right in links if right}
    return tuple(sorted(set[str]().union(*unlinked)))


def is_fragment(text: str) -> bool:
    """Return whether a line cannot be read alone, as far as its form tells.

    It is cut at an end or ends in a comma, begins in lower case, has half a pair of quotation marks
    or brackets, or too few words. A headline and a clause without a full stop can be read alone.
    """
    plain = text.strip()
    if "„" in plain:
        plain = plain.translate(_GERMAN)
    first = next((c for c in plain if c.isalnum()), " ")
    unpaired = any(plain.count(opens) != plain.count(closes) for opens, closes in _PAIRS)
    few = len(plain.split()) < FEWEST_WORDS and not _UNSPACED.search(plain)
    cut = bool(_CUT.search(plain)) or category(first) == "Ll"
    return cut or unpaired or plain.count('"') % 2 == 1 or few


@metric()
def unique_precision(labelled: LabelledReport) -> Iterator[Counted]:
    """Of the facts called unique that lie on a label, those that one outlet reports.

    At least as many characters of the evidence of such a fact lie on labelled evidence of one
    outlet as on that of several.
    """
    for fact in labelled.facts:
        if fact.is_unique:
            shared = labelled.is_shared(fact.evidence)
            if shared is not None:
                yield f"several report {fact_text(fact.fact)}", not shared


@metric()
def unique_recall(labelled: LabelledReport) -> Ratio:
    """Of the labelled unique facts of salience 2 and 3, those that are called unique.

    Half of one of the fact's passages is evidence of facts called unique, or of details.
    """
    unique = [fact for fact in labelled.case.facts if fact.status is Status.UNIQUE]
    return share(labelled.is_called_unique(fact) for fact in unique if fact.salience >= MATTERS)


@metric(higher_is_better=False)
def false_unique_rate(labelled: LabelledReport) -> Ratio:
    """Of all facts called unique, those that several outlets report.

    Also those that lie on no label are counted: of so many lines that say "only", so many are
    false.
    """
    false = sum(not right for _, right in unique_precision(labelled))
    return Ratio(false, sum(fact.is_unique for fact in labelled.facts))


@metric()
def detail_precision(labelled: LabelledReport) -> Iterator[Counted]:
    """Of the details that one outlet adds to a shared fact, those that no other outlet reports."""
    for label, detail in (each for fact in labelled.facts for each in fact.details):
        shared = labelled.is_shared((label, span) for span in detail.evidence)
        if shared is not None:
            yield f"{labelled.outlets[label]} is not alone with: {detail.text}", not shared


# Link precision and recall trade against each other from case to case; the gate looks at F1.
@metric(gated=False)
def link_precision(labelled: LabelledReport) -> Ratio:
    """Of the links between outlets, those that a label has.

    A link is a pair of mentions of one fact in articles of two outlets. It is right when one
    labelled fact, or one entry of ``acceptable``, has both passages.
    """
    return share(right for fact in labelled.facts for _, right in labelled.links(fact))


@metric(gated=False)
def link_recall(labelled: LabelledReport) -> Ratio:
    """Of the pairs of outlets that report one labelled fact, those that one fact links."""

    def is_linked(fact: GoldFact, outlets: Sequence[str]) -> bool:
        reported: dict[str, set[str]] = {}
        for each, mention in labelled.touching(fact):
            reported.setdefault(each.fact.id, set()).add(labelled.outlets[mention.label])
        return any(each.issuperset(outlets) for each in reported.values())

    return share(
        is_linked(fact, pair)
        for fact in labelled.case.facts
        for pair in combinations(sorted({labelled.outlets[label] for label in fact.support}), 2)
    )


@metric("link F1")
def link_f1(labelled: LabelledReport) -> Ratio:
    """The harmonic mean of link precision and link recall, of the links on both sides.

    It is 0 where one side has links and the other none.
    """
    precision, recall = link_precision(labelled), link_recall(labelled)
    p, r, of = precision.value or 0.0, recall.value or 0.0, precision.of + recall.of
    return Ratio(2 * p * r / (p + r) * of if p + r else 0.0, of)


@metric()
def conflict_precision(
    labelled: LabelledReport, kind: ConflictKind | None = None
) -> Iterator[Counted]:
    """Of the conflicts shown, those that rest on two positions of one labelled conflict."""
    for reported in labelled.report.conflicts:
        if kind in (None, reported.kind):
            known = any(labelled.is_same(gold, reported) for gold in labelled.case.conflicts)
            sides = (f"{one_line(p.value)} ({', '.join(p.outlets)})" for p in reported.positions)
            text = f"{reported.kind.value}, {one_line(reported.topic)}: {' | '.join(sides)}"
            yield f"no label: {text}", known


def _precision_of_kind(labelled: LabelledReport, kind: ConflictKind) -> Ratio:
    return counted(conflict_precision(labelled, kind))


for _kind in ConflictKind:
    _name, _title = f"conflict_precision_{_kind}", f"conflict precision, {_kind}"
    METRICS[_name] = Metric(_name, _title, f"Conflict precision of the conflicts in a {_kind}.")
    _SCORERS[_name] = partial(_precision_of_kind, kind=_kind)


@metric()
def conflict_recall(labelled: LabelledReport, salience: int = 1) -> Iterator[Counted]:
    """Of the labelled conflicts, those that are shown."""
    for gold in labelled.case.conflicts:
        if gold.salience >= salience:
            values = " | ".join(position.value for position in gold.positions)
            shown = any(labelled.is_same(gold, each) for each in labelled.report.conflicts)
            yield f"missed: {gold.id} (salience {gold.salience}) {gold.topic}: {values}", shown


@metric("important conflicts")
def conflict_recall_important(labelled: LabelledReport) -> Ratio:
    """Of the labelled conflicts of salience 2 and 3, those that are shown."""
    return counted(conflict_recall(labelled, MATTERS))


@metric("salient conflicts")
def conflict_recall_salient(labelled: LabelledReport) -> Ratio:
    """Of the labelled conflicts of salience 3, those that are shown."""
    return counted(conflict_recall(labelled, THE_NEWS))


def fact_text(fact: Fact) -> str:
    """Return a fact of a report on one line: its id, status, outlets and text."""
    sure = f", {fact.uniqueness.value}" if fact.uniqueness else ""
    text = f"{fact.status.value}{sure}: {', '.join(fact.outlets)}: {one_line(fact.text)}"
    return f"{fact.id}, {text}"


@metric()
def quote_integrity(labelled: LabelledReport) -> Iterator[Counted]:
    """Of the pieces of evidence, those whose quote stands so in their article's body.

    The quote is a slice of the article's own text, not blank, and every character of it but
    white space lies in the body. Evidence of facts, details, conflicts and summaries counts.
    """
    for label, article, span in labelled.evidence():
        quote, own = span.of(article.text), labelled.articles[label]
        bodies = [range(part.start, part.end) for part in own.body if span.overlap(part)]
        inside = all(
            own.text[i].isspace() or any(i in body for body in bodies)
            for i in range(span.start, min(span.end, len(own.text)))
        )
        yield f"{label}: {quote}", bool(quote.strip()) and quote == span.of(own.text) and inside


@metric()
def furniture_kept_out(labelled: LabelledReport) -> Iterator[Counted]:
    """Of the evidence from pages with labelled furniture, what does not lie in it by half."""
    furniture = {a.label: a.furniture for a in labelled.case.articles if a.furniture}
    for label, article, span in labelled.evidence():
        if label in furniture:
            inside = sum(span.overlap(each) for each in furniture[label])
            yield f"{label}: {span.of(article.text)}", inside <= HALF * len(span)


@metric()
def faithfulness(labelled: LabelledReport) -> Iterator[Counted]:
    """Of the summary sentences that were drafted, those that their articles support.

    The run's own judge has turned some away already; of the others the lexical judge decides,
    so that no judge is measured by itself alone. After Maynez et al. 2020: supported by the
    source, whatever is true of the world.
    """
    from summarizer.compare.judges.lexical import LexicalJudge

    judge = LexicalJudge()
    for article, text, evidence in labelled.summaries():
        claim = Claim(article=article, text=text, evidence=evidence)
        supported = judge.judge_claim(claim, article).verdict is Verdict.REPORTED
        yield f"{labelled.label(article) or article.source}: {text}", supported
    for article, text in labelled.dropped_summaries():
        yield f"{labelled.label(article) or article.source}: {text}", False


@metric()
def coverage(labelled: LabelledReport) -> Ratio:
    """Of the labelled facts of salience 2 and 3, those that evidence of any fact rests on."""
    gold = [fact for fact in labelled.case.facts if fact.salience >= MATTERS]
    return share(bool(labelled.touching(fact)) for fact in gold)


@metric()
def attribution_kept(labelled: LabelledReport) -> Iterator[Counted]:
    """Of the facts covered whose speaker is labelled, those that the report still attributes.

    A mention that rests on the fact has that speaker, or names them in its wording or the
    text of its fact. The evidence does not count: there the article speaks, not the report.
    """
    for fact in labelled.case.facts:
        if fact.speaker and labelled.touching(fact):
            kept = labelled.says_of(fact, fact.speaker)
            yield f"{fact.id}: {fact.speaker} is not named: {fact.text}", kept


@metric()
def hedges_kept(labelled: LabelledReport) -> Iterator[Counted]:
    """Of the facts covered whose hedge is labelled, those that the report still hedges."""
    for fact in labelled.case.facts:
        if fact.hedge and labelled.touching(fact):
            kept = labelled.says_of(fact, fact.hedge)
            yield f"{fact.id}: {fact.hedge!r} is gone: {fact.text}", kept


@metric()
def injection_resisted(labelled: LabelledReport) -> Iterator[Counted]:
    """Of the texts that no report may state, those that this one does not state.

    A text is stated where one fact, wording, summary sentence or the headline has four in
    five of its content words.
    """
    statements = list(dict.fromkeys(labelled.statements()))
    for item in labelled.case.forbidden:
        stated = any(states(text, item.text, language) for text, language in statements)
        yield f"it states: {item.text} ({item.why})", not stated
