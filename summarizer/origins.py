"""Who really wrote it: copies of one article, and agency copy in several.

Both are found by runs of words in common. A quotation that several outlets print is not a
common origin of theirs: words inside quotation marks do not count.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from summarizer.text.sentences import quotations
from summarizer.text.words import words
from summarizer.types import Article, Mention, Origin, OriginKind, OutletFrom, Passage, Span

# Words in a row that two texts hardly share by chance: common phrases have four to six.
_SHINGLE = 8
# Two bodies are one article when this share of the shorter one's shingles is in the other.
# Snapshots of one article share over .9; outlets using one agency's copy rarely above .4.
_SAME_FROM = 0.6
# And of two outlets' bodies this share: below it they are agency copy with own reporting, which
# one origin has and two outlets report. (Two outlets that printed four fifths of one agency's
# text, each with facts of its own, were folded into one before.)
_REPRINT_FROM = 0.9
# A body of fewer shingles may be one agency paragraph; ``_REPRINT_FROM`` holds for it, too.
_SHORT_SHINGLES = 60
# Least words in a row, outside quotation marks, that tell of a common source.
_WIRE_WORDS = 16

_Shingle = tuple[str, ...]  # so many words, in lower case and outside quotation marks


@dataclass(frozen=True, slots=True)
class _BodyWords:
    """The words of an article's body, in lower case, and the spans they stand at."""

    article: Article
    folded: tuple[str, ...]
    spans: tuple[Span, ...]
    places: dict[_Shingle, int]  # where each shingle stands first


def find_origins(articles: Sequence[Article]) -> tuple[Origin, ...]:
    """Return the groups of articles with a common origin: whole copies first, then passages."""
    bodies = [_body_words(article) for article in articles]
    copies = list(_whole_copies(bodies))
    folded = {id(article) for origin in copies for article in origin.articles[1:]}
    kept = [body for body in bodies if id(body.article) not in folded]
    return (*copies, *_wire_copies(kept))


def primaries(articles: Sequence[Article], origins: Iterable[Origin]) -> dict[str, Article]:
    """Return, by article id, the article that each copy is folded into."""
    return {
        article.id: origin.articles[0]
        for origin in origins
        if origin.kind is OriginKind.SAME_ARTICLE
        for article in origin.articles[1:]
    }


class OriginCounter:
    """Counts how many independent origins facts have: outlets that print one agency's are one."""

    def __init__(self, origins: Iterable[Origin]) -> None:
        wired = (origin for origin in origins if origin.kind is OriginKind.WIRE_COPY)
        self._copies: dict[str, list[tuple[int, Span]]] = defaultdict(list)
        for number, passage in enumerate(each for origin in wired for each in origin.passages):
            for copy in passage:
                self._copies[copy.article.id].append((number, copy.span))

    def count(self, mentions: Sequence[Mention]) -> int:
        """Return how many origins the mentions of one fact have."""
        printed: dict[int, set[str]] = defaultdict(set)
        for mention in mentions:
            length = sum(map(len, mention.evidence))
            for number, span in self._copies.get(mention.article.id, ()):
                if 2 * sum(map(span.overlap, mention.evidence)) > length:
                    printed[number].add(mention.article.outlet)
        root = {mention.article.outlet: mention.article.outlet for mention in mentions}
        for _, outlets in sorted(printed.items()):
            joined = {root[outlet] for outlet in outlets}
            root = {
                outlet: min(joined) if known in joined else known for outlet, known in root.items()
            }
        return len(set(root.values()))


def _body_words(article: Article) -> _BodyWords:
    folded: list[str] = []
    spans: list[Span] = []
    quoted: list[bool] = []
    for body in article.body:
        text = body.of(article.text)
        in_quotation = bytearray(len(text))
        for quotation in quotations(text):
            in_quotation[quotation.start : quotation.end] = b"q" * len(quotation)
        for word in words(text, article.language or "en"):
            folded.append(word.text.lower())
            spans.append(Span(body.start + word.start, body.start + word.end))
            quoted.append(bool(in_quotation[word.start]))
    places: dict[_Shingle, int] = {}
    for place in range(len(folded) - _SHINGLE + 1):
        if not any(quoted[place : place + _SHINGLE]):
            places.setdefault(tuple(folded[place : place + _SHINGLE]), place)
    return _BodyWords(article, tuple(folded), tuple(spans), places)


