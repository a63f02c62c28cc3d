"""An outlet stands under a line only if its own words have what the line says.

The one comparator of details: figures, quotations, names, dates, denials, persons and moods of
a line are looked for in the passage that is said to report it, whoever said so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from summarizer.compare.alignment import Alignment
from summarizer.compare.story import Story
from summarizer.document import Document
from summarizer.text.dates import DateMention, same_date
from summarizer.text.denials import denials, denied
from summarizer.text.fold import fold
from summarizer.text.names import Name, same_key
from summarizer.text.passage import Reading, read
from summarizer.text.quantities import Figure, FigureKind, Modifier, compatible, same_value
from summarizer.types import Article, Span

QUOTED_SHARE = 0.8
"""Share of a quotation's words that must stand in the passage: outlets cut and mark quotations
differently, and a differing wording is a position and no agreement."""

CLOCK_SLACK = 20.0
"""Two times of day within so many minutes are one time told roughly."""

HEDGED_SHARE = 0.5
"""Share of the words of a hedged or future clause that a line has which speaks of the same."""

SHORT_HEADLINE = 5
"""Content words that a headline has more of: "Prime Minister Maud Ellery" is none."""

BEFORE = 2
"""Sentences before a passage in which the person may be named that its "he" stands for."""

_WORD = re.compile(r"\w+")
_CLAUSE = re.compile(r"[,;:—–()]|\s-\s|\s--\s|[\"“”]")
_PERSONS = re.compile(r"\b(?:he|him|his|she|her|hers|they|them|their)\b", re.IGNORECASE)
_HE = re.compile(r"\b(?:he|him|his)\b", re.IGNORECASE)
_SHE = re.compile(r"\b(?:she|her|hers)\b", re.IGNORECASE)
_OPEN = re.compile(
    r"\b(?:will|would|may|might|could|shall|should|reportedly|allegedly|possibly|perhaps|"
    r"probably|likely|unlikely|expect(?:s|ed)?|plan(?:s|ned)?|intend(?:s|ed)?|hope[sd]?|"
    r"want(?:s|ed)?|set|due|about|going|trying|tried|vow(?:s|ed)?|pledge[sd]?|promise[sd]?|"
    r"threaten(?:s|ed)?|ask(?:s|ed)?|urge[sd]?|if|whether|unless|consider(?:s|ed|ing)?) ",
    re.IGNORECASE,
)


def backs(document: Document, line: str, evidence: Sequence[Span], *, of: Article) -> bool:
    """Return whether a passage of a document has the details of a line.

    Args:
        document: The document that is said to report the line.
        line: What is printed above its outlet's name.
        evidence: The passage that is said to report it.
        of: The article whose date the line's "Tuesday" goes by.
    """
    return next(lacks(document, line, evidence, of=of), None) is None


def lacks(document: Document, line: str, evidence: Sequence[Span], *, of: Article) -> Iterator[str]:
    """Yield the details of a line that a passage does not have, in words."""
    sentences = tuple(dict.fromkeys(s for span in evidence for s in document.sentences_at(span)))
    if not sentences:
        return
    place = document.sentences.index(sentences[0])
    before = document.sentences[max(0, place - BEFORE) : place]
    yield from objections(
        read(line, of.published, document.language),
        [sentence.reading for sentence in sentences],
        document=document,
        before=[sentence.reading for sentence in before],
    )


def objections(
    line: Reading,
    passage: Sequence[Reading],
    *,
    document: Document,
    before: Sequence[Reading] = (),
) -> Iterator[str]:
    """Yield what speaks against a passage's having what a line says, in words.

    Args:
        line: The line.
        passage: The sentences of the passage.
        document: The document that they stand in.
        before: The sentences that lead up to them.
    """
    yield from _figures(line, passage)
    yield from _quotations(line, passage)
    yield from _dates(line, [*before, *passage])
    yield from _names(line, [*before, *passage], document)
    yield from _denials(line, passage, document.language)
    yield from _persons(line, [*before, *passage])


def _figures(line: Reading, passage: Sequence[Reading]) -> Iterator[str]:
    theirs = [figure for reading in passage for figure in reading.figures]
    for figure in line.figures:
        if not any(gives(other, figure) for other in theirs):
            yield f"the figure {figure.text}"


def gives(other: Figure, figure: Figure) -> bool:
    """Return whether a figure is given by another one: the same, or a more exact one."""
    if figure.kind is FigureKind.TIME and other.kind is FigureKind.TIME:
        return abs(figure.low - other.low) <= CLOCK_SLACK
    if not compatible(figure, other):
        return False
    if same_value(figure, other):
        return figure.modifier is other.modifier or figure.modifier is not Modifier.EXACT
    return figure.modifier is not Modifier.EXACT


def _quotations(line: Reading, passage: Sequence[Reading]) -> Iterator[str]:
    words = {word for part in passage for word in _WORD.findall(fold(part.text))}
    for span in line.quotations:
        quoted = _WORD.findall(fold(span.of(line.text)))
        if sum(word in words for word in quoted) < QUOTED_SHARE * len(quoted):
            yield f"the quotation “{span.of(line.text)}”"


def _dates(line: Reading, passage: Sequence[Reading]) -> Iterator[str]:
    """Yield the days of a line where the passage has other ones only."""
    theirs = [mention for reading in passage for mention in reading.dates]
    for mention in line.dates:
        if theirs and all(_differ(mention, other) for other in theirs):
            yield f"the date {mention.text}"


def _differ(a: DateMention, b: DateMention) -> bool:
    if a.weekday is not None and b.weekday is not None and a.weekday != b.weekday:
        return True
    return same_date(a, b) is False


def _names(line: Reading, passage: Sequence[Reading], document: Document) -> Iterator[str]:
    """Yield the names of a line that a passage has not, nor a pronoun in their place."""
    here = [name.key for reading in passage for name in reading.names]
    words = {word for reading in passage for word in _WORD.findall(fold(reading.text))}
    known = {name.key for s in document.sentences for name in s.reading.names}
    bearers = {word for key in known for word in key}
    stands_in = any(_PERSONS.search(reading.text) for reading in passage)
    if _is_headline(line):
        return
    for name in line.names:
        if not (name.sure or set(name.key) & bearers) or _is_there(name, here):
            continue
        missing = set(name.key) - words
        if not missing or (name.key[-1] in words and len(missing) * 2 < len(name.key)):
            continue
        if not (stands_in and _is_there(name, known)):
            yield f"the name {name.text}"


def _is_headline(line: Reading) -> bool:
    """Return whether a line has so many capitals that they mark no names."""
    content = [word for word in line.content if word.text[0].isalpha()]
    return 2 * sum(word.text[0].isupper() for word in content) > len(content) > SHORT_HEADLINE


def _is_there(name: Name, keys: Sequence[tuple[str, ...]] | set[tuple[str, ...]]) -> bool:
    return any(same_key(name.key, key) for key in keys)


def _denials(line: Reading, passage: Sequence[Reading], language: str) -> Iterator[str]:
    """Yield the words that just one of the two denies.

    Where both deny something, words cannot tell how far each denial reaches.
    """
    ours = _denied(line, language)
    theirs = frozenset[str]().union(*(_denied(reading, language) for reading in passage))
    stems = frozenset[str]().union(*(reading.stems for reading in passage))
    if ours and not theirs:
        for stem in sorted(ours & stems):
            yield f"the denial of “{stem}”"
    if theirs and not ours:
        for stem in sorted(line.stems & theirs):
            yield f"“{stem}”, which it denies"


def _denied(reading: Reading, language: str) -> frozenset[str]:
    """Return the content stems that a text denies."""
    found = denials(reading.text, reading.words, language)
    starts = denied([denial for denial in found if not denial.until])
    return frozenset(word.stem for word in reading.content if word.start in starts)


def _persons(line: Reading, passage: Sequence[Reading]) -> Iterator[str]:
    """Yield the person of a line that speaks of a man, where a passage does of a woman."""
    texts = [_unquoted(reading) for reading in passage]
    ours = _unquoted(line)
    for mine, other in ((_HE, _SHE), (_SHE, _HE)):
        here = mine.search(ours)
        if here and not any(mine.search(text) for text in texts):
            if any(other.search(text) for text in texts):
                yield f"“{here[0]}”"


def _unquoted(reading: Reading) -> str:
    text = reading.text
    for span in reversed(reading.quotations):
        text = text[: span.start] + text[span.end :]
    return text


def is_open(line: Reading, passage: Sequence[Reading]) -> bool:
    """Return whether a passage only expects, asks for or doubts what a line tells as done."""
    if _OPEN.search(line.text):
        return False
    for reading in passage:
        for match in _OPEN.finditer(reading.text):
            first = max(
                (m.end() for m in _CLAUSE.finditer(reading.text, 0, match.start())), default=0
            )
            last = _CLAUSE.search(reading.text, match.end())
            end = last.start() if last else len(reading.text)
            clause = {w.stem for w in reading.content if first <= w.start < end}
            if clause and len(clause & line.stems) >= HEDGED_SHARE * len(clause):
                return True
    return False


def settle(story: Story, alignment: Alignment) -> Alignment:
    """Return an alignment in which every mention backs its fact's text.

    A mention that does not is dropped, and a fact that was shared and no longer is goes with
    it: whether one outlet alone reports it, nobody has said.
    """
    place = story.positions()
    facts = []
    for fact in alignment.facts:
        kept = tuple(
            mention
            for mention in fact.mentions
            if len(fact.mentions) == 1
            or backs(
                story.documents[place[mention.article.id]],
                fact.text,
                mention.evidence,
                of=fact.mentions[0].article,
            )
        )
        outlets = {mention.article.outlet for mention in kept}
        if len(outlets) > 1 or (outlets and len({m.article.outlet for m in fact.mentions}) == 1):
            facts.append(replace(fact, mentions=kept))
    return replace(alignment, facts=tuple(facts))
