"""A statement, and the passages of a story's other articles that share its words."""

from __future__ import annotations

import heapq
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

from summarizer.compare.details import BEFORE
from summarizer.compare.story import LEAST_WEIGHT, SYNONYM_CREDIT, Story
from summarizer.compare.texts import PREFIX, content_beside
from summarizer.document import Reading, Sentence
from summarizer.text.words import IRREGULAR, Word, folded_words, group_of, groups_of, stem_of
from summarizer.types import Span

SHARED_FLOOR = 0.7
"""The least weight of shared words, in units of a word that stands once in an article, for a
sentence to be looked at: below it nothing but a stray common word is shared."""

CANDIDATES, CANDIDATES_EACH = 12, 4
"""At most this many sentences are looked at for a statement, those that share most, in all
articles and in each: it bounds the cost in stories of hundreds of articles, where all that
matters is that one reports it. With 20 a line of 40 articles names 7.5 outlets and not 7.2, and
500 articles take half as long again."""

LOOKED_UP = 1000
"""At most about so many places of a statement's words are looked up, those of rare words
first: in a story of hundreds of articles a word that stands nearly everywhere leads nowhere."""

GRAM = 4
"""Length of character n-grams in code points; 4 did best of 3 to 5 on the annotated stories."""

NEIGHBOURS = 2
"""Content words at most so far apart are neighbours."""

NEAR = 5
"""Content words within so many of each other are near."""

KIN_CREDIT = 0.6
"""What a word that begins with the same letters counts of an equal one."""

LIGHT = frozenset(
    stem_of(word)[0]
    for word in """make hold take come give get go put have comment statement announce remark
    further later earlier recent current way time thing new ago also still""".split()  # noqa: SIM905
)
"""Words that hardly tell anything: a passage may lack them."""

_IRREGULAR_FORMS = frozenset(IRREGULAR) | frozenset(IRREGULAR.values())


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
        return frozenset[str]().union(*map(character_grams, self.readings))

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
        """Return by article the passages that share most with a statement, none of its outlet's.

        They are the sentences that share most, alone and each with the one before and behind it.
        """
        near: dict[int, list[Passage]] = {}
        for article, places in self._strongest_places(reading, outlet).items():
            count = len(self._story.documents[article].sentences)
            windows = dict.fromkeys(
                window
                for at in places
                for window in ((at, at + 1), (at - 1, at + 1), (at, at + 2))
                if window[0] >= 0 and window[1] <= count and self._goes_on(article, *window)
            )
            near[article] = [self._passage_at(article, *window) for window in windows]
        return near

    def parts(self, passage: Passage) -> list[Passage]:
        """Return a passage and, where it has two, each of its sentences."""
        if len(passage.sentences) == 1:
            return [passage]
        first = self._story.documents[passage.article].place(passage.sentences[0].number)
        alone = (self._passage_at(passage.article, at, at + 1) for at in (first, first + 1))
        return [passage, *alone]

    def _strongest_places(self, reading: Reading, outlet: str) -> dict[int, list[int]]:
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

    def _goes_on(self, article: int, first: int, end: int) -> bool:
        """Return whether no paragraph that opens with somebody else's words begins between."""
        text = self._story.articles[article].text
        spans = [s.span for s in self._story.documents[article].sentences[first:end]]
        return not any(
            "\n" in text[before.end : span.start] and span.of(text)[:1] in {"“", '"'}
            for before, span in pairwise(spans)
        )

    def _passage_at(self, article: int, first: int, end: int) -> Passage:
        key = (article, first, end)
        if key not in self._known:
            sentences = self._story.documents[article].sentences
            before = sentences[max(0, first - BEFORE) : first]
            self._known[key] = Passage(article, sentences[first:end], before)
        return self._known[key]


