"""The comparator of details: does a passage have the figures, quotations, names … of a line?

An outlet stands under a line only if its own words have what the line says, whoever said so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import chain
from math import isclose

from summarizer.compare.alignment import AlignedFact, Alignment, outlets_of
from summarizer.compare.negation import missing_denial, wrong_denial
from summarizer.compare.story import LEAST_WEIGHT, Story
from summarizer.compare.texts import Objection, Text, denials_in, piece_of
from summarizer.document import Document, Reading, foreign_names, read
from summarizer.text.data import alternatives, load
from summarizer.text.dates import DateMention, same_date
from summarizer.text.figures import (
    Figure,
    FigureKind,
    Modifier,
    compatible,
    figures,
    same_value,
)
from summarizer.text.names import Name, same_key
from summarizer.text.words import fold, folded_words, group_of, groups_of, stem_of
from summarizer.types import Article, ConflictKind, Span

ROUGH_CLOCK, ROUND_CLOCK = 20.0, 10.0
"""Minutes that two times of day may be apart where a word says that one of them is rough
("around 3 p.m."), and where one is at a full or half hour."""

OFTEN_BARE = frozenset({FigureKind.MONEY, FigureKind.PERCENT})
"""Kinds whose unit is left out where it was told before."""

QUOTED_SHARE = 0.8
"""Share of a quotation's words that must stand in the passage: outlets cut and mark quotations
differently, and a differing wording is a position and no agreement."""

QUOTED_WITHIN = 2.0
"""They stand within so many times the quotation's words, who said it in their middle included."""

FEW_STEMS = 4
"""Content words a line must have to be held against the words of a passage."""

WORDED_ALIKE = 0.4
"""Share of a fact's words, by weight, that a passage has under whose outlet it is told as well.
On twelve labelled stories with this 97 of 100 lines of several outlets are right, 95 without."""

BEYOND = frozenset({Modifier.OVER, Modifier.UNDER, Modifier.NEARLY})
"""How exactly a number is told that is not this number."""

LEAST_SHARED = 0.2
"""Share of a line's content words that a passage which reports it has at least, in itself or in
near-synonyms. Of 1,220 pairs of a labelled fact, which people worded freely for all outlets,
and the bare words that support it, 29 have less."""

BEFORE = 2
"""Sentences before a passage in which the person may be named that its "he" stands for."""

BEHIND = 2
"""Sentences behind a passage in which a claim's figure or quotation may stand as well."""

LEAST_DIGITS = 2
"""Digits of a number, at least, that may be another one rounded: of 3.6, "4" says too little."""

_WORD = re.compile(r"\w+")
_DIGIT = re.compile(r"\d")
_ROUGHLY = re.compile(
    rf"\b(?:{alternatives(load('numbers')['modifiers']['about'].split(', '))})\s(?:at\s)?$",
    re.IGNORECASE,
)
_EXTENT = {name: "|".join(words.split()) for name, words in load("lexicon")["extent"].items()}
_WHOLES = re.compile(
    rf"\b(?P<nearly>(?:{_EXTENT['nearly']})\s)?(?:{_EXTENT['wholes']})\b", re.IGNORECASE
)
_RANKS: dict[str, frozenset[str]] = {
    word: frozenset(row.split("="))
    for row in load("lexicon")["ranks"]["words"].split()
    for word in row.split("=")
}
_PERSONS = re.compile(r"\b(?:he|him|his|she|her|hers|they|them)\b", re.IGNORECASE)
_SUBJECT = re.compile(r"\b(?:he|she)\b", re.IGNORECASE)
_MORE_QUOTATIONS = re.compile(r"„([^„“”\"]{2,1500})[“”\"]|‘([^‘’\n]{12,1500})’(?!\w)")
_NO_WORD = re.compile(r"[^\w]+")
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")


def backs(document: Document, line: str, evidence: Sequence[Span], *, of: Article) -> bool:
    """Return whether a passage of a document has the details of a line.

    Names may stand anywhere in the document, since a pronoun or a description stands for them
    in the passage, and what is denied is left to whoever said that the passage reports it. The
    line's "Tuesday" goes by the date of the article that it is ``of``.
    """
    passage = _readings_around(document, evidence, behind=0)
    if not passage:
        return True
    reading = read(line, of.published, document.language)
    against = chain(
        # Which two words count one thing ("ships", "trawlers") is for whoever said so, too.
        _missing_figures(reading, passage, loosely=True),
        _missing_quotations(reading, passage),
        _other_dates(reading, passage),
        foreign_names(reading, document.words),
    )
    return shares_words(line, passage, document, of) and not any(against)


