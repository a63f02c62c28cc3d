"""The quotes under the lines of a report: which passage of another outlet says the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from summarizer.compare.details import backs
from summarizer.document import Document, Reading, analyse, read
from summarizer.report.outlets import Names
from summarizer.report.parts import NEAREST, OTHERWISE, SAME, Quote
from summarizer.report.wording import one_line, plain_words, shortened
from summarizer.types import Article, Check, Fact, Mention, Span, Verdict

QUOTE_CHARACTERS = 360
"""The longest quote shown whole: five lines at 80 columns. Most sentences of news are shorter."""

NEW_WORDS, REPEATED = 0.35, 0.8
"""Share of a quote's content words that the line above it lacks, from which showing it adds
something; share of a line, by characters, that a quote repeats if it is called the same."""

SAYS_IT_ALONE, SAYS_IT, NEAR, NEAR_WORDS = 0.6, 0.3, 0.4, 3
"""Share of a line's content words, by stem, in one sentence from which it is quoted without those
cited with it; the share that a passage has at least if it is shown as saying the same in other
words; the share, and the number, from which a passage that does not report a
line is near it (set by eye: below it the passage is mostly on another matter)."""

CLEARLY_ABSENT = 0.2
"""A passage whose article reports the line with less probability than this is not shown."""

Cited = Iterable[tuple[Article, Span]]
"""Spans, each with the article that it is of."""


class _QuoteCandidate(NamedTuple):
    """Whole sentences that evidence lies in; the evidence itself outside the body."""

    article: Article
    span: Span
    reading: Reading

    @property
    def words(self) -> str:
        return self.span.of(self.article.text)

    def likeness(self, stems: frozenset[str]) -> float:
        """Return how much it has in common with a line, 0 to 1 (Dice's coefficient of stems)."""
        own = self.reading.stems
        return 2 * len(own & stems) / max(len(own) + len(stems), 1)


class Quotes:
    """Chooses the quotes of one report."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._documents: dict[str, Document] = {}

    def under(self, fact: Fact) -> Quote | None:
        """Return the sentence that says most nearly what a fact says.

        It is of another outlet than the one whose words the line is made of. Of a unique
        fact it is the article's own sentence, where the line is worded in another way.
        """
        text = one_line(fact.text)
        if len(fact.outlets) == 1:
            return self.adding(text, _cited_spans(fact.mentions))
        own = next((each for each in fact.mentions if _is_made_of(text, each)), None)
        author = (own or fact.mentions[0]).article
        others = [m for m in fact.mentions if own is None or m.article.outlet != author.outlet]
        stems = self.document_of(author).analyse(text).stems
        ranked = []
        for each in self._cited_passages(_cited_spans(others), stems):
            exact = plain_words(text) in plain_words(each.words)
            like = len(stems & each.reading.stems) >= SAYS_IT * len(stems)
            document = self.document_of(each.article)
            if exact or (like and backs(document, text, (each.span,), of=author)):
                ranked.append((exact, each.likeness(stems), each))
        return self._best_quote(text, ranked)

    def adding(self, text: str, cited: Cited) -> Quote | None:
        """Return the sentence nearest a text, unless one does little more than repeat it."""
        stems = read(text).stems
        ranked = []
        for each in self._cited_sentences(cited):
            new, all_stems = len(each.reading.stems - stems), len(each.reading.stems)
            is_verbatim = plain_words(text) in plain_words(each.words)
            if is_verbatim or new < NEW_WORDS * max(all_stems, 1):
                return None
            ranked.append((False, each.likeness(stems), each))
        return self._best_quote(text, ranked)

    def nearest(self, text: str, checks: Iterable[Check]) -> Quote | None:
        """Return what speaks against a line: a contradiction, else a passage that is near."""
        stems = read(text).stems
        ranked = []
        for check in checks:
            span, verdict = check.judgement.nearest, check.judgement.verdict
            clearly_absent = check.judgement.probability < CLEARLY_ABSENT
            if span is None or (verdict is Verdict.ABSENT and clearly_absent):
                continue
            candidates = self._cited_sentences([(check.article, span)])
            best = max(candidates, key=lambda each: each.likeness(stems))
            against = verdict is Verdict.CONTRADICTED
            shared = len(stems & best.reading.stems)
            if against or shared >= max(NEAR_WORDS, NEAR * len(stems)):
                ranked.append((against, best.likeness(stems), best))
        return self._best_quote(text, ranked, (NEAREST, OTHERWISE))

    def holding(self, value: str, mentions: Sequence[Mention]) -> Quote | None:
        """Return the sentence that gives ``value``, or most of it; around it, where it is long."""
        value = one_line(value)
        stems = read(value).stems
        ranked = []
        for each in self._cited_sentences(_cited_spans(mentions)):
            sentence = one_line(each.words)
            if sentence and sentence.casefold() != value.casefold():
                exact = value.casefold() in sentence.casefold()
                quote = Quote(self._names.of(each.article.outlet), around(sentence, value))
                ranked.append((exact, len(stems & each.reading.stems), quote))
        return max(ranked, key=lambda each: each[:2], default=(False, 0, None))[2]

    def _cited_passages(self, cited: Cited, stems: frozenset[str]) -> Iterator[_QuoteCandidate]:
        """Yield the sentences of spans; as one where they may say a line only together."""
        for article, span in cited:
            sentences = list(self._cited_sentences([(article, span)]))
            whole = Span(sentences[0].span.start, sentences[-1].span.end)
            most = max(len(stems & each.reading.stems) for each in sentences)
            together = len(sentences) > 1 and most < SAYS_IT_ALONE * len(stems)
            if together and len(whole) <= QUOTE_CHARACTERS:
                reading = self.document_of(article).analyse(whole.of(article.text))
                yield _QuoteCandidate(article, whole, reading)
            else:
                yield from sentences

    def _cited_sentences(self, cited: Cited) -> Iterator[_QuoteCandidate]:
        for article, span in cited:
            document = self.document_of(article)
            sentences = document.sentences_at(span)
            yield from (_QuoteCandidate(article, each.span, each.reading) for each in sentences)
            if not sentences:
                yield _QuoteCandidate(article, span, document.analyse(span.of(article.text)))

    def _best_quote(
        self,
        text: str,
        ranked: Iterable[tuple[bool, float, _QuoteCandidate]],
        relations: tuple[str, str] = ("", ""),
    ) -> Quote | None:
        """Return the best candidate for a line as a quote, with the relation of its first rank."""
        best = max(ranked, key=lambda each: each[:2], default=None)
        if best is None:
            return None
        first, _, chosen = best
        words, relation = one_line(chosen.words), relations[first]
        if not relation and _repeats_line(words, text):
            relation = SAME
        outlet = self._names.of(chosen.article.outlet)
        return Quote(outlet, shortened(words, QUOTE_CHARACTERS), relation)

    def document_of(self, article: Article) -> Document:
        """Return an article analysed, once for all quotes and lines."""
        if article.id not in self._documents:
            self._documents[article.id] = analyse(article)
        return self._documents[article.id]


def around(quote: str, value: str, limit: int = QUOTE_CHARACTERS) -> str:
    """Return at most ``limit`` characters of ``quote``, those with ``value`` where it is there."""
    at = quote.casefold().find(value.casefold())
    if at < 0 or at + len(value) < limit:
        return shortened(quote, limit)
    # Two thirds of the room before the value: what a figure counts mostly stands there.
    start = quote.find(" ", max(0, at - 2 * limit // 3))
    start = start + 1 if 0 <= start < at else at
    return "…" + shortened(quote[start:], limit - 1)


def _cited_spans(mentions: Iterable[Mention]) -> list[tuple[Article, Span]]:
    return [(mention.article, span) for mention in mentions for span in mention.evidence]


def _is_made_of(text: str, mention: Mention) -> bool:
    """Return whether a line is made of the words of a mention's article."""
    line, article = plain_words(text), mention.article.text
    return one_line(mention.wording) == text or any(
        line in plain_words(span.of(article)) for span in mention.evidence
    )


def _repeats_line(words: str, text: str) -> bool:
    """Return whether words are those of a line, or nearly all of them ("…," she said)."""
    plain, line = plain_words(words), plain_words(text)
    return plain in line and len(plain) >= REPEATED * len(line)
