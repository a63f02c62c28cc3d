"""Which sentences of an article tell a text or most of its words, without a look at all of them."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from itertools import accumulate

from summarizer.compare.vocabulary import Vocabulary
from summarizer.document import Document, Sentence


class Telling:
    """Looks up words and texts in the sentences of one document."""

    def __init__(self, document: Document, vocabulary: Vocabulary) -> None:
        self._sentences = document.sentences
        self._vocabulary = vocabulary
        texts = [" ".join(s.reading.text.split()) for s in document.sentences]
        self._text = "\n".join(texts)  # no text that is looked for has a line break
        self._starts = list(accumulate((len(text) + 1 for text in texts[:-1]), initial=0))
        self._having: dict[str, list[int]] = defaultdict(list)
        for place, sentence in enumerate(document.sentences):
            for stem in sentence.reading.stems:
                self._having[stem].append(place)

    def sentence_of(self, text: str) -> Sentence | None:
        """Return the first sentence that has a text, None where none has."""
        at = self._text.find(" ".join(text.split()))
        return self._sentences[bisect_right(self._starts, at) - 1] if at >= 0 else None

    def most(self, stems: Iterable[str]) -> float:
        """Return the greatest weight of some stems that one sentence has.

        Those of few sentences are looked up first. Once the rest weigh less than what one
        sentence has, only the sentences that were met can have most.
        """
        total = self._vocabulary.total
        telling = sorted(
            (s for s in stems if s in self._having), key=lambda s: (len(self._having[s]), s)
        )
        met: dict[int, list[str]] = defaultdict(list)
        best = 0.0
        for number, stem in enumerate(telling):
            rest = telling[number:]
            if best > total(rest):
                return max(
                    total([*own, *(self._sentences[place].reading.stems.intersection(rest))])
                    for place, own in met.items()
                )
            for place in self._having[stem]:
                met[place].append(stem)
                best = max(best, total(met[place]))
        return max((total(own) for own in met.values()), default=0.0)