def invented_detail(document: Document, text: str, evidence: Sequence[Span]) -> str:
    """Return a detail of a claim that its own article does not have, in words; "" for none.

    A model may misread a figure or a name. Figures and quotations are looked for in the
    sentences that the claim rests on and beside them, names in the whole article.
    """
    claim = document.analyse(text)
    passage = _readings_around(document, evidence, behind=BEHIND)
    if not shares_words(text, passage, document, document.article):
        return "hardly a word of the passage that it rests on"
    for figure in claim.figures:
        # What is counted, the claim may name in other words: "some 112 died", "54".
        given = (has_figure(reading, figure, claim, loosely=True) for reading in passage)
        if not any(given) and not any(has_words(r.text, figure.text) for r in passage):
            return f"the figure {figure.text}"
    known = frozenset(_words_of(passage))
    for span in claim.quotations:
        quoted = folded_words(span.of(text))
        if sum(word in known for word in quoted) < QUOTED_SHARE * len(quoted):
            return f"the quotation “{span.of(text)}”"
    return next((f"the name {name.text}" for name in foreign_names(claim, document.words)), "")


def _readings_around(document: Document, evidence: Sequence[Span], *, behind: int) -> list[Reading]:
    """Return the sentences of a passage with the few before it, and so many behind it.

    With none behind, the sentences before count for the first of the passage only.
    """
    resting = [document.place(s.number) for span in evidence for s in document.sentences_at(span)]
    if behind:
        near = {at for place in resting for at in range(place - BEFORE, place + behind + 1)}
    else:
        near = {*resting, *(range(resting[0] - BEFORE, resting[0]) if resting else ())}
    count = len(document.sentences)
    return [document.sentences[at].reading for at in sorted(near) if 0 <= at < count]


def _words_of(passage: Sequence[Reading]) -> list[str]:
    return [word for reading in passage for word in folded_words(reading.text)]


def shares_words(line: str, passage: Sequence[Reading], document: Document, of: Article) -> bool:
    """Return whether a line can be a wording of a passage at all, in the same language.

    A model that was talked into something writes what no passage says, and a judge that reads
    the same text may be talked into agreeing; words cannot be talked to.
    """
    if (of.language or "en").partition("-")[0] != document.language:
        return True
    stems = read(line, of.published, document.language).stems
    if len(stems) < FEW_STEMS:
        return True
    there = frozenset[str]().union(*(reading.stems for reading in passage))
    groups = groups_of(there)
    return sum(s in there or group_of(s) in groups for s in stems) >= LEAST_SHARED * len(stems)


def is_worded_alike(story: Story, fact: AlignedFact, document: Document, passage: Span) -> bool:
    """Return whether a passage has enough of the words of a fact.

    Of few words, and between languages, words tell nothing.
    """
    author = story.document_of(fact.mentions[0].article)
    stems = author.analyse(fact.text).stems
    if author.language != document.language or len(stems) < FEW_STEMS:
        return True
    sentences = document.sentences_at(passage)
    there = frozenset[str]().union(*(sentence.reading.stems for sentence in sentences))
    covered = story.vocabulary.covered(stems, there)
    return covered >= WORDED_ALIKE * max(story.vocabulary.total(stems), LEAST_WEIGHT)


def objections(
    line: Reading,
    passage: Sequence[Reading],
    *,
    document: Document,
    before: Sequence[Reading] = (),
) -> Iterator[Objection]:
    """Yield what speaks against a passage's having what a line says.

    The sentences ``before`` it tell whom its pronouns mean.
    """
    yield from _missing_figures(line, passage)
    yield from _missing_quotations(line, passage)
    yield from _other_dates(line, [*before, *passage])
    yield from _missing_names(line, passage, before, document)
    yield from _other_denials(line, passage, document.language)
    yield from _missing_ranks(line, passage)
    yield from _other_extent(line, passage)


def lacking(check: str, words: str, span: Span) -> Objection:
    """Return the objection that a passage lacks a detail of a line, given by its words."""
    return Objection(check=check, reason=f"it lacks the {check} {words}", span=span)


def _other_denials(line: Reading, passage: Sequence[Reading], language: str) -> Iterator[Objection]:
    """Yield the denial of just one of the two."""
    text = Text(readings=tuple(passage), language=language)
    if any(text.denials) or denials_in(line.text, language):
        part = piece_of(line, text)
        objection = wrong_denial(part, text) or missing_denial(part, text)
        if objection:
            yield objection


def _missing_figures(
    line: Reading, passage: Sequence[Reading], *, loosely: bool = False
) -> Iterator[Objection]:
    for figure in line.figures:
        exactly = figure.modifier is Modifier.EXACT
        given = (has_figure(r, figure, line, exactly=exactly, loosely=loosely) for r in passage)
        if not any(given):
            yield lacking("figure", figure.text, Span(figure.start, figure.end))


