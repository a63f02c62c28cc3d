"""Where in a story's other articles a statement could stand: passages that share its words."""

from __future__ import annotations

import heapq
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from summarizer.compare.story import Story
from summarizer.document import Reading, Sentence
from summarizer.text.words import group_of, groups_of
from summarizer.types import Span

SHARED_FLOOR = 0.7
"""The least weight of shared words, in units of a word that stands once in an article, for a
sentence to be looked at: below it nothing but a stray common word is shared."""

CANDIDATES = 12
"""At most this many sentences are looked at for a statement, those that share most: it bounds
the cost in stories of hundreds of articles, where all that matters is that one reports it. With
20 a line of 40 articles names 7.5 outlets and not 7.2, and 500 articles take half as long again."""

CANDIDATES_EACH = 4
"""The same for the sentences of one article."""

LOOKED_UP = 1000
"""At most about so many places of a statement's words are looked up, those of rare words
first: in a story of hundreds of articles a word that stands nearly everywhere leads nowhere."""

GRAM = 4
"""Length of character n-grams in code points; 4 did best of 3 to 5 on the annotated stories."""

NEIGHBOURS = 2
"""Content words at most so far apart are neighbours."""

PREFIX = 5
"""Words of at least so many letters that begin with the same ones are taken for kin."""

BEFORE = 2
"""Sentences before a passage in which the person may be named that its "he" stands for."""


@dataclass(frozen=True)
class Passage:
    """One sentence of an article, or two that follow each other.

    ``article`` is the article's position; ``before`` are the sentences that lead up to it.
    """

    article: int
    sentences: tuple[Sentence, ...]
    before: tuple[Sentence, ...]

    @property
    def spans(self) -> tuple[Span, ...]:
        """Where the sentences stand."""
        return tuple(sentence.span for sentence in self.sentences)

    @property
    def readings(self) -> tuple[Reading, ...]:
        """The analysis of each sentence."""
        return tuple(sentence.reading for sentence in self.sentences)

    @cached_property
    def stems(self) -> frozenset[str]:
        """The content stems."""
        return frozenset[str]().union(*(reading.stems for reading in self.readings))

    @cached_property
    def groups(self) -> frozenset[str]:
        """The near-synonym groups of the stems."""
        return groups_of(self.stems)

    @cached_property
    def kin(self) -> frozenset[str]:
        """How the longer stems begin."""
        return frozenset(stem[:PREFIX] for stem in self.stems if len(stem) >= PREFIX)

    @property
    def grams(self) -> frozenset[str]:
        """The character n-grams of the sentences; not kept: a story has thousands of pairs."""
        return frozenset[str]().union(*(grams(reading) for reading in self.readings))

    @cached_property
    def pairs(self) -> frozenset[tuple[str, str]]:
        """The stems of content words that are neighbours."""
        near: set[tuple[str, str]] = set()
        for reading in self.readings:
            stems = [word.stem for word in reading.content]
            for gap in range(1, NEIGHBOURS + 1):
                near.update(zip(stems, stems[gap:], strict=False))
        return frozenset(near)


class Passages:
    """Finds the passages of a story's articles that share most with a statement."""

    def __init__(self, story: Story) -> None:
        self._story = story
        self._places = [
            (article, place)
            for article, document in enumerate(story.documents)
            for place in range(len(document.sentences))
        ]
        self._postings: dict[str, list[int]] = defaultdict(list)
        for number, (article, place) in enumerate(self._places):
            for group in groups_of(story.documents[article].sentences[place].reading.stems):
                self._postings[group].append(number)
        self._known: dict[tuple[int, int, int], Passage] = {}

    def near(self, reading: Reading, outlet: str) -> dict[int, list[Passage]]:
        """Return by article the passages that share most with a statement, none of its outlet's."""
        found: dict[int, list[Passage]] = {}
        for article, places in self._strongest(reading, outlet).items():
            windows = dict.fromkeys(
                window for place in places for window in self._windows(article, place)
            )
            found[article] = [self._passage(article, *window) for window in windows]
        return found

    def parts(self, passage: Passage) -> list[Passage]:
        """Return a passage and each of its sentences."""
        places = range(len(passage.sentences)) if len(passage.sentences) > 1 else ()
        document = self._story.documents[passage.article]
        first = document.place(passage.sentences[0].number)
        alone = [self._passage(passage.article, first + n, first + n + 1) for n in places]
        return [passage, *alone]

    def _strongest(self, reading: Reading, outlet: str) -> dict[int, list[int]]:
        """Return the places of the sentences that share most, by article, the best first."""
        shared: dict[int, float] = defaultdict(float)
        words = sorted(
            (len(self._postings.get(group_of(stem), ())), stem) for stem in reading.stems
        )
        visited = 0
        for count, stem in words:
            visited += count
            if visited > LOOKED_UP and shared:
                break
            weight = self._story.vocabulary.weight(stem)
            for number in self._postings.get(group_of(stem), ()):
                shared[number] += weight
        articles = self._story.articles
        strong = [
            (-weight, number)
            for number, weight in shared.items()
            if weight >= SHARED_FLOOR and articles[self._places[number][0]].outlet != outlet
        ]
        by_article: dict[int, list[int]] = defaultdict(list)
        for _, number in heapq.nsmallest(CANDIDATES, strong):
            article, place = self._places[number]
            if len(by_article[article]) < CANDIDATES_EACH:
                by_article[article].append(place)
        return by_article

    def _windows(self, article: int, place: int) -> Iterator[tuple[int, int]]:
        """Yield the windows of one and two sentences that hold a sentence, as first and end."""
        yield place, place + 1
        if place > 0:
            yield place - 1, place + 1
        if place + 1 < len(self._story.documents[article].sentences):
            yield place, place + 2

    def _passage(self, article: int, first: int, end: int) -> Passage:
        key = (article, first, end)
        if key not in self._known:
            sentences = self._story.documents[article].sentences
            self._known[key] = Passage(
                article, sentences[first:end], sentences[max(0, first - BEFORE) : first]
            )
        return self._known[key]


def grams(reading: Reading) -> frozenset[str]:
    """Return the character n-grams of a stretch, its words folded and joined by spaces."""
    return _grams(" ".join(word.text.lower() for word in reading.words))


@lru_cache(maxsize=4096)
def _grams(words: str) -> frozenset[str]:
    text = f" {words} "
    return frozenset(sys.intern(text[i : i + GRAM]) for i in range(len(text) - GRAM + 1))
