"""Which words of which article stand under a line, and the marks around them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from summarizer.compare.details import backs
from summarizer.document import Document, Reading, Sentence, analyse, read
from summarizer.report.outlets import Names
from summarizer.report.safe import one_line, shortened
from summarizer.types import Article, Check, Fact, Mention, Span, Verdict

_OPENING, _CLOSING = '“„«"', '”“»"'
_MARK = re.compile('[“”„«»"]')
_PAIRS = (("„", "“"), ("«", "»"))
_OTHER_MARK = re.compile(r"""[„«»]|\d"|'$|\'\'""")
_UNFINISHED = (",", ";", ":", "—", "–")

QUOTE_CHARACTERS = 360
"""The longest quote shown whole: five lines at 80 columns. Most sentences of news
are shorter."""

NEW_WORDS = 0.35
"""Share of a quote's content words that the line above it lacks, from which showing it adds
something."""

REPEATED = 0.8
"""Share of a line, by characters, that a quote repeats if it is called the same word for word."""

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

SAME, OTHERWISE, NEAREST = "word for word:", "says otherwise:", "nearest:"
"""How a quote bears on the line, where it is not simply another wording."""

_WORD = re.compile(r"\w+")


def in_marks(text: str) -> str:
    """Return ``text`` in quotation marks, without doubling those it begins and ends with."""
    text = balanced(text)
    if not text or text[0] not in _OPENING:
        return f"“{text}”"
    if _MARK.search(text[1:].removesuffix("…")[:-1]):
        # Marks of its own, further ones inside: it is seen to be a quotation as it stands.
        return text
    return f"“{text[1:-1] if text[-1] in _CLOSING else text[1:]}”"


def as_sentence(text: str, *, goes_on: bool = False) -> str:
    """Return a fact's text so that a part of a sentence is seen to be one.

    Args:
        text: The fact, on one line.
        goes_on: Whether the sentence it was taken from goes on after it.
    """
    text = balanced(text)
    if text[:1].islower():
        text = f"…{text}"
    if text.endswith(_UNFINISHED) or (goes_on and text[-1:].isalnum()):
        return text.rstrip("".join(_UNFINISHED)) + "…"
    return text


def balanced(text: str) -> str:
    """Return ``text`` with the one quotation mark that was left outside when it was cut out."""
    for opening, closing in _PAIRS:
        if text.count(opening) == 1 and closing not in text:
            return text + closing
    found = [at for at, letter in enumerate(text) if letter in '"“”']
    # Marks of other kinds follow other rules, and a mark after a figure may be inches.
    if len(found) % 2 == 0 or _OTHER_MARK.search(text):
        return text
    first, last = found[0], found[-1]
    if text[first] == "”" or (text[first] == '"' and _closes(text, first)):
        return ("“" if text[first] == "”" else '"') + text
    if text[last] == "“" or (text[last] == '"' and not _closes(text, last)):
        return text + ("”" if text[last] == "“" else '"')
    return text


