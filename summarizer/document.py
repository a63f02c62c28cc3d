"""An article analysed once: its sentences with the words, figures, dates and names of each.

Every step after reading takes documents, so that all of them mean the same by "the
article's sentences".
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

from summarizer.text.dates import DateMention, dates
from summarizer.text.figures import Figure, FigureIndex, figures
from summarizer.text.names import Name, NameIndex, names
from summarizer.text.sentences import quotations, sentences, unquoted
from summarizer.text.words import NEGATIONS, Word, folded_words, words
from summarizer.types import Article, OutletFrom, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What stands in a stretch of text. All offsets are into ``text``.

    ``stems`` are the content stems; ``negations`` the words that deny;
    ``quotations`` what stands between quotation marks.
    """

    text: str
    words: tuple[Word, ...]
    stems: frozenset[str]
    names: tuple[Name, ...]
    figures: tuple[Figure, ...]
    dates: tuple[DateMention, ...]
    negations: tuple[Word, ...]
    quotations: tuple[Span, ...]

    @property
    def content(self) -> tuple[Word, ...]:
        """The words that carry content, in order."""
        return tuple(word for word in self.words if not word.stop)


@lru_cache(maxsize=16384)
def read(text: str, published: date | None = None, language: str = "en") -> Reading:
    """Analyse a stretch of text; ``published`` resolves its "Tuesday" and "last week"."""
    tokens = words(text, language)
    mentions = dates(text, published)
    return Reading(
        text=text,
        words=tokens,
        stems=frozenset(word.stem for word in tokens if not word.stop),
        names=names(text),
        figures=figures(text, mentions, tokens, language.partition("-")[0]),
        dates=mentions,
        negations=tuple(word for word in tokens if word.stem in NEGATIONS),
        quotations=quotations(text),
    )


def foreign_names(line: Reading, known: Set[str]) -> Iterator[Name]:
    """Yield the full names of a stretch of which not a word is among some folded words."""
    for name in line.names:
        full = name.sure and len(name.key) > 1
        if full and known.isdisjoint(folded_words(name.text)):
            yield name


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a document, by its number."""

    number: int
    span: Span
    reading: Reading


@dataclass(frozen=True, kw_only=True)
class Document:
    """An article with its sentences in reading order.

    The title is sentence 0 where it stands in the text outside the body; without such a
    title the sentences begin with number 1. What all of them have is put together once, since
    every line is held against it.
    """

    article: Article
    language: str
    sentences: tuple[Sentence, ...]

    @property
    def body(self) -> tuple[Sentence, ...]:
        """The sentences of the body."""
        return self.sentences[self.place(1) :]

    def sentence(self, number: int) -> Sentence | None:
        """Return the sentence of a number; None where there is none."""
        place = self.place(number)
        return self.sentences[place] if 0 <= place < len(self.sentences) else None

    def place(self, number: int) -> int:
        """Return the place of a number among the sentences."""
        return number - self.sentences[0].number if self.sentences else -1

    @cached_property
    def words(self) -> frozenset[str]:
        """The folded words of all sentences."""
        return frozenset(w for s in self.sentences for w in folded_words(s.reading.text))

    @cached_property
    def stems(self) -> frozenset[str]:
        """The content stems of all sentences."""
        return frozenset[str]().union(*(s.reading.stems for s in self.sentences))

    @cached_property
    def names(self) -> NameIndex:
        """The names of all sentences."""
        return NameIndex(name.key for s in self.sentences for name in s.reading.names)

    @cached_property
    def unquoted(self) -> str:
        """The article's text with every quotation blanked out."""
        return unquoted(self.article.text)

    @cached_property
    def figures(self) -> FigureIndex:
        """The figures of all sentences."""
        return FigureIndex(figure for s in self.sentences for figure in s.reading.figures)

    @cached_property
    def dates(self) -> tuple[DateMention, ...]:
        """The dates of all sentences, in order."""
        return tuple(date for s in self.sentences for date in s.reading.dates)

    def sentences_at(self, span: Span) -> tuple[Sentence, ...]:
        """Return the sentences that share characters with a span, in order."""
        title, body = self.sentences[: self.place(1)], self.body
        if title and title[0].span.overlap(span):
            return title
        first = bisect_right(body, span.start, key=lambda sentence: sentence.span.end)
        return body[first : bisect_left(body, span.end, key=lambda sentence: sentence.span.start)]

    def analyse(self, text: str) -> Reading:
        """Return the analysis of any text as if it stood in this article."""
        return read(text, self.article.published, self.language)


def analyse(article: Article) -> Document:
    """Return an article as a document."""
    language = (article.language or "en").partition("-")[0]
    spans = [span for part in article.body for span in sentences(article.text, part)]
    title = _title_span(article, spans)
    numbered = enumerate([title, *spans]) if title else enumerate(spans, start=1)
    return Document(
        article=article,
        language=language,
        sentences=tuple(
            Sentence(number, span, read(span.of(article.text), article.published, language))
            for number, span in numbered
        ),
    )


def whole_text(text: str, name: str = "document") -> Article:
    """Return a text as an article all of which is its body."""
    return Article(
        id=name,
        source=name,
        sha256="",
        text=text,
        body=(Span(0, len(text)),),
        outlet="",
        outlet_from=OutletFrom.FLAG,
    )


def _title_span(article: Article, body: Sequence[Span]) -> Span | None:
    """Return where the title stands outside the body, None where it does not."""
    if not article.title:
        return None
    start = article.text.find(article.title)
    span = Span(start, start + len(article.title)) if start >= 0 else None
    return None if span is None or any(span.overlap(part) for part in body) else span