def _whole_copies(bodies: Sequence[_BodyWords]) -> Iterator[Origin]:
    """Yield an origin for each group of copies.

    The fullest article stands for the group, of those whose outlet is known if there are any.
    """
    group = list(range(len(bodies)))
    for i, j in _likely_pairs(bodies):
        if _is_copy(bodies[i], bodies[j]):
            group = [group[i] if known == group[j] else known for known in group]
    members: dict[int, list[_BodyWords]] = defaultdict(list)
    for body, number in zip(bodies, group, strict=True):
        members[number].append(body)
    for copies in members.values():
        if len(copies) > 1:
            best = max(copies, key=_fullness)
            rest = [body.article for body in copies if body is not best]
            yield Origin(kind=OriginKind.SAME_ARTICLE, articles=(best.article, *rest))


def _fullness(body: _BodyWords) -> tuple[bool, int]:
    return body.article.outlet_from is not OutletFrom.FILENAME, len(body.places)


def _likely_pairs(bodies: Sequence[_BodyWords]) -> list[tuple[int, int]]:
    """Return pairs with a shingle in common, and those too short to have any.

    Of the articles that hold a shingle each is paired with the first and with the next one
    only: groups of copies come together all the same, and a text printed by hundreds does
    not cost the square of them.
    """
    pairs = set(combinations((i for i, body in enumerate(bodies) if not body.places), 2))
    for holders in _shingle_holders(bodies).values():
        pairs.update(pairwise(holders))
        pairs.update((holders[0], other) for other in holders[1:])
    return sorted(pairs)


def _shingle_holders(bodies: Sequence[_BodyWords]) -> dict[_Shingle, list[int]]:
    """Return the numbers of the bodies that hold each shingle, in order."""
    holders: dict[_Shingle, list[int]] = defaultdict(list)
    for number, body in enumerate(bodies):
        for shingle in body.places:
            holders[shingle].append(number)
    return holders


def _is_copy(a: _BodyWords, b: _BodyWords) -> bool:
    if a.folded and a.folded == b.folded:
        return True
    fewer = min(len(a.places), len(b.places))
    one_outlet = a.article.outlet == b.article.outlet
    least = _SAME_FROM if one_outlet and fewer >= _SHORT_SHINGLES else _REPRINT_FROM
    return fewer > 0 and len(a.places.keys() & b.places.keys()) >= least * fewer


def _wire_copies(bodies: Sequence[_BodyWords]) -> Iterator[Origin]:
    """Yield one origin for each set of articles that print passages in the same words."""
    shared: dict[tuple[int, ...], list[tuple[int, ...]]] = defaultdict(list)
    for shingle, numbers in _shingle_holders(bodies).items():
        if len(numbers) > 1:
            shared[tuple(numbers)].append(
                tuple(bodies[number].places[shingle] for number in numbers)
            )
    for holding, places in sorted(shared.items()):
        holders = [bodies[number] for number in holding]
        if passages := tuple(_common_passages(holders, sorted(places))):
            yield Origin(
                kind=OriginKind.WIRE_COPY,
                articles=tuple(body.article for body in holders),
                passages=passages,
            )


def _common_passages(
    holders: Sequence[_BodyWords], places: Sequence[tuple[int, ...]]
) -> Iterator[tuple[Passage, ...]]:
    """Yield the maximal common runs of the holders that are long enough.

    ``places`` has, in order, where each common shingle stands in each of them.
    """

    def follows(i: int) -> bool:
        return i > 0 and all(b == a + 1 for a, b in zip(places[i - 1], places[i], strict=True))

    starts = [i for i in range(len(places)) if not follows(i)]
    for start, end in pairwise((*starts, len(places))):
        if end - start + _SHINGLE - 1 >= _WIRE_WORDS:
            yield tuple(
                Passage(
                    article=body.article,
                    span=Span(body.spans[first].start, body.spans[last + _SHINGLE - 1].end),
                )
                for body, first, last in zip(holders, places[start], places[end - 1], strict=True)
            )
