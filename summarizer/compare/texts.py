"""A text and the sentences of a claim, prepared for each other.

A detail of a claim is right when the passage that says the rest of the claim has it too. That it
stands somewhere in the text proves little: nearly every wrong name of a summary does.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from itertools import chain

from summarizer.document import Reading, read
from summarizer.text.dates import DateMention, same_date
from summarizer.text.denials import Denial, denials
from summarizer.text.figures import Figure, same_value
from summarizer.text.names import Name, same_key, skeleton
from summarizer.text.sentences import sentences
from summarizer.text.words import Word, fold, folded_words, group_of, words
from summarizer.types import Article, Span

NGRAM = 4
"""Words in a run that hardly recurs by chance; one of four was the best of 2, 3 and 4."""

PREFIX = 5
"""Words of at least this many letters that begin with the same five are taken for related."""

SHORTEST_PIECE = 15
"""A shorter piece, in code points, is an abbreviation or a fragment, and no sentence."""

MEANT_BACK = 3
"""Sentences before one with a pronoun in which whom it means was last named, at most."""

SAME_SUBJECT, SHORTEST = 0.3, 4
"""Share of a claim's content stems that a sentence on its subject has, and the stems that the
claim must have: fewer agree by chance."""

LOOK_BACK = 20
"""Code points before a name in which a preposition tells what it is."""

NEAR = 4.0
"""Content words away from a detail at which a word tells half as much of where it belongs."""

LEADING = 0.9
"""Share of the best cover from which another sentence says the rest of a claim as well."""

# Where collections of articles and tokenised text hide a sentence's end: "debt.But", " . ".
_HIDDEN_STOP = re.compile(
    r"(?<=[a-z0-9)][.!?])(?=[A-Z][a-z])|(?<=[.!?][\"”'])(?=[A-Z])|(?<=[^\s.][^\s.]\s[.!?]\s)(?=\S)"
)
_OF_A_PLACE = re.compile(
    r"\b(?:in|at|near|from|to|towards?|outside|inside|around|off|across|through|into)\s$"
)
_REFERS = re.compile(
    r"\b(?:he|she|his|her|hers|him|they|their|them|it|its|I|we|my|our|me|us)\b", re.IGNORECASE
)
Key = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Text:
    """Sentences that a statement is held against: those of an article, or a few of them.

    ``readings`` analyse each sentence, with offsets into it; ``spans`` are where they stand in
    ``whole``, the text that they are taken from. ``outlet`` is who published it, None where
    nobody said.
    """

    readings: tuple[Reading, ...]
    language: str = "en"
    whole: str = ""
    spans: tuple[Span, ...] = ()
    outlet: str | None = None

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """The places of each content stem among the content words."""
        places: dict[str, list[int]] = defaultdict(list)
        words = (word for reading in self.readings for word in reading.content)
        for place, word in enumerate(words):
            places[word.stem].append(place)
        return dict(places)

    @cached_property
    def found_in(self) -> dict[str, set[int]]:
        """The numbers of the sentences that each content stem stands in."""
        found: dict[str, set[int]] = defaultdict(set)
        for number, reading in enumerate(self.readings):
            for stem in reading.stems:
                found[stem].add(number)
        return dict(found)

    @cached_property
    def name_stems(self) -> frozenset[str]:
        """The content stems that always have a capital."""
        words = [word for reading in self.readings for word in reading.content]
        return frozenset(self.places) - {w.stem for w in words if not w.text[0].isupper()}

    @cached_property
    def folded(self) -> str:
        """All sentences, folded."""
        return " ".join(fold(reading.text) for reading in self.readings)

    @cached_property
    def words(self) -> frozenset[str]:
        """The folded words, those outside the sentences too."""
        return frozenset(folded_words(self.whole))

    @cached_property
    def ngrams(self) -> frozenset[tuple[str, ...]]:
        """The runs of words."""
        return frozenset(ngrams([fold(w.text) for r in self.readings for w in r.words]))

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """The figures of all sentences."""
        return tuple(figure for reading in self.readings for figure in reading.figures)

    @cached_property
    def dates(self) -> tuple[DateMention, ...]:
        """The dates of all sentences."""
        return tuple(mention for reading in self.readings for mention in reading.dates)

    @cached_property
    def kin(self) -> tuple[frozenset[str], ...]:
        """For each sentence what its words and related ones share (``kin_of``)."""
        return tuple(_kin_in(reading.stems) for reading in self.readings)

    @cached_property
    def denials(self) -> tuple[tuple[Denial, ...], ...]:
        """What each sentence denies."""
        return tuple(denials_in(reading.text, self.language) for reading in self.readings)

    @cached_property
    def named(self) -> tuple[frozenset[Key], ...]:
        """The names in each sentence."""
        names = [name for reading in self.readings for name in reading.names]
        words = {word for name in names if name.sure for word in name.key}
        return tuple(
            frozenset(name.key for name in r.names if name.sure or name.key[-1] in words)
            for r in self.readings
        )

    @cached_property
    def meant(self) -> tuple[frozenset[Key], ...]:
        """The names that each sentence refers back to."""
        meant: list[frozenset[Key]] = []
        for number in range(len(self.readings)):
            refers = not self.named[number] or self.refers(number)
            before = range(number - 1, max(-1, number - 1 - MEANT_BACK), -1) if refers else ()
            last = next((n for n in before if self.named[n]), None)
            meant.append(frozenset() if last is None else self.named[last] | meant[last])
        return tuple(meant)

    @cached_property
    def known_names(self) -> frozenset[Key]:
        """All names."""
        return frozenset[Key]().union(*self.named)

    @cached_property
    def place_names(self) -> frozenset[Key]:
        """The names that it speaks of as places."""
        return frozenset(n.key for r in self.readings for n in r.names if is_place(n, r.text))

    @cached_property
    def _sentences_as_said(self) -> frozenset[str]:
        return frozenset(_without_end(reading.text) for reading in self.readings)

    @cached_property
    def _name_spellings(self) -> frozenset[str]:
        """What the spellings of its names share."""
        return frozenset(map(skeleton, self.name_stems))

    def has(self, sentence: str) -> bool:
        """Return whether a sentence stands here word for word, as one of its own."""
        return _without_end(sentence) in self._sentences_as_said

    def refers(self, number: int) -> bool:
        """Return whether a sentence has a pronoun, which refers back to somebody."""
        return _REFERS.search(self.readings[number].text) is not None

    def knows(self, stem: str) -> bool:
        """Return whether a related word stands here: a near-synonym, kin, another spelling."""
        if any(not there.isdisjoint(kin_of(stem)) for there in self.kin):
            return True
        return len(stem) >= PREFIX and self.has_spelling(stem)

    def has_spelling(self, stem: str) -> bool:
        """Return whether a stem may be another spelling of a name that stands here."""
        return skeleton(stem) in self._name_spellings

    def gives(self, figure: Figure) -> bool:
        """Return whether a figure of the text is the same as another one."""
        return any(same_value(figure, other) for other in self.figures)

    def lacks_date(self, mention: DateMention) -> bool:
        """Return whether no date of the text can be the one mentioned."""
        same = any(same_date(mention, other) for other in self.dates)
        return not same and fold(mention.text) not in self.folded


@lru_cache(maxsize=256)
def text_of(article: Article) -> Text:
    """Return the body of an article as a text; the last ones are kept."""
    spans = tuple(span for part in article.body for span in split_sentences(article.text, part))
    language = (article.language or "en").partition("-")[0]
    return Text(
        readings=tuple(read(span.of(article.text), article.published, language) for span in spans),
        language=language,
        whole=article.text,
        spans=spans,
        outlet=article.outlet,
    )


@lru_cache(maxsize=16384)
def _kin_in(stems: frozenset[str]) -> frozenset[str]:
    return frozenset(each for stem in stems for each in kin_of(stem))


@lru_cache(maxsize=16384)
def denials_in(sentence: str, language: str) -> tuple[Denial, ...]:
    """Return what a sentence denies."""
    return denials(sentence, words(sentence, language), language)


@dataclass(frozen=True, slots=True)
class Piece:
    """One sentence of a claim against a text.

    ``weights`` say of each content stem how rare it is among the text's sentences; ``best`` is
    the number of the sentence that has most of them, None where none has any.
    """

    reading: Reading
    stems: tuple[str, ...]
    weights: dict[str, float]
    best: int | None


def pieces(claim: str, text: Text, published: date | None = None) -> tuple[Piece, ...]:
    """Return the sentences of a claim that hold content, each with its best sentence."""
    spans = split_sentences(claim)
    readings = [read(span.of(claim), published, text.language) for span in spans]
    telling = [reading for reading in readings if len(reading.content) > 1]
    return tuple(piece_of(r, text) for r in telling or [read(claim, published, text.language)])


def piece_of(reading: Reading, text: Text) -> Piece:
    """Return one sentence against a text."""
    # Words of a figure or a date that the text has in another form are no words it lacks.
    given: list[Figure | DateMention] = [f for f in reading.figures if text.gives(f)]
    given += [
        mention
        for mention in reading.dates
        # A weekday alone may be any, and its word is missed where it is not there.
        if re.search(r"\d", mention.text) and not text.lacks_date(mention)
    ]
    beside = content_beside(reading, given)
    stems = tuple(
        word.stem for word in reading.content if word.stem in text.places or word in beside
    )
    weights = {
        stem: math.log(1 + len(text.readings) / (len(text.found_in.get(stem, ())) + 0.5))
        for stem in stems
    }
    covers: dict[int, float] = defaultdict(float)
    for stem, weight in weights.items():
        for sentence in text.found_in.get(stem, ()):
            covers[sentence] += weight
    return Piece(reading, stems, weights, max(covers, key=lambda n: (covers[n], -n), default=None))


def content_beside(reading: Reading, details: Sequence[Name | Figure | DateMention]) -> list[Word]:
    """Return the content words of a stretch that stand in none of some details of it."""
    return [
        word
        for word in reading.content
        if not any(detail.start <= word.start < detail.end for detail in details)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """One reason why a text does not state something, however alike the words are.

    ``check`` names who objects: figure, date, name, denial, quotation, extent, speaker, outlet.
    ``span`` is the detail in the statement, None where it is no stretch of it. ``sentence`` is
    the number of the sentence that the statement is held against, None where the text has none
    to show; it ``contradicts`` the statement where both cannot be true.
    """

    check: str
    reason: str
    span: Span | None = None
    sentence: int | None = None
    contradicts: bool = False


class Grounds:
    """The sentences of a text, by how much of the rest of a claim each of them says.

    ``covers`` has for each sentence the share of the rest that it has, weighted by how near the
    detail each word stands; ``best`` is the greatest, and ``leading`` are the sentences that have
    about as much, the best first.

    Args:
        part: One sentence of the claim.
        text: What it is put to.
        start: Where the detail begins in the text of ``part``.
        end: Where it ends; without what lies between, the claim is its rest.
    """

    def __init__(self, part: Piece, text: Text, start: int, end: int) -> None:
        weights = _weights_around(part, start, end)
        rest = [(weight, kin_of(stem)) for stem, weight in weights.items()]
        total = sum(weights.values()) or 1.0
        self.covers = tuple(
            sum(weight for weight, kin in rest if not there.isdisjoint(kin)) / total
            for there in text.kin
        )
        self.best = self.most(range(len(self.covers)))
        least = LEADING * self.best
        leading = [n for n, cover in enumerate(self.covers) if cover and cover >= least]
        self.leading = sorted(leading, key=lambda n: -self.covers[n])

    def most(self, numbers: Iterable[int]) -> float:
        """Return the greatest cover of some sentences; 0 without any."""
        return max((self.covers[number] for number in numbers), default=0.0)


def best_cover(part: Piece, text: Text) -> float:
    """Return the weight of a piece's words that its best sentence has."""
    if part.best is None:
        return 0.0
    there = text.readings[part.best].stems
    return math.fsum(weight for stem, weight in part.weights.items() if stem in there)


