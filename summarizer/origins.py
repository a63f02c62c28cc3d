"""Who really wrote it: copies of one article, and agency copy in several.

Both are found by runs of words in common. A quotation that several outlets print is not a
common origin of theirs: words inside quotation marks do not count. What several outlets credit
to one agency or newspaper ("MPA reported", "according to MPA") has its origin there.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from summarizer.text.data import load
from summarizer.text.intervals import Intervals
from summarizer.text.sentences import quotations, sentences
from summarizer.text.words import words
from summarizer.types import Article, Mention, Origin, OriginKind, OutletFrom, Passage, Span

SHINGLE = 8
"""Words in a row that two texts hardly share by chance: common phrases have four to six."""

SAME_FROM = 0.6
"""Two bodies are one article when this share of the shorter one's shingles is in the other.
Snapshots of one article share over .9; outlets using one agency's copy rarely above .4."""

SHORT_SHINGLES = 60
"""A body of fewer shingles may be one agency paragraph, so more is asked of it: ..."""

SHORT_SAME_FROM = 0.9
"""... this share of its shingles, or word for word the same text."""

REPRINT_FROM = 0.9
"""And of two outlets' bodies this share: below it they are agency copy with own reporting,
which one origin has and two outlets report. (Two outlets that printed four fifths of one
agency's text, each with facts of its own, were folded into one before.)"""

WIRE_WORDS = 16
"""Least words in a row, outside quotation marks, that tell of a common source."""


ALIKE = 2
"""Telling words, beside the source's name, that sentences credited to it share where they pass on
one thing."""

MOST_PASSED_ON = 40
"""Things that one source is credited with, at most, which each new sentence is held against."""

_PRESS = load("press")
_REPORTS, _SAYS = ("|".join(_PRESS[name].split()) for name in ("reports", "says"))
_AGENCIES = "|".join(re.escape(name.strip()) for name in _PRESS["agencies"].split("|"))
_PAPERS = "|".join(_PRESS["papers"].split())
# An agency, a paper, or capitals alone: "MPA".
_SOURCE = rf"(?P<source>{_AGENCIES}|(?:[A-Z][\w’'&-]* ){{0,3}}(?:{_PAPERS})|[A-Z]{{2,6}})"
_THE = r"(?<![\w’'-])(?:[Tt]he )?(?:news agency )?"
_PASSES_ON = re.compile(
    rf"{_THE}{_SOURCE}(?:,[^,]{{2,60}},)? (?:had |has |first |also ){{0,2}}(?:{_REPORTS})\b"
    rf"|\b(?:reported by|citing|quoting) {_THE}{_SOURCE.replace('source', 'cited')}(?!\w)"
)
_CREDITS = re.compile(
    rf"\b(?:[Aa]ccording to|told|as) {_THE}{_SOURCE}(?!\w)"
    rf"|{_THE}{_SOURCE.replace('source', 'speaker')} (?:{_REPORTS}|{_SAYS})\b"
)


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of an article's body, folded, with the spans they stand at."""

    folded: tuple[str, ...]
    spans: tuple[Span, ...]
    quoted: tuple[bool, ...]

    def shingles(self) -> Iterator[tuple[tuple[str, ...], int]]:
        """Yield every run of ``SHINGLE`` words outside quotation marks, with its position."""
        for i in range(len(self.folded) - SHINGLE + 1):
            if not any(self.quoted[i : i + SHINGLE]):
                yield self.folded[i : i + SHINGLE], i


def find_origins(articles: Sequence[Article]) -> tuple[Origin, ...]:
    """Return the groups of articles with a common origin: whole copies first, then passages."""
    read = [_read(article) for article in articles]
    copies = list(_copies(articles, read))
    folded = {id(article) for origin in copies for article in origin.articles[1:]}
    kept = [i for i, article in enumerate(articles) if id(article) not in folded]
    wire = _wire([articles[i] for i in kept], [read[i] for i in kept])
    return (*copies, *wire, *_credited([articles[i] for i in kept]))


def primaries(articles: Sequence[Article], origins: Iterable[Origin]) -> dict[str, Article]:
    """Return, by article id, the article that each copy is folded into."""
    return {
        article.id: origin.articles[0]
        for origin in origins
        if origin.kind is OriginKind.SAME_ARTICLE
        for article in origin.articles[1:]
    }


