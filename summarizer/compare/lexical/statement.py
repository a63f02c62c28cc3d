"""A statement that passages of other articles are held against: what they have of it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

from summarizer.compare.backing import is_headline
from summarizer.compare.lexical.passages import PREFIX, Passage, grams
from summarizer.compare.story import Story
from summarizer.compare.vocabulary import LEAST_WEIGHT, SYNONYM_CREDIT
from summarizer.document import Reading, Sentence
from summarizer.text.words import IRREGULAR, Word, fold, group_of, stem_of

LIGHT = frozenset(
    stem_of(word)[0]
    for word in """make hold take come give get go put have comment statement announce remark
    further later earlier recent current way time thing new ago also still""".split()  # noqa: SIM905
)
"""Words that hardly tell anything: a passage may lack them."""


NEAR = 5
"""Content words within so many of each other are near."""

KIN_CREDIT = 0.6
"""What a word that begins alike counts of an equal one."""

LEAST_COVER = 0.3
"""A sentence with a smaller share of a statement's words is not joined by its neighbour."""

_WORD = re.compile(r"\w+")
_IRREGULAR_FORMS = frozenset(IRREGULAR) | frozenset(IRREGULAR.values())


class Statement:
    """A statement that passages are held against."""

    def __init__(self, story: Story, reading: Reading, context: Sentence | None) -> None:
        self.reading = reading
        self.context = context
        self._vocabulary = story.vocabulary
        self.weight = max(self._vocabulary.total(reading.stems), LEAST_WEIGHT)
        self._grams = grams(reading)
        content = [word.stem for word in reading.content]
        self._pairs = list(pairwise(content))
        self._verbs = [word.stem for word in reading.content if is_verb(word.text)]
        self._words = _WORD.findall(fold(reading.text))
        aside = [] if is_headline(reading) else [(n.start, n.end) for n in reading.names]
        aside += [(f.start, f.end) for f in reading.figures]
        aside += [(d.start, d.end) for d in reading.dates]
        self.plain = [
            word
            for word in reading.content
            if word.stem not in LIGHT and not any(start <= word.start < end for start, end in aside)
        ]

    def score(self, passage: Passage) -> float:
        """Return one rough figure by which passages are ranked; fewer sentences are better."""
        cover = self.covered(passage) / self.weight
        if len(passage.sentences) > 1 and cover < LEAST_COVER:
            return cover - 1
        near = 0.5 * self.gram_share(passage) + 0.3 * self.order(passage)
        return cover + near - 0.25 * (len(passage.sentences) - 1)

    def covered(self, passage: Passage) -> float:
        """Return the weight of the statement's words that a passage has."""
        return self.covered_by(passage.stems, passage.groups, passage.kin)

    def covered_by(
        self, stems: frozenset[str], groups: frozenset[str], kin: frozenset[str]
    ) -> float:
        """Return the weight of the statement's words that are there, in one form or another."""
        total = 0.0
        for stem in sorted(self.reading.stems):
            if stem in stems:
                total += self._vocabulary.weight(stem)
            elif group_of(stem) in groups:
                total += SYNONYM_CREDIT * self._vocabulary.weight(stem)
            elif len(stem) >= PREFIX and stem[:PREFIX] in kin:
                total += KIN_CREDIT * self._vocabulary.weight(stem)
        return total

    def missing(self, passage: Passage) -> list[Word]:
        """Return the content words, figures and names aside, that a passage has in no form."""
        return [
            word
            for word in self.plain
            if word.stem not in passage.stems
            and group_of(word.stem) not in passage.groups
            and not (len(word.stem) >= PREFIX and word.stem[:PREFIX] in passage.kin)
        ]

    def gram_share(self, passage: Passage) -> float:
        """Return the share of the statement's character n-grams that a passage has."""
        return len(self._grams & passage.grams) / max(1, len(self._grams))

    def order(self, passage: Passage) -> float:
        """Return the share of neighbouring content words that are neighbours in the passage."""
        if not self._pairs:
            return 0.0
        return sum(pair in passage.pairs for pair in self._pairs) / len(self._pairs)

    def near(self, passage: Passage) -> float:
        """Return the share of neighbours that stand near each other in a sentence of a passage.

        Those with a word that the passage lacks are left out.
        """
        best = 0.0
        for reading in passage.readings:
            places: dict[str, list[int]] = defaultdict(list)
            for place, word in enumerate(reading.content):
                places[group_of(word.stem)].append(place)
            groups = [group_of(word.stem) for word in self.reading.content]
            pairs = [(a, b) for a, b in pairwise([g for g in groups if g in places]) if a != b]
            close = sum(
                any(abs(i - j) <= NEAR for i in places[a] for j in places[b]) for a, b in pairs
            )
            best = max(best, close / len(pairs) if pairs else 0.0)
        return best

    def run(self, passage: Passage) -> float:
        """Return the share of the statement's words that stand in the passage in one run."""
        longest = max(
            (_longest_run(self._words, _WORD.findall(fold(r.text))) for r in passage.readings),
            default=0,
        )
        return longest / max(1, len(self._words))

    def verbs(self, passage: Passage) -> float:
        """Return the share of the statement's verbs that a passage has; 1 where it has none."""
        if not self._verbs:
            return 1.0
        known = sum(
            stem in passage.stems or group_of(stem) in passage.groups for stem in self._verbs
        )
        return known / len(self._verbs)


def is_verb(word: str) -> bool:
    """Return whether a word is a verb in the past, as its form tells."""
    folded = word.lower()
    return folded in _IRREGULAR_FORMS or (len(folded) > 4 and folded.endswith("ed"))


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