def has_subject(part: Piece, text: Text) -> bool:
    """Return whether a sentence of a text is about the same subject as one of a claim."""
    counts = Counter(n for stem in part.weights for n in text.found_in.get(stem, ()))
    least = SAME_SUBJECT * len(part.weights)
    return len(part.weights) >= SHORTEST and max(counts.values(), default=0) >= least


def kin_of(stem: str) -> tuple[str, ...]:
    """Return what a stem shares with related ones: its near-synonyms, its beginning."""
    group = group_of(stem)
    return (group, f"{stem[:PREFIX]}-") if len(stem) >= PREFIX else (group,)


def is_akin(stem: str, other: str) -> bool:
    """Return whether two stems are related."""
    return stem == other or not set(kin_of(stem)).isdisjoint(kin_of(other))


def is_among(key: Key, keys: Iterable[Key]) -> bool:
    """Return whether one of the keys can name the same."""
    return any(same_key(key, other) for other in keys)


def is_place(name: Name, text: str) -> bool:
    """Return whether a name stands behind a preposition of place."""
    return _OF_A_PLACE.search(text[max(0, name.start - LOOK_BACK) : name.start]) is not None


def ngrams(tokens: list[str]) -> Iterator[tuple[str, ...]]:
    """Yield the runs of ``NGRAM`` words, as which a copied stretch is recognised."""
    return zip(*(tokens[i:] for i in range(NGRAM)), strict=False)