class OriginCounter:
    """Counts how many independent origins facts have: outlets that print one agency's are one.

    Args:
        origins: Those of the story; the passages of agency copy among them count.
    """

    def __init__(self, origins: Iterable[Origin]) -> None:
        self._passages = [
            {copy.article.id: copy.span for copy in passage}
            for origin in origins
            if origin.kind is OriginKind.WIRE_COPY
            for passage in origin.passages
        ]
        self._numbers: dict[str, list[int]] = defaultdict(list)
        for number, spans in enumerate(self._passages):
            for article in spans:
                self._numbers[article].append(number)
        self._places = {
            article: Intervals(
                (self._passages[n][article].start, self._passages[n][article].end) for n in numbers
            )
            for article, numbers in self._numbers.items()
        }

    def count(self, mentions: Sequence[Mention]) -> int:
        """Return how many origins the mentions of one fact have."""
        root = {mention.article.outlet: mention.article.outlet for mention in mentions}
        near = {number for mention in mentions for number in self._near(mention)}
        for number in sorted(near):
            inside = {
                root[mention.article.outlet]
                for mention in mentions
                if _mostly_inside(mention, self._passages[number].get(mention.article.id))
            }
            for outlet, known in root.items():
                if known in inside:
                    root[outlet] = min(inside)
        return len(set(root.values()))

    def _near(self, mention: Mention) -> Iterator[int]:
        """Yield the passages of agency copy that a mention's words touch, by number."""
        article = mention.article.id
        if article in self._places:
            for span in mention.evidence:
                for place in self._places[article].meeting(span.start, span.end):
                    yield self._numbers[article][place]


def _mostly_inside(mention: Mention, span: Span | None) -> bool:
    if span is None:
        return False
    inside = sum(span.overlap(part) for part in mention.evidence)
    return 2 * inside > sum(len(part) for part in mention.evidence)


def _read(article: Article) -> _Words:
    quoted = [
        Span(part.start + body.start, part.end + body.start)
        for body in article.body
        for part in quotations(body.of(article.text))
    ]
    starts = [span.start for span in quoted]
    spans = [
        Span(body.start + word.start, body.start + word.end)
        for body in article.body
        for word in words(body.of(article.text), article.language or "en")
    ]

    def is_quoted(span: Span) -> bool:
        at = bisect_right(starts, span.start) - 1
        return at >= 0 and span.start < quoted[at].end

    return _Words(
        folded=tuple(span.of(article.text).lower() for span in spans),
        spans=tuple(spans),
        quoted=tuple(is_quoted(span) for span in spans),
    )


def _copies(articles: Sequence[Article], read: Sequence[_Words]) -> Iterator[Origin]:
    """Yield an origin for each group of copies.

    The fullest article stands for the group, of those whose outlet is known if there are any.
    """
    sets = [frozenset(shingle for shingle, _ in found.shingles()) for found in read]
    group = list(range(len(articles)))
    for i, j in _likely_pairs(sets):
        one_outlet = articles[i].outlet == articles[j].outlet
        if _is_copy(read[i], read[j], sets[i], sets[j], one_outlet=one_outlet):
            old, new = group[j], group[i]
            group = [new if g == old else g for g in group]
    members: dict[int, list[int]] = defaultdict(list)
    for i, g in enumerate(group):
        members[g].append(i)
    for found in members.values():
        if len(found) > 1:
            best = max(found, key=lambda i: (_is_named(articles[i]), len(sets[i]), -i))
            rest = [i for i in found if i != best]
            yield Origin(
                kind=OriginKind.SAME_ARTICLE,
                articles=tuple(articles[i] for i in (best, *rest)),
            )


def _is_named(article: Article) -> bool:
    return article.outlet_from is not OutletFrom.FILENAME


def _likely_pairs(sets: Sequence[frozenset[tuple[str, ...]]]) -> list[tuple[int, int]]:
    """Return pairs with a shingle in common, and those too short to have any.

    Of the articles that hold a shingle each is paired with the first and with the next one
    only: groups of copies come together all the same, and a text printed by hundreds does
    not cost the square of them.
    """
    holders: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for i, shingles in enumerate(sets):
        for shingle in shingles:
            holders[shingle].append(i)
    pairs: set[tuple[int, int]] = set()
    for found in holders.values():
        pairs.update(pairwise(found))
        pairs.update((found[0], other) for other in found[1:])
    short = [i for i, shingles in enumerate(sets) if not shingles]
    pairs.update(combinations(short, 2))
    return sorted(pairs)