def has_figure(
    reading: Reading, figure: Figure, line: Reading, *, exactly: bool = False, loosely: bool = False
) -> bool:
    """Return whether a sentence gives a figure of a line, of one kind and unit as far as told.

    Meant ``exactly``, it is given by an exact one only. Taken ``loosely``, the same number will
    do however exact it is, and whatever words there are for what is counted.
    """
    for other in reading.figures:
        if figure.kind is other.kind is FigureKind.TIME:
            if abs(figure.low - other.low) <= _clock_slack((line, figure), (reading, other)):
                return True
            continue
        aged = figure.kind is FigureKind.AGE and _is_bare(other)
        if aged or (_is_bare(figure) and other.kind in OFTEN_BARE):
            other = replace(other, kind=figure.kind, unit=figure.unit, noun="")
        if figure.noun in other.context or other.noun in figure.context:
            other = replace(other, noun="")  # "400 people lost homes", "400 homes of people"
        one_kind = figure.kind is other.kind and figure.unit == other.unit
        if loosely and one_kind and (figure.low, figure.high) == (other.low, other.high):
            return True
        is_exact = other.modifier is Modifier.EXACT and same_value(figure, other)
        if is_exact or (not exactly and compatible(figure, other)):
            return True
    return False


def _is_bare(figure: Figure) -> bool:
    """Return whether nothing tells what a number measures: "she turned 51", "from 30 % to 18"."""
    return figure.kind is FigureKind.COUNT and not figure.noun


def _clock_slack(*times: tuple[Reading, Figure]) -> float:
    """Return how many minutes two times of day may be apart that are one, told roughly."""
    if any(_ROUGHLY.search(reading.text, 0, time.start) for reading, time in times):
        return ROUGH_CLOCK
    return ROUND_CLOCK if any(time.low % 30 == 0 for _, time in times) else 0.0


def _missing_quotations(line: Reading, passage: Sequence[Reading]) -> Iterator[Objection]:
    """Yield the quotations whose words do not stand in a passage, in order and close together."""
    words = _words_of(passage)
    for span in line.quotations:
        quoted = folded_words(span.of(line.text))
        matcher = SequenceMatcher(None, quoted, words, autojunk=False)
        blocks = [block for block in matcher.get_matching_blocks() if block.size]
        held = sum(block.size for block in blocks)
        stretch = blocks[-1].b + blocks[-1].size - blocks[0].b if blocks else 0
        if held < QUOTED_SHARE * len(quoted) or stretch > QUOTED_WITHIN * len(quoted):
            yield lacking("quotation", f"“{span.of(line.text)}”", span)


def _missing_ranks(line: Reading, passage: Sequence[Reading]) -> Iterator[Objection]:
    """Yield the words of a line that set a thing above or apart from others of its kind."""
    words = frozenset(_words_of(passage))
    for match in _WORD.finditer(line.text):
        ranks = _RANKS.get(fold(match[0]))
        if ranks and words.isdisjoint(ranks):
            yield lacking("word", f"“{match[0]}”", Span(*match.span()))


def _other_extent(line: Reading, passage: Sequence[Reading]) -> Iterator[Objection]:
    """Yield "all" where a passage has only "nearly all" of it, and the other way round."""
    theirs = {bool(m["nearly"]) for reading in passage for m in _WHOLES.finditer(reading.text)}
    for match in _WHOLES.finditer(line.text):
        if theirs == {not match["nearly"]}:
            yield lacking("word", f"“{match[0]}”", Span(*match.span()))


def _other_dates(line: Reading, passage: Sequence[Reading]) -> Iterator[Objection]:
    """Yield the days of a line where the passage has other ones only."""
    theirs = [mention for reading in passage for mention in reading.dates]
    for mention in line.dates:
        if theirs and all(is_other_day(mention, other) for other in theirs):
            yield lacking("date", mention.text, Span(mention.start, mention.end))


def has_date(reading: Reading, mention: DateMention) -> bool:
    """Return whether a sentence has a date, or may have one that cannot be placed."""
    return fold(mention.text) in fold(reading.text) or any(
        not is_other_day(mention, other)
        and not (mention.first is not None and same_date(mention, other) is None)
        for other in reading.dates
    )


def is_other_day(a: DateMention, b: DateMention) -> bool:
    """Return whether two mentions cannot be one date."""
    if a.weekday is not None and b.weekday is not None:
        # Which Tuesday a bare one is, words tell too rarely to call two of them different.
        return a.weekday != b.weekday
    return same_date(a, b) is False


