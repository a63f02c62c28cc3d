"""A document prepared for the lexical judge, once for all the claims put to it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from summarizer.compare.judges.people import People, people_of
from summarizer.document import Reading, read
from summarizer.text.dates import DateMention
from summarizer.text.denials import Denial, denials
from summarizer.text.figures import Figure
from summarizer.text.names import skeleton
from summarizer.text.sentences import sentences
from summarizer.text.words import fold, group_of, groups_of
from summarizer.types import Span

# Where collections of articles and tokenised text hide a sentence's end: "debt.But", " . ".
_HIDDEN_STOP = re.compile(
    r"(?<=[a-z0-9)][.!?])(?=[A-Z][a-z])|(?<=[.!?][\"”'])(?=[A-Z])|(?<=[^\s.][^\s.]\s[.!?]\s)(?=\S)"
)
_WORD = re.compile(r"\w+")
# A piece shorter than this many characters is an abbreviation or a fragment, no sentence.
_SHORTEST_PIECE = 15
# Words of at least this many letters that begin with the same five are taken for related.
PREFIX = 5
# Words in a run that hardly recurs by chance; one of four was the best of 2, 3 and 4.
NGRAM = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Sentences of a text and where its content stems stand.

    ``readings`` analyse each sentence, with offsets into it; ``whole`` has them as they are
    compared word for word. ``places`` and ``found_in``
    give for a content stem its places among the content stems, and its sentences. ``kin``
    has for each sentence what its words and related ones share (``kin_of``). ``outlet`` is
    who published the text, None where nobody said.
    """

    text: str
    language: str
    folded: str
    whole: frozenset[str]
    sentences: tuple[Span, ...]
    readings: tuple[Reading, ...]
    stems: tuple[frozenset[str], ...]
    places: dict[str, tuple[int, ...]]
    found_in: dict[str, frozenset[int]]
    ngrams: frozenset[tuple[str, ...]]
    prefixes: frozenset[str]
    groups: frozenset[str]
    name_stems: frozenset[str]
    skeletons: frozenset[str]
    figures: tuple[Figure, ...]
    dates: tuple[DateMention, ...]
    kin: tuple[frozenset[str], ...]
    denials: tuple[tuple[Denial, ...], ...]
    people: People
    vocabulary: frozenset[str]
    published: date | None
    outlet: str | None

    def has(self, sentence: str) -> bool:
        """Return whether a sentence stands here word for word, as one of its own."""
        return _plain(sentence) in self.whole

    def knows(self, stem: str) -> bool:
        """Return whether a related word stands here: a near-synonym, kin, another spelling."""
        if group_of(stem) in self.groups:
            return True
        return len(stem) >= PREFIX and (
            stem[:PREFIX] in self.prefixes or skeleton(stem) in self.skeletons
        )


@lru_cache(maxsize=256)
def prepare(
    text: str,
    body: tuple[Span, ...] | None = None,
    published: date | None = None,
    language: str = "en",
    outlet: str | None = None,
) -> Document:
    """Analyse a text, or those spans of it that are its ``body``; the last ones are kept."""
    parts = (Span(0, len(text)),) if body is None else body
    spans = tuple(sentence for part in parts for sentence in split(text, part))
    readings = tuple(read(span.of(text), published, language) for span in spans)
    places: dict[str, list[int]] = defaultdict(list)
    found_in: dict[str, set[int]] = defaultdict(set)
    lower: set[str] = set()
    content = ((n, word) for n, reading in enumerate(readings) for word in reading.content)
    for place, (sentence, word) in enumerate(content):
        places[word.stem].append(place)
        found_in[word.stem].add(sentence)
        if not word.text[0].isupper():
            lower.add(word.stem)
    return Document(
        text=text,
        language=language,
        folded=" ".join(fold(span.of(text)) for span in spans),
        whole=frozenset(_plain(span.of(text)) for span in spans),
        sentences=spans,
        readings=readings,
        stems=tuple(reading.stems for reading in readings),
        places={stem: tuple(at) for stem, at in places.items()},
        found_in={stem: frozenset(at) for stem, at in found_in.items()},
        ngrams=frozenset(ngrams([fold(w.text) for r in readings for w in r.words])),
        prefixes=frozenset(stem[:PREFIX] for stem in places if len(stem) >= PREFIX),
        groups=groups_of(places),
        name_stems=frozenset(stem for stem in places if stem not in lower),
        skeletons=frozenset(skeleton(stem) for stem in places if stem not in lower),
        figures=tuple(figure for reading in readings for figure in reading.figures),
        dates=tuple(mention for reading in readings for mention in reading.dates),
        kin=tuple(
            frozenset(each for stem in reading.stems for each in kin_of(stem))
            for reading in readings
        ),
        denials=tuple(denials(r.text, r.words, language) for r in readings),
        people=people_of(readings),
        vocabulary=frozenset(_WORD.findall(fold(text))),
        published=published,
        outlet=outlet,
    )


def _plain(sentence: str) -> str:
    """Return a sentence's words as they are compared: without what ends it."""
    return " ".join(fold(sentence).split()).rstrip(".!?\"'”’")


def kin_of(stem: str) -> tuple[str, ...]:
    """Return what a stem shares with related ones: its near-synonyms, its beginning."""
    group = group_of(stem)
    return (group, f"{stem[:PREFIX]}-") if len(stem) >= PREFIX else (group,)


def ngrams(tokens: list[str]) -> Iterator[tuple[str, ...]]:
    """Yield the runs of ``NGRAM`` words, as which a copied stretch is recognised."""
    return zip(*(tokens[i:] for i in range(NGRAM)), strict=False)


def split(text: str, within: Span | None = None) -> Iterator[Span]:
    """Yield the sentences of a text, also those whose end is hidden by a missing space."""
    for sentence in sentences(text, within):
        start = sentence.start
        for stop in _HIDDEN_STOP.finditer(text, sentence.start, sentence.end):
            if stop.start() - start >= _SHORTEST_PIECE:
                yield Span(start, stop.start())
                start = stop.start()
        if start < sentence.end:
            yield Span(start, sentence.end)