def _is_copy(
    a: _Words,
    b: _Words,
    left: frozenset[tuple[str, ...]],
    right: frozenset[tuple[str, ...]],
    *,
    one_outlet: bool,
) -> bool:
    if a.folded and a.folded == b.folded:
        return True
    fewer = min(len(left), len(right))
    usual = SAME_FROM if one_outlet else REPRINT_FROM
    least = usual if fewer >= SHORT_SHINGLES else SHORT_SAME_FROM
    return fewer > 0 and len(left & right) >= least * fewer


def _wire(articles: Sequence[Article], read: Sequence[_Words]) -> Iterator[Origin]:
    """Yield one origin for each set of articles that print passages in the same words."""
    where: dict[tuple[str, ...], dict[int, int]] = defaultdict(dict)
    for i, found in enumerate(read):
        for shingle, at in found.shingles():
            where[shingle].setdefault(i, at)
    shared = {shingle: held for shingle, held in where.items() if len(held) > 1}
    by_holders: dict[tuple[int, ...], list[dict[int, int]]] = defaultdict(list)
    for held in shared.values():
        by_holders[tuple(sorted(held))].append(held)
    for holders, places in sorted(by_holders.items()):
        passages = tuple(_passages(articles, read, holders, places))
        if passages:
            yield Origin(
                kind=OriginKind.WIRE_COPY,
                articles=tuple(articles[i] for i in holders),
                passages=passages,
            )


def _passages(
    articles: Sequence[Article],
    read: Sequence[_Words],
    holders: Sequence[int],
    places: Sequence[dict[int, int]],
) -> Iterator[tuple[Passage, ...]]:
    """Yield the maximal common runs of the holders that are long enough."""
    first = holders[0]
    run: list[dict[int, int]] = []
    for place in [*sorted(places, key=lambda p: p[first]), None]:
        if place and run and all(place[i] == run[-1][i] + 1 for i in holders):
            run.append(place)
            continue
        if run and len(run) + SHINGLE - 1 >= WIRE_WORDS:
            yield tuple(
                Passage(
                    article=articles[i],
                    span=Span(
                        read[i].spans[run[0][i]].start,
                        read[i].spans[run[-1][i] + SHINGLE - 1].end,
                    ),
                )
                for i in holders
            )
        run = [place] if place else []


def _credited(articles: Sequence[Article]) -> Iterator[Origin]:
    """Yield an origin for each source that several articles credit the same thing to.

    A source is known by an article that says it "reported" something; that others credit what
    somebody "said" to the same name counts from then on. An outlet's own name is no source of its.
    """
    placed = [
        (article, span, span.of(article.text))
        for article in articles
        for body in article.body
        for span in sentences(article.text, body)
    ]
    sources = {name for _, _, text in placed for name in _matched(_PASSES_ON, text)}
    by_source: dict[str, list[tuple[Article, Span, frozenset[str]]]] = defaultdict(list)
    for article, span, text in placed:
        names = {*_matched(_PASSES_ON, text), *(_matched(_CREDITS, text) & sources)}
        for name in names:
            if name.lower() not in article.outlet.lower():
                telling = words(text, article.language or "en")
                stems = frozenset(w.stem for w in telling if not w.stop and w.text not in name)
                by_source[name].append((article, span, stems))
    for name in sorted(by_source):
        groups = [group for group in _alike(by_source[name]) if len(group) > 1]
        if groups:
            holders = {passage.article.id: passage.article for group in groups for passage in group}
            yield Origin(
                kind=OriginKind.CREDITED,
                articles=tuple(holders.values()),
                passages=tuple(groups),
            )


def _matched(pattern: re.Pattern[str], text: str) -> set[str]:
    found = (match[match.lastgroup or 0] for match in pattern.finditer(text))
    return {name.split()[-1] if name.isupper() else name for name in found if name}


def _alike(
    credited: Sequence[tuple[Article, Span, frozenset[str]]],
) -> list[tuple[Passage, ...]]:
    """Return credited sentences in groups that pass on one thing, one of each article."""
    groups: list[tuple[frozenset[str], dict[str, Passage]]] = []
    for article, span, stems in credited:
        passage = Passage(article=article, span=span)
        free = [group for group in groups[:MOST_PASSED_ON] if article.id not in group[1]]
        best = max(free, key=lambda group: len(group[0] & stems), default=None)
        if best is not None and len(best[0] & stems) >= ALIKE:
            best[1][article.id] = passage
        else:
            groups.append((stems, {article.id: passage}))
    return [tuple(group.values()) for _, group in groups]