def _missing_names(
    line: Reading, passage: Sequence[Reading], before: Sequence[Reading], document: Document
) -> Iterator[Objection]:
    """Yield the names of a line that a passage has not, nor a pronoun in their place."""
    here = {name.key for reading in passage for name in reading.names}
    meant = {name.key for reading in before for name in reading.names}
    if not any(_PERSONS.search(reading.text) for reading in passage):
        meant = set()
    anywhere = any(_SUBJECT.search(reading.text) for reading in passage)
    words = frozenset(_words_of(passage))
    groups = groups_of(word.stem for reading in passage for word in reading.words)
    spared: tuple[str, ...] | None = None
    for name in line.names:
        surname = len(name.key) == 1 and name.key[0] in document.names.surnames
        if not (name.sure or surname) or (
            any(same_key(name.key, key) for key in here) or _is_worded(name, words, groups)
        ):
            continue
        known = any(same_key(name.key, key) for key in meant) or (
            anywhere and document.names.has(name.key)
        )
        if known and (spared is None or same_key(name.key, spared)):
            spared = name.key  # A pronoun stands for one person, and not for two.
        else:
            yield lacking("name", name.text, Span(name.start, name.end))


def _is_worded(name: Name, words: frozenset[str], groups: frozenset[str]) -> bool:
    """Return whether the words of a name stand in a passage, in another order or form."""
    return words.issuperset(name.key) or group_of(stem_of(name.text)[0]) in groups


def settle(story: Story, alignment: Alignment) -> Alignment:
    """Return an alignment in which every mention backs its fact's text.

    A mention that does not is dropped, and a fact that was shared and no longer is goes with
    it: whether one outlet alone reports it, nobody has said.
    """
    facts = []
    for fact in alignment.facts:
        kept = tuple(
            mention
            for mention in fact.mentions
            if len(fact.mentions) == 1
            or backs(
                story.document_of(mention.article),
                fact.text,
                mention.evidence,
                of=fact.mentions[0].article,
            )
        )
        outlets = outlets_of(kept)
        if len(outlets) > 1 or (outlets and len(outlets_of(fact.mentions)) == 1):
            facts.append(replace(fact, mentions=kept))
    return replace(alignment, facts=tuple(facts))


def quoted_words(text: str) -> list[str]:
    """Return what stands between quotation marks of any kind."""
    more = (match[1] or match[2] for match in _MORE_QUOTATIONS.finditer(text))
    return [*(span.of(text) for span in read(text).quotations), *more]


def has_words(text: str, piece: str) -> bool:
    """Return whether a text has some words in their order, however marked and spelled."""
    wanted, there = _plain_words(piece), _plain_words(text)
    if _UNSPACED.search(wanted):
        return wanted.replace(" ", "") in there.replace(" ", "")
    return not wanted or f" {wanted} " in f" {there} "


@lru_cache(maxsize=1024)
def _plain_words(text: str) -> str:
    """Return the words of a text, folded, one space between each two."""
    return _NO_WORD.sub(" ", fold(text).replace("'", "")).strip()


def is_one_value(kind: ConflictKind, one: str, other: str) -> bool:
    """Return whether two values are the same words or number: "at least 12" and "some 12".

    So are "35.7 percent" and "35.72", which is the same with one digit more.
    """
    if plain_value(one) == plain_value(other):
        return True
    mine, theirs = figures(one), figures(other)
    if kind is not ConflictKind.NUMBER or not mine:
        return False
    if len(mine) == len(theirs) == 1 and _is_rounding(mine[0], theirs[0]):
        return True
    if numbers_of(mine) != numbers_of(theirs):
        return False
    # "Two years" and "more than two years" are two answers, "at least 12" and "some 12" are one.
    modifiers = {figure.modifier for figure in (*mine, *theirs)}
    return Modifier.EXACT not in modifiers or modifiers.isdisjoint(BEYOND)


def _is_rounding(one: Figure, other: Figure) -> bool:
    """Return whether the number with fewer digits is the other one rounded to so many digits."""
    counted = [(len(_DIGIT.findall(each.text)), each.low) for each in (one, other)]
    (digits, rounded), (more, exact) = sorted(counted)
    return LEAST_DIGITS <= digits < more and isclose(rounded, float(f"{exact:.{digits}g}"))


def numbers_of(of: Iterable[Figure]) -> set[tuple[float, float]]:
    """Return the values of figures without their modifiers."""
    return {(figure.low, figure.high) for figure in of}


def plain_value(value: str) -> str:
    """Return a value as it is compared: folded, without the full stop."""
    return fold(value).strip(" .")