def _closes(text: str, at: int) -> bool:
    return at > 0 and not text[at - 1].isspace() and text[at - 1] not in "(—–-["


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of an article, who wrote them, and how they bear on the line they stand under."""

    outlet: str
    text: str
    relation: str = ""

    @property
    def words(self) -> str:
        """The words in quotation marks; none where they are those of the line itself."""
        return "" if self.relation == SAME else in_marks(self.text)

    @property
    def against(self) -> bool:
        """Whether they contradict the line."""
        return self.relation == OTHERWISE


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
        own = next((m for m in fact.mentions if _is_made_of(text, m)), None)
        if len(fact.outlets) == 1:
            return self.adding(text, fact.mentions)
        others = [m for m in fact.mentions if own is None or m.article.outlet != own.article.outlet]
        author = own or fact.mentions[0]
        ranked = sorted(
            self._wordings(text, others, author.article), key=lambda each: each[0], reverse=True
        )
        return next((self._shown(text, article, span) for _, article, span in ranked), None)

    def adding(
        self, text: str, sources: Iterable[Mention | tuple[Article, Sequence[Span]]]
    ) -> Quote | None:
        """Return the sentence nearest a text, unless it does little more than repeat it."""
        stems = read(text).stems
        best: tuple[float, Article, Span] | None = None
        for source in sources:
            article, evidence = (
                (source.article, source.evidence) if isinstance(source, Mention) else source
            )
            for span, reading in self._sentences(article, evidence):
                verbatim = _plain(text) in _plain(span.of(article.text))
                if verbatim or _share_lacking(reading.stems, stems) < NEW_WORDS:
                    return None
                score = _likeness(stems, reading.stems)
                if best is None or score > best[0]:
                    best = score, article, span
        return self._shown(text, best[1], best[2]) if best else None

    def nearest(self, text: str, checks: Sequence[Check]) -> Quote | None:
        """Return what speaks against a line: a contradiction, else a passage that is near."""
        ranked = sorted(self._near(text, checks), key=lambda each: each[0], reverse=True)
        return ranked[0][1] if ranked else None

    def near(self, text: str, check: Check) -> Quote | None:
        """Return the passage of one article, if it contradicts a line or is near it."""
        return self.nearest(text, (check,))

    def holding(self, value: str, mentions: Sequence[Mention]) -> Quote | None:
        """Return the sentence that gives ``value``; around it, where it is long."""
        for mention in mentions:
            for span, _ in self._sentences(mention.article, mention.evidence):
                sentence = one_line(span.of(mention.article.text))
                if sentence and sentence.casefold() != one_line(value).casefold():
                    outlet = self._names.of(mention.article.outlet)
                    return Quote(outlet, around(sentence, one_line(value)))
        return None

    def _near(
        self, text: str, checks: Sequence[Check]
    ) -> Iterator[tuple[tuple[bool, float], Quote]]:
        stems = read(text).stems
        for check in checks:
            span, verdict = check.judgement.nearest, check.judgement.verdict
            clearly_absent = check.judgement.probability < CLEARLY_ABSENT
            if span is None or (verdict is Verdict.ABSENT and clearly_absent):
                continue
            against = verdict is Verdict.CONTRADICTED
            whole, reading = max(
                self._sentences(check.article, (span,)),
                key=lambda each: _likeness(stems, each[1].stems),
                default=(span, read(span.of(check.article.text))),
            )
            shared = len(stems & reading.stems)
            if not against and (shared < NEAR_WORDS or shared < NEAR * len(stems)):
                continue
            relation = OTHERWISE if against else NEAREST
            quote = self._shown(text, check.article, whole, relation)
            yield (against, _likeness(stems, reading.stems)), quote

    def _wordings(
        self, text: str, mentions: Sequence[Mention], author: Article
    ) -> Iterator[tuple[tuple[bool, float], Article, Span]]:
        """Yield the sentences that say a line, each with how surely and how nearly it does."""
        line = _plain(text)
        stems = read(text, author.published, _language(author)).stems
        for mention in mentions:
            document = self._document(mention.article)
            for span, reading in self._sentences(mention.article, mention.evidence):
                exact = line in _plain(span.of(mention.article.text))
                shared = len(stems & reading.stems)
                if not exact and shared < SAYS_IT * len(stems):
                    continue
                if exact or backs(document, text, (span,), of=author):
                    yield (exact, _likeness(stems, reading.stems)), mention.article, span

    def _sentences(
        self, article: Article, evidence: Sequence[Span]
    ) -> Iterator[tuple[Span, Reading]]:
        """Yield the whole sentences that evidence lies in; the span itself outside the body."""
        document = self._document(article)
        for span in evidence:
            around_it: Sequence[Sentence] = document.sentences_at(span)
            if not around_it:
                yield span, read(span.of(article.text), article.published, document.language)
            for sentence in around_it:
                yield sentence.span, sentence.reading

    def _shown(self, text: str, article: Article, span: Span, relation: str = "") -> Quote:
        words = one_line(span.of(article.text))
        if not relation and _repeats(words, text):
            relation = SAME
        return Quote(self._names.of(article.outlet), shortened(words, QUOTE_CHARACTERS), relation)

    def _document(self, article: Article) -> Document:

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
    if one_line(mention.wording) == text:
        return True
    return any(_plain(text) in _plain(span.of(mention.article.text)) for span in mention.evidence)


def _language(article: Article) -> str:
    return (article.language or "en").partition("-")[0]


def _plain(text: str) -> str:
    """Return the words of a text alone, for comparing: outlets set quotation marks differently."""
    return " ".join(_WORD.findall(text.casefold()))


def _repeats(words: str, text: str) -> bool:
    """Return whether words are those of a line, or nearly all of them ("…," she said)."""
    plain, line = _plain(words), _plain(text)
    return plain in line and len(plain) >= REPEATED * len(line)


def _likeness(first: frozenset[str], second: frozenset[str]) -> float:
    """Return how much two sets of stems have in common, 0 to 1 (Dice's coefficient)."""
    return 2 * len(first & second) / max(len(first) + len(second), 1)


def _share_lacking(stems: frozenset[str], known: frozenset[str]) -> float:
    return len(stems - known) / len(stems) if stems else 0.0
