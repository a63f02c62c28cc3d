"""How much of a story hangs on a fact, and in which order facts are told."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from operator import attrgetter

from summarizer.compare.story import Story
from summarizer.document import Sentence
from summarizer.types import ClaimKind, Fact, Mention, Span

OUTLETS_SHARE = 0.35
CENTRALITY_SHARE = 0.2
LEAD_SHARE = 0.2
SUBSTANCE_SHARE = 0.25
"""The parts of salience, which add up to 1: how many of the outlets report it; how much it
speaks of what the whole story speaks of; how early it stands, as news puts first what
matters; how much it says at all. Set by hand and checked by eye: there are no labels fine
enough to fit them on."""

SUBSTANTIAL = 12
"""A passage of so many content words, names and figures counted twice, says enough."""

SETTING = 0.5
"""What a fact keeps of its salience that only says who somebody is, or when or where: no news."""

REPEATED = 0.6
"""What of its salience a fact loses when all its passages stand in more salient facts."""


class Salience:
    """Rates facts of one story from 0 to 1."""

    def __init__(self, story: Story) -> None:
        self._documents = {document.article.id: document for document in story.documents}
        # In how many articles a word stands.
        self._topic = Counter(stem for document in story.documents for stem in document.stems)
        every = [s for document in story.documents for s in document.sentences]
        self._most = max((self._centrality_of(s) for s in every), default=0.0) or 1.0

    def of(self, kind: ClaimKind, mentions: Sequence[Mention], outlets: float) -> float:
        """Return the salience of a fact with these mentions, reported by a share of outlets."""
        central = lead = substance = 0.0
        for mention in mentions:
            document = self._documents[mention.article.id]
            for sentence in (s for span in mention.evidence for s in document.sentences_at(span)):
                reading = sentence.reading
                elements = len(reading.stems) + len(reading.names) + len(reading.figures)
                central = max(central, self._centrality_of(sentence) / self._most)
                lead = max(lead, 1 - max(sentence.number - 1, 0) / len(document.sentences))
                substance = max(substance, min(elements, SUBSTANTIAL) / SUBSTANTIAL)
        total = (
            OUTLETS_SHARE * outlets
            + CENTRALITY_SHARE * central
            + LEAD_SHARE * lead
            + SUBSTANCE_SHARE * substance
        )
        return round(min(1.0, total) * (SETTING if kind is ClaimKind.SETTING else 1), 3)

    def _centrality_of(self, sentence: Sentence) -> float:
        """Return how much a sentence speaks of what several articles speak of."""
        stems = sentence.reading.stems
        return sum(self._topic[stem] - 1 for stem in stems) / (len(stems) + 4)


def rank(facts: Sequence[Fact]) -> list[Fact]:
    """Return facts by salience, which falls with what more salient ones have told already."""
    told = ToldPassages()
    ranked = []
    for fact in sorted(facts, key=lambda f: (-f.salience, f.mentions[0].evidence[0])):
        kept = 1 - REPEATED * told.share(fact)
        told.add(fact)
        ranked.append(replace(fact, salience=round(fact.salience * kept, 3)))
    return sorted(ranked, key=lambda f: -f.salience)


class ToldPassages:
    """The passages of the facts that were told so far, each once."""

    def __init__(self) -> None:
        self._spans: dict[str, list[Span]] = defaultdict(list)
        self._longest = 0

    def add(self, fact: Fact) -> None:
        """Count a fact as told."""
        for article, span in _passages_of(fact):
            insort(self._spans[article], span)
            self._longest = max(self._longest, len(span))

    def share(self, fact: Fact) -> float:
        """Return the share, 0 to 1, of the characters of a fact's evidence that were told."""
        covered = sum(self._told_characters(article, span) for article, span in _passages_of(fact))
        # A report that somebody else wrote may have empty spans.
        return covered / max(1, sum(len(span) for _, span in _passages_of(fact)))

    def _told_characters(self, article: str, span: Span) -> int:
        known = self._spans[article]
        # None that begins farther ahead reaches the span.
        first = bisect_left(known, span.start - self._longest, key=attrgetter("start"))
        end = bisect_left(known, span.end, lo=first, key=attrgetter("start"))
        return max((span.overlap(other) for other in known[first:end]), default=0)


def _passages_of(fact: Fact) -> list[tuple[str, Span]]:
    return [(mention.article.id, span) for mention in fact.mentions for span in mention.evidence]