class Statement:
    """A statement that passages are held against: what they have of it.

    ``context`` is the sentence that it is taken from, None where no sentence has it.
    """

    def __init__(self, story: Story, reading: Reading, context: Sentence | None) -> None:
        self.reading = reading
        self.context = context
        self._vocabulary = story.vocabulary
        self.weight = max(self._vocabulary.total(reading.stems), LEAST_WEIGHT)
        self._grams = character_grams(reading)
        self._pairs = list(pairwise(word.stem for word in reading.content))
        self._words = folded_words(reading.text)
        beside = content_beside(reading, (*reading.names, *reading.figures, *reading.dates))
        self.plain = [word for word in beside if word.stem not in LIGHT]

    def score(self, passage: Passage) -> float:
        """Return one rough figure by which passages are ranked; fewer sentences are better."""
        cover = self.covered(passage) / self.weight
        near = 0.5 * self.gram_share(passage) + 0.3 * self.order(passage)
        return cover + near - 0.25 * (len(passage.sentences) - 1)

    def covered(self, passage: Passage) -> float:
        """Return the weight of the statement's words that a passage has."""
        return self.covered_by(passage.stems, passage.groups, passage.kin)

    def covered_by(
        self, stems: frozenset[str], groups: frozenset[str], kin: frozenset[str]
    ) -> float:
        """Return the weight of the statement's words that are there, in one form or another."""
        return sum(
            _credit(stem, stems, groups, kin) * self._vocabulary.weight(stem)
            for stem in sorted(self.reading.stems)
        )

    def missing(self, passage: Passage) -> list[Word]:
        """Return the content words, figures and names aside, that a passage has in no form."""
        return [
            word
            for word in self.plain
            if not _credit(word.stem, passage.stems, passage.groups, passage.kin)
        ]

    def gram_share(self, passage: Passage) -> float:
        """Return the share of the statement's character n-grams that a passage has."""
        return len(self._grams & passage.grams) / max(1, len(self._grams))

    def order(self, passage: Passage) -> float:
        """Return the share of neighbouring content words that are neighbours in the passage."""
        return sum(pair in passage.pairs for pair in self._pairs) / max(1, len(self._pairs))

    def near(self, passage: Passage) -> float:
        """Return the share of neighbours that stand near each other in a sentence of a passage.

        Those with a word that the passage lacks are left out.
        """
        groups = [group_of(word.stem) for word in self.reading.content]
        best = 0.0
        for reading in passage.readings:
            places: dict[str, list[int]] = defaultdict(list)
            for place, word in enumerate(reading.content):
                places[group_of(word.stem)].append(place)
            pairs = [(a, b) for a, b in pairwise([g for g in groups if g in places]) if a != b]
            close = sum(
                any(abs(i - j) <= NEAR for i in places[a] for j in places[b]) for a, b in pairs
            )
            best = max(best, close / len(pairs) if pairs else 0.0)
        return best

    def run(self, passage: Passage) -> float:
        """Return the share of the statement's words that stand in the passage in one run."""
        runs = (_longest_run(self._words, folded_words(r.text)) for r in passage.readings)
        return max(runs, default=0) / max(1, len(self._words))

    def verbs(self, passage: Passage) -> float:
        """Return the share of the statement's verbs that a passage has; 1 where it has none."""
        verbs = [word.stem for word in self.reading.content if is_verb(word.text)]
        if not verbs:
            return 1.0
        known = sum(stem in passage.stems or group_of(stem) in passage.groups for stem in verbs)
        return known / len(verbs)


def _credit(stem: str, stems: frozenset[str], groups: frozenset[str], kin: frozenset[str]) -> float:
    """Return what a word counts where it stands in one form or another: 1 at most, else 0."""
    if stem in stems:
        return 1.0
    if group_of(stem) in groups:
        return SYNONYM_CREDIT
    return KIN_CREDIT if len(stem) >= PREFIX and stem[:PREFIX] in kin else 0.0


def is_verb(word: str) -> bool:
    """Return whether a word is a verb in the past, as its form tells."""
    folded = word.lower()
    return folded in _IRREGULAR_FORMS or (len(folded) > 4 and folded.endswith("ed"))


def character_grams(reading: Reading) -> frozenset[str]:
    """Return the character n-grams of a stretch, its words folded and joined by spaces."""
    return _grams_of(" ".join(word.text.lower() for word in reading.words))


@lru_cache(maxsize=4096)
def _grams_of(words: str) -> frozenset[str]:
    text = f" {words} "
    return frozenset(sys.intern(text[i : i + GRAM]) for i in range(len(text) - GRAM + 1))


def _longest_run(words: Sequence[str], others: Sequence[str]) -> int:
    """Return the length of the longest run of words that both have, in words."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, other in enumerate(others):
        places[other].append(place)
    best = 0
    ending: dict[int, int] = {}
    for word in words:
        ending = {place: ending.get(place - 1, 0) + 1 for place in places.get(word, ())}
        best = max(best, max(ending.values(), default=0))
    return best
