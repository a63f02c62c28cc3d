"""Which words of which article stand under a line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from summarizer.compare.details import backs
from summarizer.document import Document, Reading, analyse, read
from summarizer.report.outlets import Names
from summarizer.report.parts import NEAREST, OTHERWISE, SAME, Quote
from summarizer.report.wording import one_line, shortened
from summarizer.types import Article, Check, Fact, Mention, Span, Verdict

QUOTE_CHARACTERS = 360
"""The longest quote shown whole: five lines at 80 columns. Most sentences of news
are shorter."""

NEW_WORDS = 0.35
"""Share of a quote's content words that the line above it lacks, from which showing it adds
something."""

REPEATED = 0.8
"""Share of a line, by characters, that a quote repeats if it is called the same word for word."""

SAYS_IT_ALONE = 0.6
"""Share of a line's stems in one sentence from which it is quoted without those around it."""

SAYS_IT = 0.3
"""Share of a line's content words, by stem, that a sentence has at least if it is shown as
saying the same in other words."""

NEAR = 0.4
"""The same share from which a passage that does not report a line is near it, and worth
comparing. Set by eye: below it the passage is mostly on another matter."""

CLEARLY_ABSENT = 0.2
"""A passage whose article reports the line with less probability than this is not shown."""

NEAR_WORDS = 3
"""Content words that a near passage shares with the line, at least."""

_WORD = re.compile(r"\w+")

Cited = tuple[Article, Sequence[Span]]
"""An article and the evidence in it."""


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
            return self.adding(text, [(each.article, each.evidence) for each in fact.mentions])
        own = next((each for each in fact.mentions if _is_made_of(text, each)), None)
        others = [m for m in fact.mentions if own is None or m.article.outlet != own.article.outlet]
        wordings = self._other_wordings(text, others, (own or fact.mentions[0]).article)
        best = max(wordings, key=lambda each: each[0], default=None)
        return self._make_quote(text, best[1], best[2]) if best else None

    def adding(self, text: str, cited: Iterable[Cited]) -> Quote | None:
        """Return the sentence nearest a text, unless one does little more than repeat it."""
        stems = read(text).stems
        offered = []
        for article, evidence in cited:
            for span, reading in self._cited_sentences(article, evidence):
                verbatim = _plain_words(text) in _plain_words(span.of(article.text))
                new = len(reading.stems - stems)
                if verbatim or not new or new / len(reading.stems) < NEW_WORDS:
                    return None
                offered.append((_stem_likeness(stems, reading.stems), article, span))
        best = max(offered, key=lambda each: each[0], default=None)
        return self._make_quote(text, best[1], best[2]) if best else None

    def nearest(self, text: str, checks: Iterable[Check]) -> Quote | None:
        """Return what speaks against a line: a contradiction, else a passage that is near."""
        best = max(self._near_quotes(text, checks), key=lambda each: each[0], default=None)
        return best[1] if best else None

    def holding(self, value: str, mentions: Sequence[Mention]) -> Quote | None:
        """Return the sentence that gives ``value``; around it, where it is long."""
        value = one_line(value)
        for mention in mentions:
            for span, _ in self._cited_sentences(mention.article, mention.evidence):
                sentence = one_line(span.of(mention.article.text))
                if sentence and sentence.casefold() != value.casefold():
                    return Quote(self._names.of(mention.article.outlet), around(sentence, value))
        return None

    def _near_quotes(
        self, text: str, checks: Iterable[Check]
    ) -> Iterator[tuple[tuple[bool, float], Quote]]:
        """Yield passages that contradict a line or come near it, each with how much it does."""
        stems = read(text).stems
        for check in checks:
            span, verdict = check.judgement.nearest, check.judgement.verdict
            clearly_absent = check.judgement.probability < CLEARLY_ABSENT
            if span is None or (verdict is Verdict.ABSENT and clearly_absent):
                continue
            against = verdict is Verdict.CONTRADICTED
            whole, reading = max(
                self._cited_sentences(check.article, (span,)),
                key=lambda each: _stem_likeness(stems, each[1].stems),
            )
            shared = len(stems & reading.stems)
            if against or shared >= max(NEAR_WORDS, NEAR * len(stems)):
                relation = OTHERWISE if against else NEAREST
                quote = self._make_quote(text, check.article, whole, relation)
                yield (against, _stem_likeness(stems, reading.stems)), quote

    def _other_wordings(
        self, text: str, mentions: Sequence[Mention], author: Article
    ) -> Iterator[tuple[tuple[bool, float], Article, Span]]:
        """Yield the passages that say a line, each with how surely and how nearly it does."""
        line = _plain_words(text)
        language = (author.language or "en").partition("-")[0]
        stems = read(text, author.published, language).stems
        for mention in mentions:
            article = mention.article
            for span, reading in self._cited_passages(article, mention.evidence, stems):
                exact = line in _plain_words(span.of(article.text))
                shared = len(stems & reading.stems)
                if exact or (
                    shared >= SAYS_IT * len(stems)
                    and backs(self._document_of(article), text, (span,), of=author)
                ):
                    yield (exact, _stem_likeness(stems, reading.stems)), article, span

    def _cited_passages(
        self, article: Article, evidence: Sequence[Span], stems: frozenset[str]
    ) -> Iterator[tuple[Span, Reading]]:
        """Yield the sentences of evidence; together where none has enough of a line's stems.

        Sentences that were cited together may say a line only together.
        """
        for span in evidence:
            cited = list(self._cited_sentences(article, (span,)))
            whole = Span(cited[0][0].start, cited[-1][0].end)
            most = max(len(stems & reading.stems) for _, reading in cited)
            if (
                len(cited) > 1
                and most < SAYS_IT_ALONE * len(stems)
                and len(whole) <= QUOTE_CHARACTERS
            ):
                language = self._document_of(article).language
                yield whole, read(whole.of(article.text), article.published, language)
            else:
                yield from cited

    def _cited_sentences(
        self, article: Article, evidence: Sequence[Span]
    ) -> Iterator[tuple[Span, Reading]]:
        """Yield the whole sentences that evidence lies in; the span itself outside the body."""
        document = self._document_of(article)
        for span in evidence:
            sentences = document.sentences_at(span)
            if not sentences:
                yield span, read(span.of(article.text), article.published, document.language)
            yield from ((each.span, each.reading) for each in sentences)

    def _make_quote(self, text: str, article: Article, span: Span, relation: str = "") -> Quote:
        words = one_line(span.of(article.text))
        if not relation and _repeats_line(words, text):
            relation = SAME
        return Quote(self._names.of(article.outlet), shortened(words, QUOTE_CHARACTERS), relation)

    def _document_of(self, article: Article) -> Document:
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


def _is_made_of(text: str, mention: Mention) -> bool:
    """Return whether a line is made of the words of a mention's article."""
    line, article = _plain_words(text), mention.article.text
    return one_line(mention.wording) == text or any(
        line in _plain_words(span.of(article)) for span in mention.evidence
    )


def _plain_words(text: str) -> str:
    """Return the words of a text alone, for comparing: outlets set quotation marks differently."""
    return " ".join(_WORD.findall(text.casefold()))


def _repeats_line(words: str, text: str) -> bool:
    """Return whether words are those of a line, or nearly all of them ("…," she said)."""
    plain, line = _plain_words(words), _plain_words(text)
    return plain in line and len(plain) >= REPEATED * len(line)


def _stem_likeness(first: frozenset[str], second: frozenset[str]) -> float:
    """Return how much two sets of stems have in common, 0 to 1 (Dice's coefficient)."""
    return 2 * len(first & second) / max(len(first) + len(second), 1)