def split_sentences(text: str, within: Span | None = None) -> Iterator[Span]:
    """Yield the sentences of a text, also those whose end is hidden by a missing space."""
    for sentence in sentences(text, within):
        start = sentence.start
        for stop in _HIDDEN_STOP.finditer(text, sentence.start, sentence.end):
            if stop.start() - start >= SHORTEST_PIECE:
                yield Span(start, stop.start())
                start = stop.start()
        if start < sentence.end:
            yield Span(start, sentence.end)


def _without_end(sentence: str) -> str:
    """Return a sentence's words as they are compared: without what ends it."""
    return " ".join(fold(sentence).split()).rstrip(".!?\"'”’")


def is_copied(part: Piece, text: Text, start: int, end: int) -> bool:
    """Return whether a detail stands in a text word for word with what is beside it.

    A run of four words with a content word besides the detail is no chance.
    """
    words = part.reading.words
    for first in range(len(words) - NGRAM + 1):
        run = words[first : first + NGRAM]
        whole = run[0].start <= start and end <= run[-1].end
        beside = any(not word.stop for word in run if not start <= word.start < end)
        if whole and beside and tuple(fold(w.text) for w in run) in text.ngrams:
            return True
    return False


def _weights_around(part: Piece, start: int, end: int) -> dict[str, float]:
    """Return the stems of a claim outside a detail, with weights that fall with distance."""
    content = part.reading.content
    weights: dict[str, float] = {}
    before = [word for word in reversed(content) if word.end <= start]
    behind = [word for word in content if word.start >= end]
    for distance, word in chain(enumerate(before), enumerate(behind)):
        weight = part.weights.get(word.stem, 0.0) / (1 + distance / NEAR)
        if weight:
            weights[word.stem] = max(weights.get(word.stem, 0.0), weight)
    return weights
