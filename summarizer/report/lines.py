"""Facts and conflicts as lines that can be read alone, the quotes under them, and the lede."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from summarizer.compare.details import backs
from summarizer.document import Document, Reading, analyse, read
from summarizer.report.introductions import Introductions
from summarizer.report.outlets import Names
from summarizer.report.parts import (
    NEAREST,
    OTHERWISE,
    SAME,
    Addition,
    Dispute,
    LedeItem,
    LedePart,
    Line,
    Quote,
    Side,
    View,
    balanced,
)
from summarizer.report.wording import one_line, plural, shortened
from summarizer.text.clauses import (
    is_quotation,
    leans_on_context,
    name_speaker,
    stands_alone,
    without_connective,
)
from summarizer.types import (
    Article,
    Check,
    Conflict,
    Detail,
    DiffReport,
    Fact,
    Mention,
    ReadShare,
    Span,
    Status,
    Uniqueness,
    Verdict,
)

UNCHECKED = "not checked in all others"
"""Said of what one outlet reports where another one could not be asked."""

_END = re.compile(r"\.?([\"”»]?)$")
"""The end of a sentence, after which its speaker is named: the comma stands within the marks."""

_UNFINISHED = (",", ";", ":", "—", "–")

AGREED, DIFFERENCES, OUTLETS, POSITIONS, CHARACTERS = 2, 3, 6, 4, 220
"""How much a lede tells: facts of what all, or most, report; conflicts; outlets of which it is
told what only they have; positions of one conflict; and the longest fact, for a lede has no room
for longer ones and must not cut them."""

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

_WORD = re.compile(r"\w+")

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
            exact = _plain_words(text) in _plain_words(each.words)
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
            is_verbatim = _plain_words(text) in _plain_words(each.words)
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
        """Return the sentence that gives ``value``; around it, where it is long."""
        value = one_line(value)
        for each in self._cited_sentences(_cited_spans(mentions)):
            sentence = one_line(each.words)
            if sentence and sentence.casefold() != value.casefold():
                return Quote(self._names.of(each.article.outlet), around(sentence, value))
        return None

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


class Lines:
    """Makes the lines of one report."""

    def __init__(self, report: DiffReport, names: Names) -> None:
        self.quotes = Quotes(names)
        self._names = names
        self._introductions = Introductions(report.headline, self.quotes.document_of)
        self._unread = {each.article.id for each in report.articles if each.read is ReadShare.NOT}
        self._conflicts: dict[str, list[Conflict]] = defaultdict(list)
        for conflict in report.conflicts:
            self._conflicts[conflict.fact or ""].append(conflict)

    def line(
        self, fact: Fact, additions: int | None = None, introduced: set[str] | None = None
    ) -> Line:
        """Return a fact as a line.

        Args:
            fact: The fact.
            additions: Details that are told at most; None tells all.
            introduced: Surnames that the lines above name; those of this line are added.
        """
        kept = fact.details[:additions]
        seen = set() if introduced is None else introduced
        return Line(
            text=self._introductions.introduce(attributed(fact), _origin(fact).article, seen),
            outlets=self._names.several(fact.outlets),
            id=fact.id,
            quote=self.quotes.under(fact),
            remark=_line_remark(fact),
            nearest=self.quotes.nearest(fact.text, self.doubts(fact)),
            additions=tuple(map(self._addition_of, kept)),
            more_additions=len(fact.details) - len(kept),
            differences=tuple(map(self.dispute, self._conflicts.get(fact.id, ()))),
        )

    def dispute(self, conflict: Conflict) -> Dispute:
        """Return a conflict with its positions."""
        sides = [
            Side(
                value=one_line(position.value),
                outlets=self._names.several(position.outlets),
                quote=self.quotes.holding(position.value, position.mentions),
            )
            for position in conflict.positions
        ]
        topic, kind = one_line(conflict.topic), conflict.kind.value
        return Dispute(topic=topic, kind=kind, sides=tuple(sides), id=conflict.id)

    def checks(self, fact: Fact | Detail) -> list[Check]:
        """Return the checks against articles that were read: of others nothing is said."""
        return [check for check in fact.checks if check.article.id not in self._unread]

    def doubts(self, fact: Fact | Detail) -> list[Check]:
        """Return these checks of what is in doubt, and none of what is not."""
        return self.checks(fact) if fact.uniqueness is Uniqueness.DISPUTED else []

    def _addition_of(self, detail: Detail) -> Addition:
        return Addition(
            outlet=self._names.of(detail.article.outlet),
            text=as_sentence(one_line(detail.text)),
            remark=UNCHECKED if detail.uniqueness is Uniqueness.UNCHECKED else "",
            nearest=self.quotes.nearest(detail.text, self.doubts(detail)),
        )


def as_sentence(text: str, *, goes_on: bool = False) -> str:
    """Return a text so that a part of a sentence, which may go on after it, is seen to be one."""
    text = balanced(text)
    if text[:1].islower():
        text = f"…{text}"
    if text.endswith(_UNFINISHED) or (goes_on and text[-1:].isalnum()):
        return text.rstrip("".join(_UNFINISHED)) + "…"
    return text


def attributed(fact: Fact) -> str:
    """Return what a fact says, and who says it where the wording does not tell.

    A pronoun that stands for the speaker gets the name in brackets, as editors do it: "he [Ryan]
    said". A quotation alone, or a wording from which a model took the speaker, is followed by it.
    """
    worded = [mention for mention in fact.mentions if mention.wording == fact.text]
    plain = one_line(fact.text)
    text = as_sentence(without_connective(plain), goes_on=any(map(_goes_on, worded)))
    for mention in worded:
        speaker = one_line(mention.speaker or "")
        name = speaker.partition(",")[0].strip()
        if not name or name.split()[-1].lower() in text.lower():
            continue
        named = name_speaker(text, name)
        if named != text:
            return named
        if plain not in one_line(cited_words(mention)) or is_quotation(text):
            begun = _END.sub(r",\1", text, count=1)
            return f"{begun} according to {speaker}."
    return text


def _origin(fact: Fact) -> Mention:
    """Return the mention whose words a fact is told in; the first where no mention has them."""
    return next((each for each in fact.mentions if each.wording == fact.text), fact.mentions[0])


def cited_words(mention: Mention) -> str:
    """Return the passages of a mention as one text."""
    return " ".join(span.of(mention.article.text) for span in mention.evidence)


def _goes_on(mention: Mention) -> bool:
    """Return whether a wording is a piece of an article whose line goes on after it."""
    if len(mention.evidence) != 1:
        return False
    text, span = mention.article.text, mention.evidence[0]
    after = text[span.end : span.end + 1]
    return span.of(text) == mention.wording and after not in ("", "\r", "\n")


def _line_remark(fact: Fact) -> str:
    if fact.status is Status.UNIQUE:
        return UNCHECKED if fact.uniqueness is Uniqueness.UNCHECKED else ""
    copied = 0 < fact.origins < len(fact.outlets)
    return plural(fact.origins, "independent origin") if copied else ""


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


def lede(shown: View, unread: Sequence[str]) -> tuple[LedePart, ...]:
    """Return what a reader in a hurry must know of what is shown, and of articles not read."""
    parts = [*_agreed_parts(shown), _differing_part(shown), *_only_parts(shown)]
    return tuple(part for part in [*parts, _unread_part(unread)] if part.items)


def _agreed_parts(shown: View) -> Iterator[LedePart]:
    """Yield what the most outlets report: all of them, if there is such a fact."""
    for section in filter(None, (shown.consensus, shown.shared)):
        lines = list(filter(_can_be_told, section.lines))[:AGREED]
        if lines:
            yield LedePart(f"{section.title}:", tuple(map(_told_line, lines)))
            return


def _differing_part(shown: View) -> LedePart:
    items = [LedeItem(_difference_text(each), each.id) for each in shown.conflicts[:DIFFERENCES]]
    return LedePart("They differ:", tuple(items))


def _difference_text(dispute: Dispute) -> str:
    values = [
        f"{shortened(side.value, CHARACTERS // 2)} ({_first_outlets(side.outlets)})"
        for side in dispute.sides[:POSITIONS]
    ]
    more = len(dispute.sides) - POSITIONS
    rest = f"; {more} more" if more > 0 else ""
    topic = shortened(dispute.topic, CHARACTERS).rstrip(".:")
    return f"{topic[:1].upper()}{topic[1:]}: {'; '.join(values)}{rest}."


def _first_outlets(outlets: Sequence[str]) -> str:
    more = len(outlets) - POSITIONS
    return ", ".join(outlets[:POSITIONS]) + (f" and {more} more" if more > 0 else "")


def _only_parts(shown: View) -> Iterator[LedePart]:
    """Yield the best that each outlet alone reports: surely, else perhaps."""
    unsure = shown.unsure.lines if shown.unsure else ()
    for section in shown.unique[:OUTLETS]:
        doubted = [line for line in unsure if section.outlet in line.outlets]
        leads = (
            (f"Only {section.outlet} reports:", section.lines),
            (f"{section.outlet} reports, and others may too:", doubted),
        )
        for lead, lines in leads:
            best = next(filter(_can_be_told, lines), None)
            if best is not None:
                yield LedePart(lead, (_told_line(best),))
                break


def _can_be_told(line: Line) -> bool:
    """Return whether a line is short and whole, and means the same without what it follows."""
    cut = line.text.startswith("…") or line.text.endswith("…")
    quoted = line.text.lstrip("\"'“‘ ")
    return (
        not cut
        and len(line.text) <= CHARACTERS
        and stands_alone(line.text)
        and not leans_on_context(quoted)
    )


def _told_line(line: Line) -> LedeItem:
    text = line.text
    return LedeItem(text if text[-1:] in ".!?\"”'»" else f"{text}.", line.id)


def _unread_part(unread: Sequence[str]) -> LedePart:
    """Say what could not be read, so that nobody takes its silence for news."""
    they = "it does" if len(unread) == 1 else "they do"
    sentences = [*unread, f"Nothing is said here of what {they} not report."] if unread else []
    return LedePart("Could not be read:", tuple(map(LedeItem, sentences)))
